import { createClient } from 'redis'

/** A client of node-redis as the tests use it: it connects again at once, and says nothing when it has to. */
export async function connectTo(url: string) {
  const client = createClient({ url, socket: { reconnectStrategy: 20 } })
  client.on('error', () => {})
  await client.connect()
  return client
}

export type Client = Awaited<ReturnType<typeof connectTo>>
