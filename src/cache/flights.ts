import { TophashError } from '../core/errors.js'
import { STATUS } from '../core/layout.js'
import { type Encoded, ownEncoded } from '../codecs/encoded.js'
import { encodedResult } from '../codecs/payload.js'
import { runLoneKey } from '../codecs/operands.js'
import { ContentMap } from '../collection/local-map.js'
import { put, read } from '../table/operations.js'
import type { Table } from '../table/table.js'
import { canonical } from '../table/update.js'
import { Failures } from './failures.js'
import { type Lease, Leases } from './leases.js'
import { checkTime } from './options.js'
import { Ending, contextOf } from './ending.js'
import { type FetchOptions, type LoadContext, during } from './times.js'

export type Loader<K, V> = (key: K, context: LoadContext) => V | PromiseLike<V>

/** One load, as this thread knows it: its own, or another thread's that it waits for. */
interface Flight<V> {
  value: Promise<V>
  readonly ending: Ending
  waiting: number
  /** The lease that it has, or waits for; undefined before it has looked, and of a load that could have none. */
  lease: Lease | undefined
  isOwn: boolean
  /** Whether somebody has joined who may have come after a write that the load waited for knows nothing of: how that fails is not for him. */
  isLate: boolean
}

/**
 * Fetching: one load of a key at a time, for all threads and for all callers of each. A thread that misses takes the key's lease, and
 * loads; others wait until the lease is given back, and look again. A load may be overtaken: by a write to its key, which
 * marks its lease, or because nobody waits for it any more; then what it brings is not kept. A thread that dies loses its lease.
 *
 * Who asks after a write must not get what was loaded before it. So nobody joins a load of this thread whose lease is marked or given
 * back: it goes on for those who wait for it, and another begins. A flight that waits for another thread can be joined until it has
 * looked what that has brought; how it failed is not for who may have come after a write.
 */
export class Flights<K, V> {
  readonly #table: Table<K, V>
  readonly #flights = new ContentMap<K, Flight<V>>()
  #shared: { readonly leases: Leases; readonly failures: Failures } | undefined

  constructor(table: Table<K, V>) {
    this.#table = table
  }

  /** Made when they are needed for the first time. */
  get #all(): { readonly leases: Leases; readonly failures: Failures } {
    return (this.#shared ??= { leases: new Leases(this.#table), failures: new Failures(this.#table) })
  }

  async fetch(given: K, loader: Loader<K, V>, options: FetchOptions): Promise<V> {
    const table = this.#table
    const { staleFor, signal } = options
    signal?.throwIfAborted()
    const encoded = ownEncoded(table.keys.pack(given))
    const found = read(table, encoded)
    if (found) return table.values.unpack(found)
    const key = canonical(given) // bytes may change before the loader is called, or while it loads
    const stale = staleFor === undefined ? undefined : this.#stale(encoded, staleFor)
    const isFirst = !this.#flights.get(key)
    const flight = this.#join(key, encoded, loader, options)
    if (stale) {
      this.#leaveLater(flight)
      return table.values.unpack(stale)
    }
    const value = await this.#wait(flight, options)
    return isFirst || typeof value !== 'object' || !table.isOpen
      ? value
      : table.values.unpack(ownEncoded(table.values.pack(value))) // a copy of its own
  }

  /** What has ended not longer ago than that. */
  #stale(key: Encoded, staleFor: number): Encoded | undefined {
    const { heap, stripe } = this.#table
    heap.core.keepStale(stripe, staleFor)
    const status = runLoneKey(heap, stripe, (given) => heap.core.peek(given, true), key)
    if (status === STATUS.found) {
      const encoded = ownEncoded(encodedResult(heap))
      return heap.core.staleSince(stripe) <= staleFor ? encoded : undefined
    }
    if (status < 0 && status !== STATUS.outOfMemory) throw this.#table.failure(status)
    return undefined
  }

  /** The flight of a key in this thread, which begins if there is none. */
  #join(key: K, encoded: Encoded, loader: Loader<K, V>, options: FetchOptions): Flight<V> {
    const known = this.#flights.get(key)
    if (known && this.#mayJoin(known)) {
      known.waiting++
      this.#all.leases.count(COALESCED)
      return known
    }
    const flight: Flight<V> = { value: NEVER, ending: new Ending(), waiting: 1, lease: undefined, isOwn: false, isLate: false }
    flight.value = this.#load(flight, key, encoded, loader, options)
    this.#flights.set(key, flight)
    const end = (): void => this.#land(key, flight)
    flight.value.then(end, end)
    return flight
  }

  /** Whether what a flight brings is good for who asks now. One that waits for another thread looks itself when that is done. */
  #mayJoin(flight: Flight<V>): boolean {
    const { lease } = flight
    if (!lease || this.#all.leases.isUnmarked(lease)) return true
    if (flight.isOwn)
      this.#giveBack(lease) // nothing is kept with it: the next may have it
    else flight.isLate = true
    return !flight.isOwn
  }

  /** Nobody joins it any more. */
  #land(key: K, flight: Flight<V>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }

  /** Nobody waits for this one, but it goes on: what it comes to is not to be reported. */
  #leaveLater(flight: Flight<V>): void {
    const leave = (): void => void flight.waiting--
    flight.value.then(leave, leave)
  }

  /** The value of a flight, for one of those who wait for it. The last that goes away ends it. */
  #wait(flight: Flight<V>, { timeout, signal }: FetchOptions): Promise<V> {
    return new Promise<V>((resolve, reject) => {
      const timer =
        timeout === undefined || timeout === Infinity
          ? undefined
          : setTimeout(() => leave(timedOut(timeout)), Math.min(timeout, LONGEST_TIMER))
      const abort = (): void => leave(signal!.reason)
      signal?.addEventListener('abort', abort)
      const end = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        flight.waiting--
      }
      const leave = (reason: unknown): void => {
        end()
        reject(reason)
        if (flight.waiting === 0) this.#abandon(flight, reason)
      }
      flight.value.then(
        (value) => {
          end()
          resolve(value)
        },
        (error: unknown) => {
          end()
          reject(error)
        },
      )
    })
  }

  /** The cache is about to be closed here: others need not wait for what this thread loads. */
  end(): void {
    for (const [, flight] of [...this.#flights]) this.#abandon(flight, closed())
  }

  #abandon(flight: Flight<V>, reason: unknown): void {
    for (const [key, other] of this.#flights) if (other === flight) this.#flights.delete(key)
    flight.ending.end(reason)
  }

  async #load(flight: Flight<V>, key: K, encoded: Encoded, loader: Loader<K, V>, options: FetchOptions): Promise<V> {
    await Promise.resolve() // the flight is known before anything else happens
    const table = this.#table
    const { ending } = flight
    const { leases, failures } = this.#all
    const hash = leases.hashOf(encoded)
    for (;;) {
      const taken = leases.take(hash)
      const isOwn = taken !== undefined && !taken.isMine && (taken.lease.word & 0xff) === table.heap.thread
      if (taken === undefined || isOwn) {
        flight.lease = undefined
        return await this.#call(key, loader, contextOf(ending, options.ttl, false)) // too many at once: it is not kept
      }
      flight.lease = taken.lease
      flight.isOwn = taken.isMine
      if (taken.isMine) return await this.#loadWith(taken.lease, key, encoded, loader, options, ending)
      flight.isLate = leases.wasMarked(taken.lease)
      await leases.untilFree(taken.lease, ending.signal)
      ending.signal.throwIfAborted()
      const found = read(table, encoded)
      if (found) {
        this.#land(key, flight)
        leases.count(COALESCED)
        return table.values.unpack(found)
      }
      const failure = flight.isLate ? undefined : failures.find(taken.lease)
      if (!failure) continue
      this.#land(key, flight)
      throw failure
    }
  }

  async #loadWith(
    lease: Lease,
    key: K,
    encoded: Encoded,
    loader: Loader<K, V>,
    options: FetchOptions,
    ending: Ending,
  ): Promise<V> {
    const table = this.#table
    const { leases, failures } = this.#all
    ending.onEnd(() => this.#giveBack(lease))
    try {
      failures.forget(lease)
      const found = this.#peek(encoded) // by who had the lease before
      if (found) return table.values.unpack(found)
      leases.count(LOADS)
      const context = contextOf(ending, options.ttl, true)
      try {
        const value = await this.#call(key, loader, context)
        return this.#keep(lease, encoded, value, { ...options, ttl: context.ttl })
      } catch (error) {
        if (table.isOpen && leases.isHeld(lease)) failures.enter(lease, error)
        throw error
      }
    } finally {
      ending.onEnd(undefined)
      this.#giveBack(lease)
    }
  }

  #giveBack(lease: Lease): void {
    const { leases } = this.#all
    if (this.#table.isOpen && leases.isHeld(lease)) leases.release(lease)
  }

  #peek(encoded: Encoded): Encoded | undefined {
    const { heap, stripe } = this.#table
    const status = runLoneKey(heap, stripe, (given) => heap.core.peek(given, false), encoded)
    return status === STATUS.found ? ownEncoded(encodedResult(heap)) : undefined
  }

  async #call(key: K, loader: Loader<K, V>, context: LoadContext): Promise<V> {
    return loader(canonical(key), context) // a copy of its own
  }

  /** Sets what was loaded, unless it was overtaken: then what is there is newer. */
  #keep(lease: Lease, encoded: Encoded, value: V, { ttl = NaN, idle = NaN }: FetchOptions): V {
    if (ttl === ttl) checkTime('ttl', ttl)
    const table = this.#table
    const packed = ownEncoded(table.values.pack(value))
    const newer = this.#put(lease, encoded, packed, ttl, idle) ? undefined : this.#peek(encoded)
    return table.values.unpack(newer ?? packed)
  }

  /** Whether it was set. The core looks at the lease under the chain's lock; who sees the mark before that is spared the error. */
  #put(lease: Lease, encoded: Encoded, packed: Encoded, ttl: number, idle: number): boolean {
    const table = this.#table
    const { heap, stripe } = table
    heap.core.setLease(stripe, lease.index, lease.word)
    try {
      return during(table, { ttl, idle, keepsTime: false }, () => {
        if (!this.#all.leases.isUnmarked(lease)) return false
        put(table, encoded, packed)
        return true
      })
    } catch (error) {
      if (!isOvertaken(error)) throw error
      return false
    } finally {
      if (table.isOpen) heap.core.setLease(stripe, 0, 0)
    }
  }
}

/** What a flight has until it has begun. */
const NEVER = new Promise<never>(() => {})

/** Counters of the control: see Leases.count. */
const LOADS = 1
const COALESCED = 3

/** What a timer can wait for, in ms: some 25 days. */
const LONGEST_TIMER = 2 ** 31 - 1

function timedOut(timeout: number): TophashError {
  return new TophashError(
    'ERR_TIMED_OUT',
    `fetch has waited for ${timeout} ms, its timeout, and the value is not loaded yet. Others who wait for it go on waiting.`,
  )
}

function closed(): TophashError {
  return new TophashError(
    'ERR_DISPOSED',
    'This cache was disposed of in this thread while it was loading. Keep it open until all is loaded.',
  )
}

/** Whether it is what table.failure makes of OVERTAKEN. */
function isOvertaken(error: unknown): boolean {
  return error instanceof TophashError && error.code === 'ERR_CONTENDED'
}
