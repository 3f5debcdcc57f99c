import { type Options, checkNames, isSignal } from '../core/options.js'
import { describe, typeError } from '../core/errors.js'
import { STATUS } from '../core/layout.js'
import { checkTime } from './options.js'
import type { AnyTable } from '../table/table.js'

/** How long what is written lives. */
export interface CacheTimes {
  /** Milliseconds; Infinity: for good. Default: as the cache's. */
  ttl?: number | undefined
  /** Milliseconds that it lives after it was used last, in a cache that was made with `idle`. Default: as the cache's. */
  idle?: number | undefined
}

/** How long what is written lives, where there may be an entry already. */
export interface WriteTimes extends CacheTimes {
  /** Whether an entry that is there keeps the rest of its time. `ttl` and `idle` are those of one which is made. Default: false. */
  keepTtl?: boolean | undefined
}

/** The same, as the core is told. */
export interface Lifetime {
  /** NaN: as the cache's. */
  readonly ttl: number
  readonly idle: number
  readonly keepsTime: boolean
}

/** As the cache says, for every entry that is written. */
const USUAL: Lifetime = { ttl: NaN, idle: NaN, keepsTime: false }

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

/** Of what can only make an entry. @throws ERR_OPTIONS */
export function checkTimes(method: string, given: CacheTimes | undefined): Lifetime {
  return given === undefined ? USUAL : lifetimeOf(checkNames(method, given, ['ttl', 'idle'], '{ ttl: 60_000 }'))
}

/** Of what can replace a value. @throws ERR_OPTIONS */
export function checkWriteTimes(method: string, given: WriteTimes | undefined): Lifetime {
  return given === undefined ? USUAL : lifetimeOf(checkNames(method, given, ['ttl', 'idle', 'keepTtl'], '{ ttl: 60_000 }'))
}

function lifetimeOf({ ttl, idle, keepTtl = false }: Options): Lifetime {
  if (ttl !== undefined) checkTime('ttl', ttl)
  if (idle !== undefined) checkTime('idle', idle)
  if (typeof keepTtl !== 'boolean') {
    throw typeError('ERR_OPTIONS', `The option keepTtl must be true or false; got ${describe(keepTtl)}.`)
  }
  return { ttl: (ttl as number | undefined) ?? NaN, idle: (idle as number | undefined) ?? NaN, keepsTime: keepTtl }
}

/** @throws ERR_OPTIONS */
export function checkFetch(given: unknown): FetchOptions {
  const options = checkNames(
    'fetch',
    given,
    ['ttl', 'idle', 'staleFor', 'timeout', 'signal'],
    '{ ttl: 60_000, staleFor: 300_000, timeout: 5_000, signal }',
  ) as FetchOptions
  const { ttl, idle, staleFor, timeout, signal } = options
  if (ttl !== undefined) checkTime('ttl', ttl)
  if (idle !== undefined) checkTime('idle', idle)
  if (staleFor !== undefined) checkTime('staleFor', staleFor)
  if (timeout !== undefined) checkTime('timeout', timeout)
  if (signal === undefined || isSignal(signal)) return options
  throw typeError('ERR_OPTIONS', `The option signal must be an AbortSignal; got ${describe(signal)}.`)
}

/** Does something whose writes live so long. */
export function during<T>(table: AnyTable, times: Lifetime, action: () => T): T {
  const { heap, stripe } = table
  const around = innermostOf(table)
  if (times === USUAL && around === USUAL) return action()
  const outer = current
  current = { heap, stripe, times, outer }
  try {
    if (tell(table, times) === STATUS.invalid && table.isOpen) throw notIdle()
    return action()
  } finally {
    current = outer
    tell(table, around) // of a stripe that is closed meanwhile it is refused
  }
}

function tell({ heap, stripe }: AnyTable, { ttl, idle, keepsTime }: Lifetime): number {
  return heap.core.setTimes(stripe, ttl, idle, keepsTime)
}

function notIdle(): Error {
  return typeError(
    'ERR_OPTIONS',
    'This cache was made without idle, so its entries have no room for one. Make it with { idle: Infinity }, or with the time that most have.',
  )
}

interface Writing {
  readonly heap: object
  readonly stripe: number
  readonly times: Lifetime
  readonly outer: Writing | undefined
}

/**
 * What writes this thread is in the middle of: to encode a value can run code of the program's, and so does a callback, and they
 * write, too. While there is one, no write takes a way on which it does not say how long it lives.
 */
export let current: Writing | undefined

/** What a cache has been told last. */
function innermostOf({ heap, stripe }: AnyTable): Lifetime {
  for (let one = current; one; one = one.outer) if (one.heap === heap && one.stripe === stripe) return one.times
  return USUAL
}
