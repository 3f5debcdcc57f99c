import { describe, typeError } from '../core/errors.js'
import { checkCount } from '../core/options.js'
import { readTimeout, readTimeoutAndSignal } from '../core/waiting.js'
import { QUEUE } from './layout.js'

// What the methods of a queue are given.

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
