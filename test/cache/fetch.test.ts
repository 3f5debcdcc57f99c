// fetch: one load for all who ask meanwhile, in this thread and in others.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SharedCache } from 'tophash'
import { spawn } from '../support/workers.js'
import type { Fetching } from './fetch.worker.js'
import { LATE_CODEC } from './late.js'

function newCache(options: { ttl?: number; max?: number } = {}) {
  const clock = { now: 0 }
  const cache = new SharedCache<string, string>({ key: 'string', value: 'string', max: 100, ...options, now: () => clock.now })
  return { cache, clock }
}

/** A loader whose loads end when the test says so. */
function newLoader() {
  const loads: { key: string; signal: AbortSignal; resolve(value: string): void; reject(error: unknown): void }[] = []
  const loader = (key: string, { signal }: { signal: AbortSignal }): Promise<string> =>
    new Promise((resolve, reject) => loads.push({ key, signal, resolve, reject }))
  return { loads, loader }
}

const turn = (): Promise<void> => sleep(5)

describe('fetch', () => {
  it('loads once for all callers, and then not again', async () => {
    const { cache } = newCache()
    const { loads, loader } = newLoader()
    const all = Array.from({ length: 10 }, () => cache.fetch('a', loader))
    await turn()
    expect(loads.map(({ key }) => key)).toEqual(['a'])
    loads[0]!.resolve('value')
    expect(await Promise.all(all)).toEqual(Array(10).fill('value'))
    expect(await cache.fetch('a', loader)).toBe('value')
    expect(cache.stats()).toMatchObject({ loads: 1, coalesced: 9, loadFailures: 0, size: 1 })
    cache.check()
  })

  it('loads different keys at once', async () => {
    const { cache } = newCache()
    const { loads, loader } = newLoader()
    const all = Array.from({ length: 50 }, (_, i) => cache.fetch(`${i}`, loader))
    await turn()
    expect(loads.length).toBe(50)
    for (const { key, resolve } of loads) resolve(key)
    expect(await Promise.all(all)).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`))
  })

  it('gives an error to all who wait, and keeps none', async () => {
    const { cache } = newCache()
    const { loads, loader } = newLoader()
    const all = Array.from({ length: 3 }, () => cache.fetch('a', loader))
    await turn()
    const error = new Error('no')
    loads[0]!.reject(error)
    for (const one of await Promise.allSettled(all)) expect(one).toEqual({ status: 'rejected', reason: error })
    expect(cache.has('a')).toBe(false)
    const again = cache.fetch('a', loader)
    await turn()
    loads[1]!.resolve('yes')
    expect(await again).toBe('yes')
    expect(cache.stats()).toMatchObject({ loads: 2, loadFailures: 1 })
  })

  it('does not overwrite what was set meanwhile, and gives that', async () => {
    const { cache } = newCache()
    const { loads, loader } = newLoader()
    const one = cache.fetch('a', loader)
    await turn()
    cache.set('a', 'newer')
    loads[0]!.resolve('older')
    expect(await one).toBe('newer')
    expect(cache.get('a')).toBe('newer')
  })

  it.each(['delete', 'take', 'clear'] as const)('does not bring back what %s has removed meanwhile', async (method) => {
    const { cache } = newCache()
    const { loads, loader } = newLoader()
    const one = cache.fetch('a', loader)
    await turn()
    cache[method]('a')
    loads[0]!.resolve('older')
    expect(await one).toBe('older') // who asked before the removal may have it
    expect(cache.has('a')).toBe(false)
    const two = cache.fetch('a', loader)
    await turn()
    loads[1]!.resolve('new')
    expect([await two, cache.get('a')]).toEqual(['new', 'new'])
  })

  it.each(['delete', 'clear'] as const)(
    'begins another load for who asks after %s, and keeps what that brings',
    async (method) => {
      const { cache } = newCache()
      const { loads, loader } = newLoader()
      const one = cache.fetch('a', loader)
      await turn()
      cache[method]('a')
      const two = cache.fetch('a', loader)
      const three = cache.fetch('a', loader)
      await turn()
      expect(loads.length).toBe(2)
      loads[0]!.resolve('older')
      expect(await one).toBe('older')
      loads[1]!.resolve('newer')
      expect([await two, await three, cache.get('a')]).toEqual(['newer', 'newer', 'newer'])
      cache.check()
    },
  )

  it('keeps a value for as long as its loader says', async () => {
    const { cache } = newCache({ ttl: 100 })
    const load = (ttl: number | undefined) => (_: string, context: { ttl: number | undefined }) => {
      context.ttl = ttl
      return 'value'
    }
    await cache.fetch('a', load(7))
    await cache.fetch('b', load(undefined), { ttl: 9 })
    expect([cache.remaining('a'), cache.remaining('b')]).toEqual([7, 100])
    await expect(cache.fetch('c', load(-1))).rejects.toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }))
    expect(cache.has('c')).toBe(false)
  })

  it('is not overtaken by writes to other keys', async () => {
    const { cache } = newCache()
    const { loads, loader } = newLoader()
    const one = cache.fetch('a', loader)
    await turn()
    for (let i = 0; i < 50; i++) cache.set(`${i}`, 'other')
    loads[0]!.resolve('value')
    await one
    expect(cache.get('a')).toBe('value')
  })

  it('sets with a time of its own', async () => {
    const { cache, clock } = newCache({ ttl: 100 })
    await cache.fetch('a', () => 'value', { ttl: 10 })
    await cache.fetch('b', () => 'value')
    expect([cache.remaining('a'), cache.remaining('b')]).toEqual([10, 100])
    clock.now = 10
    expect(await cache.fetch('a', () => 'second')).toBe('second')
  })

  it('gives out what has ended while it loads anew, for so long', async () => {
    const { cache, clock } = newCache({ ttl: 100 })
    const { loads, loader } = newLoader()
    await cache.fetch('a', () => 'first', { staleFor: 50 })
    clock.now = 120
    for (let i = 0; i < 300; i++) cache.set(`${i % 20}`, '') // sweeps
    expect(await cache.fetch('a', loader, { staleFor: 50 })).toBe('first')
    expect(await cache.fetch('a', loader, { staleFor: 50 })).toBe('first')
    expect(cache.get('a')).toBeUndefined()
    await turn()
    expect(loads.length).toBe(1)
    loads[0]!.reject(new Error('not yet')) // nobody is told, and the old value is still good
    await turn()
    expect(await cache.fetch('a', loader, { staleFor: 50 })).toBe('first')
    await turn()
    loads[1]!.resolve('second')
    await turn()
    expect(cache.get('a')).toBe('second')
    clock.now = 220 + 51
    const late = cache.fetch('a', loader, { staleFor: 50 })
    await turn()
    loads[2]!.resolve('third')
    expect(await late).toBe('third')
  })

  it('ends the waiting of one caller, and not that of others', async () => {
    const { cache } = newCache()
    const { loads, loader } = newLoader()
    const control = new AbortController()
    const aborted = cache.fetch('a', loader, { signal: control.signal })
    const slow = cache.fetch('a', loader, { timeout: 20 })
    slow.catch(() => {}) // it may be late before this thread comes to look
    const patient = cache.fetch('a', loader)
    await turn()
    control.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    await expect(slow).rejects.toThrow(expect.objectContaining({ code: 'ERR_TIMED_OUT' }))
    expect(loads[0]!.signal.aborted).toBe(false)
    loads[0]!.resolve('value')
    expect(await patient).toBe('value')
    await expect(cache.fetch('b', loader, { signal: control.signal })).rejects.toThrow('enough')
  })

  it('aborts a load that nobody waits for, and keeps nothing of it', async () => {
    const { cache } = newCache()
    const { loads, loader } = newLoader()
    await expect(cache.fetch('a', loader, { timeout: 10 })).rejects.toThrow(expect.objectContaining({ code: 'ERR_TIMED_OUT' }))
    expect(loads[0]!.signal.aborted).toBe(true)
    const again = cache.fetch('a', loader)
    await turn()
    expect(loads.length).toBe(2)
    loads[0]!.resolve('late')
    await turn()
    expect(cache.has('a')).toBe(false)
    loads[1]!.resolve('second')
    expect(await again).toBe('second')
    expect(cache.get('a')).toBe('second')
  })

  it('tells a loader that nobody waits for it any more, also if it asks for the signal only then', async () => {
    const { cache } = newCache()
    const contexts: { readonly signal: AbortSignal }[] = []
    const never = (_: string, context: { readonly signal: AbortSignal }): Promise<string> => {
      contexts.push(context)
      return new Promise(() => {})
    }
    const control = new AbortController()
    const fetched = cache.fetch('a', never, { signal: control.signal })
    await turn()
    control.abort('enough')
    await expect(fetched).rejects.toBe('enough')
    const { signal } = contexts[0]!
    expect([signal.aborted, signal.reason, contexts[0]!.signal === signal]).toEqual([true, 'enough', true])
    expect({ ...contexts[0]! }.signal).toBe(signal)
  })

  it.each([[5], [{ ttl: 0 }], [{ staleFor: 'x' }], [{ timeout: -1 }], [{ signal: {} }], [{ other: 1 }]])(
    'refuses %o',
    async (options) => {
      const { cache } = newCache()
      await expect(cache.fetch('a', () => '', options as never)).rejects.toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }))
      await expect(cache.fetch('a', undefined as never)).rejects.toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }))
    },
  )

  it('lets others load what a thread was loading that disposes of the cache', async () => {
    const { cache, clock } = newCache()
    const other = SharedCache.attach(cache.handle, { now: () => clock.now })
    const { loads, loader } = newLoader()
    const one = cache.fetch('a', loader)
    await turn()
    cache.dispose()
    expect(loads[0]!.signal.aborted).toBe(true)
    expect(await other.fetch('a', () => 'second')).toBe('second')
    loads[0]!.resolve('first')
    await expect(one).rejects.toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }))
    expect(other.get('a')).toBe('second')
    other.check()
  })

  it('loads for the key that was asked for, whatever becomes of its bytes', async () => {
    const cache = new SharedCache<Uint8Array, string>({ key: 'bytes', max: 10 })
    const key = new Uint8Array([1, 2])
    const asked = cache.fetch(key, async (given) => {
      const text = given.join()
      given.fill(7)
      return text
    })
    key.fill(9)
    expect(await asked).toBe('1,2')
    expect([cache.get(new Uint8Array([1, 2])), cache.size]).toEqual(['1,2', 1])
    cache.clear()
    expect(await cache.fetch(new Uint8Array([1, 2]), async () => 'anew')).toBe('anew')
  })

  it('gives each caller a copy of its own', async () => {
    const cache = new SharedCache<string, { user: number }>({ max: 10 })
    const load = async (): Promise<{ user: number }> => ({ user: 1 })
    const [one, two] = await Promise.all([cache.fetch('a', load), cache.fetch('a', load)])
    one.user = 2
    expect([two, await cache.fetch('a', load), cache.stats().loads]).toEqual([{ user: 1 }, { user: 1 }, 1])
  })

  it('refuses values that the cache cannot have, and lets the next load', async () => {
    const { cache } = newCache()
    await expect(cache.fetch('a', () => 5 as never)).rejects.toThrow(expect.objectContaining({ code: 'ERR_VALUE_TYPE' }))
    expect(await cache.fetch('a', () => 'text')).toBe('text')
  })
})

describe('fetch in several threads', () => {
  const THREADS = 3

  function start(cache: SharedCache<string, string>, counts: SharedCache<string, number>, more: Partial<Fetching> = {}) {
    const work: Fetching = {
      cache: cache.handle,
      counts: counts.handle,
      callers: 20,
      loadMs: 30,
      rounds: 20,
      fails: false,
      threads: THREADS,
      ...more,
    }
    return spawn<{ values: string[]; errors: string[] }>('cache/fetch', work)
  }

  it('loads each value once', async () => {
    const cache = new SharedCache<string, string>({ key: 'string', value: 'string', max: 100 })
    const counts = new SharedCache<string, number>({ key: 'string', value: 'number', max: 1000 })
    const reports = await Promise.all(Array.from({ length: THREADS }, () => start(cache, counts).results)) // they have left the heap
    for (const { values, errors } of reports.flat()) {
      expect(errors).toEqual([])
      expect(values).toEqual(Array.from({ length: 20 }, (_, round) => `value of ${round}`))
    }
    for (let round = 0; round < 20; round++) expect([round, counts.get(`${round}`)]).toEqual([round, 1])
    expect(cache.stats().loads).toBe(20)
    cache.check()
  })

  it('tells all of them how it failed', async () => {
    const cache = new SharedCache<string, string>({ key: 'string', value: 'string', max: 100 })
    const counts = new SharedCache<string, number>({ key: 'string', value: 'number', max: 1000 })
    const threads = Array.from({ length: THREADS }, () => start(cache, counts, { fails: true, rounds: 1 }))
    for (const { errors } of await Promise.all(threads.map((thread) => thread.message()))) {
      expect(errors).toEqual(['RangeError: no value for 0, ERR_NONE'])
    }
    expect(counts.get('0')).toBe(1)
    expect(cache.size).toBe(0)
  })

  /** A cache of which another thread is loading 'a', and what this thread waits for. */
  async function waiting(decoded: () => void = () => {}) {
    const decode = (bytes: Uint8Array): unknown => {
      decoded()
      return LATE_CODEC.decode(bytes)
    }
    const cache = new SharedCache<string, { text: string }>({ key: 'string', max: 10, codec: { ...LATE_CODEC, decode } })
    const other = spawn('cache/late', cache.handle)
    expect(await other.message()).toBe('loading')
    const first = cache.fetch('a', () => ({ text: 'first' }))
    first.catch(() => {}) // whoever awaits it is told
    await turn()
    const finish = async (how: 'older' | 'fails'): Promise<void> => {
      other.worker.postMessage(how)
      await other.results
    }
    return { cache, first, finish }
  }

  it('loads anew for who asks after a write that came after another thread has loaded', async () => {
    const late: Promise<{ text: string }>[] = []
    const { cache, first, finish } = await waiting(() => {
      if (late.length > 0) return
      // What the other thread has brought is being read. Before the promise of that ends the entry is gone, and somebody asks.
      late.push(
        Promise.resolve().then(() => {
          cache.delete('a')
          return cache.fetch('a', () => ({ text: 'newer' }))
        }),
      )
    })
    await finish('older')
    expect(await first).toEqual({ text: 'older' })
    expect(await late[0]).toEqual({ text: 'newer' })
    cache.check()
  })

  it('tells how a load has failed, but not who asks after a write that came after it began', async () => {
    const sooner = await waiting()
    await sooner.finish('fails')
    await expect(sooner.first).rejects.toThrow('too early')
    const { cache, first, finish } = await waiting()
    cache.delete('a')
    const second = cache.fetch('a', () => ({ text: 'second' }))
    await finish('fails')
    expect([await first, await second]).toEqual([{ text: 'first' }, { text: 'first' }])
    cache.check()
  })

  it('goes on when the thread that loads is killed', async () => {
    const cache = new SharedCache<string, string>({ key: 'string', value: 'string', max: 100 })
    const counts = new SharedCache<string, number>({ key: 'string', value: 'number', max: 1000 })
    for (let round = 0; round < 5; round++) {
      const victim = start(cache, counts, { loadMs: 60_000, rounds: 1, threads: 1 })
      while (counts.get('0') !== round + 1) await sleep(2)
      const other = cache.fetch('0', () => 'from another', { timeout: 20_000 }) // the load would take a minute
      await sleep(10)
      await victim.worker.terminate()
      expect(await other).toBe('from another')
      cache.delete('0')
      cache.check()
    }
  })
})
