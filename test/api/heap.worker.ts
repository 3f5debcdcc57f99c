// Does one task of heap-threads.test.ts in a thread of its own.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedHeap, type SharedHeapHandle, SharedMap, SharedSet, TophashError } from 'tophash'

export type Task =
  | {
      readonly do: 'meet'
      readonly handle: SharedHeapHandle
      readonly rounds: number
      readonly gate: Int32Array
      readonly threads: number
    }
  | { readonly do: 'use'; readonly handle: SharedHeapHandle; readonly gate: Int32Array }
  | { readonly do: 'make'; readonly handle: SharedHeapHandle; readonly gate: Int32Array }
  | { readonly do: 'write'; readonly handle: SharedHeapHandle; readonly gate: Int32Array; readonly thread: number }

/** What happened: codes of errors, or counts. */
export type Outcome = Readonly<Record<string, unknown>>

const task = workerData as Task
parentPort!.postMessage(perform())
parentPort!.close()

function perform(): Outcome {
  using heap = SharedHeap.attach(task.handle)
  switch (task.do) {
    case 'meet':
      return meet(heap, task.rounds, task.gate, task.threads)
    case 'use':
      return useUntilDeleted(heap, task.gate)
    case 'make':
      return make(heap, task.gate)
    case 'write':
      return write(heap, task.gate, task.thread)
  }
}

/** In each round all threads open the same name at the same moment, and count in what they got. */
function meet(heap: SharedHeap, rounds: number, gate: Int32Array, threads: number): Outcome {
  let refused = 0
  for (let round = 0; round < rounds; round++) {
    Atomics.add(gate, 0, 1)
    while (Atomics.load(gate, 0) < (round + 1) * threads) {} // spinning, because waking up takes longer than opening
    using map = heap.map(`round ${round}`, { key: 'string', value: 'number' })
    map.increment('threads')
    try {
      heap.map(`round ${round}`, { key: 'number', value: 'number' })
    } catch (error) {
      if (codeOf(error) === 'ERR_OPTIONS') refused++
    }
  }
  return { refused }
}

/** Uses a map when it has been deleted by another thread, and one of the same name. */
function useUntilDeleted(heap: SharedHeap, gate: Int32Array): Outcome {
  const map = heap.map<string, number>('map')
  const before = map.get('key')
  const iterator = map.entries()
  iterator.next()
  tell(gate, 1)
  Atomics.wait(gate, 0, 1)
  const attempts = [() => [...iterator], () => map.get('key'), () => map.set('key', 2), () => map.size, () => [...map]]
  const codes = attempts.map((attempt) => {
    try {
      return attempt() && 'none'
    } catch (error) {
      return codeOf(error)
    }
  })
  return { before, codes, size: heap.map('map').size }
}

/** Makes collections without a name, posts the handle of one, and ends when it is told to, with all of them open. */
function make(heap: SharedHeap, gate: Int32Array): Outcome {
  const map = new SharedMap([['ann', 1]], { heap })
  const others = [new SharedMap([['bob', 'x'.repeat(100_000)]], { heap }), new SharedSet([1, 2, 3], { heap })]
  parentPort!.postMessage({ handle: map.handle })
  Atomics.wait(gate, 0, 0)
  return { open: others.length }
}

/** Writes to a map, whatever becomes of it, until told to stop. The value of a key is always made from the key. */
function write(heap: SharedHeap, gate: Int32Array, thread: number): Outcome {
  let [writes, reopened, wrong] = [0, 0, 0]
  let map: SharedMap<string, string> = open(heap)
  tell(gate, 1)
  while (Atomics.load(gate, 1) === 0) {
    try {
      const key = `${thread} ${writes++ % 500}`
      map.set(key, `${key} ${'x'.repeat(writes % 300)}`)
      if (writes % 3 === 0) map.delete(`${thread} ${writes % 250}`)
      if (!(map.get(key) ?? key).startsWith(key)) wrong++
    } catch (error) {
      if (codeOf(error) !== 'ERR_DISPOSED') throw error
      map = open(heap)
      reopened++
    }
    if (writes > 1000 && reopened > 0) Atomics.store(gate, 2 + thread, 1)
  }
  return { writes, reopened, wrong }
}

function open(heap: SharedHeap): SharedMap<string, string> {
  return heap.map('map', { key: 'string', value: 'string' })
}

/** Counts this thread among those that are there. */
function tell(gate: Int32Array, by: number): void {
  Atomics.add(gate, 0, by)
  Atomics.notify(gate, 0)
}

function codeOf(error: unknown): string {
  return error instanceof TophashError ? error.code : String(error)
}
