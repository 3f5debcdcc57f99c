import { SharedHeap, type SharedHeapHandle, type SharedMap, type SharedCache, type SharedCacheOptions } from '../index.js'
import { optionsError, warnOfProcesses } from './store.js'

// How the handler of Next.js's cache (the option `cacheHandler`) keeps entries: their values in a cache, and beside it a map from
// tags to when each was revalidated. An entry is gone when one of its tags was revalidated after it was made: so a revalidation is
// one step, whatever there is, and holds for implicit tags too, which Next.js names when it reads, not when it writes.

const ENTRY = 'tophash/next-cache-handler'
const NAMES: readonly string[] = ['max', 'maxBytes', 'codec']

/** How a cache handler is made. */
export interface TophashCacheHandlerOptions extends Pick<SharedCacheOptions, 'max' | 'maxBytes' | 'codec'> {
  /** A SharedHeap to keep entries in, or its handle: in the other threads, what `Handler.handle` returned in the first. Default: a new one. */
  heap?: unknown
}

/** An entry as Next.js is given it. */
export interface CacheHandlerEntry {
  /** Milliseconds since 1970; -1: give it out, and make it anew. */
  readonly lastModified: number
  readonly value: any
  readonly cacheControl?: any
}

/** What Next.js wants of a handler; it makes one for each request. */
export interface TophashCacheHandler {
  get(key: string, context?: any): Promise<CacheHandlerEntry | null>
  set(key: string, value: any, context?: any): Promise<void>
  revalidateTag(tags: string | string[], durations?: { expire?: number }): Promise<void>
  resetRequestCache(): void
}

/** The class of such handlers, with what belongs to all of its instances. */
export interface TophashCacheHandlerClass {
  /** @param context of which revalidatedTags is read */
  new (context?: any): TophashCacheHandler
  /** What to send to the other threads: there, `tophashCacheHandler({ heap: handle })`. */
  readonly handle: SharedHeapHandle
  /** Closes what it has opened, in this thread; a heap that the program has given stays open. */
  close(): void
}

/** When a tag was revalidated, in milliseconds since 1970: at once, or from then on. */
interface Revalidated {
  readonly stale?: number
  readonly expired?: number
}

/** For how many seconds a page is fresh, and when it must not be given out any more. */
interface CacheControl {
  readonly revalidate?: number | false
  readonly expire?: number
}

interface Stored {
  readonly value: Record<string, any> | null
  readonly lastModified: number
  readonly cacheControl?: CacheControl
  readonly tags: readonly string[]
}

interface Collections {
  readonly entries: SharedCache<string, Stored>
  readonly tags: SharedMap<string, Revalidated>
}

const DEFAULT_BYTES = 64 * 1024 * 1024
const TAGS_HEADER = 'x-next-cache-tags'

/**
 * The class for Next.js's option `cacheHandler`, whose entries all threads of the program share: a file of yours exports it.
 *
 *     export default tophashCacheHandler({ maxBytes: 200_000_000 })
 *
 * @param options default: `maxBytes` of 64 MiB
 * @throws ERR_OPTIONS, and what SharedHeap throws
 */
export function tophashCacheHandler(options?: TophashCacheHandlerOptions): TophashCacheHandlerClass {
  warnOfProcesses(ENTRY)
  const { heap: given, ...bounds } = options ?? {}
  const unknown = Object.keys(bounds).find((name) => !NAMES.includes(name))
  if (unknown !== undefined) throw optionsError(`${ENTRY}: there is no option ${unknown}; there are heap, ${NAMES.join(', ')}.`)
  const isOwn = !(given instanceof SharedHeap)
  const heap = given === undefined ? new SharedHeap() : isOwn ? SharedHeap.attach(given) : (given as SharedHeap)
  const limits = bounds.max === undefined && bounds.maxBytes === undefined ? { ...bounds, maxBytes: DEFAULT_BYTES } : bounds
  const collections: Collections = {
    entries: heap.cache<string, Stored>(`${ENTRY} entries`, { ...limits, key: 'string' }),
    tags: heap.map<string, Revalidated>(`${ENTRY} tags`, { key: 'string' }),
  }
  return class extends Handler {
    constructor(context?: { readonly revalidatedTags?: readonly string[] }) {
      super(collections, context?.revalidatedTags ?? [])
    }

    static get handle(): SharedHeapHandle {
      return heap.handle
    }

    static close(): void {
      for (const collection of Object.values(collections)) collection.dispose()
      if (isOwn) heap.dispose()
    }
  }
}

class Handler implements TophashCacheHandler {
  readonly #collections: Collections
  /** Tags that this request has revalidated, as Next.js hands them on to the next one. */
  readonly #revalidated: readonly string[]

  constructor(collections: Collections, revalidated: readonly string[]) {
    this.#collections = collections
    this.#revalidated = revalidated
  }

  async get(key: string, context: { tags?: string[]; softTags?: string[] } = {}): Promise<CacheHandlerEntry | null> {
    const found = this.#collections.entries.get(key)
    if (found === undefined) return null
    const tags = new Set([...found.tags, ...(context.tags ?? []), ...(context.softTags ?? [])])
    const state = this.#stateOf(tags, found)
    if (state === 'expired') return null
    const { value, lastModified, cacheControl } = found
    const more = cacheControl === undefined ? {} : { cacheControl }
    return { value: withBuffers(value), lastModified: state === 'stale' ? agedBy(found) : lastModified, ...more }
  }

  /** What has become of an entry with these tags. A revalidation in the millisecond in which it was made is taken for a later one. */
  #stateOf(tags: ReadonlySet<string>, { lastModified, value }: Stored): 'fresh' | 'stale' | 'expired' {
    if (value?.kind === 'FETCH' && this.#revalidated.some((tag) => tags.has(tag))) return 'expired'
    const now = Date.now()
    let state: 'fresh' | 'stale' = 'fresh'
    for (const tag of tags) {
      const { expired, stale } = this.#collections.tags.get(tag) ?? {}
      if (expired !== undefined && expired <= now && expired >= lastModified) return 'expired'
      if (stale !== undefined && stale >= lastModified) state = 'stale'
    }
    return state
  }

  /** @param value null: there is nothing for this key, which is remembered too */
  async set(key: string, value: Stored['value'], context: Record<string, any> = {}): Promise<void> {
    const cacheControl = context.cacheControl as CacheControl | undefined
    const entry: Stored = {
      value,
      lastModified: Date.now(),
      tags: tagsOf(value, context),
      ...(cacheControl ? { cacheControl } : {}),
    }
    const expire = cacheControl?.expire
    this.#collections.entries.set(key, entry, expire !== undefined && expire > 0 ? { ttl: expire * 1000 } : {})
  }

  /** @param durations none: what has one of these tags is gone; else it is given out while it is made anew, for so many seconds */
  async revalidateTag(tags: string | string[], durations?: { expire?: number }): Promise<void> {
    const now = Date.now()
    const change = durations ? { stale: now, ...inSeconds(now, durations.expire) } : { expired: now }
    for (const tag of [tags].flat()) this.#collections.tags.update(tag, (before) => ({ ...before, ...change }))
  }

  /** Nothing is kept for a request. */
  resetRequestCache(): void {}
}

/**
 * A time for an entry that is stale. Next.js asks a handler no other question: as old as its `revalidate`, so that a page is given out while it
 * is made anew; or -1, with which it waits for the new page, and gives out a fetch.
 */
function agedBy({ value, lastModified, cacheControl }: Stored): number {
  const fresh = cacheControl?.revalidate
  if (value?.kind === 'FETCH' || typeof fresh !== 'number') return -1
  return Math.min(lastModified, Date.now() - fresh * 1000 - 1)
}

function inSeconds(now: number, seconds: number | undefined): Revalidated {
  return seconds === undefined ? {} : { expired: now + seconds * 1000 }
}

/** The tags of a fetch come beside it, those of a page in its headers. */
function tagsOf(value: Stored['value'], context: Record<string, any>): string[] {
  const header: unknown = value?.headers?.[TAGS_HEADER]
  const ofPage = typeof header === 'string' ? header.split(',') : []
  return [...new Set<string>([...(context.tags ?? []), ...(value?.tags ?? []), ...ofPage])]
}

/** The value with Buffers where Next.js had them: they come back as plain Uint8Arrays. */
function withBuffers(value: Stored['value']): Stored['value'] {
  if (!value) return null
  const { body, rscData, segmentData } = value
  const segments =
    segmentData instanceof Map ? new Map([...segmentData].map(([path, data]) => [path, bufferOf(data)])) : segmentData
  return {
    ...value,
    ...('body' in value ? { body: bufferOf(body) } : {}),
    ...('rscData' in value ? { rscData: bufferOf(rscData) } : {}),
    ...('segmentData' in value ? { segmentData: segments } : {}),
  }
}

function bufferOf(data: unknown): unknown {
  return data instanceof Uint8Array ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : data
}
