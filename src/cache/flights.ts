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
import { type FetchOptions, type LoadContext, during } from './times.js'

export type Loader<K, V> = (key: K, context: LoadContext) => V | PromiseLike<V>

/** One load, as this thread knows it: its own, or another thread's that it waits for. */
interface Flight<V> {
  readonly value: Promise<V>
  readonly control: AbortController
  waiting: number
}

/**
 * Fetching: one load of a key at a time, for all threads and for all callers of each. A thread that misses takes the key's lease, and
 * loads; others wait until the lease is given back, and look again. A load may be overtaken: by a write to its key, which
 * marks its lease, or because nobody waits for it any more; then what it brings is not kept. A thread that dies loses its lease.
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
    if (known) {
      known.waiting++
      this.#all.leases.count(COALESCED)
      return known
    }
    const control = new AbortController()
    const value = this.#load(key, encoded, loader, options, control.signal)
    const flight: Flight<V> = { value, control, waiting: 1 }
    this.#flights.set(key, flight)
    const end = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    value.then(end, end)
    return flight
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
    flight.control.abort(reason)
  }

  async #load(key: K, encoded: Encoded, loader: Loader<K, V>, options: FetchOptions, signal: AbortSignal): Promise<V> {
    await Promise.resolve() // the flight is known before anything else happens
    const table = this.#table
    const { leases, failures } = this.#all
    const hash = leases.hashOf(encoded)
    for (;;) {
      const taken = leases.take(hash)
      const isOwn = taken !== undefined && !taken.isMine && (taken.lease.word & 0xff) === table.heap.thread
      if (taken === undefined || isOwn) return await this.#call(key, loader, signal) // too many at once: it is not kept
      if (taken.isMine) return await this.#loadWith(taken.lease, key, encoded, loader, options, signal)
      await leases.untilFree(taken.lease, signal)
      signal.throwIfAborted()
      const found = read(table, encoded)
      if (found) {
        leases.count(COALESCED)
        return table.values.unpack(found)
      }
      const failure = failures.find(taken.lease)
      if (failure) throw failure
    }
  }

  async #loadWith(
    lease: Lease,
    key: K,
    encoded: Encoded,
    loader: Loader<K, V>,
    options: FetchOptions,
    signal: AbortSignal,
  ): Promise<V> {
    const table = this.#table
    const { leases, failures } = this.#all
    const give = (): void => this.#giveBack(lease)
    signal.addEventListener('abort', give)
    try {
      failures.forget(lease)
      const found = this.#peek(encoded) // by who had the lease before
      if (found) return table.values.unpack(found)
      leases.count(LOADS)
      try {
        return this.#keep(lease, encoded, await this.#call(key, loader, signal), options)
      } catch (error) {
        if (table.isOpen && leases.isHeld(lease)) failures.enter(lease, error)
        throw error
      }
    } finally {
      signal.removeEventListener('abort', give)
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

  async #call(key: K, loader: Loader<K, V>, signal: AbortSignal): Promise<V> {
    return loader(canonical(key), { signal }) // a copy of its own
  }

  /** Sets what was loaded, unless it was overtaken: then what is there is newer. */
  #keep({ index, word }: Lease, encoded: Encoded, value: V, { ttl = NaN, idle = NaN }: FetchOptions): V {
    const table = this.#table
    const { heap, stripe } = table
    const packed = ownEncoded(table.values.pack(value))
    heap.core.setLease(stripe, index, word)
    try {
      during(table, { ttl, idle, keepsTime: false }, () => put(table, encoded, packed))
    } catch (error) {
      if (!isOvertaken(error)) throw error
      const newer = this.#peek(encoded)
      if (newer) return table.values.unpack(newer)
    } finally {
      if (table.isOpen) heap.core.setLease(stripe, 0, 0)
    }
    return table.values.unpack(packed)
  }
}

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
