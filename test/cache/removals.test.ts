// Removals, as one hears of them who listens: each cause, each once and in order, or counted as lost.
import { describe, expect, it } from 'vitest'
import { type Removal, SharedCache, SharedHeap } from 'tophash'
import { sized } from '../support/size.js'
import { Actor } from '../harness/core/actor.js'
import { Death } from '../harness/core/thread.js'
import { CACHE, type Options, hear, listen } from '../harness/structures/cache/core.js'
import { untilRecovered } from '../support/ended.js'
import { RANDOM } from '../support/hashes.js'
import { spawn } from '../support/workers.js'
import type { Removing } from './removals.worker.js'

type Heard = Removal<string, number>

/** A cache with a clock of its own. */
function timed(options: { max?: number; ttl?: number; idle?: number } = {}) {
  const clock = { now: 0 }
  const cache = new SharedCache<string, number>({ key: 'string', value: 'number', max: 100, ...options, now: () => clock.now })
  return { cache, clock }
}

/** What an iterator has by now. */
async function drain<T>(removals: AsyncIterator<T>): Promise<T[]> {
  const heard: T[] = []
  for (;;) {
    const next = removals.next()
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, 20))
    const result = await Promise.race([next, late])
    if (result === undefined || result.done) {
      void removals.return!()
      return heard
    }
    heard.push(result.value)
  }
}

const told = ({ key, value, cause }: Heard): string => `${key} ${value} ${cause}`

describe('a removal is heard of', () => {
  it('of each cause, with key and value, in its order', async () => {
    const { cache, clock } = timed({ max: 3 })
    cache.set('before', 0).delete('before')
    const removals = cache.removals()
    cache.set('a', 1)
    cache.set('a', 2)
    cache.increment('a')
    cache.exchange('a', 4)
    cache.compareAndSet('a', 4, 5)
    cache.update('a', () => 6)
    cache.getOrInsert('a', 7)
    cache.take('a')
    cache.set('b', 1, { ttl: 10 })
    clock.now = 10
    expect(cache.get('b')).toBeUndefined()
    cache.set('b', 2)
    cache.delete('b')
    cache.set('c', 1, { ttl: 10 })
    clock.now = 20
    expect(cache.delete('c')).toBe(false)
    cache.set('d', 1, { ttl: 10 })
    clock.now = 30
    cache.sweep()
    cache.set('e', 1)
    cache.compareAndDelete('e', 1)
    cache.set('f', 1)
    cache.retain(() => false)
    cache.set('g', 1)
    cache.clear()
    expect((await drain(removals)).map(told)).toEqual([
      ...['a 1 replaced', 'a 2 replaced', 'a 3 replaced', 'a 4 replaced', 'a 5 replaced', 'a 6 deleted'],
      ...['b 1 expired', 'b 2 deleted', 'c 1 expired', 'd 1 expired', 'e 1 deleted', 'f 1 deleted', 'g 1 deleted'],
    ])
    expect(removals.lost).toBe(0)
    cache.check()
  })

  it('of all that is evicted, and of what is cleared', async () => {
    const { cache } = timed({ max: 10 })
    const removals = cache.removals({ causes: ['evicted', 'deleted'] })
    for (let i = 0; i < 200; i++) cache.set(`${i}`, i)
    cache.set('199', 199) // replaced: not wanted
    cache.clear()
    const heard = await drain(removals)
    expect(heard.map(({ key }) => Number(key)).sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i))
    for (const { key, value } of heard) expect(value).toBe(Number(key))
    expect(heard.filter(({ cause }) => cause === 'evicted').length).toBe(190)
    cache.check()
  })

  it('of what has ended unused', async () => {
    const { cache, clock } = timed({ idle: 10 })
    const removals = cache.removals({ causes: ['expired'] })
    cache.set('a', 1)
    clock.now = 10
    cache.sweep()
    expect((await drain(removals)).map(told)).toEqual(['a 1 expired'])
  })

  it.each([
    ['any', 'any', ['text', 5, 2n ** 70n, new Uint8Array([1]), true], [{ a: [1] }, 'x'.repeat(70_000), 5n, 1.5, null]],
    ['bigint', 'bigint', [1n, -5n], [7n, -1n]],
    ['number', 'string', [1, NaN], ['', 'é€']],
    ['bytes', 'number', [new Uint8Array([1, 2, 3])], [NaN]],
  ] as const)('with keys of kind %s and values of kind %s', async (key, value, keys, values) => {
    const cache = new SharedCache<any, any>({ key, value, max: 100 })
    const removals = cache.removals()
    keys.forEach((key, i) => void cache.set(key, values[i]))
    for (const key of keys) cache.delete(key)
    expect(await drain(removals)).toEqual(keys.map((key, i) => ({ key, value: values[i], cause: 'deleted' })))
    cache.check()
  })
})

describe('who listens', () => {
  it('is told how many it has missed, and goes on with the oldest that is there', async () => {
    const { cache } = timed()
    const [one, two] = [cache.removals(), cache.removals()]
    for (let i = 0; i < 10_000; i++) cache.set('a', i)
    const heard = await drain(one)
    expect(heard.length + one.lost).toBe(9999)
    expect(heard.length).toBeGreaterThan(1000)
    expect(heard.map(({ value }) => value)).toEqual(heard.map((_, i) => 9999 - heard.length + i))
    cache.set('a', 0)
    const others = await drain(two)
    expect(others.length + two.lost).toBe(10_000)
    cache.check()
  })

  it('misses what is too large, which is counted', async () => {
    const cache = new SharedCache<string, string>({ key: 'string', value: 'string', max: 10 })
    const removals = cache.removals()
    for (const length of [100_000, 200_000, 10]) cache.set('a', 'x'.repeat(length))
    cache.delete('a')
    expect((await drain(removals)).map(({ value }) => value.length)).toEqual([100_000, 10])
    expect(removals.lost).toBe(1)
  })

  it('has its own place: each hears of all', async () => {
    const { cache } = timed()
    const one = cache.removals()
    cache.set('a', 1).delete('a')
    const two = cache.removals({ causes: ['deleted'] })
    const other = SharedCache.attach<string, number>(cache.handle, { now: () => 0 })
    const three = other.removals()
    other.set('b', 2).delete('b')
    expect((await drain(one)).map(told)).toEqual(['a 1 deleted', 'b 2 deleted'])
    expect((await drain(two)).map(told)).toEqual(['b 2 deleted'])
    expect((await drain(three)).map(told)).toEqual(['b 2 deleted'])
  })

  it('is woken by what is removed, and is done when it leaves', async () => {
    const { cache } = timed()
    const removals = cache.removals()
    const next = removals.next()
    setTimeout(() => cache.set('a', 1).delete('a'), 5)
    expect(await next).toEqual({ done: false, value: { key: 'a', value: 1, cause: 'deleted' } })
    const pending = removals.next()
    await removals.return()
    expect(await pending).toEqual({ done: true, value: undefined })
    cache.set('a', 1).delete('a')
    expect([await removals.next(), removals.lost]).toEqual([{ done: true, value: undefined }, 0])
    for (const end of ['signal', 'dispose'] as const) {
      const control = new AbortController()
      const open = SharedCache.attach<string, number>(cache.handle, { now: () => 0 })
      const waiting = open.removals({ signal: control.signal }).next()
      if (end === 'signal') control.abort()
      else open.dispose()
      expect((await waiting).done).toBe(true)
    }
    const aborted = cache.removals({ signal: AbortSignal.abort() })
    expect((await aborted.next()).done).toBe(true)
  })

  it('costs nothing when it has left: nothing is kept for it', async () => {
    const heap = new SharedHeap()
    const cache = heap.cache<string, number>('cache', { key: 'string', value: 'number', max: 10 })
    const begun = cache.removals()
    for await (const _ of endsAfter(begun, cache)) break
    const last = cache.removals()
    await last.return()
    cache.set('a', 1).delete('a')
    const before = numberOf(cache)
    cache.set('a', 1).delete('a')
    expect(numberOf(cache)).toBe(before)
    heap.check()
    expect(heap.delete('cache')).toBe(true)
    heap.check() // the ring has gone with it
  })

  it.each([[{ causes: [] }], [{ causes: 'evicted' }], [{ causes: ['gone'] }], [{ other: 1 }], [5]])(
    'cannot ask for %o',
    (options) => {
      const { cache } = timed()
      expect(() => cache.removals(options as never)).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }))
      cache.check()
    },
  )

  it('is refused where there is no memory for it, and the cache goes on', () => {
    const heap = new SharedHeap({ maxBytes: 458_752 })
    const cache = heap.cache<string, number>('cache', { key: 'string', value: 'number', max: 10 })
    expect(() => cache.removals()).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_MEMORY' }))
    expect(cache.set('a', 1).delete('a')).toBe(true)
    heap.check()
  })
})

/** The number of the next removal, as the heap has it: it goes on if a writer pays for somebody who listens. */
function numberOf(cache: SharedCache<any, any>): number {
  const { memory, table, generation } = cache.handle
  const visitor = new Actor(memory).attach().open(table, generation)
  const number = visitor.view().getUint32(visitor.core.ringOfCache(visitor.stripe) >>> 0, true)
  visitor.leave()
  return number
}

/** An iterator beside something that is removed for it. */
async function* endsAfter(removals: AsyncIterable<Heard>, cache: SharedCache<string, number>): AsyncGenerator<Heard> {
  cache.set('x', 1).delete('x')
  yield* removals
}

describe('with writers and listeners in several threads', () => {
  it('each hears of each removal once, in the order of each key, or counts it', async () => {
    using heap = new SharedHeap()
    const cache = heap.cache<number, number>('cache', { key: 'number', value: 'number', max: 200 })
    const writes = sized(20_000, 200_000)
    const listeners = [0, 1].map(() => cache.removals({ causes: ['replaced'] }))
    const counts = listeners.map(count)
    const threads = [10, 20].map((first) => spawn('cache/removals', { cache: cache.handle, first, writes } satisfies Removing))
    for (const { results } of threads) await results
    cache.set(-1, 0).set(-1, 1) // the last
    for (const [i, { heard, ofKeys }] of (await Promise.all(counts)).entries()) {
      for (const values of ofKeys.values()) expect(values).toEqual([...values].sort((a, b) => a - b))
      expect(heard + listeners[i]!.lost).toBe(2 * (writes - 5) + 1)
    }
    heap.check()
  })

  it('costs nothing any more when a listener was killed', async () => {
    using heap = new SharedHeap()
    const cache = heap.cache<number, number>('cache', { key: 'number', value: 'number', max: 200 })
    const thread = spawn('cache/removals', { cache: cache.handle, first: 0, writes: 0 } satisfies Removing)
    expect(await thread.message()).toEqual([0])
    const own = cache.removals({ causes: ['deleted'] })
    await Promise.all([thread.worker.terminate(), thread.results.catch(() => [])])
    await untilRecovered(heap)
    const before = numberOf(cache)
    cache.set(1, 1).set(1, 2) // nobody wants that any more
    expect(numberOf(cache)).toBe(before)
    cache.delete(1)
    expect((await drain(own)).map(({ cause }) => cause)).toEqual(['deleted'])
    expect(own.lost).toBe(0)
    heap.check()
  })
})

describe('a writer that dies', () => {
  const OPTIONS: Options = { key: 'any', value: 'any', max: 100 }
  const acts: Record<string, (victim: Actor) => unknown> = {
    'at a delete': (victim) => victim.run(victim.core.remove, victim.stripe, 'a'),
    'at a set': (victim) => victim.run(victim.core.set, victim.stripe, 'a', { of: 'two' }),
    'at an increment': (victim) => victim.run(victim.core.increment, victim.stripe, 'n', { of: 1 }),
    'at a clear': (victim) => victim.core.clear(victim.stripe),
  }

  it.each(Object.entries(acts))(
    '%s leaves a removal that is heard of, or counted, if it has happened; and else none',
    (_, act) => {
      for (let n = 0; ; n++) {
        const memory = new WebAssembly.Memory({ initial: 16, maximum: 4096, shared: true })
        const victim = new Actor(memory)
        victim.core.initializeHeap(4096, 1, 2, ...RANDOM)
        victim.attach()
        victim.core.createDirectory()
        const table = CACHE.make(victim.core, OPTIONS, false, memory)
        victim.open(table)
        victim.core.keepCollection()
        const listener = new Actor(memory).attach().open(table)
        CACHE.perform(listener, listen(true), OPTIONS)
        listener.run(listener.core.set, listener.stripe, 'a', { of: 'one' })
        listener.run(listener.core.set, listener.stripe, 'n', { of: 5 })
        const before = CACHE.read(listener, OPTIONS)
        let steps = 0
        victim.hook = () => {
          if (steps++ === n) throw new Death()
        }
        try {
          act(victim)
          break
        } catch (error) {
          if (!(error instanceof Death)) throw error
        }
        listener.markDead(victim.id)
        expect(new Actor(memory).core.recover(victim.id, listener.id)).toBe(1)
        const after = CACHE.read(listener, OPTIONS)
        const changed = [...before].filter(([key, value]) => after.get(key) !== value).length
        let [heard, lost] = [0, 0]
        for (let number = 1; ; number++) {
          const { status } = CACHE.perform(listener, hear(number), OPTIONS)
          if (status === 0) break // there is no more, and nothing that is waited for
          if (status === 1) heard++
          else lost++
        }
        expect(heard, `step ${n}`).toBeLessThanOrEqual(changed)
        expect(heard + lost, `step ${n}`).toBeGreaterThanOrEqual(changed)
        const ring = listener.core.ringOfCache(listener.stripe) >>> 0
        expect(listener.view().getUint32(ring, true), `step ${n}: the next number`).toBe(1 + heard + lost)
        expect(listener.core.checkHeap()).toBe(0)
        expect(n).toBeLessThan(1000)
      }
    },
  )
})

/** Counts what one hears until a key below 0, and the last values of each key in the order in which they came. */
async function count(
  removals: AsyncIterable<Removal<number, number>>,
): Promise<{ heard: number; ofKeys: Map<number, number[]> }> {
  const ofKeys = new Map<number, number[]>()
  let heard = 0
  for await (const { key, value } of removals) {
    heard++
    ofKeys.set(key, [...(ofKeys.get(key) ?? []), value])
    if (key < 0) return { heard, ofKeys }
  }
  throw new Error('it has ended')
}
