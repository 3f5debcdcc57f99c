// A thread that attaches to heaps, works a little and leaves, one way or another.
import { workerData } from 'node:worker_threads'
import { SharedHeap, SharedMap, type SharedMapHandle, TophashError } from 'tophash'
import { GATE, type Leaving, type Places, type ThreadJob } from './jobs.js'

const job = workerData as ThreadJob

switch (job.do) {
  case 'visit':
    visit(openAll(job), job.number, job.leaving)
    break
  case 'cycle':
    for (let i = 0; i < job.times; i++) for (const open of openAll(job).reverse()) open.dispose()
    break
  case 'crowd':
    crowd(job.map, job.gate)
}

function openAll({ heaps, map }: Places): (SharedHeap | SharedMap)[] {
  const opened = heaps.map((handle) => SharedHeap.attach(handle))
  return [...opened, ...opened.map((heap) => countsIn(heap)), SharedMap.attach(map)]
}

function countsIn(heap: SharedHeap): SharedMap<string, number> {
  return heap.map('counts', { key: 'string', value: 'number' })
}

/** Counts itself everywhere, and leaves nothing else but what it has of free memory. */
function visit(opened: readonly (SharedHeap | SharedMap)[], number: number, leaving: Leaving): void {
  for (const map of opened) {
    if (!(map instanceof SharedMap)) continue
    map.increment('visits')
    const keys = Array.from({ length: 100 }, (_, i) => `${number} ${i} ${'x'.repeat((i * 37) % 3000)}`)
    for (const key of keys) map.set(key, 1)
    for (const key of keys) map.delete(key)
  }
  if (leaving === 'exit') process.exit(0)
  if (leaving === 'fail') process.exit(1)
  if (leaving === 'throw') throw new Error('left by an error')
  if (leaving === 'dispose') for (const open of opened) open.dispose()
}

/** Attaches or is refused, and waits until all have tried; who was refused tries again, until others have left. */
function crowd(handle: SharedMapHandle, gate: Int32Array): void {
  let map = attach(handle)
  if (!map) Atomics.add(gate, GATE.refused, 1)
  Atomics.add(gate, GATE.tried, 1)
  Atomics.wait(gate, GATE.go, 0)
  while (!map) {
    map = attach(handle)
    if (!map) Atomics.wait(gate, GATE.go, 1, 5)
  }
  map.increment('visits')
  map.dispose()
}

function attach(handle: SharedMapHandle): SharedMap<string, number> | undefined {
  try {
    return SharedMap.attach<string, number>(handle)
  } catch (error) {
    if (error instanceof TophashError && error.code === 'ERR_TOO_MANY_THREADS') return undefined
    throw error
  }
}
