import fc from 'fast-check'

const [quiet, negative] = new Float64Array(new BigUint64Array([0x7ff8_dead_beef_0001n, 0xfff8_0000_0000_0000n]).buffer)

/** Numbers that tend to be mistaken for others, or for something that is no number. */
const NASTY: readonly number[] = [
  NaN, quiet!, negative!, 0, -0, Infinity, -Infinity, 5e-324, -5e-324, 2.225073858507201e-308, Number.MIN_VALUE * 3,
  Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 53, Number.MAX_VALUE, -Number.MAX_VALUE, Number.EPSILON,
  1, -1, 2 ** 31, -(2 ** 31), 2 ** 32 - 1, 2 ** 32, 0.1, 0.1 + 0.2,
]

/** Numbers: few enough that they come again. */
export const numbers: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 4, arbitrary: fc.integer({ min: -8, max: 60 }) },
  { weight: 1, arbitrary: fc.double() },
)
