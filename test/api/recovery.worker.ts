// A thread that is going to end, or to stop, in one of several ways: for the tests of recovery.
import { once } from 'node:events'
import { Worker, parentPort, threadId, workerData } from 'node:worker_threads'
import type { SharedMap as Map, SharedMapHandle } from 'tophash'
import { attachAs, lockFirstBucket } from '../support/slots.js'

export interface Task {
  readonly handle: SharedMapHandle
  /**
   * hold       locks the bucket and blocks, until the gate opens: then it unlocks it and ends
   * abandon    locks the bucket, as if an exception had come in between, and goes back to its event loop
   * idle       attaches and stays
   * nest       makes a worker that does `nested`; when that one has attached, it attaches as well, and stays
   * use        does some operations and stays
   */
  readonly do: 'hold' | 'abandon' | 'idle' | 'nest' | 'use'
  readonly nested?: Task
  /** Ways to know of deaths that this thread does without. */
  readonly without?: readonly string[]
  readonly gate?: Int32Array<SharedArrayBuffer>
}

export interface Ready {
  readonly thread: number
  readonly threadId: number
  readonly done?: boolean
}

const task = workerData as Task
Object.assign(globalThis, { [Symbol.for('tophash.without')]: task.without })
void begin() // no await at the top: see test/queue/work.worker.ts

async function begin(): Promise<void> {
  const { SharedMap } = await import('tophash')
  if (task.nested) await nest(task.nested)
  perform(...attachAs(task.handle, () => SharedMap.attach<string, number>(task.handle)))
}

function perform(thread: number, map: Map<string, number>): void {
  const report = (more: Partial<Ready> = {}): void => parentPort!.postMessage({ thread, threadId, ...more } satisfies Ready)
  switch (task.do) {
    case 'hold': {
      const unlock = lockFirstBucket(task.handle, thread)
      report()
      Atomics.wait(task.gate!, 0, 0)
      unlock()
      map.increment('held')
      return report({ done: true })
    }
    case 'abandon':
      lockFirstBucket(task.handle, thread)
      break
    case 'use':
      for (let n = 0; n < 1000; n++) map.increment('used')
      break
    default:
  }
  report()
  keep(map)
}

async function nest(nested: Task): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { workerData: nested })
  worker.on('message', (ready: Ready) => parentPort!.postMessage(ready))
  for (let below: Task | undefined = nested; below; below = below.nested) await once(worker, 'message')
}

/** Stays, with the map open, until it is told to exit. */
function keep(...kept: Map<string, number>[]): void {
  parentPort!.on('message', () => process.exit(kept.length - 1))
}
