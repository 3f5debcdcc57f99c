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

/**
 * Times that do not pass while a test waits for something else, also where the machine gives it no core for a while: so nothing is
 * late, or no longer trusted, by chance. Tests of these times give their own.
 */
export const CALM = { timeout: 40_000, patience: 40_000 } as const

let prefixes = 0

/** To be called within a describe. */
export function setUp(): Setup {
  const closing: (() => Promise<unknown>)[] = []
  const gates: Gated[] = []
  const setup = {
    server: undefined as unknown as Server,
    client: undefined as unknown as Client,
    async open<V>(options: Partial<TieredCacheOptions> = {}): Promise<Opened<V>> {
      const prefix = options.prefix ?? `test${++prefixes}:`
      const gated = new Gated(setup.client)
      gates.push(gated)
      const cache = await TieredCache.open<V>({ cache: { max: 1000 }, client: gated, prefix, ...CALM, ...options })
      closing.push(() => cache.close())
      return { cache, prefix, gated }
    },
  }
  beforeAll(async () => {
    setup.server = await Server.start()
    setup.client = await connectTo(setup.server.url)
  })
  afterEach(async () => {
    // A test that has failed in the middle takes no other with it.
    await setup.server.restore()
    for (const gated of gates.splice(0)) gated.open()
    const closed = Promise.all(closing.splice(0).map((close) => close()))
    await until(() => isThere(setup.client))
    await closed
  })
  afterAll(async () => {
    setup.client.destroy()
    await setup.server.end()
  })
  return setup
}

/** Whether the server answers: a client that has lost its connection waits for the next. */
export function isThere(client: Client): Promise<boolean> {
  return client.ping().then(
    () => true,
    () => false,
  )
}

/** Waits until something is so, for a minute at most. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const begin = performance.now()
  while (!(await condition())) {
    if (performance.now() - begin > 60_000) throw new Error(`It has not come to be in a minute: ${String(condition)}`)
    await sleep(1)
  }
}
