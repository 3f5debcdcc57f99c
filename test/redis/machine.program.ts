// A machine: a process with several threads that share one near cache. Does what the test tells it, message by message.
import { Worker } from 'node:worker_threads'
import { SharedHeap } from 'tophash'
import type { MachineWork, Report } from './machine.worker.js'
import { WORKERS, recordIn } from './recorder.js'

/** What the test tells a machine. */
export type Command = { readonly run: number } | 'listenings' | 'kill' | 'end'

/** What it answers. */
export interface Answer {
  readonly reads: number
  readonly failures: number
  readonly violations: readonly string[]
  readonly threads: number
  readonly listenings: number
}

const [url, machine] = [process.argv[2]!, Number(process.argv[3])]
const heap = new SharedHeap()
recordIn(heap)
const cache = heap.cache<string, number>('near', { key: 'string', value: 'number', max: 1000 })
const workers: Worker[] = []
let listener: Worker | undefined
let listenings = 0

for (let index = 0; index < WORKERS; index++) {
  const work: MachineWork = {
    url,
    heap: heap.handle,
    cache: cache.handle,
    writer: machine * WORKERS + index,
    seed: machine * WORKERS + index + 1,
  }
  const worker = new Worker(new URL('machine.worker.js', import.meta.url), { workerData: work })
  worker.on('error', (error) => {
    throw error
  })
  worker.on('message', ({ kind }: Report) => {
    if (kind !== 'begun') return
    listener = worker
    listenings++
  })
  await next(worker, 'open')
  workers.push(worker)
}
process.send!('open')

process.on('message', async (command: Command) => {
  if (command === 'end') {
    for (const worker of workers) worker.postMessage('end')
    process.disconnect()
    return
  }
  if (command === 'listenings') {
    process.send!(listenings)
    return
  }
  if (command === 'kill') {
    const victim = listener!
    workers.splice(workers.indexOf(victim), 1)
    await victim.terminate()
    process.send!('killed')
    return
  }
  const reports = await Promise.all(
    workers.map((worker) => {
      worker.postMessage({ operations: command.run })
      return next(worker, 'done') as Promise<Extract<Report, { kind: 'done' }>>
    }),
  )
  const sum = (of: (report: (typeof reports)[number]) => number): number =>
    reports.reduce((total, report) => total + of(report), 0)
  process.send!({
    reads: sum(({ reads }) => reads),
    failures: sum(({ failures }) => failures),
    violations: reports.flatMap(({ violations }) => violations),
    threads: workers.length,
    listenings,
  } satisfies Answer)
})

function next(worker: Worker, kind: Report['kind']): Promise<Report> {
  return new Promise((resolve) => {
    const listen = (report: Report): void => {
      if (report.kind !== kind) return
      worker.off('message', listen)
      resolve(report)
    }
    worker.on('message', listen)
  })
}
