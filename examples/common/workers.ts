// Starts worker threads and deals out the files to them, for both strategies that have workers.
import { Worker, type WorkerOptions } from 'node:worker_threads'

/** What every worker gets: all the files, and a cursor in shared memory that says which of them is next. */
export interface Job {
  files: string[]
  cursor: Int32Array
}

export function newJob(files: string[]): Job {
  return { files, cursor: new Int32Array(new SharedArrayBuffer(4)) }
}

/** In a worker: the files that this worker is to do. Whoever is free takes the next one, so nobody waits. */
export function* claimFiles(job: Job): Generator<string, void> {
  for (const index of claimIndices(job)) yield job.files[index]!
}

/** The same, as indices into the list of files. */
export function* claimIndices({ files, cursor }: Job): Generator<number, void> {
  for (;;) {
    const index = Atomics.add(cursor, 0, 1)
    if (index >= files.length) return
    yield index
  }
}

/** On the main thread: how many files have been claimed. */
export function claimedFiles({ files, cursor }: Job): number {
  return Math.min(Atomics.load(cursor, 0), files.length)
}

/**
 * Runs `script` in as many workers until all have ended; `own` says what one of them gets besides the job. If one fails,
 * the others are stopped, and its error thrown.
 */
export async function runWorkers<Message>(
  script: URL,
  threads: number,
  job: Job,
  onMessage: (message: Message) => void = () => {},
  own: (index: number) => WorkerOptions = () => ({}),
): Promise<void> {
  const workers = Array.from({ length: threads }, (_, index) => {
    const { workerData, ...options } = own(index)
    return new Worker(script, { ...options, workerData: { ...job, ...workerData } })
  })
  try {
    await Promise.all(workers.map((worker) => ending(worker.on('message', onMessage))))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

function ending(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    // All of the worker's messages arrive before its 'exit'.
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with exit code ${code}`))))
  })
}
