// tophash/fastify-rate-limit: the host's interface of a store, and its limits over several threads.
import rateLimit from '@fastify/rate-limit'
import fastify from 'fastify'
import { SharedCache } from 'tophash'
import { tophashStore } from 'tophash/fastify-rate-limit'
import { describe, expect, it } from 'vitest'
import { expectError, thrownBy } from '../support/errors.js'
import { sized } from '../support/size.js'
import { describeLimits } from './limits.js'

describeLimits('fastify', sized(100, 5000), sized(200, 300))

const WINDOW_MS = 1000

describe('the store', () => {
  it('counts each route for itself, and those without a limit of their own together', async () => {
    const { Store } = newStore()
    await using app = await newApp(Store, {})
    const get = async (url: string): Promise<number> => (await app.inject({ url })).statusCode
    expect([await get('/a'), await get('/b'), await get('/c')]).toEqual([200, 200, 429])
    expect([await get('/own'), await get('/own')]).toEqual([200, 429])
    expect(await get('/own/other')).toBe(200)
  })

  it('tells what is left, and when the window ends', async () => {
    const { Store, clock } = newStore()
    await using app = await newApp(Store, {})
    await app.inject({ url: '/a' })
    clock.now = 400
    const { headers } = await app.inject({ url: '/a' })
    expect([headers['x-ratelimit-remaining'], headers['x-ratelimit-reset']]).toEqual(['0', '1'])
    const store = new Store({})
    expect(await told(store, 'read', '127.0.0.1')).toEqual({ current: 2, ttl: 600 })
    clock.now = 1000
    expect(await told(store, 'read', '127.0.0.1')).toEqual({ current: 0, ttl: 0 })
  })

  it('begins the window anew with each request over the limit, if it should', async () => {
    const { Store, clock } = newStore()
    const store = new Store({ continueExceeding: true })
    const ttls: number[] = []
    for (const now of [0, 900, 950, 1940, 2940]) {
      clock.now = now
      ttls.push((await told(store, 'incr', 'a')).ttl)
    }
    expect(ttls).toEqual([1000, 100, 1000, 1000, 1000])
    expect((await told(store, 'read', 'a')).current).toBe(1)
  })

  it('lasts twice as long with each request over the limit, if it should', async () => {
    const { Store, clock } = newStore()
    const store = new Store({ exponentialBackoff: true })
    const ttls: number[] = []
    for (const now of [0, 10, 20, 30, 40]) {
      clock.now = now
      ttls.push((await told(store, 'incr', 'a')).ttl)
    }
    expect(ttls).toEqual([1000, 990, 1000, 2000, 4000])
    clock.now = 4000
    expect(await told(store, 'read', 'a')).toEqual({ current: 5, ttl: 40 })
  })

  it('gives errors to the host, and closes what it has opened', async () => {
    const Store = tophashStore({ max: 10, now: () => 0 })
    const other = tophashStore({ cache: Store.handle, prefix: 'other:', now: () => 0 })
    expect(await told(new Store({}), 'incr', 'a')).toEqual({ current: 1, ttl: 1000 })
    expect(await told(new other({}), 'incr', 'a')).toEqual({ current: 1, ttl: 1000 })
    other.close()
    await expect(told(new other({}), 'incr', 'a')).rejects.toMatchObject({ code: 'ERR_DISPOSED' })
    expect(await told(new Store({}), 'incr', 'a')).toMatchObject({ current: 2 })
    Store.close()
    expectError(
      thrownBy(() => tophashStore({} as never)),
      'ERR_OPTIONS',
      'max',
    )
  })
})

type StoreClass = ReturnType<typeof tophashStore>

function newStore(): { Store: StoreClass; clock: { now: number } } {
  const clock = { now: 0 }
  const cache = new SharedCache<string, number>({ key: 'string', value: 'number', max: 100, now: () => clock.now })
  return { Store: tophashStore({ cache }), clock }
}

/** What the store calls back with, for a limit of 2 a second. */
function told(store: InstanceType<StoreClass>, method: 'incr' | 'read', key: string): Promise<{ current: number; ttl: number }> {
  return new Promise((resolve, reject) => {
    store[method](key, (error, count) => (error ? reject(error) : resolve(count)), WINDOW_MS, 2)
  })
}

async function newApp(Store: StoreClass, options: object) {
  const app = fastify()
  await app.register(rateLimit, { max: 2, timeWindow: WINDOW_MS, store: Store, ...options })
  for (const url of ['/a', '/b', '/c']) app.get(url, () => url)
  for (const url of ['/own', '/own/other']) app.get(url, { config: { rateLimit: { max: 1, timeWindow: WINDOW_MS } } }, () => url)
  return app
}
