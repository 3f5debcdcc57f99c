// The clients that a TieredCache takes: node-redis and ioredis, as they are.
import { Redis as IoRedis5 } from 'ioredis'
import { Redis as IoRedis6 } from 'ioredis-6'
import { RESP_TYPES, createClient } from 'redis'
import { TieredCache, type TieredClient } from 'tophash/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, connectTo } from './client.js'
import { Server, hasServer } from './server.js'
import { CALM, until } from './setup.js'

interface Given {
  readonly client: TieredClient
  /** Ends its connection, as a program does. */
  readonly end: () => unknown
}

describe.runIf(hasServer)('a client', () => {
  let server: Server
  let outside: Client

  beforeAll(async () => {
    server = await Server.start()
    outside = await connectTo(server.url)
  })
  afterAll(async () => {
    outside.destroy()
    await server.end()
  })

  const CLIENTS: Record<string, () => Promise<Given>> = {
    'node-redis': async () => {
      const client = createClient({ url: server.url })
      client.on('error', () => {}) // its connection is cut
      await client.connect()
      return { client, end: () => client.close() }
    },
    'node-redis with RESP2 and bytes': async () => {
      const client = createClient({ url: server.url, RESP: 2 }).withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
      client.on('error', () => {}) // its connection is cut
      await client.connect()
      return { client, end: () => client.close() }
    },
    'node-redis with its own client-side cache': async () => {
      const client = createClient({ url: server.url, RESP: 3, clientSideCache: { ttl: 0, maxEntries: 0, evictPolicy: 'LRU' } })
      client.on('error', () => {}) // its connection is cut
      await client.connect()
      return { client, end: () => client.close() }
    },
    'ioredis 5': async () => {
      const client = new IoRedis5(server.url)
      client.on('error', () => {})
      await client.ping()
      return { client, end: () => client.quit() }
    },
    'ioredis 6': async () => {
      const client = new IoRedis6(server.url)
      client.on('error', () => {})
      await client.ping()
      return { client, end: () => client.quit() }
    },
    'ioredis 6 with RESP3': async () => {
      const client = new IoRedis6(server.url, { protocol: 3 })
      client.on('error', () => {})
      await client.ping()
      return { client, end: () => client.quit() }
    },
  }

  it.each(Object.keys(CLIENTS))('of %s reads, writes, loads and follows changes', async (name) => {
    const { client, end } = await CLIENTS[name]!()
    const prefix = `${name}:`
    const cache = await TieredCache.open<unknown>({ cache: { max: 10 }, client, prefix, ttl: 600_000, ...CALM })
    for (const value of ['text', new Uint8Array([0, 255, 10]), { n: 1 }]) {
      await cache.set('ä', value)
      expect(await cache.get('ä')).toEqual(value)
    }
    expect(await cache.get('b', () => 'loaded')).toBe('loaded')
    expect(await outside.pTTL(`${prefix}b`)).toBeGreaterThan(500_000)
    await until(() => cache.stats().invalidations === 4)
    expect([await cache.get('b'), await cache.get('b')]).toEqual(['loaded', 'loaded'])
    await outside.set(`${prefix}b`, 'schanged')
    await until(() => cache.stats().invalidations === 5)
    expect(await cache.get('b')).toBe('changed')
    await outside.flushAll()
    await until(() => cache.stats().invalidations > 5)
    expect(await cache.get('b')).toBeUndefined()
    await outside.sendCommand(['CLIENT', 'KILL', 'SKIPME', 'yes'])
    await until(() => cache.stats().takeovers === 2 && cache.stats().listening)
    // The client of the program, whose connection was cut as well, comes back in its own time.
    await until(() =>
      cache.delete('b').then(
        (wasThere) => !wasThere,
        () => false,
      ),
    )
    await cache.close()
    await end()
  })

  it.each([
    ['is not connected', () => createClient({ url: server.url }), 'connect()'],
    ['writes a prefix of its own', () => new IoRedis5(server.url, { keyPrefix: 'x:', lazyConnect: true }), 'keyPrefix'],
  ])('that %s is refused', async (_, make, fragment) => {
    const refused = TieredCache.open({ cache: { max: 1 }, client: make(), prefix: 'x:' })
    await expect(refused).rejects.toMatchObject({ code: 'ERR_OPTIONS', message: expect.stringContaining(fragment) })
  })
})
