import type { ObjectCodec, SharedCacheHandle, SharedCacheOptions, SharedHeapHandle } from '../../index.js'
import type { TieredClient } from './connection.js'
import { optionsError } from './errors.js'

/** How a TieredCache is opened. All threads of a process give the same, but for `cache` and `client`. */
export interface TieredCacheOptions {
  /**
   * The near level: options of a new SharedCache, of which max or maxBytes is needed; in the other threads, `handle` of the first one's
   * TieredCache. Or a SharedCache in a SharedHeap, with strings as keys, which has nothing else in it.
   */
  cache: unknown
  /** A client of node-redis or ioredis, connected, for what this thread asks; a connection to follow invalidations is made of it. */
  client: TieredClient
  /** What all keys on the server begin with, such as 'pages:'. Changes of such keys are followed. */
  prefix: string
  /** Milliseconds that a value lives on the server after it was written. Default: for good. */
  ttl?: number | undefined
  /** Milliseconds that a value lives in shared memory at most. Default: as long as on the server. */
  nearTtl?: number | undefined
  /** true: values are JSON on the server, which other languages read. Default: as `codec` writes them. */
  json?: boolean | undefined
  /** What turns objects into bytes, near and far. Default: the library's own. */
  codec?: ObjectCodec | undefined
  /** Milliseconds that a command may take. Default: 2,000. */
  timeout?: number | undefined
  /** After so many milliseconds without a word from the server nothing near is given out any more. Default: 2,000. */
  patience?: number | undefined
  /** Milliseconds for which one process at a time loads a key, and the others wait for it. Default: each process loads for itself. */
  lock?: number | undefined
  /** For so many milliseconds after the server was heard of last, what is near is given out when it cannot be asked. Default: 0. */
  staleIfAway?: number | undefined
}

/** How long what is written lives. */
export interface TieredTimes {
  /** Milliseconds; Infinity: for good. Default: the option `ttl` of the cache. */
  ttl?: number | undefined
}

/** How a value is got. */
export interface TieredGetOptions extends TieredTimes {
  /** Milliseconds that this call waits. What it waits for goes on as long as anybody waits for it. */
  timeout?: number | undefined
  /** Ends the waiting of this call. */
  signal?: AbortSignal | undefined
}

/** What travels to another thread, for its `TieredCache.open({ cache: handle, ... })`. */
export interface TieredCacheHandle {
  readonly tophash: 'TieredCache'
  readonly heap: SharedHeapHandle
  readonly cache: SharedCacheHandle<string, any>
}

/** Options that were checked, with what they are by default. */
export interface Plan {
  readonly cache: SharedCacheOptions | object
  readonly client: unknown
  readonly prefix: string
  readonly ttl: number
  readonly nearTtl: number
  readonly json: boolean
  readonly codec: ObjectCodec | undefined
  readonly timeout: number
  readonly patience: number
  readonly lock: number
  readonly staleIfAway: number
}

const NAMES: readonly string[] = [
  'cache',
  'client',
  'prefix',
  'ttl',
  'nearTtl',
  'json',
  'codec',
  'timeout',
  'patience',
  'lock',
  'staleIfAway',
]

/** What the server takes as a time: some 285 years. */
const MOST_MS = 2 ** 53 - 1

/** @throws ERR_OPTIONS */
export function planOf(given: unknown): Plan {
  const options = named('TieredCache.open', given, NAMES)
  const { cache, client, prefix, json = false, codec } = options
  if (typeof cache !== 'object' || cache === null) {
    throw optionsError(
      'tophash/redis: the option cache is needed: { max: 10_000 }, or, in the other threads, handle of the first.',
    )
  }
  if (typeof prefix !== 'string' || prefix === '') {
    throw optionsError("tophash/redis: the option prefix must be a string that is not empty, such as 'pages:'.")
  }
  if (typeof json !== 'boolean') throw optionsError('tophash/redis: the option json must be true or false.')
  if (json && codec) throw optionsError('tophash/redis: values are written as JSON or by a codec. Leave out json or codec.')
  return {
    cache,
    client,
    prefix,
    json,
    codec: codec as ObjectCodec | undefined,
    ttl: timeOf('ttl', options.ttl, Infinity),
    nearTtl: timeOf('nearTtl', options.nearTtl, Infinity),
    timeout: timeOf('timeout', options.timeout, 2000),
    patience: timeOf('patience', options.patience, 2000),
    lock: options.lock === undefined ? 0 : timeOf('lock', options.lock, 0),
    staleIfAway:
      options.staleIfAway === undefined || options.staleIfAway === 0 ? 0 : timeOf('staleIfAway', options.staleIfAway, 0),
  }
}

/** The times of a write. @throws ERR_OPTIONS */
export function ttlOf(method: string, given: unknown, otherwise: number): number {
  return timeOf('ttl', named(method, given, ['ttl']).ttl, otherwise)
}

/** @throws ERR_OPTIONS */
export function getOptionsOf(
  given: unknown,
  ttl: number,
): { ttl: number; waiting: Pick<TieredGetOptions, 'timeout' | 'signal'> } {
  const { ttl: own, ...waiting } = named('get', given, ['ttl', 'timeout', 'signal'])
  return { ttl: timeOf('ttl', own, ttl), waiting }
}

function named(method: string, given: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (given === undefined && method !== 'TieredCache.open') return {}
  if (typeof given !== 'object' || given === null)
    throw optionsError(`tophash/redis: the options of ${method} must be an object.`)
  const other = Object.keys(given).find((name) => !names.includes(name))
  if (other === undefined) return given as Readonly<Record<string, unknown>>
  throw optionsError(`tophash/redis: there is no option ${JSON.stringify(other)}; there are ${names.join(', ')}.`)
}

function timeOf(name: string, given: unknown, otherwise: number): number {
  if (given === undefined) return otherwise
  if (typeof given === 'number' && given > 0 && (given <= MOST_MS || given === Infinity)) return given
  throw optionsError(`tophash/redis: the option ${name} must be a number of milliseconds greater than 0.`)
}
