// A server, clients of it, and caches, all of which end with the tests.
import { setTimeout as sleep } from 'node:timers/promises'
import { TieredCache, type TieredCacheOptions } from 'tophash/redis'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Client, connectTo } from './client.js'
import { Gated } from './gated.js'
import { Server } from './server.js'

export interface Opened<V = any> {
  readonly cache: TieredCache<V>
  readonly prefix: string
  readonly gated: Gated
}

export interface Setup {
  readonly server: Server
  /** What writes from outside. */
  readonly client: Client
  open<V = any>(options?: Partial<TieredCacheOptions>): Promise<Opened<V>>
}

let prefixes = 0

/** To be called within a describe. */
export function setUp(): Setup {
  const closing: (() => Promise<unknown>)[] = []
  const setup = {
    server: undefined as unknown as Server,
    client: undefined as unknown as Client,
    async open<V>(options: Partial<TieredCacheOptions> = {}): Promise<Opened<V>> {
      const prefix = options.prefix ?? `test${++prefixes}:`
      const gated = new Gated(setup.client)
      const cache = await TieredCache.open<V>({ cache: { max: 1000 }, client: gated, prefix, ...options })
      closing.push(() => cache.close())
      return { cache, prefix, gated }
    },
  }
  beforeAll(async () => {
    setup.server = await Server.start()
    setup.client = await connectTo(setup.server.url)
  })
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()))
  })
  afterAll(async () => {
    setup.client.destroy()
    await setup.server.end()
  })
  return setup
}

/** Waits until something is so, for half a minute at most. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const begin = performance.now()
  while (!(await condition())) {
    if (performance.now() - begin > 30_000) throw new Error(`It has not come to be in half a minute: ${String(condition)}`)
    await sleep(1)
  }
}
