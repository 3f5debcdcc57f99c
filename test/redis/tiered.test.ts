// tophash/redis in one thread, with a server: what is where, for how long, and what is refused.
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'redis'
import { SharedCache, SharedHeap } from 'tophash'
import { TieredCache, type TieredCacheOptions } from 'tophash/redis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Server, hasServer } from './server.js'

type Client = ReturnType<typeof createClient>

describe.runIf(hasServer)('a cache in two levels', () => {
  let server: Server
  let client: Client
  const opened: TieredCache[] = []
  let prefixes = 0

  beforeAll(async () => {
    server = await Server.start()
    client = createClient({ url: server.url })
    await client.connect()
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((cache) => cache.close()))
  })
  afterAll(async () => {
    client.destroy()
    await server.end()
  })

  async function open(options: Partial<TieredCacheOptions> = {}) {
    const prefix = `test${++prefixes}:`
    const cache = await TieredCache.open({ cache: { max: 1000 }, client, prefix, ...options })
    opened.push(cache)
    return { cache, prefix }
  }

  it('asks the server once, then shared memory', async () => {
    const { cache } = await open()
    await cache.set('a', { n: 1 })
    expect([await cache.get('a'), await cache.get('a'), await cache.get('none')]).toEqual([{ n: 1 }, { n: 1 }, undefined])
    expect(cache.stats()).toMatchObject({ listening: true, takeovers: 1, farReads: 2, farHits: 1, loads: 0, near: { size: 1 } })
  })

  it('forgets what somebody else changes', async () => {
    const { cache, prefix } = await open({ json: true })
    await client.set(`${prefix}a`, '1')
    expect(await cache.get('a')).toBe(1)
    await client.set(`${prefix}a`, '2')
    await until(async () => (await cache.get('a')) === 2)
    await client.del(`${prefix}a`)
    await until(async () => (await cache.get('a')) === undefined)
    await client.set(`${prefix}a`, '3')
    await until(async () => (await cache.get('a')) === 3)
    await client.flushAll()
    await until(async () => (await cache.get('a')) === undefined)
  })

  it('loads what neither has, and writes it to the server', async () => {
    const { cache, prefix } = await open({ ttl: 60_000 })
    const loads: string[] = []
    const load = async (key: string) => {
      loads.push(key)
      return `value of ${key}`
    }
    expect(await Promise.all(Array.from({ length: 10 }, () => cache.get('a', load)))).toEqual(Array(10).fill('value of a'))
    expect(await cache.get('a')).toBe('value of a')
    expect([loads, await client.get(`${prefix}a`)]).toEqual([['a'], 'svalue of a'])
    expect(await client.pTTL(`${prefix}a`)).toBeGreaterThan(50_000)
    expect(await client.keys(`tophash:claim:${prefix}*`)).toEqual([])
  })
})

export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await sleep(1)
}
