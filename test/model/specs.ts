// What keys and values are made from in random tests. A failing run prints specs, not values of 100,000 bytes; and each
// of those who are compared gets a value of its own, made from the same spec.
import fc from 'fast-check'
import type { Kind } from 'tophash'
import { type Bits, NASTY_NUMBERS, numberOf, numbers } from './numbers.js'
import { LENGTHS, type Recipe, recipes, textOf } from './texts.js'

/** `fill` is repeated, and the last byte is `last`. */
export interface Bytes {
  readonly bytes: number
  readonly fill: number
  readonly last: number
  /** How they lie in memory: what is put in need not begin where its buffer does. */
  readonly make: 'whole' | 'subarray' | 'buffer'
}

/** An object: the n-th of OBJECTS, or a structure that JSON could say as well. */
export type Thing = { readonly object: number } | { readonly plain: unknown }

/** Primitives that are not strings stand for themselves. */
export type Spec = number | bigint | boolean | null | undefined | Bits | Recipe | Bytes | Thing

/** Bigints that tend to be mistaken for others: at the edges of 64 bits and of 53. */
const NASTY_BIGINTS: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n ** 53n,
  -(2n ** 53n),
  2n ** 53n + 1n,
  2n ** 31n,
  2n ** 32n,
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  -(2n ** 63n) + 1n,
]

/** Those that take more than 64 bits: on either side of where one more word is needed. */
const HUGE_BIGINTS: readonly bigint[] = [
  2n ** 63n,
  -(2n ** 63n) - 1n,
  2n ** 64n - 1n,
  2n ** 64n,
  -(2n ** 64n),
  2n ** 64n + 1n,
  2n ** 127n - 1n,
  2n ** 127n,
  -(2n ** 127n),
  -(2n ** 127n) - 1n,
  2n ** 128n,
  3n ** 300n,
  -(7n ** 500n),
  2n ** 20_000n,
  -(2n ** 70_000n) + 1n,
]

/** Objects that differ from each other, and that a serialiser may take for something else. */
const OBJECTS: readonly (() => object)[] = [
  () => ({}),
  () => [],
  () => ({ name: 'Ann', tags: ['a', 'b'], inner: { deep: [{ n: 1 }, { n: -0 }, { n: NaN }] } }),
  () => [undefined, null, NaN, -0, 1n, 2n ** 80n, '', '\ud800', true, Infinity],
  () => ({ missing: undefined, '': 1, __proto__x: 2 }),
  () =>
    new Map<unknown, unknown>([
      ['a', 1],
      [2, new Map([[{ key: 1 }, new Set([1, '1'])]])],
    ]),
  () => new Set([1, '1', 1n, null, undefined]),
  () => new Date(1_700_000_000_123),
  () => /a+[\u20ac]/giu,
  () => new Float64Array([1.5, -0, NaN, Infinity]),
  () => new Uint16Array([1, 2, 65_535]).subarray(1),
  () => ({ bytes: new Uint8Array([0, 255, 1]), long: 'x'.repeat(60_000) }),
  () => Array.from({ length: 3000 }, (_, n) => ({ n, text: `number ${n}` })),
]

const bytes: fc.Arbitrary<Bytes> = fc.record({
  bytes: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...LENGTHS.short) },
    { weight: 2, arbitrary: fc.constantFrom(...LENGTHS.key) },
    { weight: 1, arbitrary: fc.constantFrom(...LENGTHS.value, ...LENGTHS.block) },
  ),
  fill: fc.constantFrom(0, 1, 255),
  last: fc.constantFrom(0, 1, 2),
  make: fc.constantFrom('whole', 'subarray', 'buffer'),
})

const bigints: fc.Arbitrary<bigint> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY_BIGINTS) },
  { weight: 4, arbitrary: fc.bigInt({ min: -8n, max: 60n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
)

const primitives: fc.Arbitrary<Spec> = fc.oneof(
  { weight: 4, arbitrary: numbers },
  { weight: 4, arbitrary: recipes },
  { weight: 2, arbitrary: bigints },
  { weight: 1, arbitrary: fc.constantFrom(...HUGE_BIGINTS) },
  { weight: 2, arbitrary: bytes },
  { weight: 2, arbitrary: fc.constantFrom(undefined, null, true, false) },
  { weight: 1, arbitrary: fc.constantFrom(...NASTY_NUMBERS) },
)

const things: fc.Arbitrary<Thing> = fc.oneof(
  fc.record({ object: fc.nat(OBJECTS.length - 1) }),
  fc.record({
    plain: fc.oneof(fc.array(fc.jsonValue({ maxDepth: 3 })), fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))),
  }),
)

const KEYS: Readonly<Record<Kind, fc.Arbitrary<Spec>>> = {
  any: primitives,
  number: numbers,
  bigint: bigints,
  string: recipes,
  bytes,
}

/** Keys of a kind: few enough that they come again. */
export function keysOf(kind: Kind): fc.Arbitrary<Spec> {
  return KEYS[kind]
}

/** Values of a kind. */
export function valuesOf(kind: Kind): fc.Arbitrary<Spec> {
  if (kind !== 'any') return KEYS[kind]
  return fc.oneof({ weight: 4, arbitrary: primitives }, { weight: 1, arbitrary: things })
}

/** What a spec stands for: a new value each time. */
export function built(spec: Spec): unknown {
  if (typeof spec !== 'object' || spec === null) return spec
  if ('bits' in spec) return numberOf(spec)
  if ('unit' in spec) return textOf(spec)
  if ('bytes' in spec) return bytesOf(spec)
  return 'object' in spec ? OBJECTS[spec.object]!() : structuredClone(spec.plain)
}

function bytesOf({ bytes: length, fill, last, make }: Bytes): Uint8Array {
  const whole = make === 'buffer' ? Buffer.alloc(length) : new Uint8Array(make === 'subarray' ? length + 8 : length)
  const part = make === 'subarray' ? whole.fill(7).subarray(3, length + 3) : whole
  part.fill(fill)
  if (length > 0) part[length - 1] = last
  return part
}
