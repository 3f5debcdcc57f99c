// A cache before Redis, as one thread has it: what is measured beside each other.
import { BasicClientSideCache, createClient } from 'redis'
import { TieredCache, type TieredCacheHandle } from 'tophash/redis'

export interface Near {
  /** The value of a key; if there is none, what `load` makes of it, which is written to the server. */
  get(key: string, load: (key: string) => string): Promise<string>
  set(key: string, value: string): Promise<void>
  figures(): Figures
  close(): Promise<void>
}

/** Of this thread; what all threads have together, of the first one. */
export interface Figures {
  /** Reads that were answered from memory; those for which the server was asked. */
  readonly hits: number
  readonly asked: number
  /** Keys that the server has told of. */
  readonly told: number
  /** Commands that were sent. */
  readonly sent: number
}

export interface Setting {
  readonly url: string
  readonly prefix: string
  readonly ttl: number
  readonly keys: number
}

export interface Contender {
  readonly title: string
  /** @param handle what the first thread of the process has */
  open(setting: Setting, handle: unknown): Promise<Near & { readonly handle?: unknown }>
}

export type Name = keyof typeof CONTENDERS

export const CONTENDERS = {
  tophash: { title: 'tophash/redis, one cache for a process', open: openTiered },
  redis: { title: 'node-redis, its client-side cache in each thread', open: openClientSide },
  none: { title: 'node-redis without a cache', open: openPlain },
} satisfies Record<string, Contender>

async function connect(url: string, options: object = {}) {
  const client = createClient({ url, RESP: 3, ...options })
  client.on('error', (error) => {
    throw error
  })
  await client.connect()
  const counted = { sent: 0 }
  const base = Object.getPrototypeOf(client) as typeof client // by which its own methods send
  const { sendCommand } = client
  base.sendCommand = function (this: typeof client, ...args: Parameters<typeof sendCommand>) {
    counted.sent++
    return sendCommand.apply(this, args)
  } as typeof sendCommand
  return { client, counted }
}

async function openTiered({ url, prefix, ttl, keys }: Setting, handle: unknown): Promise<Near & { handle: unknown }> {
  const { client, counted } = await connect(url)
  const cache = handle ?? { max: keys, value: 'string' }
  const tiered = await TieredCache.open<string>({ cache, client, prefix, ttl, json: true })
  return {
    handle: tiered.handle satisfies TieredCacheHandle,
    get: (key, load) => tiered.get(key, load) as Promise<string>,
    set: (key, value) => tiered.set(key, value),
    figures() {
      const { near, invalidations, farReads } = tiered.stats()
      const { sent } = counted
      return handle ? { hits: 0, asked: 0, told: 0, sent } : { hits: near.hits, asked: farReads, told: invalidations, sent }
    },
    async close() {
      await tiered.close()
      await client.close()
    },
  }
}

async function openClientSide(setting: Setting): Promise<Near> {
  const clientSideCache = new BasicClientSideCache({ maxEntries: setting.keys, ttl: setting.ttl, evictPolicy: 'LRU' })
  let told = 0
  clientSideCache.on('invalidate', () => told++)
  return openPlain(setting, { clientSideCache }, () => {
    const { hitCount, missCount } = clientSideCache.stats()
    return { hits: hitCount, asked: missCount, told }
  })
}

async function openPlain(
  { url, prefix, ttl }: Setting,
  options: unknown = {},
  figures?: () => Omit<Figures, 'sent'>,
): Promise<Near> {
  const { client, counted } = await connect(url, options ?? {})
  let reads = 0
  const set = async (key: string, value: string): Promise<void> => {
    await client.set(prefix + key, JSON.stringify(value), { expiration: { type: 'PX', value: ttl } })
  }
  return {
    async get(key, load) {
      reads++
      const found = await client.get(prefix + key)
      if (found !== null) return JSON.parse(found) as string
      const value = load(key)
      await set(key, value)
      return value
    },
    set,
    figures: () => ({ ...(figures?.() ?? { hits: 0, asked: reads, told: 0 }), ...counted }),
    close: () => client.close() as Promise<void>,
  }
}
