import { describe, typeError } from '../core/errors.js'
import { checkCount, checkNames } from '../core/options.js'
import { QUEUE } from './layout.js'

// What the methods of a queue are given.

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

/** @throws ERR_OPTIONS */
export function readWait(method: string, options: unknown): number {
  return options === undefined ? Infinity : checkTimeout(checkNames(`queue.${method}`, options, ['timeout']).timeout)
}

/** @throws ERR_OPTIONS */
export function readAsyncWait(method: string, options: unknown): { timeout: number; signal: AbortSignal | undefined } {
  if (options === undefined) return { timeout: Infinity, signal: undefined }
  const { timeout, signal } = checkNames(`queue.${method}`, options, ['timeout', 'signal'])
  return { timeout: checkTimeout(timeout), signal: checkSignal(signal) }
}

export function checkTimeout(timeout: unknown, name = 'timeout'): number {
  if (timeout === undefined) return Infinity
  if (typeof timeout === 'number' && timeout >= 0) return timeout
  throw typeError('ERR_OPTIONS', `The option ${name} must be a number of milliseconds, 0 or more; got ${describe(timeout)}.`)
}

export function checkSignal(signal: unknown): AbortSignal | undefined {
  const isOne = signal === undefined || typeof (signal as Partial<AbortSignal> | null)?.addEventListener === 'function'
  if (isOne) return signal as AbortSignal | undefined
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
