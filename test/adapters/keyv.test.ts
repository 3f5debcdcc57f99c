// tophash/keyv: the host's own suite, and what it does not ask.
import keyvTestSuite, { keyvIteratorTests } from '@keyv/test-suite'
import Keyv from 'keyv'
import { Keyv as Keyv6 } from 'keyv-6'
import { SharedCache } from 'tophash'
import { KeyvTophash } from 'tophash/keyv'
import * as vitest from 'vitest'
import { describe, expect, it } from 'vitest'
import { spawn } from '../support/workers.js'

const everything = new SharedCache<string, any>({ key: 'string', max: 10_000 })

describe("the host's suite", () => {
  const store = (): KeyvTophash => new KeyvTophash({ cache: everything })
  keyvTestSuite(vitest, Keyv, store)
  keyvIteratorTests(vitest, Keyv, store)
})

// The host's suite is there for its version 5 only.
describe.each([
  [5, Keyv],
  [6, Keyv6],
] as [number, new (options: object) => unknown][])('a store of Keyv %i', (_, Host) => {
  it('ends entries when their time is over', async () => {
    const { cache, clock } = newCache()
    const keyv = new Host({ store: new KeyvTophash({ cache }), namespace: 'a' }) as Keyv
    await keyv.set('a', 'A', 60_000)
    await keyv.set('b', 'B')
    expect([...cache.keys()].map((key) => cache.remaining(key) === Infinity).sort()).toEqual([false, true])
    clock.now = 60_000
    expect([await keyv.get('a'), await keyv.get('b'), await keyv.has('a')]).toEqual([undefined, 'B', false])
  })

  it('clears its namespace, and iterates over it', async () => {
    const { cache } = newCache()
    const [users, pages] = ['users', 'pages2'].map(
      (namespace) => new Host({ store: new KeyvTophash({ cache }), namespace }) as Keyv,
    )
    for (const keyv of [users!, pages!]) for (const key of ['a', 'b']) await keyv.set(key, `${key} of ${keyv.namespace}`)
    const found: unknown[] = []
    for await (const entry of users!.iterator!({})) found.push(entry)
    expect(found.sort()).toEqual([
      ['a', 'a of users'],
      ['b', 'b of users'],
    ])
    await users!.clear()
    expect([await users!.get('a'), await pages!.get('a'), cache.size]).toEqual([undefined, 'a of pages2', 2])
    await new KeyvTophash({ cache }).clear() // which has none
    expect(cache.size).toBe(0)
  })
})

describe('a store', () => {
  it('ends entries by themselves, with the time of Keyv and of no other', async () => {
    const { cache, clock } = newCache({ ttl: 10 })
    const store = new KeyvTophash({ cache })
    await store.set('a', 'value')
    await store.set('b', 'value', 100)
    await store.set('c', 'value', 0)
    await store.setMany([
      { key: 'd', value: 'value', ttl: 100 },
      { key: 'e', value: 'value' },
    ])
    await store.set('b', 'newer', -1)
    clock.now = 99
    expect(await store.hasMany(['a', 'b', 'c', 'd', 'e'])).toEqual([true, false, true, true, true])
    clock.now = 100
    expect(await store.getMany(['a', 'b', 'c', 'd', 'e'])).toEqual(['value', undefined, 'value', undefined, 'value'])
  })

  it('tells whether something was deleted', async () => {
    const { cache } = newCache()
    const keyv = new Keyv({ store: new KeyvTophash({ cache }) })
    await keyv.set('a', 1)
    await keyv.set('b', 2)
    expect([await keyv.delete('a'), await keyv.delete('a')]).toEqual([true, false])
    expect([await keyv.delete(['a', 'b']), await keyv.delete(['a', 'b'])]).toEqual([true, false])
  })

  it('stores values as they are, if Keyv does not serialise them', async () => {
    const { cache } = newCache()
    const keyv = new Keyv({ store: new KeyvTophash({ cache }), serialize: undefined, deserialize: undefined } as never)
    await keyv.set('a', new Map([['x', 1n]]))
    expect(await keyv.get('a')).toEqual(new Map([['x', 1n]]))
  })

  it('passes errors on, and closes what it has opened', async () => {
    const store = new KeyvTophash({ max: 10 })
    const other = new KeyvTophash({ cache: store.handle })
    await expect(store.set('a', () => {})).rejects.toMatchObject({ code: 'ERR_VALUE_TYPE' })
    await other.disconnect()
    await expect(other.get('a')).rejects.toMatchObject({ code: 'ERR_DISPOSED' })
    await store.set('a', 1)
    expect(await store.get('a')).toBe(1)
    await store.disconnect()
  })

  it('is the same in two threads', async () => {
    const store = new KeyvTophash({ max: 1000 })
    const keyv = new Keyv({ store, namespace: 'threads' })
    await keyv.set('from main', { n: 1 })
    const worker = spawn<unknown>('adapters/store', { host: 'keyv', handle: store.handle })
    expect(await worker.message()).toEqual({ n: 1 })
    expect(await keyv.get('from worker')).toEqual({ n: 2 })
    worker.worker.postMessage('end')
    await worker.results
  })
})

function newCache(options: { ttl?: number } = {}) {
  const clock = { now: 0 }
  return { cache: new SharedCache<string, any>({ key: 'string', max: 100, now: () => clock.now, ...options }), clock }
}
