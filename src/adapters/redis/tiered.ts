import { type LoadContext, type SharedCache, TophashError, structuredCodec } from '../../index.js'
import { connectionOf } from './connection.js'
import { ABSENT, isAbsent, isAway } from './errors.js'
import { Far, type Found } from './far.js'
import { type Format, JSON_TEXT, Letters, isWellFormed } from './format.js'
import { Listener } from './listener.js'
import type { Plan, TieredCacheHandle, TieredCacheOptions, TieredGetOptions, TieredTimes } from './options.js'
import { getOptionsOf, planOf, ttlOf } from './options.js'
import { Shared, type TieredStats } from './shared.js'
import { typeError } from './type-error.js'

// Two levels, and why nothing stale is given out. docs/design/tiered.md has the argument; in short:
//
//   A read from the server, and an invalidation that overtakes it: what is read is kept by the lease of `fetch`, which was taken before
//   the server was asked. The invalidation deletes the key, which marks the lease: so it is not kept; or it is kept already,
//   and then deleted.
//   Reads while nobody listens: `until` has passed, or is 0; then nothing near is given out, and nothing is kept.
//   A new listener: nothing near is given out before the server has said that it tells of changes, and then all that was
//   there has been cleared, and all leases are marked that were taken before.

/** What makes a value that neither level has. Undefined: there is none. */
export type TieredLoader<V> = (
  key: string,
  context: Pick<LoadContext, 'signal' | 'ttl'>,
) => V | undefined | PromiseLike<V | undefined>

/** Milliseconds for which a load may write what it has loaded, without the option lock. */
const CLAIM_MS = 30_000
/** Milliseconds between two looks whether another machine has loaded; whether a thread listens. */
const [LOOK_MS, OPENING_MS] = [25, 2] as const

/**
 * A cache in two levels: first the memory that all threads of this process share, then Redis or Valkey. One connection of the process
 * follows what changes on the server, for all its threads.
 */
export class TieredCache<V = any> {
  readonly #shared: Shared
  readonly #cache: SharedCache<string, any>
  readonly #far: Far
  readonly #format: Format
  readonly #listener: Listener
  readonly #plan: Plan
  /** Keys that so many loads without a lease are under way for: who asks for them asks for himself. */
  readonly #loose = new Map<string, number>()
  #closing: Promise<void> | undefined

  /**
   * Opens it in this thread. Resolves when a thread of the process follows the server, or cannot within `timeout`: then it goes on trying.
   *
   * @throws ERR_OPTIONS, and what SharedHeap throws
   */
  static async open<V = any>(options: TieredCacheOptions): Promise<TieredCache<V>> {
    const plan = planOf(options)
    const cache = new TieredCache<V>(plan)
    const begin = performance.now()
    while (!cache.#shared.isFresh() && performance.now() - begin < plan.timeout) await pause(OPENING_MS)
    return cache
  }

  /** @internal */
  private constructor(plan: Plan) {
    const connection = connectionOf(plan.client)
    this.#plan = plan
    this.#format = plan.json ? JSON_TEXT : new Letters(plan.codec ?? structuredCodec)
    this.#shared = new Shared(plan)
    this.#cache = this.#shared.cache
    this.#far = new Far(connection, plan.prefix, plan.timeout, () => this.#shared.isFresh())
    this.#listener = new Listener(this.#shared, connection, plan.prefix, plan.patience, plan.timeout)
  }

  /** What to send to the other threads: there, `TieredCache.open({ cache: handle, ... })` with a client of their own. */
  get handle(): TieredCacheHandle {
    this.#ensureOpen()
    return this.#shared.handle
  }

  /**
   * The value of a key: from shared memory, from the server, or from `loader(key, { signal, ttl })`, whose value is written to the server.
   * One flight for all threads that ask meanwhile. Undefined if there is none.
   *
   * @param options `ttl` of what is loaded; `timeout` and `signal` of this call alone
   * @throws what the loader throws, the signal's reason; ERR_SERVER_AWAY, ERR_TIMED_OUT, ERR_KEY_TYPE, ERR_VALUE_TYPE, ERR_OPTIONS
   */
  async get(key: string, loader?: TieredLoader<V>, options?: TieredGetOptions): Promise<V | undefined> {
    this.#ensureOpen()
    if (this.#shared.isFresh()) {
      const found = this.#cache.get(key)
      if (found !== undefined) return found
    }
    checkKey(key)
    const { ttl, waiting } = getOptionsOf(options, this.#plan.ttl)
    return this.#miss(key, loader, ttl, waiting)
  }

  /** Sets the value of a key on the server. When it resolves, no thread of this process is given an older one. */
  async set(key: string, value: V, times?: TieredTimes): Promise<void> {
    this.#ensureOpen()
    checkKey(key)
    const ttl = ttlOf('set', times, this.#plan.ttl)
    const bytes = this.#format.encode(value)
    try {
      await this.#far.write(key, bytes, ttl)
    } finally {
      this.#forget(key)
    }
  }

  /** Removes a key from both levels. @returns whether the server had it */
  async delete(key: string): Promise<boolean> {
    this.#ensureOpen()
    checkKey(key)
    try {
      return await this.#far.remove(key)
    } finally {
      this.#forget(key)
    }
  }

  /** How both levels are, of all threads of this process. */
  stats(): TieredStats {
    this.#ensureOpen()
    return this.#shared.stats()
  }

  /** Ends the use of it in this thread; if it was the one that listens, another does. The client stays connected. */
  close(): Promise<void> {
    return (this.#closing ??= this.#listener.close().then(() => this.#shared.dispose()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** What is near is out of date, and what is being read; also if it is not known what the server has done. */
  #forget(key: string): void {
    if (this.#closing) return
    this.#cache.delete(key)
    this.#shared.flights.delete(key)
  }

  #ensureOpen(): void {
    if (this.#closing) throw new TophashError('ERR_DISPOSED', 'This TieredCache was closed in this thread.')
  }

  async #miss(key: string, loader: TieredLoader<V> | undefined, ttl: number, waiting: object): Promise<V | undefined> {
    for (;;) {
      const isFresh = this.#shared.isFresh()
      let isOwn = false
      const load = (_: string, context: LoadContext): Promise<V> => {
        isOwn = true
        return this.#fly(key, loader, ttl, context, !isFresh)
      }
      try {
        if (isFresh && this.#loose.has(key)) return await load(key, { ...LOOSE })
        return await (isFresh ? this.#cache : this.#shared.flights).fetch(key, load, waiting)
      } catch (error) {
        if (!isAbsent(error)) throw error
        if (isOwn || !loader) return undefined // else who has asked first has no loader
      }
    }
  }

  /** One flight. */
  async #fly(key: string, loader: TieredLoader<V> | undefined, ttl: number, context: LoadContext, isAlone: boolean): Promise<V> {
    if (!context.isKept) this.#loose.set(key, (this.#loose.get(key) ?? 0) + 1)
    try {
      return await this.#load(key, loader, ttl, context, isAlone)
    } finally {
      if (!context.isKept) this.#landLoose(key)
      if (isAlone && !this.#closing) this.#shared.flights.delete(key) // which marks its own lease, so that nothing is kept
    }
  }

  #landLoose(key: string): void {
    const left = this.#loose.get(key)! - 1
    if (left > 0) this.#loose.set(key, left)
    else this.#loose.delete(key)
  }

  /** What the server has, or the loader brings. @throws ABSENT */
  async #load(key: string, loader: TieredLoader<V> | undefined, ttl: number, context: LoadContext, isAlone: boolean): Promise<V> {
    let claim: string | undefined
    try {
      this.#shared.count('farReads')
      if (!loader) {
        const found = await this.#far.read(key)
        if (found) return this.#take(found, context)
        throw ABSENT
      }
      const begun = await this.#begin(key, context)
      if ('found' in begun) return this.#take(begun.found, context)
      claim = begun.claim
    } catch (error) {
      if (!isAway(error)) throw error
      return await this.#loadAway(key, loader, ttl, context, isAlone, error)
    }
    return await this.#loadClaimed(key, loader, ttl, context, claim)
  }

  #take({ bytes, left }: Found, context: { ttl: number | undefined }): V {
    this.#shared.count('farHits')
    context.ttl = least(left, this.#plan.nearTtl)
    return this.#format.decode(bytes)
  }

  /** A claim to load; with the option lock it is this thread's alone, and who has none waits. */
  async #begin(key: string, context: LoadContext): Promise<{ readonly found: Found } | { readonly claim: string }> {
    const { lock } = this.#plan
    for (;;) {
      const begun = await this.#far.begin(key, lock || CLAIM_MS)
      if ('found' in begun || begun.isOwn || lock === 0) return begun
      await pause(LOOK_MS)
      context.signal.throwIfAborted()
    }
  }

  /**
   * The server cannot be asked: what was near, if the program allows that; or what the loader brings, which is written nowhere. It
   * is kept near for those who allow it, and only as long as nobody listens: the next listener clears it.
   */
  async #loadAway(
    key: string,
    loader: TieredLoader<V> | undefined,
    ttl: number,
    { signal }: LoadContext,
    isAlone: boolean,
    reason: unknown,
  ): Promise<V> {
    const mayBeOld = isAlone && this.#shared.silence < this.#plan.staleIfAway
    const load = async (_: string, context: Omit<LoadContext, 'isKept'>): Promise<V> => {
      if (!loader) throw reason
      const times = { signal, ttl }
      const bytes = this.#format.encode(await this.#call(key, loader, times))
      context.ttl = least(ttlOf('the loader', { ttl: times.ttl }, Infinity), this.#plan.nearTtl)
      if (!mayBeOld || !this.#shared.isAway()) this.#forget(key)
      return this.#format.decode(bytes)
    }
    return await (mayBeOld ? this.#cache.fetch(key, load) : load(key, { signal, ttl }))
  }

  async #loadClaimed(key: string, loader: TieredLoader<V>, ttl: number, context: LoadContext, claim: string): Promise<V> {
    const times = {
      get signal() {
        return context.signal // made when it is asked for
      },
      ttl: ttl as number | undefined,
    }
    let bytes: Uint8Array
    let lives: number
    let stored: Found | boolean
    try {
      bytes = this.#format.encode(await this.#call(key, loader, times))
      lives = ttlOf('the loader', { ttl: times.ttl }, Infinity)
      stored = await this.#far.store(key, claim, bytes, lives).catch((error: unknown) => {
        if (!isAway(error)) throw error
        return false
      })
    } catch (error) {
      await this.#far.release(key, claim)
      throw error
    }
    if (typeof stored === 'object') return this.#take(stored, context)
    context.ttl = least(lives, this.#plan.nearTtl)
    if (!stored) this.#forget(key) // marks the own lease: what is not on the server nobody would be told of
    return this.#format.decode(bytes)
  }

  /** @throws ABSENT */
  async #call(key: string, loader: TieredLoader<V>, context: { signal: AbortSignal; ttl: number | undefined }): Promise<V> {
    this.#shared.count('loads')
    const value = await loader(key, context)
    if (value === undefined) throw ABSENT
    return value
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const LOOSE: LoadContext = { signal: new AbortController().signal, ttl: undefined, isKept: false }

/** What a near entry lives: undefined, so long as the cache says, if nothing ends it. */
function least(left: number, most: number): number | undefined {
  const ttl = Math.min(left, most)
  return ttl === Infinity ? undefined : ttl
}

/** @throws ERR_KEY_TYPE */
function checkKey(key: unknown): asserts key is string {
  if (typeof key === 'string' && isWellFormed(key)) return
  const found = typeof key === 'string' ? 'one with half of a surrogate pair' : `a ${typeof key}`
  throw typeError('ERR_KEY_TYPE', `a key must be a string that has a UTF-8; got ${found}.`)
}
