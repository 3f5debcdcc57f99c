// Keys and values that prove themselves. A key says whose it is; a value follows, to the last byte, from its key and
// its number, so that what was never written, or is a mixture of two, is told.

/** Which kinds there are, in the order of collections.ts. */
export type Kind = 'number' | 'string' | 'any' | 'bigint' | 'bytes'

/** An actor's key as a number, by which it goes in keys and values. */
export const ID_SPAN = 4096
const KEY_SPAN = 256

export function idOf(actor: number, key: number): number {
  return actor * KEY_SPAN + key
}

export function actorOf(id: number): number {
  return Math.floor(id / KEY_SPAN)
}

export function indexOf(id: number): number {
  return id % KEY_SPAN
}

/** The key with this id. */
export function keyOf(kind: Kind, id: number): unknown {
  switch (kind) {
    case 'number':
      return id + 0.5
    case 'string':
      return `key ${id}`
    case 'bigint':
      return BigInt(id) << 20n
    case 'bytes':
      return Uint8Array.of(id, id >>> 8, 7)
    default:
      return [id + 0.25, `any ${id}`, BigInt(id) << 70n, Uint8Array.of(id, id >>> 8, 8, 8)][id % 4]
  }
}

/** The id that a key names; NaN if it is no actor's. */
export function idOfKey(key: unknown): number {
  if (typeof key === 'number') return Math.floor(key)
  if (typeof key === 'bigint') return Number(key >> (key >> 64n ? 70n : 20n))
  if (typeof key === 'string') return Number(/^(?:key|any) (\d+)$/.exec(key)?.[1] ?? NaN)
  return key instanceof Uint8Array ? key[0]! | (key[1]! << 8) : NaN
}

/** The n-th value of a key. */
export function valueOf(kind: Kind, id: number, n: number): unknown {
  switch (kind) {
    case 'number':
      return n * ID_SPAN + id
    case 'bigint':
      return (BigInt(n) << 20n) | BigInt(id)
    case 'string':
      return textOf(`key ${id}`, n, sizeOf(n))
    case 'bytes':
      return bytesOf(id, n, sizeOf(n))
    default:
      return sorts(id, n)
  }
}

/** In a collection of kind any, values of all sorts take turns. */
function sorts(id: number, n: number): unknown {
  switch (n % 6) {
    case 0:
      return n * ID_SPAN + id
    case 1:
      return textOf(`key ${id}`, n, sizeOf(n))
    case 2:
      return ((BigInt(n) << 20n) | BigInt(id)) << 70n
    case 3:
      return bytesOf(id, n, sizeOf(n))
    default:
      return { n, id, list: [id, { n }], text: textOf(`key ${id}`, n, n % 6 === 4 ? 9 : sizeOf(n)) }
  }
}

/** The number of a value; NaN if it says none. Whether it is that value is for `same(value, valueOf(...))` to say. */
export function numberOfValue(value: unknown): number {
  if (typeof value === 'number') return Math.floor(value / ID_SPAN)
  if (typeof value === 'bigint') return Number(value >> (value >> 64n ? 90n : 20n))
  if (typeof value === 'string') return Number(value.split('|', 2)[1])
  if (value instanceof Uint8Array) return value[0]! | (value[1]! << 8) | (value[2]! << 16) | (value[3]! << 24)
  return typeof value === 'object' && value !== null ? Number((value as { n?: unknown }).n) : NaN
}

/** Bytes or characters of the n-th value. Most are short; one of 64 is larger than what goes through a scratch page. */
export function sizeOf(n: number): number {
  const random = Math.imul(n, 0x9e3779b1) >>> 12
  if (random % 64 === 0) return 57_000 + (random % 9000)
  return random % 8 === 0 ? 300 + (random % 3000) : random % 120
}

/** A text that begins with a name and a number, and goes on with what follows from the number. Some need UTF-16. */
export function textOf(name: string, n: number, length: number): string {
  return `${name}|${n}|${`${n}${n % 3 === 0 ? '\u9375' : '.'}`.repeat(Math.ceil(length / 2)).slice(0, length)}`
}

function bytesOf(id: number, n: number, length: number): Uint8Array {
  const bytes = new Uint8Array(6 + length)
  for (let i = 6; i < bytes.length; i++) bytes[i] = n + i
  bytes.set([n, n >>> 8, n >>> 16, n >>> 24, id, id >>> 8])
  return bytes
}

/** Whether two values that these functions make, or undefined, are the same. */
export function same(given: unknown, expected: unknown): boolean {
  if (given instanceof Uint8Array) return expected instanceof Uint8Array && sameBytes(given, expected)
  if (typeof given !== 'object' || given === null) return Object.is(given, expected)
  return typeof expected === 'object' && JSON.stringify(given) === JSON.stringify(expected)
}

function sameBytes(given: Uint8Array, expected: Uint8Array): boolean {
  return given.length === expected.length && given.every((byte, i) => byte === expected[i])
}

/** A value for a message. */
export function short(value: unknown): string {
  if (value instanceof Uint8Array) return `[${value.subarray(0, 8).join()}...] of ${value.length} bytes`
  if (typeof value === 'bigint') return `${value}n`
  const text = typeof value === 'string' || typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 60)}... of ${text.length} characters` : text
}
