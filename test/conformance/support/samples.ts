// Keys and values to test with: the n-th of a kind, all different by SameValueZero. None is an object that a built-in
// Map would know by identity, except where the kind is 'bytes' or a value is asked for.

export type SampleKind = 'any' | 'number' | 'string' | 'bigint' | 'bytes'

/** More than one batch of an iteration holds, and enough to make a small table grow several times. */
export const MANY = 300

/** The first of kind 'any': what is easily mistaken for something else. */
const NASTY = ['', 0, undefined, NaN, null, false, '0', true, 0n, 'undefined', 2n ** 70n, 'NaN', Infinity] as const
const PLAIN = ['string', 'number', 'bigint'] as const

/** The n-th sample of a kind: injective in n, for 0 <= n < 1000. */
export function sample(kind: SampleKind, n: number): unknown {
  switch (kind) {
    case 'number':
      return n % 2 === 0 ? n : -n - 0.5
    case 'string':
      return n === 0 ? '' : `${'ä語'.slice(n % 3)}${n}`
    case 'bigint':
      return BigInt(n % 2 === 0 ? n : -n) * 10n ** 15n
    case 'bytes':
      return n === 0 ? new Uint8Array(0) : Uint8Array.of(n & 255, n >> 8)
    case 'any':
      return n < NASTY.length ? NASTY[n] : sample(PLAIN[n % 3]!, n)
  }
}

/** The n-th value: as sample(), and objects where they may be. Compare with toEqual: what comes back may be a copy. */
export function sampleValue(kind: SampleKind, n: number): unknown {
  if (kind === 'any' && n % 4 === 3) return { n, list: [n, { n: String(n) }] }
  return sample(kind, n)
}

/** `count` samples, beginning with the one of number `from`. */
export function samples(kind: SampleKind, count: number, from = 0): unknown[] {
  return Array.from({ length: count }, (_, i) => sample(kind, from + i))
}

/** `count` entries: the n-th key with the n-th value. */
export function sampleEntries(kind: SampleKind, valueKind: SampleKind, count: number): [unknown, unknown][] {
  return Array.from({ length: count }, (_, n) => [sample(kind, n), sampleValue(valueKind, n)])
}

/** Every kind of primitive that may be a key of kind 'any', with the neighbours that it must not be mistaken for. */
export const PRIMITIVES: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  'undefined',
  'null',
  'true',
  'false',
  0,
  1,
  -1,
  0.5,
  NaN,
  Infinity,
  -Infinity,
  2 ** 31,
  2 ** 53,
  Number.MIN_VALUE,
  Number.MAX_VALUE,
  0n,
  1n,
  -1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n,
  -(2n ** 100n),
  '',
  '0',
  '1',
  '-1',
  'NaN',
  '1n',
  'a',
  'A',
  'a\0',
  'a\0b',
  'ä',
  'a\u0308',
  '\ud83d\ude00',
  '\ud83d',
  '\ude00',
  'x'.repeat(1000),
]

/** What is no function. */
export const UNCALLABLE: readonly unknown[] = [undefined, null, true, 1, 'abc', {}, [], Symbol('uncallable')]

/** What is neither iterable nor undefined nor null. */
export const NOT_ITERABLE: readonly unknown[] = [true, 1, 1n, Symbol('entries'), {}, () => undefined]
