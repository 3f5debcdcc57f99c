// A thread of a machine: reads and writes, and checks each read against what was recorded before it began.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedCache, type SharedCacheHandle, SharedHeap, type SharedHeapHandle } from 'tophash'
import { TieredCache } from 'tophash/redis'
import { connectTo } from './client.js'
import { KEYS, PREFIX, Recorder, WRITERS, recordIn } from './recorder.js'

export interface MachineWork {
  readonly url: string
  readonly heap: SharedHeapHandle
  readonly cache: SharedCacheHandle<string, number>
  readonly writer: number
  readonly seed: number
}

/** What a thread is told: so many reads and writes; or to end. */
export type Order = { readonly operations: number } | 'end'

/** What it answers. */
export type Report =
  | { readonly kind: 'open' | 'begun' }
  | { readonly kind: 'done'; readonly reads: number; readonly failures: number; readonly violations: readonly string[] }

const LANES = 8
const WRITES = 0.08

const { url, heap: heapHandle, cache: cacheHandle, writer, seed } = workerData as MachineWork
const client = await connectTo(url)
const heap = SharedHeap.attach(heapHandle)
const record = recordIn(heap)
const near = SharedCache.attach<string, number>(cacheHandle)
const post = (report: Report): void => parentPort!.postMessage(report)
const cache = await TieredCache.open<number>({
  cache: near,
  client: new Recorder(client, record, () => post({ kind: 'begun' })),
  prefix: PREFIX,
  json: true,
  patience: 400,
  timeout: 400,
})
const versions = new Map<number, number>()
let state = seed

parentPort!.on('message', async (order: Order) => {
  if (order === 'end') {
    await cache.close()
    client.destroy()
    parentPort!.close()
    return
  }
  const violations: string[] = []
  const counts = { reads: 0, failures: 0, left: order.operations }
  await Promise.all(Array.from({ length: LANES }, () => lane(violations, counts)))
  post({ kind: 'done', reads: counts.reads, failures: counts.failures, violations: violations.slice(0, 10) })
})
post({ kind: 'open' })

async function lane(violations: string[], counts: { reads: number; failures: number; left: number }): Promise<void> {
  while (counts.left-- > 0) {
    // The smaller the key, the more often.
    const key = Math.floor(KEYS * random() ** 3)
    try {
      if (random() < WRITES && key % WRITERS === writer) await write(key)
      else await read(key, violations, counts)
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_SERVER_AWAY') throw error
      counts.failures++
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}

const busy = new Set<number>()

/** One version after the other; one that may not have been written is not written again. */
async function write(key: number): Promise<void> {
  if (busy.has(key)) return
  busy.add(key)
  try {
    const version = (versions.get(key) ?? 0) + 1
    versions.set(key, version)
    await cache.set(String(key), version)
    record.written.set(key, version)
  } finally {
    busy.delete(key)
  }
}

async function read(key: number, violations: string[], counts: { reads: number }): Promise<void> {
  const told = record.told.get(key) ?? 0
  const written = record.written.get(key) ?? 0
  const found = (await cache.get(String(key))) ?? 0
  counts.reads++
  if (found < told || found < written) violations.push(`key ${key}: got ${found}, told of ${told}, written ${written}`)
}

function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 2 ** 32
}
