// Starts worker threads and deals out the files to them, for both strategies that have workers.
import { Worker } from 'node:worker_threads'

/** What every worker gets: all the files, and a cursor in shared memory that says which of them is next. */
export interface Job {
  files: string[]
  cursor: Int32Array
}

export function newJob(files: string[]): Job {
  return { files, cursor: new Int32Array(new SharedArrayBuffer(4)) }
}

/** In a worker: the files that this worker is to do. Whoever is free takes the next one, so nobody waits. */
export function* claimFiles({ files, cursor }: Job): Generator<string, void> {
  for (;;) {
    const file = files[Atomics.add(cursor, 0, 1)]
    if (file === undefined) return
    yield file
  }
}

/** On the main thread: how many files have been claimed. */
export function claimedFiles({ files, cursor }: Job): number {
  return Math.min(Atomics.load(cursor, 0), files.length)
}

/** Runs `script` in as many workers until all have ended. If one fails, the others are stopped, and its error thrown. */
export async function runWorkers<Message>(
  script: URL,
  threads: number,
  workerData: Job,
  onMessage: (message: Message) => void = () => {},
): Promise<void> {
  const workers = Array.from({ length: threads }, () => new Worker(script, { workerData }))
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
