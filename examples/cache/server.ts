// One thread of the server: all of them have the same caches.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { SharedHeap } from 'tophash'
import { LIMIT, type Setup } from './setup.js'

const heap = SharedHeap.attach((workerData as Setup).heap)
const pages = heap.cache<string, string>('pages', { key: 'string', value: 'string', max: 1000, ttl: 60_000, jitter: 0.1 })
const sessions = heap.cache<string, number>('sessions', { key: 'string', value: 'number', max: 1000, ttl: 60_000 })
const limits = heap.cache<string, number>('limits', { key: 'string', value: 'number', max: 100_000 })
const rendered = heap.map<string, number>('rendered', { key: 'string', value: 'number' })

/** Slow, as a query of a database: the cache calls it once for all threads. */
async function render(path: string): Promise<string> {
  rendered.increment(path)
  await sleep(50)
  return `page ${path.split('/').at(-1)}`
}

const server = createServer(async (request, response) => {
  try {
    const client = String(request.headers.client)
    if (limits.increment(client, 1, { ttl: 60_000 }) > LIMIT) {
      response.writeHead(429, { 'retry-after': `${Math.ceil((limits.remaining(client) ?? 0) / 1000)}` }).end()
      return
    }
    sessions.update(client, (views = 0) => views + 1)
    response.end(await pages.fetch(request.url!, render, { timeout: 5000, staleFor: 60_000 }))
  } catch (error) {
    response.writeHead(500).end(String(error))
  }
})
server.listen(0, '127.0.0.1', () => parentPort!.postMessage((server.address() as AddressInfo).port))
