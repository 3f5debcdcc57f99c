import session, { type SessionData } from 'express-session'
import type { SharedCache, SharedCacheHandle } from '../index.js'
import { type Opened, type StoreOptions, checkBeginning, clearWith, keysWith, openCache, optionsError } from './store.js'

const ENTRY = 'tophash/express-session'

/** How a store for express-session is made. */
export interface TophashStoreOptions extends Omit<StoreOptions, 'idle' | 'jitter'> {
  /** What its keys begin with: for several stores in one cache. Default: nothing. */
  prefix?: string | undefined
  /** Milliseconds that a session lives whose cookie has no maxAge, after its last request. Default: one day. */
  ttl?: number | undefined
}

type Done = (error?: unknown) => void

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * A store for express-session that all threads of the program share: whichever of them answers, the session is the same one.
 *
 *     session({ secret, resave: false, saveUninitialized: false, store: new TophashStore({ max: 100_000 }) })
 *
 * A session is stored as JSON, as in the host's other stores, and lives as long as its cookie. If there are more than `max`,
 * those that were not asked for go.
 */
export class TophashStore extends session.Store {
  readonly prefix: string
  readonly ttl: number
  readonly #opened: Opened<string>
  readonly #cache: SharedCache<string, string>

  /** @throws ERR_OPTIONS, and what SharedCache throws */
  constructor(options: TophashStoreOptions) {
    super()
    const { prefix, ttl = DAY_MS, ...others } = options ?? {}
    if (!(typeof ttl === 'number' && ttl > 0)) {
      throw optionsError(`${ENTRY}: ttl must be a number of milliseconds greater than 0.`)
    }
    this.prefix = checkBeginning(ENTRY, 'prefix', prefix)
    this.ttl = ttl
    this.#opened = openCache(ENTRY, others, 'string', ['prefix', 'ttl'])
    this.#cache = this.#opened.cache
  }

  /** What to send to the other threads: there, `new TophashStore({ cache: handle })`. */
  get handle(): SharedCacheHandle<string, string> {
    return this.#cache.handle
  }

  get(sid: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    answer(callback, () => {
      const text = this.#cache.get(this.prefix + sid)
      return text === undefined ? null : (JSON.parse(text) as SessionData)
    })
  }

  set(sid: string, session: SessionData, callback?: Done): void {
    answer(callback, () => {
      const ttl = this.#timeOf(session)
      if (ttl <= 0) this.#cache.delete(this.prefix + sid)
      else this.#cache.set(this.prefix + sid, JSON.stringify(session), { ttl }) // which refuses an expiry that is no date
    })
  }

  /** The session lives on, and stays as it is: what another thread sets meanwhile is not lost. */
  override touch(sid: string, session: SessionData, callback?: Done): void {
    answer(callback, () => {
      const ttl = this.#timeOf(session)
      if (ttl <= 0) this.#cache.delete(this.prefix + sid)
      else this.#cache.touch(this.prefix + sid, ttl)
    })
  }

  destroy(sid: string, callback?: Done): void {
    answer(callback, () => void this.#cache.delete(this.prefix + sid))
  }

  /** All sessions, each with its `id`. */
  override all(callback: (error: unknown, sessions?: (SessionData & { id: string })[] | null) => void): void {
    answer(callback, () => {
      const sessions: (SessionData & { id: string })[] = []
      for (const [key, text] of this.#cache.entries()) {
        if (key.startsWith(this.prefix))
          sessions.push({ ...(JSON.parse(text) as SessionData), id: key.slice(this.prefix.length) })
      }
      return sessions
    })
  }

  override length(callback: (error: unknown, length?: number) => void): void {
    answer(callback, () => {
      let length = 0
      for (const _ of keysWith(this.#cache, this.prefix)) length++
      return length
    })
  }

  override clear(callback?: Done): void {
    answer(callback, () => clearWith(this.#cache, this.prefix))
  }

  /** Closes the cache in this thread, unless the program has given it. */
  close(): void {
    if (this.#opened.isOwn) this.#cache.dispose()
  }

  #timeOf({ cookie }: SessionData): number {
    const expires = cookie?.expires
    return expires ? new Date(expires).getTime() - Date.now() : this.ttl
  }
}

/** Calls back with what comes of an action, later: as a store on a server would. */
function answer<T>(callback: ((error: unknown, result?: T) => void) | undefined, action: () => T): void {
  let result: T
  try {
    result = action()
  } catch (error) {
    if (callback === undefined) throw error
    setImmediate(callback, error)
    return
  }
  if (callback) setImmediate(callback, null, result)
}
