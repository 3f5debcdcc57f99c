// A thread that comes to a heap and leaves it, and stops on the way: at the checkpoint that it passes as number `at`.
import { parentPort, workerData } from 'node:worker_threads'
import type { SharedHeapHandle } from 'tophash'

export interface Visit {
  readonly handle: SharedHeapHandle
  /** From 0. */
  readonly at: number
}

void visit(workerData as Visit)

// Not at the top of the module: Node 20 cannot bear that a worker ends while that waits.
async function visit({ handle, at }: Visit): Promise<void> {
  const { SharedHeap, onCheckpoint } = await import('tophash/checked')
  const never = new Int32Array(new SharedArrayBuffer(4))
  let passed = 0
  onCheckpoint((name) => {
    if (passed++ !== at) return
    parentPort!.postMessage(name)
    Atomics.wait(never, 0, 0)
  })
  SharedHeap.attach(handle as never).dispose() // the types are those of dist/
}
