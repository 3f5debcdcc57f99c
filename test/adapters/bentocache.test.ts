// tophash/bentocache: the host's own suite, and what it does not ask.
import { BentoCache, bentostore } from 'bentocache'
import { registerCacheDriverTestSuite } from 'bentocache/test_suite'
import { SharedCache } from 'tophash'
import { tophashDriver } from 'tophash/bentocache'
import { afterAll, afterEach, assert, beforeAll, describe, expect, it } from 'vitest'
import { spawn } from '../support/workers.js'

describe("the host's suite", () => {
  const cache = new SharedCache<string, any>({ key: 'string', max: 1000 })
  const factory = tophashDriver({ cache }).factory
  registerCacheDriverTestSuite({ ...asJapa(), createDriver: (config = { prefix: 'suite' }) => factory(config) as never })
})

describe('the driver', () => {
  it('loads once, and gives to all', async () => {
    const { bento } = newBento()
    let loads = 0
    const get = (): Promise<unknown> =>
      bento.getOrSet({
        key: 'a',
        factory: () => ({ loads: ++loads }),
      })
    expect(await Promise.all([get(), get(), get()])).toEqual(Array(3).fill({ loads: 1 }))
    expect(await bento.has({ key: 'a' })).toBe(true)
    expect(await bento.delete({ key: 'a' })).toBe(true)
    expect(await get()).toEqual({ loads: 2 })
  })

  it('deletes by tag, and gives what is stale while nothing newer can be had', async () => {
    const { bento } = newBento()
    await bento.set({ key: 'a', value: 1, tags: ['x'] })
    await bento.set({ key: 'b', value: 2 })
    await bento.deleteByTag({ tags: ['x'] })
    expect([await bento.get({ key: 'a' }), await bento.get({ key: 'b' })]).toEqual([undefined, 2])
    await bento.set({ key: 'c', value: 3, grace: '1h' })
    await bento.expire({ key: 'c' })
    const failing = (): never => {
      throw new Error('away')
    }
    expect(await bento.getOrSet({ key: 'c', factory: failing, grace: '1h' })).toBe(3)
  })

  it('says how long an entry lives', () => {
    const { driver, clock } = newDriver()
    driver.set('a', 'A', 1000)
    driver.set('b', 'B')
    driver.set('c', 'C', 0)
    clock.now = 400
    expect(['a', 'b', 'c'].map((key) => driver.getRemainingTtl(key))).toEqual([600, undefined, undefined])
    expect([driver.get('b'), driver.get('c')]).toEqual(['B', undefined])
    clock.now = 1000
    driver.prune()
    expect(driver.get('a')).toBeUndefined()
  })

  it('stores objects, if nothing is to be serialised', async () => {
    const { bento, cache } = newBento({ serialize: false })
    await bento.set({ key: 'a', value: new Map([['x', 1n]]) })
    expect(await bento.get({ key: 'a' })).toEqual(new Map([['x', 1n]]))
    expect([...cache.keys()]).toEqual(['bentocache:a'])
  })

  it('closes what it has opened with the last that stands on it', () => {
    const { factory } = tophashDriver({ max: 10 })
    const [one, two] = [factory({ prefix: 'one' }), factory({ prefix: 'two' })]
    one.disconnect()
    one.disconnect()
    one.namespace('x').disconnect()
    two.set('a', 'A')
    expect(two.get('a')).toBe('A')
    two.disconnect()
    expect(() => two.get('a')).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }))
  })

  it('is the same in two threads', async () => {
    const driver = tophashDriver({ max: 1000 })
    const bento = new BentoCache({ default: 'shared', stores: { shared: bentostore().useL1Layer(driver) } })
    await bento.set({ key: 'from main', value: { n: 1 } })
    const worker = spawn<unknown>('adapters/store', { host: 'bentocache', handle: driver.handle })
    expect(await worker.message()).toEqual({ n: 1 })
    expect(await bento.get({ key: 'from worker' })).toEqual({ n: 2 })
    worker.worker.postMessage('end')
    await worker.results
    await bento.disconnectAll()
  })
})

function newCache() {
  const clock = { now: 0 }
  return { cache: new SharedCache<string, any>({ key: 'string', max: 1000, now: () => clock.now }), clock }
}

function newDriver() {
  const { cache, clock } = newCache()
  return { driver: tophashDriver({ cache }).factory(), clock }
}

function newBento(options: { serialize?: boolean } = {}) {
  const { cache } = newCache()
  const driver = tophashDriver({ cache, ...options })
  return { bento: new BentoCache({ default: 'shared', stores: { shared: bentostore().useL1Layer(driver) } }), cache }
}

/** What the suite uses of Japa, for which it is written, by Vitest. */
function asJapa() {
  const test = (title: string, run: (context: unknown) => Promise<void>): void =>
    it(title, async ({ onTestFinished }) => run({ assert, cleanup: onTestFinished }))
  const group = {
    setup: (prepare: () => Promise<() => Promise<void>>): void => {
      let end: () => Promise<void>
      beforeAll(async () => void (end = await prepare()))
      afterAll(() => end())
    },
    tap: () => {},
    each: { teardown: (action: () => Promise<void>): void => afterEach(action) },
  }
  return { test, group } as never as Pick<Parameters<typeof registerCacheDriverTestSuite>[0], 'test' | 'group'>
}
