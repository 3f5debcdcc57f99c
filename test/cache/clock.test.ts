// A clock of the program's, which is asked in the middle of operations; and times that are given while others are.
import { describe, expect, it } from 'vitest'
import { SharedCache, SharedHeap, type SharedMap, type SharedQueue } from 'tophash'

describe('a clock of the program', () => {
  it.each<
    readonly [string, (ticks: SharedMap<string, number>, cache: () => SharedCache<string, string>, heap: SharedHeap) => unknown]
  >([
    ['counts in the same heap', (ticks) => ticks.increment('now')],
    ['reads a count in it', (ticks) => ticks.get('now')],
    ['reads a long key in it', (ticks) => ticks.get('k'.repeat(20_000))],
    ['writes to the cache', (_, cache) => void cache().set('b', 'third')],
    ['asks the cache', (_, cache) => cache().has('b')],
    ['makes another map', (_, __, heap) => heap.map(`other ${Math.random()}`).set('a', 1)],
  ])('can do no harm if it %s', (_, act) => {
    const heap = new SharedHeap()
    const ticks = heap.map<string, number>('ticks')
    ticks.set('now', 1)
    let cache: SharedCache<string, string> | undefined
    let refused = 0
    let isIn = false
    const now = (): number => {
      if (!cache || isIn) return 1000
      isIn = true
      try {
        act(ticks, () => cache!, heap)
      } catch {
        refused++
      } finally {
        isIn = false
      }
      return 1000
    }
    cache = heap.cache<string, string>('cache', { key: 'string', value: 'string', max: 10, ttl: 100, now })
    for (const value of ['first', 'second']) {
      cache.set('a', value)
      expect(cache.get('a')).toBe(value)
    }
    expect([...cache]).toEqual([['a', 'second']])
    expect(refused).toBeGreaterThan(0)
    expect(ticks.get('now')).toBe(1)
    heap.check()
  })

  it('stays for those of its thread that still have the cache open', () => {
    const now = (): number => 1000
    const one = new SharedCache<string, number>({ max: 10, ttl: 100, now })
    const two = SharedCache.attach<string, number>(one.handle, { now })
    one.set('k', 1)
    two.dispose()
    expect(one.get('k')).toBe(1)
    expect(one.remaining('k')).toBe(100)
  })

  it.each([
    ['that does not go on', undefined],
    ['whose first moments are still within the time for which stale values are kept', 60_000],
  ])('%s is asked a few times for each entry, not for each that is looked at', async (_, staleFor) => {
    let asked = 0
    const now = (): number => 1000 + (asked++ >> 4)
    const cache = new SharedCache<number, number>({
      max: 4000,
      ttl: 1e6,
      now: staleFor === undefined ? () => (asked++, 1000) : now,
    })
    if (staleFor !== undefined) await cache.fetch(-1, () => 1, { staleFor })
    for (let key = 0; key < 1000; key++) cache.set(key, key)
    asked = 0
    for (let key = 1000; key < 2000; key++) cache.set(key, key)
    expect(asked / 1000).toBeLessThan(2.5)
  })

  it('may tell the time as a bigint', () => {
    let time = 5n
    const cache = new SharedCache<string, number>({ max: 10, ttl: 100, now: () => time as unknown as number })
    cache.set('k', 1)
    time = 104n
    expect(cache.get('k')).toBe(1)
    time = 105n
    expect(cache.get('k')).toBeUndefined()
  })
})

describe('a time', () => {
  const newCache = (): SharedCache<string, any> => new SharedCache<string, any>({ max: 100, now: () => 0 })

  it('is that of its own call, whatever is written while a value is encoded', () => {
    const cache = newCache()
    const value = {
      get inner() {
        cache.set('x', 1, { ttl: 5 })
        return 1
      },
    }
    cache.getOrInsert('s', value, { ttl: 1000 })
    expect([cache.remaining('s'), cache.remaining('x')]).toEqual([1000, 5])
  })

  it('is that of its own call, whatever a callback writes', () => {
    const cache = newCache()
    const inner = (name: string) => (): number => {
      cache.set(`${name} set`, 1)
      cache.exchange(`${name} exchanged`, 1)
      cache.getOrInsertComputed(`${name} computed`, () => 1)
      cache.increment(`${name} counted`)
      cache.set(`${name} short`, 1, { ttl: 5 })
      return 1
    }
    cache.update('a', inner('a'), { ttl: 1000 })
    cache.getOrInsertComputed('b', inner('b'), { ttl: 1000 })
    for (const name of ['a', 'b']) {
      const times = ['', ' set', ' exchanged', ' computed', ' counted', ' short'].map((end) => cache.remaining(name + end))
      expect(times).toEqual([1000, Infinity, Infinity, Infinity, Infinity, 5])
    }
  })

  it('is that of its own call, if another cache is written to in between', () => {
    const heap = new SharedHeap()
    const [one, two] = ['one', 'two'].map((name) => heap.cache<string, any>(name, { max: 10, now: () => 0 }))
    const value = (act: () => void) => ({
      get inner() {
        act()
        return 1
      },
    })
    const innermost = value(() => one!.set('plain', 1))
    one!.exchange(
      'a',
      value(() => two!.exchange('b', innermost, { ttl: 50 })),
      { ttl: 1000 },
    )
    expect([one!.remaining('a'), two!.remaining('b'), one!.remaining('plain')]).toEqual([1000, 50, Infinity])
  })

  it('is that of its own call, whatever an iterable of entries writes', () => {
    const cache = newCache()
    cache.setMany(
      (function* (): Generator<[string, number]> {
        yield ['a', 1]
        cache.set('b', 2, { ttl: 5 })
        cache.set('c', 3)
        yield ['d', 3]
      })(),
      { ttl: 1000 },
    )
    expect(['a', 'b', 'c', 'd'].map((key) => cache.remaining(key))).toEqual([1000, 5, Infinity, 1000])
  })

  it('to wait for may be longer than a timer can', async () => {
    const cache = newCache()
    const load = (): Promise<number> => new Promise((resolve) => void setTimeout(() => resolve(7), 20))
    expect(await cache.fetch('a', load, { timeout: 30 * 86_400_000 })).toBe(7)
  })
})

it('a queue in a full heap can be worked off', async () => {
  const heap = new SharedHeap({ maxBytes: 2 ** 21 })
  const queue: SharedQueue<{ n: number; text: string }> = heap.queue('queue', { capacity: 10_000 })
  let pushed = 0
  expect(() => {
    for (;;) if (queue.push({ n: pushed, text: 'x'.repeat(1000) })) pushed++
  }).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_MEMORY' }))
  const first = queue.popMany(10)
  expect(first.map(({ n }) => n)).toEqual(first.map((_, n) => n))
  expect(first.length).toBeGreaterThan(0)
  queue.close()
  let next = first.length
  await queue.drain((items) => {
    for (const { n } of items) expect(n).toBe(next++)
  })
  expect(next).toBe(pushed)
  heap.check()
})
