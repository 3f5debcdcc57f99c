// How often the cache hits, through its public API: as often as its policy in plain TypeScript (bench/policies), and never much less than LRU.
import { describe, expect, it } from 'vitest'
import { SharedCache } from 'tophash'
import { HashOrder } from '../../bench/policies/hash-order.js'
import { Lru } from '../../bench/policies/lru.js'
import type { Policy } from '../../bench/policies/policy.js'
import { newDraw } from '../../bench/streams/random.js'
import { sized } from '../support/size.js'
import { spawn } from '../support/workers.js'
import type { Requesting } from './requests.worker.js'

const REQUESTS = sized(60_000, 600_000)
const MAX = 500

/** Ranks as in a Zipf distribution with exponent 1, nearly: by the inverse of its integral. */
function zipf(keys: number): () => number {
  const draw = newDraw(7)
  return () => Math.floor(Math.exp((draw(1e9) / 1e9) * Math.log(keys)))
}

function loop(length: number): () => number {
  let next = 0
  return () => next++ % length
}

/** Popular keys, and now and then a scan over many that never come back. */
function withScans(): () => number {
  const popular = zipf(5000)
  let [count, scanned] = [0, 1e6]
  return () => (count++ % 4000 < 1500 ? scanned++ : popular())
}

/** What is popular changes. */
function shifting(): () => number {
  const popular = zipf(5000)
  let count = 0
  return () => popular() + Math.floor(count++ / 10_000) * 1000
}

class Cached implements Policy {
  readonly #cache = cacheOf(MAX)

  get size(): number {
    return this.#cache.size
  }

  request(key: number): boolean {
    if (this.#cache.get(key) !== undefined) return true
    this.#cache.set(key, key)
    return false
  }
}

function ratioOf(policy: Policy, next: () => number): number {
  let hits = 0
  for (let i = 0; i < REQUESTS; i++) {
    if (policy.request(next())) hits++
    if (policy.size > MAX) expect.fail(`${policy.size} of at most ${MAX}`)
  }
  return (100 * hits) / REQUESTS
}

describe('the cache hits as often as its policy says', () => {
  // What of a loop is hit depends on where its keys lie, and the hashes are drawn anew for each heap.
  it.each<[string, () => () => number, number]>([
    ['of a Zipf distribution', () => zipf(20_000), 1.5],
    ['of a loop twice as long as it is', () => loop(2 * MAX), 8],
    ['of popular keys between scans', withScans, 1.5],
    ['of keys whose popularity changes', shifting, 1.5],
  ])('with the requests %s', (_, newStream, tolerance) => {
    const found = ratioOf(new Cached(), newStream())
    const expected = ratioOf(new HashOrder(MAX), newStream())
    const lru = ratioOf(new Lru(MAX), newStream())
    expect(Math.abs(found - expected)).toBeLessThan(tolerance)
    expect(found).toBeGreaterThan(lru - 2)
  })
})

/** How many of these requests hit that so many threads make, in turns, so that it is the same each time. */
async function hitsOver(cache: SharedCache<number, number>, threads: number, stream: Uint32Array): Promise<number> {
  const keys = new Uint32Array(new SharedArrayBuffer(4 * stream.length))
  keys.set(stream)
  const turn = new Int32Array(new SharedArrayBuffer(4))
  const workers = Array.from({ length: threads }, (_, thread) =>
    spawn<number>('cache/requests', { cache: cache.handle, keys, turn, thread, threads } satisfies Requesting),
  )
  const hits = (await Promise.all(workers.map(({ results }) => results))).flat() // they have left the heap
  cache.check()
  return hits.reduce((sum, one) => sum + one, 0)
}

function cacheOf(max: number): SharedCache<number, number> {
  return new SharedCache<number, number>({ key: 'number', value: 'number', max })
}

/** Keys that come once each. */
function onceFrom(first: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => first + i)
}

describe('what nobody asks for leaves in the order in which it came', () => {
  function missingOf(cache: SharedCache<number, number>, keys: Uint32Array): number {
    return keys.filter((key) => !cache.has(key)).length
  }

  /** So many may stay in place of others, which leave: of 50,000 keys two have the same hash, of 32 bits, in one run of three. */
  const alikeOf = (max: number): number => Math.floor(max / 5000)

  // Of the larger ones the small part is large enough for threads to claim several places of its ring at a time: 7, and 32, the most.
  it.each([100, 5000, 25_000])('to the last one, if one thread makes the entries, of a cache of %i', (max) => {
    const cache = cacheOf(max)
    for (const key of onceFrom(0, 2 * max)) cache.set(key, key)
    const left = max - missingOf(cache, onceFrom(0, max))
    expect(left).toBeLessThanOrEqual(alikeOf(max))
    expect(missingOf(cache, onceFrom(max, max))).toBe(left)
  })

  it.each([
    [100, 10],
    [5000, 300],
    [25_000, 300],
  ])('but for what two threads have in their hands, of a cache of %i', async (max, atHand) => {
    const cache = cacheOf(max)
    await hitsOver(cache, 2, onceFrom(0, 2 * max))
    expect(missingOf(cache, onceFrom(0, max - atHand))).toBeGreaterThanOrEqual(max - atHand - alikeOf(max))
  })

  // The ring has 8,192 places: the head has gone round once when the thread comes back, and does not come by again.
  it('also what comes from a thread that has made none for long', async () => {
    const max = 5000
    const cache = cacheOf(max)
    const late = onceFrom(2, 5)
    cache.set(1, 1)
    await hitsOver(cache, 1, onceFrom(1000, max + 8192 + 400))
    for (const key of late) cache.set(key, key)
    expect(missingOf(cache, late)).toBe(0)
    await hitsOver(cache, 1, onceFrom(1e6, max + 300))
    expect(missingOf(cache, late)).toBeGreaterThan(0) // one in 40 is taken for one that has come back, and stays
  })
})

describe('two threads that share the requests', () => {
  const THREADS = 2
  const KEYS = 60_000
  const ENTRIES = 3000

  async function ratioOver(threads: number, stream: Uint32Array): Promise<number> {
    return (100 * (await hitsOver(cacheOf(ENTRIES), threads, stream))) / stream.length
  }

  it.each([
    ['of a Zipf distribution', () => zipf(KEYS)],
    ['of popular keys between scans', withScans],
    ['of keys whose popularity changes', shifting],
  ])('hit as often as one, with the requests %s', async (_, newStream) => {
    const stream = Uint32Array.from({ length: REQUESTS }, newStream())
    const one = await ratioOver(1, stream)
    expect(Math.abs((await ratioOver(THREADS, stream)) - one)).toBeLessThan(1.5)
  })
})
