import {
  SharedCache,
  type SharedCacheHandle,
  type SharedCacheStats,
  SharedHeap,
  type SharedHeapHandle,
  type SharedMap,
  type SharedQueue,
  TophashError,
} from '../../index.js'
import { sharedNow } from '../../core/clock.js'
import { optionsError } from './errors.js'
import type { Plan, TieredCacheHandle } from './options.js'

// What the threads of a process share: the near cache, and who follows the server.
//
// The right to listen is an item of a queue, of which there is one: who has received it listens, and when that thread gives it back or
// dies, the next in line has it. Until when what is near may be given out is a number in a map. See tiered.ts.

/** Keys of the map of numbers. */
const WORD = {
  /** Which item of the queue is the right to listen: the first that anybody has pushed. */
  right: 0,
  /** Until when what is near may be given out. */
  until: 1,
  /** When the server was last heard of. */
  heard: 2,
  /** 1: nobody is told of changes. */
  away: 3,
  takeovers: 4,
  invalidations: 5,
  farReads: 6,
  farHits: 7,
  loads: 8,
} as const

/** What is counted, of all threads of the process. */
export interface TieredStats {
  /** Whether what is near is given out now. */
  readonly listening: boolean
  /** How often a thread has begun to listen. */
  readonly takeovers: number
  /** Keys that the server has told of. */
  readonly invalidations: number
  /** Values that the server was asked for, and how many there were. */
  readonly farReads: number
  readonly farHits: number
  /** Calls of loaders. */
  readonly loads: number
  readonly near: SharedCacheStats
}

export type Counted = 'takeovers' | 'invalidations' | 'farReads' | 'farHits' | 'loads'

/** More than there can be threads: each may push an item when it comes. */
const ITEMS = 256
/** Flights for which nobody listens: nothing of them is kept. */
const FLIGHTS = 1024

export class Shared {
  readonly cache: SharedCache<string, any>
  /** For loads while nobody listens: one at a time of each key, and nothing is kept. */
  readonly flights: SharedCache<string, any>
  readonly #heap: SharedHeap
  readonly #isOwnCache: boolean
  readonly #words: SharedMap<number, number>
  readonly #rights: SharedQueue<number>

  /** @throws ERR_OPTIONS, and what SharedHeap throws */
  constructor(plan: Plan) {
    const { heap, cache, isOwn } = openCache(plan)
    this.#heap = heap
    this.cache = cache
    this.#isOwnCache = isOwn
    const { table, generation, value } = cache.handle as SharedCacheHandle
    const name = `tophash/redis ${table}.${generation}`
    agree(heap, name, plan)
    const { codec } = plan
    this.flights = heap.cache(`${name} flights`, { max: FLIGHTS, key: 'string', value, codec }) as SharedCache<string, any>
    this.#words = heap.map<number, number>(`${name} words`, { key: 'number', value: 'number' })
    this.#rights = heap.queue<number>(`${name} rights`, { value: 'number', capacity: ITEMS })
    if (this.#words.get(WORD.right) === undefined) this.#rights.tryPush(Math.random())
  }

  get handle(): TieredCacheHandle {
    return { tophash: 'TieredCache', heap: this.#heap.handle, cache: this.cache.handle }
  }

  // ---- The right to listen ----

  /** Waits for the right to listen, and returns what gives it back. @throws the signal's reason */
  async right(signal: AbortSignal): Promise<() => void> {
    for (;;) {
      const received = await this.#rights.receiveAsync(1, { signal })
      const [item] = received.items
      if (item === undefined) continue
      // Several threads can have pushed one when they came. The first that is received is the one.
      if (this.#words.getOrInsert(WORD.right, item) === item) return () => received.release()
      received.done()
    }
  }

  // ---- Until when what is near is good ----

  /** Whether what is near may be given out. */
  isFresh(): boolean {
    return this.#words.get(WORD.until)! > sharedNow()
  }

  /** From now on nothing near is given out, until refresh(). */
  lose(): void {
    this.#words.set(WORD.until, 0)
    this.#words.set(WORD.away, 1)
  }

  /** The server tells of changes from now on; what is near is older than that. */
  begin(): void {
    this.#words.set(WORD.away, 0)
    this.cache.clear() // marks what is being loaded, too
    this.count('takeovers')
  }

  /** All changes that were made before this moment, or that nobody could see yet, are known. */
  refresh(moment: number, patience: number): void {
    this.#words.set(WORD.heard, moment)
    this.#words.set(WORD.until, moment + patience)
  }

  /** Whether nobody is told of changes. */
  isAway(): boolean {
    return this.#words.get(WORD.away) === 1
  }

  /** Milliseconds since the server was last heard of. */
  get silence(): number {
    return sharedNow() - (this.#words.get(WORD.heard) ?? -Infinity)
  }

  // ---- Figures ----

  count(what: Counted, by = 1): void {
    this.#words.increment(WORD[what], by)
  }

  stats(): TieredStats {
    const of = (what: Counted): number => this.#words.get(WORD[what]) ?? 0
    return {
      listening: this.isFresh(),
      takeovers: of('takeovers'),
      invalidations: of('invalidations'),
      farReads: of('farReads'),
      farHits: of('farHits'),
      loads: of('loads'),
      near: this.cache.stats(),
    }
  }

  /** Lets go of all in this thread; a cache that the program has given stays open. */
  dispose(): void {
    if (this.#isOwnCache) this.cache.dispose()
    for (const collection of [this.flights, this.#words, this.#rights, this.#heap]) collection.dispose()
  }
}

interface Opened {
  readonly heap: SharedHeap
  readonly cache: SharedCache<string, any>
  readonly isOwn: boolean
}

function openCache({ cache: given, codec }: Plan): Opened {
  if (given instanceof SharedCache) return { ...besides(given as SharedCache<string, any>), isOwn: false }
  if ((given as Partial<TieredCacheHandle>).tophash === 'TieredCache') {
    const { heap, cache } = given as TieredCacheHandle
    return { heap: SharedHeap.attach(heap), cache: SharedCache.attach<string, any>(cache, { codec }), isOwn: true }
  }
  if ('tophash' in given) {
    throw optionsError('tophash/redis: in the other threads the option cache is the handle of the TieredCache, as it is.')
  }
  if ('ttl' in given) throw optionsError('tophash/redis: how long entries live in the cache is said by the option nearTtl.')
  const heap = new SharedHeap()
  try {
    const options = { key: 'string' as const, codec, ...given } as object as { max: number; key: 'string' }
    const cache = heap.cache('tophash/redis', options) as SharedCache<string, any>
    checkKeys(cache)
    return { heap, cache, isOwn: true }
  } catch (error) {
    heap.dispose()
    throw error
  }
}

/** The heap of a cache that the program has made. @throws ERR_OPTIONS if it is one of its own */
function besides(cache: SharedCache<string, any>): { heap: SharedHeap; cache: SharedCache<string, any> } {
  checkKeys(cache)
  const { memory } = cache.handle as SharedCacheHandle
  try {
    return { heap: SharedHeap.attach({ tophash: 'SharedHeap', memory } satisfies SharedHeapHandle), cache }
  } catch (error) {
    if (!(error instanceof TophashError) || error.code !== 'ERR_BAD_HANDLE') throw error
    throw optionsError(
      'tophash/redis: the cache is alone in its memory, where the threads must agree on more. Make it in a heap: ' +
        "new SharedHeap().cache('pages', { key: 'string', max: 10_000 }); or give the options of a new one.",
    )
  }
}

function checkKeys(cache: SharedCache<string, any>): void {
  const { key } = cache.handle as SharedCacheHandle
  if (key === 'string' || key === 'any') return
  throw optionsError(`tophash/redis needs a cache with string keys, { key: 'string' }; this one was made with { key: '${key}' }.`)
}

/** Sees to it that all threads mean the same. @throws ERR_OPTIONS */
function agree(heap: SharedHeap, name: string, { prefix, json, codec }: Plan): void {
  const settings = heap.map<string, string>('tophash/redis settings', { key: 'string', value: 'string' })
  const own = JSON.stringify({ prefix, json, codec: codec?.name ?? null })
  const agreed = settings.getOrInsert(name, own)
  settings.dispose()
  if (agreed !== own) {
    throw optionsError(`tophash/redis: this cache was opened with ${agreed} before, in this thread or another; got ${own}.`)
  }
}
