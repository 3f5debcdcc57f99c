import { type Options, checkCount, checkNames } from '../core/options.js'
import { defaultCodec } from '../codecs/default.js'
import type { ObjectCodec } from '../codecs/object-codec.js'
import { MAX_PAGES, MIN_PAGES } from '../core/exports.js'
import { PAGE_BYTES } from '../core/layout.js'
import { MAX_CAPACITY } from '../table/layout.js'
import { describe, typeError } from '../core/errors.js'
import type { SharedHeapHandle } from './handle.js'
import { KINDS, type Kind, type TypeOf } from '../core/kinds.js'
import type { Schema } from '../table/table.js'

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
   * Under which others find it in that heap: made if it is not there yet. It stays until heap.delete(name). Without a
   * name only its handle leads to it, and it is freed when the last thread that has it open lets go of it.
   */
  name?: string | undefined
  /**
   * Bytes that its own heap may grow to, 393,216 to 4 GiB. Default: 4 GiB. They take address space at once, memory when they
   * are used. Node takes 10 GiB of address space for each heap whatever this says, unless it is started with
   * --disable-wasm-trap-handler.
   */
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

/** How a bitset is made. */
export interface SharedBitsetOptions extends Omit<PlaceOptions, 'capacity'> {
  /** Bits, 1 to 2^32. Those that were never touched take no memory. A bitset with a name has the length it was made with. */
  length: number
}

/** How a queue is made. */
export interface SharedQueueOptions<V extends Kind = Kind> extends Omit<PlaceOptions, 'capacity'> {
  /** Items that there is room for, 1 to 2^24; each takes 8 bytes at once. Default: 1,024, or what a queue of this name has. */
  capacity?: number | undefined
  /** What the items are: `'any'` (default), or `'number'`, `'bigint'`, `'string'`, `'bytes'`, which are faster. */
  value?: V | undefined
  /** What turns objects into bytes and back, for items of kind `'any'`. All threads must give the same one. */
  codec?: ObjectCodec | undefined
}

/** How a cache is made. */
export interface SharedCacheOptions<K extends Kind = Kind, V extends Kind = Kind> extends Omit<PlaceOptions, 'maxBytes'> {
  /** What the keys are: `'any'` (default), or `'number'`, `'bigint'`, `'string'`, `'bytes'`, which are faster. */
  key?: K | undefined
  /** What the values are: likewise. */
  value?: V | undefined
  /** What turns objects into bytes and back, for values of kind `'any'`. All threads must give the same one. */
  codec?: ObjectCodec | undefined
  /** Most entries, never exceeded. This or maxBytes, or both. A cache with a name has the bounds and times that it was made with. */
  max?: number | undefined
  /** Most bytes of what is stored, never exceeded: of each entry 16, and what the blocks of its key and its value take. */
  maxBytes?: number | undefined
  /** Milliseconds that an entry lives after it was written. Default: for good. */
  ttl?: number | undefined
  /**
   * Milliseconds that an entry lives after it was used last: written, or read by `get`, `getMany`, `fetch` and the like, not by `has`,
   * `peek`, `remaining` or iteration. It may live a 16th of that longer, and never less. Infinity: only those that are given an idle
   * time of their own. Default: none can have one.
   */
  idle?: number | undefined
  /** Share of its time by which each entry's is shortened at random, 0 to 1: so that what was written together does not end together. */
  jitter?: number | undefined
  /** What time it is, in milliseconds, for tests; the same in all threads. It must not use collections of this heap. */
  now?: (() => number) | undefined
}

/** Options of a cache that has a name in a heap. */
export type NamedCacheOptions<K extends Kind = Kind, V extends Kind = Kind> = Omit<SharedCacheOptions<K, V>, 'heap' | 'name'>

/** How a heap is made. */
export interface SharedHeapOptions {
  /** Bytes that the memory may grow to, 393,216 to 4 GiB. Default: 4 GiB. What they take: see SharedMap's option. */
  maxBytes?: number | undefined
  /** Bytes that it begins with, 393,216 at least. Default: 1 MiB. */
  initialBytes?: number | undefined
}

/** Options of a map that has a name in a heap. */
export type NamedMapOptions<K extends Kind = Kind, V extends Kind = Kind> = Pick<
  SharedMapOptions<K, V>,
  'key' | 'value' | 'capacity' | 'codec'
>

/** Options of a set that has a name in a heap. */
export type NamedSetOptions<V extends Kind = Kind> = Pick<SharedSetOptions<V>, 'value' | 'capacity'>

/** Options of a bitset that has a name in a heap. */
export type NamedBitsetOptions = Pick<SharedBitsetOptions, 'length'>

/** Options of a queue that has a name in a heap. */
export type NamedQueueOptions<V extends Kind = Kind> = Pick<SharedQueueOptions<V>, 'capacity' | 'value' | 'codec'>

/** The type that the option P declares; A if it does not. */
export type Declared<O, P extends string, A> = O extends { readonly [X in P]: infer T extends Kind } ? TypeOf<T, A> : A

/** Options O, of which each is one of P's. */
export type Only<O, P> = O & { readonly [X in Exclude<keyof O, keyof P>]: never }

/** What all bitsets are. */
export const BITS: Schema = { noun: 'bitset', key: 'number', value: 'none', codec: undefined }

/** Options that were checked, with what they are by default. */
export interface Plan {
  readonly schema: Schema
  readonly capacity: number
  readonly heap: object | undefined
  readonly name: string | undefined
  readonly maxBytes: number | undefined
}

/** The most that a queue has room for. */
const QUEUE_ITEMS = 2 ** 24

const PLACE_NAMES = ['capacity', 'heap', 'name', 'maxBytes']
const MAP_NAMES: readonly string[] = ['key', 'value', ...PLACE_NAMES, 'codec']
const SET_NAMES: readonly string[] = ['value', ...PLACE_NAMES]
const BITSET_NAMES: readonly string[] = ['length', 'heap', 'name', 'maxBytes']
const QUEUE_NAMES: readonly string[] = ['capacity', 'value', 'codec', 'heap', 'name', 'maxBytes']
const CACHE_NAMES: readonly string[] = [
  'max',
  'maxBytes',
  'ttl',
  'idle',
  'jitter',
  'now',
  'key',
  'value',
  'capacity',
  'heap',
  'name',
  'codec',
]
const HEAP_NAMES: readonly string[] = ['maxBytes', 'initialBytes']

/** @throws ERR_OPTIONS unless these are options that a map can be made with */
export function planMap(given: unknown): Plan {
  const options = checkNames('SharedMap', given, MAP_NAMES)
  const key = checkKind('key', options.key)
  const value = checkKind('value', options.value)
  return { schema: { noun: 'map', key, value, codec: codecFor(value, options.codec) }, ...planPlace(options) }
}

/** @throws ERR_OPTIONS unless these are options that a set can be made with */
export function planSet(given: unknown): Plan {
  const options = checkNames('SharedSet', given, SET_NAMES)
  return {
    schema: { noun: 'set', key: checkKind('value', options.value), value: 'none', codec: undefined },
    ...planPlace(options),
  }
}

/** @throws ERR_OPTIONS unless these are options that a bitset can be made with */
export function planBitset(given: unknown): Plan {
  const { length, ...place } = checkNames('SharedBitset', given, BITSET_NAMES)
  checkCount('length', length, 1, 2 ** 32, 'bits')
  return { schema: BITS, ...planPlace(place), capacity: length as number }
}

/** @throws ERR_OPTIONS unless these are options that a queue can be made with. A capacity of 0: none was given. */
export function planQueue(given: unknown): Plan {
  const { capacity, value: kind, codec, ...place } = checkNames('SharedQueue', given, QUEUE_NAMES)
  if (capacity !== undefined) checkCount('capacity', capacity, 1, QUEUE_ITEMS, 'items')
  const value = checkKind('value', kind)
  const schema: Schema = { noun: 'queue', key: 'number', value, codec: codecFor(value, codec) }
  return { schema, ...planPlace(place), capacity: (capacity as number | undefined) ?? 0 }
}

/** @throws ERR_OPTIONS unless these are options that a cache can be made with */
export function planCache(given: unknown): Plan & { readonly now: (() => number) | undefined } {
  const options = checkNames('SharedCache', given, CACHE_NAMES)
  const { max, maxBytes, ttl = Infinity, idle, jitter = 0, now, ...place } = options
  const key = checkKind('key', options.key)
  const value = checkKind('value', options.value)
  checkBounds(max, maxBytes)
  checkTime('ttl', ttl)
  if (idle !== undefined) checkTime('idle', idle)
  if (typeof jitter !== 'number' || !(jitter >= 0 && jitter <= 1)) {
    throw typeError('ERR_OPTIONS', `The option jitter must be a number from 0 to 1; got ${describe(jitter)}.`)
  }
  const times = { ttl: ttl as number, jitter, idle: idle as number | undefined }
  const bounds = { max: (max as number) ?? 0, maxBytes: (maxBytes as number) ?? 0, ...times }
  const schema: Schema = { noun: 'cache', key, value, codec: codecFor(value, options.codec), bounds }
  return { schema, ...planPlace(place), now: checkNow(now) }
}

/** @throws ERR_OPTIONS unless a cache can be bounded so */
export function checkBounds(max: unknown, maxBytes: unknown): void {
  if (max === undefined && maxBytes === undefined) {
    throw typeError('ERR_OPTIONS', 'A cache needs a bound: give it max, its most entries, or maxBytes, or both.')
  }
  if (max !== undefined) checkCount('max', max, 1, MAX_CAPACITY, 'entries')
  if (maxBytes !== undefined) checkCount('maxBytes', maxBytes, 16, 2 ** 32, 'bytes')
}

/** @throws ERR_OPTIONS unless this is a time that something can last */
export function checkTime(name: string, ms: unknown): void {
  if (typeof ms === 'number' && ms > 0) return
  throw typeError('ERR_OPTIONS', `The option ${name} must be a number of milliseconds greater than 0; got ${describe(ms)}.`)
}

/** @throws ERR_OPTIONS unless this is a clock, or nothing */
export function checkNow(now: unknown): (() => number) | undefined {
  if (now === undefined || typeof now === 'function') return now as (() => number) | undefined
  throw typeError('ERR_OPTIONS', `The option now must be a function that returns milliseconds; got ${describe(now)}.`)
}

/** @throws ERR_OPTIONS unless these are options that a heap can be made with */
export function planHeap(given: unknown): { maxBytes: number; initialBytes: number | undefined } {
  const { maxBytes = MAX_PAGES * PAGE_BYTES, initialBytes } = checkNames('SharedHeap', given, HEAP_NAMES)
  checkBytes('maxBytes', maxBytes)
  if (initialBytes !== undefined) checkCount('initialBytes', initialBytes, 0, maxBytes as number, 'bytes')
  return { maxBytes: maxBytes as number, initialBytes: initialBytes as number | undefined }
}

function checkKind(name: string, kind: unknown = 'any'): Kind {
  if ((KINDS as readonly unknown[]).includes(kind)) return kind as Kind
  const names = KINDS.map((known) => `'${known}'`).join(', ')
  throw typeError('ERR_OPTIONS', `The option ${name} must be one of ${names}; got ${describe(kind)}.`)
}

function planPlace({ capacity = 0, heap, name, maxBytes }: Options): Omit<Plan, 'schema'> {
  checkCount('capacity', capacity, 0, MAX_CAPACITY, 'entries')
  if (maxBytes !== undefined) checkBytes('maxBytes', maxBytes)
  if (heap !== undefined && maxBytes !== undefined) {
    throw typeError(
      'ERR_OPTIONS',
      'The option maxBytes is for a collection with a heap of its own. Give it to new SharedHeap({ maxBytes }).',
    )
  }
  if (heap !== undefined && (typeof heap !== 'object' || heap === null)) throw noHeap(heap)
  if (name !== undefined) checkName(name)
  if (name !== undefined && heap === undefined) {
    throw typeError('ERR_OPTIONS', 'The option name needs the option heap: the SharedHeap in which others find it.')
  }
  const place = { capacity, heap, name, maxBytes }
  return place as Omit<Plan, 'schema'>
}

/** The error for something else in place of a SharedHeap. */
export function noHeap(given: unknown): Error {
  return typeError(
    'ERR_OPTIONS',
    `The option heap must be a SharedHeap; got ${describe(given)}. SharedHeap.attach(handle) makes one of a handle.`,
  )
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
    throw typeError('ERR_OPTIONS', `The option codec must be an object with name, encode and decode; got ${describe(given)}.`)
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
