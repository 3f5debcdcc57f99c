// One process: several threads, which begin when the parent says so.
import { once } from 'node:events'
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import type { Done, Job } from './worker.js'

export interface Task extends Omit<Job, 'handle'> {
  readonly threads: number
}

export interface Report {
  readonly threads: readonly Done[]
  /** Bytes that the process has more than with its threads alone. */
  readonly memory: number
}

const [{ threads, ...job }] = (await once(process, 'message')) as [Task]
const workers: Worker[] = []
let handle: unknown
for (let thread = 0; thread < threads; thread++) {
  const worker = new Worker(new URL('worker.js', import.meta.url), {
    workerData: { ...job, handle, seed: job.seed + thread } satisfies Job,
  })
  const [ready] = (await once(worker, 'message')) as [{ handle: unknown }]
  handle ??= ready.handle
  workers.push(worker)
}
const before = process.memoryUsage.rss()
process.send!('ready')
await once(process, 'message')
await ask('begin')
const memory = process.memoryUsage.rss() - before
const done = (await ask('tell')) as Done[]
process.send!({ threads: done, memory } satisfies Report)
for (const worker of workers) worker.postMessage('end')
await Promise.all(workers.map((worker) => once(worker, 'exit')))
process.disconnect()

function ask(what: string): Promise<unknown[]> {
  return Promise.all(
    workers.map(async (worker) => {
      worker.postMessage(what)
      return ((await once(worker, 'message')) as [unknown])[0]
    }),
  )
}
