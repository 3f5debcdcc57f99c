import { defaultCodec } from './codecs/default.js'
import type { ObjectCodec } from './codecs/object-codec.js'
import { MAX_CAPACITY, MAX_PAGES, MIN_PAGES, PAGE_BYTES } from './core/exports.js'
import { describe, typeError } from './errors.js'
import type { SharedHeapHandle } from './handle.js'
import { KINDS, type Kind, type TypeOf } from './kinds.js'
import type { Shape } from './table.js'

/** A SharedHeap, as an option. */
export interface HeapOption {
  readonly handle: SharedHeapHandle
}

/** Where a collection lives. */
interface PlaceOptions {
  /**
   * Entries to make room for; with fewer nothing grows. Default: 52. Of no effect if the collection is there already.
   */
  capacity?: number | undefined
  /** The SharedHeap to live in. Default: one of its own. */
  heap?: HeapOption | undefined
  /**
   * Under which others find it in that heap: made if it is not there yet. Without a name, only its handle leads to it.
   */
  name?: string | undefined
  /** Bytes that its own heap may grow to, 393,216 to 4 GiB. Default: 4 GiB. Reserved, not used. */
  maxBytes?: number | undefined
}

/** How a map is made. */
export interface SharedMapOptions<K extends Kind = Kind, V extends Kind = Kind> extends PlaceOptions {
  /** What the keys are: `'any'` (default), or `'number'`, `'bigint'`, `'string'`, `'bytes'`, which are faster. */
  key?: K | undefined
  /** What the values are: likewise. */
  value?: V | undefined
  /** What turns objects into bytes and back, for values of kind `'any'`. All threads must give the same one. */
  codec?: ObjectCodec | undefined
}

/** How a set is made. */
export interface SharedSetOptions<V extends Kind = Kind> extends PlaceOptions {
  /** What the values are: `'any'` (default), or `'number'`, `'bigint'`, `'string'`, `'bytes'`, which are faster. */
  value?: V | undefined
}

/** How a heap is made. */
export interface SharedHeapOptions {
  /** Bytes that the memory may grow to, 393,216 to 4 GiB. Default: 4 GiB. Reserved, not used. */
  maxBytes?: number | undefined
  /** Bytes that it begins with, 393,216 at least. Default: 1 MiB. */
  initialBytes?: number | undefined
}

/** Options of a map that has a name in a heap. */
export type NamedMapOptions<K extends Kind = Kind, V extends Kind = Kind> = Pick<
  SharedMapOptions<K, V>, 'key' | 'value' | 'capacity' | 'codec'
>

/** Options of a set that has a name in a heap. */
export type NamedSetOptions<V extends Kind = Kind> = Pick<SharedSetOptions<V>, 'value' | 'capacity'>

/** The type that the option P declares; A if it does not. */
export type Declared<O, P extends string, A> = O extends { readonly [X in P]: infer T extends Kind } ? TypeOf<T, A> : A

/** Options O, of which each is one of P's. */
export type Only<O, P> = O & { readonly [X in Exclude<keyof O, keyof P>]: never }

/** Options that were checked, with what they are by default. */
export interface Plan {
  readonly shape: Shape
  readonly capacity: number
  readonly heap: object | undefined
  readonly name: string | undefined
  readonly maxBytes: number | undefined
}

const PLACE_NAMES = ['capacity', 'heap', 'name', 'maxBytes']
const MAP_NAMES: readonly string[] = ['key', 'value', ...PLACE_NAMES, 'codec']
const SET_NAMES: readonly string[] = ['value', ...PLACE_NAMES]
const HEAP_NAMES: readonly string[] = ['maxBytes', 'initialBytes']

/** @throws ERR_OPTIONS unless these are options that a map can be made with */
export function planMap(given: unknown): Plan {
  const options = checkNames('SharedMap', given, MAP_NAMES)
  const key = checkKind('key', options.key)
  const value = checkKind('value', options.value)
  return { shape: { key, value, codec: codecFor(value, options.codec) }, ...planPlace(options) }
}

/** @throws ERR_OPTIONS unless these are options that a set can be made with */
export function planSet(given: unknown): Plan {
  const options = checkNames('SharedSet', given, SET_NAMES)
  return { shape: { key: checkKind('value', options.value), value: 'none', codec: undefined }, ...planPlace(options) }
}

/** @throws ERR_OPTIONS unless these are options that a heap can be made with */
export function planHeap(given: unknown): { maxBytes: number; initialBytes: number | undefined } {
  const { maxBytes = MAX_PAGES * PAGE_BYTES, initialBytes } = checkNames('SharedHeap', given, HEAP_NAMES)
  checkBytes('maxBytes', maxBytes)
  if (initialBytes !== undefined) checkCount('initialBytes', initialBytes, 0, maxBytes as number, 'bytes')
  return { maxBytes: maxBytes as number, initialBytes: initialBytes as number | undefined }
}

type Options = Readonly<Record<string, unknown>>

export function checkNames(className: string, options: unknown = {}, names: readonly string[]): Options {
  if (typeof options !== 'object' || options === null) {
    throw typeError(
      'ERR_OPTIONS',
      `The options of ${className} must be an object, such as ${EXAMPLES[className]}; got ${describe(options)}.`,
    )
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue
    throw typeError('ERR_OPTIONS', `There is no option ${JSON.stringify(name)}; there are ${names.join(', ')}.`)
  }
  return options as Options
}

const EXAMPLES: Options = {
  SharedMap: "{ key: 'string', value: 'number' }",
  SharedSet: "{ value: 'string' }",
  SharedHeap: '{ maxBytes: 2 ** 30 }',
  'SharedMap.attach': '{ codec }',
  'heap.map': "{ key: 'string', value: 'number' }",
  'heap.set': "{ value: 'string' }",
  trace: '{ events: 65536 }',
  inspect: '{ buckets: 4096 }',
  toChrome: '{ entries: performance.getEntries() }',
}

function checkKind(name: string, kind: unknown = 'any'): Kind {
  if ((KINDS as readonly unknown[]).includes(kind)) return kind as Kind
  const names = KINDS.map((known) => `'${known}'`).join(', ')
  throw typeError('ERR_OPTIONS', `The option ${name} must be one of ${names}; got ${describe(kind)}.`)
}

function planPlace({ capacity = 0, heap, name, maxBytes }: Options): Omit<Plan, 'shape'> {
  checkCount('capacity', capacity, 0, MAX_CAPACITY, 'entries')
  if (maxBytes !== undefined) checkBytes('maxBytes', maxBytes)
  if (heap !== undefined && maxBytes !== undefined) {
    throw typeError('ERR_OPTIONS', 'The option maxBytes is for a heap of its own: give it to the SharedHeap instead.')
  }
  if (heap !== undefined && (typeof heap !== 'object' || heap === null)) throw noHeap(heap)
  if (name !== undefined) checkName(name)
  if (name !== undefined && heap === undefined) {
    throw typeError('ERR_OPTIONS', 'The option name needs the option heap: the SharedHeap in which others find it.')
  }
  const place = { capacity, heap, name, maxBytes }
  return place as Omit<Plan, 'shape'>
}

/** The error for something else in place of a SharedHeap. */
export function noHeap(given: unknown): Error {
  return typeError('ERR_OPTIONS', `The option heap must be a SharedHeap; got ${describe(given)}.`)
}

/** @throws ERR_OPTIONS unless a collection can have this name */
export function checkName(name: unknown): asserts name is string {
  if (typeof name === 'string') return
  throw typeError('ERR_OPTIONS', `The name of a collection must be a string; got ${describe(name)}.`)
}

/** The codec of a table whose values are of this kind. @throws ERR_OPTIONS if it cannot be the given one */
export function codecFor(value: Kind, given: unknown): ObjectCodec | undefined {
  if (given === undefined) return value === 'any' ? defaultCodec() : undefined
  const { name, encode, decode } = (given ?? {}) as Partial<ObjectCodec>
  if (typeof name !== 'string' || typeof encode !== 'function' || typeof decode !== 'function') {
    throw typeError(
      'ERR_OPTIONS',
      `The option codec must be an object with name, encode and decode; got ${describe(given)}.`,
    )
  }
  if (value === 'any') return given as ObjectCodec
  throw typeError(
    'ERR_OPTIONS',
    `The option codec is for values of kind 'any', which objects can be; these are of kind '${value}'.`,
  )
}

function checkBytes(name: string, bytes: unknown): void {
  checkCount(name, bytes, MIN_PAGES * PAGE_BYTES, MAX_PAGES * PAGE_BYTES, 'bytes')
}

/** @throws ERR_OPTIONS unless `count` is an integer from `least` to `most` */
export function checkCount(name: string, count: unknown, least: number, most: number, unit: string): void {
  if (Number.isInteger(count) && (count as number) >= least && (count as number) <= most) return
  throw typeError(
    'ERR_OPTIONS',
    `${name} must be a whole number of ${unit} from ${least} to ${most}; got ${describe(count)}.`,
  )
}
