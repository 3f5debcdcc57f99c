import { checkNames } from '../core/options.js'
import { describe, typeError } from '../core/errors.js'
import { checkTime } from './options.js'
import type { AnyTable } from '../table/table.js'

/** How long what is written lives. */
export interface CacheTimes {
  /** Milliseconds; Infinity: for good. Default: as the cache's. */
  ttl?: number | undefined
}

/** How a value is fetched. */
export interface FetchOptions extends CacheTimes {
  /** For so many milliseconds after its end a value is given out while one thread loads it anew, and if that fails. */
  staleFor?: number | undefined
  /** Milliseconds that this call waits. The load goes on as long as anybody waits for it. */
  timeout?: number | undefined
  /** Ends the waiting of this call. */
  signal?: AbortSignal | undefined
}

/** What a loader is given beside the key. */
export interface LoadContext {
  /** Aborted when nobody in this thread waits for the value any more. */
  readonly signal: AbortSignal
}

/** @throws ERR_OPTIONS */
export function checkTimes(method: string, given: unknown): number {
  const { ttl } = checkNames(method, given, ['ttl'], '{ ttl: 60_000 }')
  if (ttl === undefined) return NaN
  checkTime('ttl', ttl)
  return ttl as number
}

/** @throws ERR_OPTIONS */
export function checkFetch(given: unknown): FetchOptions {
  const options = checkNames(
    'fetch',
    given,
    ['ttl', 'staleFor', 'timeout', 'signal'],
    '{ ttl: 60_000, staleFor: 300_000, timeout: 5_000, signal }',
  ) as FetchOptions
  const { ttl, staleFor, timeout, signal } = options
  if (ttl !== undefined) checkTime('ttl', ttl)
  if (staleFor !== undefined) checkTime('staleFor', staleFor)
  if (timeout !== undefined) checkTime('timeout', timeout)
  if (signal === undefined || isSignal(signal)) return options
  throw typeError('ERR_OPTIONS', `The option signal must be an AbortSignal; got ${describe(signal)}.`)
}

function isSignal(given: unknown): given is AbortSignal {
  const { addEventListener, aborted } = (given ?? {}) as Partial<AbortSignal>
  return typeof addEventListener === 'function' && typeof aborted === 'boolean'
}

/** Does something whose writes live so long (NaN: as long as the cache says). */
export function during<T>(table: AnyTable, ttl: number, keepsTime: boolean, action: () => T): T {
  const { heap, stripe } = table
  const outer = current?.heap === heap && current.stripe === stripe ? current : undefined
  if (ttl !== ttl && !keepsTime && !outer) return action()
  const { setTimes } = heap.core
  const before = current
  current = { heap, stripe, ttl, keepsTime }
  setTimes(stripe, ttl, keepsTime)
  try {
    return action()
  } finally {
    current = before
    setTimes(stripe, outer ? outer.ttl : NaN, outer ? outer.keepsTime : false) // of a stripe that is closed meanwhile it is refused
  }
}

/** What writes this thread is in the middle of: to encode a value can run code of the program's, which writes, too. */
let current: { heap: object; stripe: number; ttl: number; keepsTime: boolean } | undefined
