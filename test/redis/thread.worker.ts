// Opens a cache, and answers what it is asked: the value of 'a', the figures, whether it is this thread that listens; until 'end'. Blocks
// when it is told to, until the gate is open.
import { parentPort, workerData } from 'node:worker_threads'
import { TieredCache, type TieredCacheHandle } from 'tophash/redis'
import { connectTo } from './client.js'

export type Asked = 'get' | 'stats' | 'listens' | 'block' | 'end'

interface Given {
  readonly handle: TieredCacheHandle
  readonly url: string
  readonly prefix: string
  readonly timeout: number
  readonly patience: number
  readonly gate?: Int32Array
}

const { handle, url, prefix, timeout, patience, gate } = workerData as Given
const client = await connectTo(url)
let duplicates = 0
const { duplicate } = client
client.duplicate = ((overrides: object) => {
  duplicates++
  return duplicate.call(client, overrides)
}) as typeof duplicate
const cache = await TieredCache.open<number>({ cache: handle, client, prefix, timeout, patience, json: true })
parentPort!.on('message', async (asked: Asked) => {
  if (asked === 'get') parentPort!.postMessage(await cache.get('a'))
  else if (asked === 'stats') parentPort!.postMessage(cache.stats())
  else if (asked === 'listens') parentPort!.postMessage(duplicates > 0)
  else if (asked === 'block') block()
  else await end()
})
parentPort!.postMessage('open')

function block(): void {
  parentPort!.postMessage('blocks')
  Atomics.wait(gate!, 0, 0)
}

async function end(): Promise<void> {
  await cache.close()
  client.destroy()
  parentPort!.close()
}
