import type { ObjectCodec } from '../codecs/object-codec.js'
import { type Plan, type PlaceOptions, checkKind, codecFor, planPlace } from '../collection/options.js'
import { describe, typeError } from '../core/errors.js'
import type { Kind } from '../core/kinds.js'
import { checkCount, checkNames } from '../core/options.js'
import { queue } from './structure.js'
import { readTimeout, readTimeoutAndSignal } from '../core/waiting.js'
import type { Schema } from '../table/schema.js'
import { QUEUE } from './layout.js'

// What a queue, and what its methods are given.

/** How a queue is made. */
export interface SharedQueueOptions<V extends Kind = Kind> extends Omit<PlaceOptions, 'capacity'> {
  /** Items that there is room for, 1 to 2^24; each takes 8 bytes at once. Default: 1,024, or what a queue of this name has. */
  capacity?: number | undefined
  /** What the items are: `'any'` (default), or `'number'`, `'bigint'`, `'string'`, `'bytes'`, which are faster. */
  value?: V | undefined
  /** What turns objects into bytes and back, for items of kind `'any'`. All threads must give the same one. */
  codec?: ObjectCodec | undefined
}

/** Options of a queue that has a name in a heap. */
export type NamedQueueOptions<V extends Kind = Kind> = Pick<SharedQueueOptions<V>, 'capacity' | 'value' | 'codec'>

const NAMES: readonly string[] = ['capacity', 'value', 'codec', 'heap', 'name', 'maxBytes']

/** @throws ERR_OPTIONS unless these are options that a queue can be made with. A capacity of 0: none was given. */
export function planQueue(given: unknown): Plan {
  const { capacity, value: kind, codec, ...place } = checkNames('SharedQueue', given, NAMES, queue.example)
  if (capacity !== undefined) checkCount('capacity', capacity, 1, QUEUE.mostItems, 'items')
  const value = checkKind('value', kind)
  const schema: Schema = { noun: 'queue', key: 'number', value, codec: codecFor(value, codec) }
  return { schema, ...planPlace(place), capacity: (capacity as number | undefined) ?? 0 }
}

/** @throws ERR_OPTIONS */
export function readWait(method: string, options: unknown): number {
  return readTimeout(`queue.${method}`, options)
}

/** @throws ERR_OPTIONS */
export function readAsyncWait(method: string, options: unknown): { timeout: number; signal: AbortSignal | undefined } {
  return readTimeoutAndSignal(`queue.${method}`, options)
}

/** @throws ERR_OPTIONS unless so many items can be asked for */
export function checkMost(method: string, max: unknown): void {
  checkCount(`${method}(max): max`, max, 1, QUEUE.mostItems, 'items')
}

/** @throws ERR_OPTIONS unless these are items to be pushed */
export function itemsOf<T>(method: string, items: unknown): T[] {
  if (typeof items === 'object' && items !== null && Symbol.iterator in items) return [...(items as Iterable<T>)]
  throw typeError('ERR_OPTIONS', `${method}(items) takes an iterable, such as an array; got ${describe(items)}.`)
}
