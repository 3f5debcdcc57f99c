// Opens a cache, and answers what it is asked: the value of 'a', the figures, whether it is this thread that listens; until 'end'.
import { parentPort, workerData } from 'node:worker_threads'
import { createClient } from 'redis'
import { TieredCache, type TieredCacheHandle } from 'tophash/redis'

export type Asked = 'get' | 'stats' | 'listens' | 'end'

const { handle, url, prefix } = workerData as { handle: TieredCacheHandle; url: string; prefix: string }
const client = createClient({ url })
await client.connect()
let duplicates = 0
const { duplicate } = client
client.duplicate = ((overrides: object) => {
  duplicates++
  return duplicate.call(client, overrides)
}) as typeof duplicate
const cache = await TieredCache.open<number>({ cache: handle, client, prefix, json: true })
parentPort!.on('message', async (asked: Asked) => {
  if (asked === 'get') parentPort!.postMessage(await cache.get('a'))
  else if (asked === 'stats') parentPort!.postMessage(cache.stats())
  else if (asked === 'listens') parentPort!.postMessage(duplicates > 0)
  else await end()
})
parentPort!.postMessage('open')

async function end(): Promise<void> {
  await cache.close()
  client.destroy()
  parentPort!.close()
}
