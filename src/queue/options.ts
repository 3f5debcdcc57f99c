import type { ObjectCodec } from '../codecs/object-codec.js'
import { type Plan, type PlaceOptions, checkKind, codecFor, planPlace } from '../collection/options.js'
import { describe, typeError } from '../core/errors.js'
import type { Kind } from '../core/kinds.js'
import { checkCount, checkNames, isSignal } from '../core/options.js'
import { STRUCTURES } from '../core/structures.js'
import type { Schema } from '../table/table.js'
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

/** How long to wait. */
export interface WaitOptions {
  /** ms; 0: not at all. Default: as long as it takes. */
  timeout?: number | undefined
}

/** How long to wait, in the event loop. */
export interface AsyncWaitOptions extends WaitOptions {
  /** Ends the waiting: the promise is rejected with its reason. */
  signal?: AbortSignal | undefined
}

const NAMES: readonly string[] = ['capacity', 'value', 'codec', 'heap', 'name', 'maxBytes']

/** @throws ERR_OPTIONS unless these are options that a queue can be made with. A capacity of 0: none was given. */
export function planQueue(given: unknown): Plan {
  const { capacity, value: kind, codec, ...place } = checkNames('SharedQueue', given, NAMES, STRUCTURES.queue.example)
  if (capacity !== undefined) checkCount('capacity', capacity, 1, QUEUE.mostItems, 'items')
  const value = checkKind('value', kind)
  const schema: Schema = { noun: 'queue', key: 'number', value, codec: codecFor(value, codec) }
  return { schema, ...planPlace(place), capacity: (capacity as number | undefined) ?? 0 }
}

/** @throws ERR_OPTIONS */
export function readWait(method: string, options: unknown): number {
  return options === undefined
    ? Infinity
    : checkTimeout(checkNames(`queue.${method}`, options, ['timeout'], '{ timeout: 1000 }').timeout)
}

/** @throws ERR_OPTIONS */
export function readAsyncWait(method: string, options: unknown): { timeout: number; signal: AbortSignal | undefined } {
  if (options === undefined) return { timeout: Infinity, signal: undefined }
  const { timeout, signal } = checkNames(`queue.${method}`, options, ['timeout', 'signal'], '{ timeout: 1000, signal }')
  return { timeout: checkTimeout(timeout), signal: checkSignal(signal) }
}

export function checkTimeout(timeout: unknown, name = 'timeout'): number {
  if (timeout === undefined) return Infinity
  if (typeof timeout === 'number' && timeout >= 0) return timeout
  throw typeError('ERR_OPTIONS', `The option ${name} must be a number of milliseconds, 0 or more; got ${describe(timeout)}.`)
}

export function checkSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || isSignal(signal)) return signal
  throw typeError('ERR_OPTIONS', `The option signal must be an AbortSignal; got ${describe(signal)}.`)
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
