// One of several threads that let requests through, or not, with a host's own code: answers each request to try so many times, by how
// many were let through.
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import type { SharedCacheHandle } from 'tophash'

export interface Limiting {
  readonly host: 'express' | 'fastify'
  /** The store's; none: the host's own store in memory. */
  readonly handle?: SharedCacheHandle | undefined
  readonly limit: number
  readonly windowMs: number
  /** The time of the cache, in a Float64Array of one; none: the real one. */
  readonly clock?: SharedArrayBuffer | undefined
}

/** How often a client asks here: by calls of the host's middleware, or over the network. */
export interface Attempt {
  readonly requests: number
  readonly client: string
}

export interface Limiter {
  /** Where it listens. */
  readonly port: number
  /** Asks the host's middleware, without the network. */
  ask(client: string): Promise<boolean>
  close(): Promise<void>
}

const given = workerData as Limiting
const time = given.clock && new Float64Array(given.clock)
const now = time && (() => time[0]!)
const limiter = given.host === 'express' ? await express(given) : await fastify(given)
post(limiter.port)
for (;;) {
  const [attempt] = (await once(parentPort!, 'message')) as [Attempt | 'end']
  if (attempt === 'end') break
  let passed = 0
  for (let i = 0; i < attempt.requests; i++) if (await limiter.ask(attempt.client)) passed++
  post(passed)
}
await limiter.close()

function post(message: number): void {
  parentPort!.postMessage(message)
}

async function express({ handle, limit, windowMs }: Limiting): Promise<Limiter> {
  const { default: newApp } = await import('express')
  const { rateLimit } = await import('express-rate-limit')
  const { TophashStore } = await import('tophash/express-rate-limit')
  const store = handle && new TophashStore({ cache: handle, now })
  const limiter = rateLimit({ windowMs, limit, validate: false, ...(store ? { store } : {}), keyGenerator: clientOf })
  const app = newApp()
  app.use(limiter)
  app.get('/', (_, response) => void response.send('through'))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    ask: (client) =>
      new Promise((resolve, reject) => {
        const refuse = (): unknown => (resolve(false), response)
        const response = { headersSent: false, setHeader: () => {}, status: () => response, send: refuse, writableEnded: false }
        const next = (error?: unknown): void => (error ? reject(error as Error) : resolve(true))
        void limiter({ headers: { client }, app } as never, response as never, next)
      }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      store?.shutdown()
    },
  }
}

async function fastify({ handle, limit, windowMs }: Limiting): Promise<Limiter> {
  const { default: newApp } = await import('fastify')
  const { default: rateLimit } = await import('@fastify/rate-limit')
  const { tophashStore } = await import('tophash/fastify-rate-limit')
  const store = handle && tophashStore({ cache: handle, now })
  const app = newApp({ forceCloseConnections: true })
  await app.register(rateLimit, { timeWindow: windowMs, max: limit, keyGenerator: clientOf, ...(store ? { store } : {}) })
  app.get('/', () => 'through')
  await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    port: (app.server.address() as { port: number }).port,
    ask: async (client) => (await app.inject({ url: '/', headers: { client } })).statusCode === 200,
    close: async () => {
      await app.close()
      store?.close()
    },
  }
}

function clientOf({ headers }: { headers: Record<string, unknown> }): string {
  return String(headers.client)
}
