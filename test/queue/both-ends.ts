// A queue in a heap, and threads that push and pop: work.worker.ts.
import { type SharedQueue, SharedHeap } from 'tophash'
import { spawn } from '../support/workers.js'
import type { Item, Way, Work } from './work.worker.js'

export type Report = { readonly broken: number; readonly disordered: number }

export interface Scene {
  readonly heap: SharedHeap
  readonly queue: SharedQueue<Item>
  start(role: Work['role'], id: number, way: Way): ReturnType<typeof spawn<Report>>
}

/** In a heap in which there is none yet: a new one, or one of which clearScene() has taken the last. */
export function scene(capacity: number, count: number, isRich: boolean, heap = new SharedHeap()): Scene {
  const queue = heap.queue<Item>('queue', { capacity })
  heap.map('acknowledged', { key: 'number', value: 'number' })
  heap.map('seen', { key: 'number', value: 'number' })
  const start: Scene['start'] = (role, id, way) =>
    spawn<Report>('queue/work', { heap: heap.handle, role, id, way, count, isRich } satisfies Work)
  return { heap, queue, start }
}

export function clearScene(heap: SharedHeap): void {
  for (const name of ['queue', 'acknowledged', 'seen']) heap.delete(name)
}

/** What a thread reports that has seen everything whole, and of each producer in order. */
export const IN_ORDER: Report = { broken: 0, disordered: 0 }
