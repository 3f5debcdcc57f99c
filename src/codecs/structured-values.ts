import type { StringifyOperations } from 'devalue'
import { arrayName, extentOf, isReadable } from './views.js'

// How the values to be copied are read: by what they are, not by what they say they are. `Symbol.toStringTag` can be
// anything, and subclasses override methods. Instances of a program's own classes are copied as plain objects, as
// structuredClone does. Those with a toStringTag are refused unless they are known here: most of them (promises, blobs,
// generators) keep what matters where no copy can reach it.

/** The tag of what is refused: none that the library knows. */
const REFUSED = 'refused'

/** Objects of these tags are copied, unless the function throws with the object as `this`: it is a fake then. */
const CHECKS = new Map<string, (this: unknown) => unknown>([
  ['Boolean', Boolean.prototype.valueOf],
  ['Number', Number.prototype.valueOf],
  ['String', String.prototype.valueOf],
  ['BigInt', BigInt.prototype.valueOf],
  ['Date', Date.prototype.getTime],
  ['RegExp', getterOf(RegExp.prototype, 'source')],
  ['Map', getterOf(Map.prototype, 'size')],
  ['Set', getterOf(Set.prototype, 'size')],
  ['ArrayBuffer', viewOf],
  ['URL', URL.prototype.toString],
  ['URLSearchParams', URLSearchParams.prototype.toString],
])

function getterOf(proto: object, key: PropertyKey): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(proto, key)!.get!
}

/** Throws if this is no buffer, or one that was transferred to another thread. */
function viewOf(this: unknown): DataView {
  return new DataView(this as ArrayBuffer)
}

/** Names the way in which the library writes an object. */
export function tagOf(value: object): string {
  if (Array.isArray(value)) return 'Array'
  if (isPlain(value)) return 'Object'
  if (ArrayBuffer.isView(value)) return isReadable(value) ? (arrayName(value) ?? 'DataView') : REFUSED
  const tag = tagOfAny(value)
  if (tag === 'Object' || tag === 'Arguments') return 'Object'
  const check = CHECKS.get(tag)
  return check && passes(value, check) ? tag : REFUSED
}

export function tagOfAny(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

function isPlain(value: object): boolean {
  const proto: unknown = Object.getPrototypeOf(value)
  return proto === Object.prototype || proto === null
}

function passes(value: object, check: (this: unknown) => unknown): boolean {
  try {
    check.call(value)
    return true
  } catch {
    return false
  }
}

/** Whether this may be something else than a plain object or an array: a quick look, before closer ones. */
export function isSpecial(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isPlain(value)
}

// Objects, and arrays. The library refuses keys named `__proto__`. So every key that ends so is written with one more
// character in front; when it is read it becomes a property of the object itself, never its prototype.

/** What is copied of an object: the values of these keys. Symbols are not. */
export const shapeOf: StringifyOperations['shapeOf'] = (value: object) => {
  if (tagOf(value) === REFUSED) return { kind: 'not-plain' }
  const keys = Object.keys(value)
  for (let i = 0; i < keys.length; i++) if (isEscaped(keys[i]!)) keys[i] = '~' + keys[i]
  return { kind: Object.getPrototypeOf(value) === null ? 'null-proto' : 'plain', keys }
}

/** The name of a property that is written by this one. */
export function nameOf(key: string | number): string | number {
  return typeof key === 'string' && isEscaped(key) ? key.slice(1) : key
}

export function setProperty(target: any, key: string | number, value: unknown): void {
  const name = typeof key === 'string' && isEscaped(key) ? key.slice(1) : key
  // Assigned, a property that the prototype has, too, is refused if that is frozen, or goes to a setter there.
  if (name in target) Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true })
  else target[name] = value
}

function isEscaped(key: string): boolean {
  return key.endsWith('__proto__')
}

// Built-in objects.

/** The primitive in a Boolean, Number, String or BigInt object. */
export function unbox(boxed: object): unknown {
  return CHECKS.get(tagOf(boxed))!.call(boxed)
}

export function elementsOf(set: Set<unknown>): Iterable<unknown> {
  return Set.prototype.values.call(set)
}

export function entriesOf(map: Map<unknown, unknown>): Iterable<[unknown, unknown]> {
  return Map.prototype.entries.call(map)
}

export function dateText(date: Date): string {
  return Number.isNaN(Date.prototype.getTime.call(date)) ? '' : Date.prototype.toISOString.call(date)
}

// Buffers. A view of a whole buffer is written with the buffer, which others may share. Of one that shows a part, or
// memory that threads share, just the bytes that it shows are copied: a small view of a large buffer stays small.

/** Stands for a buffer that holds just these bytes. */
class Part {
  constructor(readonly bytes: Uint8Array) {}
}

export const viewInfo: StringifyOperations['viewInfo'] = (view: ArrayBufferView) => {
  const { buffer, byteOffset, byteLength } = extentOf(view)
  const isWhole = isBuffer(buffer) && byteLength === new Uint8Array(buffer).length
  const source = isWhole ? buffer : new Part(new Uint8Array(buffer, byteOffset, byteLength))
  return { buffer: source, byteOffset: 0, byteLength, bufferByteLength: byteLength }
}

/** The bytes of a buffer, or of what stands for one; undefined for anything else. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (!isSpecial(value)) return undefined
  if (value instanceof Part) return value.bytes
  return isBuffer(value) ? new Uint8Array(value) : undefined
}

function isBuffer(value: object): value is ArrayBuffer {
  return tagOf(value) === 'ArrayBuffer'
}
