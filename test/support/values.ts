// Values of every kind: whether two are the same, a copy, and a name for messages and for keys.
import { isDeepStrictEqual } from 'node:util'
import type { Kind } from 'tophash'

/** Whether this is a Uint8Array or a Buffer. */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array
}

/**
 * Whether two values are the same: -0 is not 0, NaN is NaN, and objects have the same prototypes and contents. Bytes
 * that came out of a map are a Uint8Array with a buffer of their own.
 */
export function alike(given: unknown, expected: unknown): boolean {
  return Object.is(given, expected) || isDeepStrictEqual(given, expected)
}

/** What comes out of a map into which `value` was put. */
export function copyOf(value: unknown): unknown {
  if (isBytes(value)) return new Uint8Array(value)
  return typeof value === 'object' && value !== null ? structuredClone(value) : value
}

/** Changes an object as much as its make allows: what shares something with it shows. */
export function spoil(value: unknown): void {
  if (ArrayBuffer.isView(value)) new Uint8Array(value.buffer, value.byteOffset, value.byteLength).fill(0xaa)
  else if (Array.isArray(value)) value.push('spoiled')
  else if (value instanceof Map) value.set('spoiled', true)
  else if (value instanceof Set) value.add('spoiled')
  else if (value instanceof Date) value.setTime(1)
  else if (value instanceof Object) (value as { spoiled?: true }).spoiled = true
}

/** The name of a key: keys are the same exactly if their names are. */
export function nameOf(key: unknown): string {
  if (isBytes(key)) return `bytes ${Buffer.from(key).toString('latin1')}`
  return `${typeof key} ${String(key)}` // null is of type object, which no other key is; -0 is '0' as well
}

/** A value for a message: short, and as it would be written. */
export function short(value: unknown): string {
  if (typeof value === 'bigint') return cut(`${value}n`)
  if (isBytes(value)) return `${value.constructor.name} [${value.subarray(0, 8).join()}] of ${value.length} bytes`
  if (typeof value === 'string') return cut(JSON.stringify(value), `... of ${value.length} code units`)
  if (value instanceof Error) return cut(String(value), '', 200)
  if (Array.isArray(value)) return cut(`[${value.map(short).join(', ')}]`, '', 300)
  if (typeof value === 'object' && value !== null)
    return cut(`${value.constructor.name} ${JSON.stringify(value, jsonOf)}`, '', 300)
  return Object.is(value, -0) ? '-0' : String(value)
}

function jsonOf(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}

function cut(text: string, end = '...', length = 50): string {
  return text.length > length ? `${text.slice(0, length)}${end}` : text
}

/** Throws, with a message that a person can read, unless both are the same value. */
export function same(what: string, given: unknown, expected: unknown): void {
  if (!alike(given, expected)) throw new Error(`${what}: got ${short(given)}, expected ${short(expected)}`)
}

/** The n-th of many keys or values of a kind, all of about the same size. */
export function numbered(kind: Kind, n: number): unknown {
  switch (kind) {
    case 'number':
      return n
    case 'bigint':
      return BigInt(n) << 20n
    case 'string':
      return `key ${n}`
    case 'bytes':
      return new Uint8Array(new Int32Array([n, ~n]).buffer)
    default:
      return numbered((['number', 'string', 'bigint', 'bytes'] as const)[Math.abs(n) % 4]!, n)
  }
}
