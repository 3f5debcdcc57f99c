// tophash/unstorage: the driver, as the host uses it.
import { SharedCache } from 'tophash'
import tophashUnstorage, { tophashDriver } from 'tophash/unstorage'
import { createStorage, prefixStorage, restoreSnapshot, snapshot } from 'unstorage'
import { describe, expect, it } from 'vitest'
import { spawn } from '../support/workers.js'

// What the host's own tests of its drivers ask, which no package has.
describe("the host's questions", () => {
  it('keeps what is set', async () => {
    const { storage } = newStorage()
    expect([await storage.hasItem('s1:a'), await storage.getItem('s2:a')]).toEqual([false, null])
    await storage.setItem('s1:a', 'test_data')
    expect([await storage.hasItem('s1:a'), await storage.getItem('s1:a')]).toEqual([true, 'test_data'])
    await storage.setItem('s2:a', 'test_data')
    expect((await storage.getKeys()).sort()).toEqual(['s1:a', 's2:a'])
    expect([await storage.getKeys('s1'), await storage.getKeys('s')]).toEqual([['s1:a'], []])
    await storage.removeItem('s1:a')
    expect([await storage.hasItem('s1:a'), await storage.hasItem('s2:a')]).toEqual([false, true])
  })

  it('keeps values of all kinds', async () => {
    const { storage } = newStorage()
    for (const value of [{ a: { b: [1, 'x'] } }, 1, true, null, 'text', '']) {
      await storage.setItem('a', value)
      expect(await storage.getItem('a')).toEqual(value)
    }
    const bytes = new Uint8Array([1, 2, 255])
    await storage.setItemRaw('raw', bytes)
    expect(await storage.getItemRaw('raw')).toEqual(bytes)
    await storage.setItemRaw('object', { a: 1 })
    expect(await storage.getItemRaw('object')).toEqual({ a: 1 })
  })

  it('sets and gets many', async () => {
    const { storage } = newStorage()
    await storage.setItems<any>([
      { key: 'a', value: 'A' },
      { key: 'b', value: { b: 1 } },
    ])
    expect(await storage.getItems(['a', 'b', 'c'])).toEqual([
      { key: 'a', value: 'A' },
      { key: 'b', value: { b: 1 } },
      { key: 'c', value: null },
    ])
  })

  it('clears all, or what begins so', async () => {
    const { storage, cache } = newStorage()
    for (const key of ['a:1', 'a:2', 'b:1']) await storage.setItem(key, key)
    tophashDriver({ cache }).clear('a:') // which the host asks of its mounts only
    expect(await storage.getKeys()).toEqual(['b:1'])
    expect(await prefixStorage(storage, 'b').getKeys()).toEqual(['1'])
    await storage.clear()
    expect(await storage.getKeys()).toEqual([])
  })

  it('goes into a snapshot, and comes out of one', async () => {
    const { storage } = newStorage()
    for (const key of ['a:1', 'a:2']) await storage.setItem(key, { key })
    const taken = await snapshot(storage, '')
    const other = newStorage().storage
    await restoreSnapshot(other, taken)
    expect(await other.getItem('a:2')).toEqual({ key: 'a:2' })
  })
})

describe('the driver', () => {
  it('is what Nitro imports by its name', () => {
    expect(tophashUnstorage).toBe(tophashDriver)
  })

  it('ends items after seconds, and says how many are left', async () => {
    const { storage, clock } = newStorage({ ttl: 10 })
    await storage.setItem('a', 'a')
    await storage.setItem('b', 'b', { ttl: 5 })
    await storage.setItems([{ key: 'c', value: 'c', options: { ttl: 5 } }])
    clock.now = 4000
    expect([(await storage.getMeta('a')).ttl, (await storage.getMeta('b')).ttl]).toEqual([6, 1])
    clock.now = 5000
    expect(await Promise.all(['a', 'b', 'c'].map((key) => storage.getItem(key)))).toEqual(['a', null, null])
    clock.now = 10_000
    expect([await storage.getItem('a'), await storage.getKeys()]).toEqual([null, []])
  })

  it('keeps several storages in one cache apart by their base', async () => {
    const { cache } = newStorage()
    const [one, two] = ['one', 'two:'].map((base) => createStorage({ driver: tophashDriver({ cache, base }) }))
    await one!.setItem('a', 1)
    await two!.setItem('a', 2)
    expect([await one!.getItem('a'), await two!.getItem('a'), await one!.getKeys()]).toEqual([1, 2, ['a']])
    await one!.clear()
    expect([await one!.getItem('a'), await two!.getItem('a')]).toEqual([null, 2])
  })

  it('closes what it has opened, and nothing else', async () => {
    const driver = tophashDriver({ max: 10 })
    const attached = tophashDriver({ cache: driver.handle })
    attached.dispose()
    expect(() => attached.hasItem('a')).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }))
    expect(driver.hasItem('a')).toBe(false)
    const { storage, cache } = newStorage()
    await storage.dispose()
    expect(cache.size).toBe(0)
  })

  it('is the same in two threads', async () => {
    const driver = tophashDriver({ max: 1000 })
    const storage = createStorage({ driver })
    await storage.setItem('from main', { n: 1 })
    const worker = spawn<unknown>('adapters/store', { host: 'unstorage', handle: driver.handle })
    expect(await worker.message()).toEqual({ n: 1 })
    expect(await storage.getItem('from worker')).toEqual({ n: 2 })
    worker.worker.postMessage('end')
    await worker.results
  })
})

function newStorage(options: { ttl?: number } = {}) {
  const clock = { now: 0 }
  const cache = new SharedCache<string, any>({ key: 'string', max: 100, now: () => clock.now })
  return { storage: createStorage({ driver: tophashDriver({ cache, ...options }) }), cache, clock }
}
