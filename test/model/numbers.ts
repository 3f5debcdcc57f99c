import fc from 'fast-check'

/** A number by its 64 bits: the only way to say which NaN. */
export interface Bits {
  readonly bits: bigint
}

/** The number of these bits. Made anew each time, by a view: engines may keep one NaN for all that pass as constants. */
export function numberOf({ bits }: Bits): number {
  return new Float64Array(new BigUint64Array([bits]).buffer)[0]!
}

/** NaN that are not the usual one. Words like the last ones stand for undefined, null, false, true and references. */
const NAN_BITS = [
  0x7ff8_dead_beef_0001n,
  0x7ff0_0000_0000_0001n,
  0xfff8_0000_0000_0000n,
  0xffff_ffff_ffff_ffffn,
  0xfff8_0000_0000_0001n,
  0xfff8_0000_0000_0002n,
  0xfff8_0000_0000_0003n,
  0xfff8_0000_0000_0004n,
  0xfff8_0000_0001_0000n,
  0xfff9_0000_0003_0008n,
]

/** Numbers that tend to be mistaken for others, or for something that is no number. */
export const NASTY_NUMBERS: readonly number[] = [
  NaN,
  0,
  -0,
  Infinity,
  -Infinity,
  5e-324,
  -5e-324,
  2.225073858507201e-308,
  Number.MIN_VALUE * 3,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53),
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  Number.EPSILON,
  1,
  -1,
  2 ** 31,
  -(2 ** 31),
  2 ** 31 - 1,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 63,
  -(2 ** 63),
  0.1,
  0.1 + 0.2,
]

/** Numbers: few enough that they come again. */
export const numbers: fc.Arbitrary<number | Bits> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NASTY_NUMBERS) },
  { weight: 4, arbitrary: fc.integer({ min: -8, max: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom(...NAN_BITS).map((bits) => ({ bits })) },
  { weight: 1, arbitrary: fc.double() },
)
