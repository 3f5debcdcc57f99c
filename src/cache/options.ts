import type { ObjectCodec } from '../codecs/object-codec.js'
import { type Plan, type PlaceOptions, checkKind, codecFor, planPlace } from '../collection/options.js'
import { describe, typeError } from '../core/errors.js'
import type { Kind } from '../core/kinds.js'
import { checkCount, checkNames } from '../core/options.js'
import { cache } from './structure.js'
import { MAX_CAPACITY } from '../table/layout.js'
import type { Schema } from '../table/schema.js'

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
  /** What time it is, in milliseconds, for tests; the same in all threads. It cannot use this heap, nor what is in it. */
  now?: (() => number) | undefined
}

/** Options of a cache that has a name in a heap. */
export type NamedCacheOptions<K extends Kind = Kind, V extends Kind = Kind> = Omit<SharedCacheOptions<K, V>, 'heap' | 'name'>

const NAMES: readonly string[] = [
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

/** @throws ERR_OPTIONS unless these are options that a cache can be made with */
export function planCache(given: unknown): Plan & { readonly now: (() => number) | undefined } {
  const options = checkNames('SharedCache', given, NAMES, cache.example)
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
