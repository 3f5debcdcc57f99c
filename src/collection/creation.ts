import { deleteNamed, openNamed } from '../table/directory.js'
import { TophashError } from '../core/errors.js'
import { type Outcome, makeRoom, retold } from '../core/failure.js'
import { readHandle } from './handle.js'
import { Heap } from '../heap/heap.js'
import { type HeapOption, type Plan, noHeap } from './options.js'
import { soon } from '../recovery/exceptions.js'
import { createTable, deleteClaimed, openTable, unmade } from '../table/opening.js'
import type { AnyTable, Table } from '../table/table.js'

/** The bindings of this thread's SharedHeap objects, which throw if those were disposed of. */
export const sharedHeaps = new WeakMap<object, () => Heap>()

/** Makes or opens the table of a new collection. */
export function makeTable<K, V>(plan: Plan): Table<K, V> {
  if (!plan.heap) return inOwnHeap(plan)
  const heap = sharedHeaps.get(plan.heap)?.() ?? joinFromCopy(plan.heap)
  try {
    return plan.name === undefined ? inHeap(heap, plan, true) : openNamed(heap, plan.name, plan.schema, plan.capacity)
  } catch (error) {
    heap.leaveIfUnused()
    throw error
  }
}

/** The heap of a SharedHeap that another copy of this library in this thread has made: as its handle says. */
function joinFromCopy(given: object): Heap {
  try {
    if (Object.prototype.toString.call(given) !== '[object SharedHeap]') throw noHeap(given)
    return Heap.join(readHandle('SharedHeap', (given as HeapOption).handle).memory)
  } catch (error) {
    throw error instanceof TophashError ? error : noHeap(given)
  }
}

/**
 * Puts the first entries into a new collection. If that throws, the collection is unmade; but one that was there under
 * its name before, or that another thread has opened meanwhile, stays.
 */
export function fillTable(table: AnyTable, plan: Plan, fill: () => void): void {
  try {
    fill()
  } catch (error) {
    void soon.then(() => unmakeInTime(table, plan)) // if there is too little of the stack left for it now
    const told = table.isNew && table.isOpen ? retold(error, unfilled(table)) : error
    unmakeTable(table, plan)
    throw told
  }
}

/** The same for who cannot be told of a failure. Of what is unmade already it does nothing. */
function unmakeInTime(table: AnyTable, plan: Plan): void {
  if (!table.isOpen) return
  const { heap } = table
  heap.mend()
  try {
    unmakeTable(table, plan)
  } catch {
    heap.later(() => unmakeInTime(table, plan))
  }
}

function unfilled({ heap, schema }: AnyTable): Outcome {
  const { done } = unmade(heap, schema)
  return { done, remedy: `Give it fewer to begin with, delete what else is in the heap, or ${makeRoom(heap)}` }
}

/** Undoes makeTable, when what was to be put into the table could not be. */
function unmakeTable(table: AnyTable, { heap, name }: Plan): void {
  if (heap && table.isNew && table.isOpen) {
    if (name === undefined) table.heap.core.deleteCollection(table.address, table.generation)
    else if (table.isAlone) deleteNamed(table.heap, name, table)
  }
  table.close()
}

function inOwnHeap<K, V>(plan: Plan): Table<K, V> {
  const heap = Heap.create(plan.maxBytes)
  try {
    return inHeap(heap, plan, false) // it stays as long as its heap
  } catch (error) {
    heap.leaveIfUnused()
    throw error
  }
}

function inHeap<K, V>(heap: Heap, { schema, capacity }: Plan, isUnnamed: boolean): Table<K, V> {
  const place = createTable(heap, schema, capacity, isUnnamed)
  try {
    const table = openTable<K, V>(heap, place, schema, () => undefined)!
    table.isNew = true
    heap.core.keepCollection() // it is this thread's from here on, and others' as soon as they have its handle
    return table
  } catch (error) {
    void soon.then(heap.mend) // which sees to the claim, if there is no stack left
    deleteClaimed(heap, place)
    throw error
  }
}
