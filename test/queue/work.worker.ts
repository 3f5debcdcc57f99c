// One of several threads that push and pop: numbered items, in the order of each producer, until the queue is closed.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedHeap, type SharedHeapHandle } from 'tophash'

export type Way = 'one by one' | 'many' | 'async' | 'received' | 'drained'

export interface Work {
  readonly heap: SharedHeapHandle
  readonly role: 'producer' | 'consumer'
  /** Its number among those of its role. */
  readonly id: number
  readonly way: Way
  /** Items of a producer. */
  readonly count: number
  /** Whether items are objects and texts, or numbers alone. */
  readonly isRich: boolean
}

/** A producer, its item's number, and what shows that the item is whole. */
export type Item = number | string | { readonly p: number; readonly n: number; readonly pad: string }

export function itemOf(producer: number, n: number, isRich: boolean): Item {
  if (!isRich || n % 3 === 0) return producer * 1e9 + n
  const pad = `${n}`.repeat((n % 50) * (n % 997 === 0 ? 400 : 1))
  return n % 3 === 1 ? `${producer}:${n}:${pad}` : { p: producer, n, pad }
}

export function readItem(item: Item): { producer: number; n: number; isWhole: boolean } {
  const [producer, n] =
    typeof item === 'number'
      ? [Math.floor(item / 1e9), item % 1e9]
      : typeof item === 'string'
        ? (item.split(':', 2).map(Number) as [number, number])
        : [item.p, item.n]
  return { producer, n, isWhole: JSON.stringify(item) === JSON.stringify(itemOf(producer, n, typeof item !== 'number')) }
}

// Each notes in the heap, by an atomic step, what it has pushed or popped: so that it is known of those who are killed.
const { heap: handle, role, id, way, count, isRich } = workerData as Work
const heap = SharedHeap.attach(handle)
const queue = heap.queue<Item>('queue')
const acknowledged = heap.map<number, number>('acknowledged', { key: 'number', value: 'number' })
const seen = heap.map<number, number>('seen', { key: 'number', value: 'number' })
let broken = 0
let disordered = 0
const last = new Map<number, number>()

function note(items: Iterable<Item>): void {
  for (const item of items) {
    const { producer, n, isWhole } = readItem(item)
    if (!isWhole) broken++
    if (n <= (last.get(producer) ?? -1)) disordered++
    last.set(producer, n)
    seen.increment(producer * 1e9 + n)
  }
}

async function produce(): Promise<void> {
  for (let n = 0; n < count; ) {
    if (way === 'many') {
      const items = Array.from({ length: Math.min(20, count - n) }, (_, i) => itemOf(id, n + i, isRich))
      n += queue.pushMany(items)
    } else if (way === 'async') {
      await queue.pushAsync(itemOf(id, n++, isRich))
    } else {
      queue.push(itemOf(id, n++, isRich))
    }
    acknowledged.set(id, n)
  }
}

async function consume(): Promise<void> {
  if (way === 'async') {
    for await (const item of queue) note([item])
    return
  }
  if (way === 'drained') return queue.drain((items) => note(items), { max: 30 })
  while (true) {
    if (way === 'received') {
      const received = queue.receive(10)
      if (received.items.length === 0) return
      note(received.items)
      received.done()
    } else {
      const first = way === 'many' ? queue.popMany(20) : [queue.pop()]
      if (first[0] === undefined) return
      note(first as Item[])
    }
  }
}

// No await at the top: Node 20 aborts, with all threads, if one is terminated at a certain moment of running a module that has one.
void (role === 'producer' ? produce() : consume()).then(() => {
  heap.dispose()
  parentPort!.postMessage({ broken, disordered })
})
