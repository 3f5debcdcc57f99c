// A server on worker threads that share one cache: sessions, pages that are rendered once for all threads, and a rate
// limiter. It is asked from many connections at once, says what it did, and ends.
//
//   npm run example:cache -- [threads] [requests]
import { request } from 'node:http'
import { Worker } from 'node:worker_threads'
import process from 'node:process'
import { SharedHeap } from 'tophash'
import { type Count, PAGES, type Setup } from './setup.js'

const threads = Number(process.argv[2] ?? 2)
const requests = Number(process.argv[3] ?? 2000)

using heap = new SharedHeap()
const rendered = heap.map<string, number>('rendered', { key: 'string', value: 'number' })
const workers = Array.from(
  { length: threads },
  () => new Worker(new URL('server.js', import.meta.url), { workerData: { heap: heap.handle } satisfies Setup }),
)
const ports = await Promise.all(workers.map((worker) => new Promise<number>((resolve) => worker.once('message', resolve))))

const counts: Count = { ok: 0, limited: 0, wrong: 0 }
const session = heap.cache<string, number>('sessions', { key: 'string', value: 'number', max: 1000, ttl: 60_000 })
let next = 0

await Promise.all(Array.from({ length: 50 }, ask))
for (const worker of workers) await worker.terminate()

const pages = [...rendered]
console.log(`${threads} threads answered ${counts.ok} requests and refused ${counts.limited}, wrong: ${counts.wrong}`)
console.log(`pages: ${pages.length} of ${PAGES}, each rendered ${Math.max(...pages.map(([, times]) => times))} time(s)`)
console.log(`sessions: ${session.size}, with ${[...session.values()].reduce((sum, views) => sum + views, 0)} views`)
process.exitCode = counts.wrong > 0 ? 1 : 0

/** One connection: asks one thing after the other, until all is asked. */
async function ask(): Promise<void> {
  for (let n = next++; n < requests; n = next++) {
    const page = n % PAGES
    const { status, body } = await get(ports[n % ports.length]!, `/page/${page}`, `client-${n % 20}`)
    if (status === 429) counts.limited++
    else if (status === 200 && body === `page ${page}`) counts.ok++
    else counts.wrong++
  }
}

function get(port: number, path: string, client: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ port, path, host: '127.0.0.1', headers: { client } }, (response) => {
      let body = ''
      response.on('data', (part) => (body += part)).on('end', () => resolve({ status: response.statusCode!, body }))
    })
    call.on('error', reject).end()
  })
}
