import { openNamed } from './directory.js'
import { Heap } from './heap.js'
import { type Plan, noHeap } from './options.js'
import { type AnyTable, type Table, createTable, deleteClaimed, openTable } from './table.js'

/** The bindings of this thread's SharedHeap objects, which throw if those were disposed of. */
export const sharedHeaps = new WeakMap<object, () => Heap>()

/** Makes or opens the table of a new collection. */
export function makeTable<K, V>(plan: Plan): Table<K, V> {
  if (!plan.heap) return inOwnHeap(plan)
  const heapOf = sharedHeaps.get(plan.heap)
  if (!heapOf) throw noHeap(plan.heap)
  return plan.name === undefined ? inHeap(heapOf(), plan) : openNamed(heapOf(), plan.name, plan.shape, plan.capacity)
}

/**
 * Undoes makeTable, when what was to be put into the table could not be. A collection with a name stays: others have
 * it.
 */
export function unmakeTable(table: AnyTable, { heap, name }: Plan): void {
  if (heap && name === undefined && table.isOpen) table.heap.core.deleteTable(table.address, table.generation)
  table.close()
}

function inOwnHeap<K, V>(plan: Plan): Table<K, V> {
  const heap = Heap.create(plan.maxBytes)
  try {
    return inHeap(heap, plan)
  } catch (error) {
    heap.leaveIfUnused()
    throw error
  }
}

function inHeap<K, V>(heap: Heap, { shape, capacity }: Plan): Table<K, V> {
  const place = createTable(heap, shape, capacity)
  try {
    const table = openTable<K, V>(heap, place, shape, () => undefined)!
    heap.core.keepTable() // it is this thread's from here on, and others' as soon as they have its handle
    return table
  } catch (error) {
    deleteClaimed(heap, place)
    throw error
  }
}
