import { TophashError, describe, typeError } from './errors.js'
import { checkNames, isSignal } from './options.js'

// Waiting for what other threads do: what queues, maps and caches have in common. Who is to wake those who wait may have died before it
// did: so nobody sleeps for longer than a slice without looking, and looks after the dead now and then.

/** How long a thread that blocks sleeps at most before it looks again, in ms. */
export const SLICE = 100
/** The same where there is no Atomics.waitAsync. */
export const POLL = 4
/** Slices after which who waits looks after dead threads. */
export const SLICES_PER_SWEEP = 5

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
export function readTimeout(method: string, options: unknown): number {
  return options === undefined ? Infinity : checkTimeout(checkNames(method, options, ['timeout'], '{ timeout: 1000 }').timeout)
}

/** @throws ERR_OPTIONS */
export function readTimeoutAndSignal(method: string, options: unknown): { timeout: number; signal: AbortSignal | undefined } {
  if (options === undefined) return { timeout: Infinity, signal: undefined }
  const { timeout, signal } = checkNames(method, options, ['timeout', 'signal'], '{ timeout: 1000, signal }')
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

/** The error for a thread that would have to block and may not; `instead` is the method that does not. */
export function mayNotBlock(instead: string): TophashError {
  return new TophashError(
    'ERR_UNSUPPORTED',
    `This thread may not block (it is a browser's main thread, or one that a runtime forbids to). Call ${instead}.`,
  )
}

type WaitResult = { async: false } | { async: true; value: Promise<unknown> }
type WaitAsync = (words: Int32Array, index: number, value: number) => WaitResult

/** Atomics.waitAsync, where there is one. Looked up each time: so a test can take it away. */
export function waitAsync(): WaitAsync | undefined {
  return (Atomics as { waitAsync?: WaitAsync }).waitAsync
}

export const now = (): number => performance.now()

// ---- In the event loop ----

/** One who waits. */
export interface Waiting {
  /** Tries, and settles the promise if that succeeds or throws. Whether it is settled. */
  attempt(): boolean
}

/** Where they wait. */
export interface WaitingRoom {
  /** Whether who comes may try before anybody else does. */
  readonly isEmpty: boolean
  /** From here on it is tried again whenever that may succeed. */
  enter(waiting: Waiting): void
  /** No more. Whether it was still here. */
  leave(waiting: Waiting): boolean
}

/**
 * What `attempt` returns, as soon as it is not undefined; undefined when time is over.
 *
 * @throws the signal's reason; and what `attempt` throws
 */
export function waitIn<R>(
  room: WaitingRoom,
  attempt: () => R | undefined,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<R | undefined> {
  return new Promise<R | undefined>((resolve, reject) => {
    signal?.throwIfAborted()
    let timer: ReturnType<typeof setTimeout> | undefined
    const settle = (act: () => void): true => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      act()
      return true
    }
    const waiting: Waiting = {
      attempt: () => {
        try {
          const result = attempt()
          return result === undefined ? false : settle(() => resolve(result))
        } catch (error) {
          return settle(() => reject(error))
        }
      },
    }
    const abort = (): void => {
      if (room.leave(waiting)) settle(() => reject(signal!.reason))
    }
    // Behind those who came before; but who need not wait at all does not.
    if (room.isEmpty && waiting.attempt()) return
    if (timeout <= 0) return void settle(() => resolve(undefined))
    signal?.addEventListener('abort', abort)
    if (timeout < Infinity) {
      timer = setTimeout(
        () => {
          if (room.leave(waiting) && !waiting.attempt()) settle(() => resolve(undefined))
        },
        Math.min(timeout, 2 ** 31 - 1),
      )
    }
    room.enter(waiting)
  })
}
