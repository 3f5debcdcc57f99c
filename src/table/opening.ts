import { KIND_CODES, RECORD, SCRATCH, STATUS } from '../core/layout.js'
import { STRUCTURES } from '../core/structures.js'
import { type Outcome, failure, makeRoom } from '../core/failure.js'
import type { Heap } from '../heap/heap.js'
import { soon } from '../recovery/exceptions.js'
import { type Bounds, type Found, type Place, type Schema, codecWord, foundAt } from './schema.js'
import { Table, closeStripe } from './table.js'

// How tables are made, opened and deleted.

/**
 * Makes a table. If this thread dies before keepTable(), the table is deleted: nobody else knows it.
 *
 * @param unnamed whether it ends with the last thread that has it open
 * @throws ERR_OUT_OF_MEMORY, ERR_OWNER_UNRESPONSIVE
 */
export function createTable(heap: Heap, schema: Schema, capacity: number, unnamed = false): Place {
  const { noun, key, value, codec, bounds } = schema
  const { id } = STRUCTURES[noun]
  try {
    if (bounds) layOut(heap, bounds)
    const address = heap.core.createCollection(id, KIND_CODES[key], KIND_CODES[value], capacity, codecWord(codec), unnamed) >>> 0
    if (address === 0) throw failure(heap, STATUS.outOfMemory, unmade(heap, schema))
    return { address, generation: heap.wordAt(address + RECORD.generation) }
  } catch (error) {
    void soon.then(heap.mend) // which sees to the claim
    throw error
  }
}

/** As the core reads them: see make() in assembly/structures/cache/hooks.ts. */
function layOut(heap: Heap, { max, maxBytes, ttl, jitter, idle = 0 }: Bounds): void {
  heap.floats.set([max, maxBytes, ttl, jitter, idle], (heap.scratch + SCRATCH.value) >>> 3)
}

/** What a collection that finds no room leaves: nothing. */
export function unmade(heap: Heap, { noun }: Pick<Schema, 'noun'>): Outcome {
  const { sizedBy } = STRUCTURES[noun]
  const remedy = `delete what else is in the heap, or ${makeRoom(heap)}`
  return { done: `No ${noun} was made`, remedy: sizedBy ? `Ask for a smaller ${sizedBy}, ${remedy}` : remedy.replace('d', 'D') }
}

/**
 * Deletes a table that this thread has claimed, because it has made it or taken its name away; if a lock is in the way,
 * later. Whether it was there.
 */
export function deleteClaimed(heap: Heap, place: Place): boolean {
  try {
    const status = heap.core.deleteCollection(place.address, place.generation)
    if (status === STATUS.invalid) throw failure(heap, status)
    if (status >= 0) heap.core.keepCollection()
    else heap.later(() => deleteClaimed(heap, place))
    return status !== STATUS.absent
  } catch (error) {
    void soon.then(heap.mend) // which sees to the claim
    throw error
  }
}

/**
 * Opens a table; undefined if it was deleted.
 *
 * @param mismatch the error to throw if it is of another schema, which it gets; undefined: it is of this one
 */
export function openTable<K, V>(
  heap: Heap,
  place: Place,
  schema: Schema,
  mismatch: (found: Found) => Error | undefined,
  isUse = true,
): Table<K, V> | undefined {
  const stripe = heap.core.openCollection(place.address, place.generation) >>> 0
  if (stripe === 0) {
    const status = heap.wordAt(heap.scratch + SCRATCH.status) | 0
    if (status === STATUS.deleted) return undefined
    throw failure(heap, status, { done: 'It was not opened in this thread, and is as it was' })
  }
  let error: Error | undefined
  try {
    error = mismatch(foundAt(heap, place.address))
    if (!error) return new Table<K, V>(heap, place, schema, stripe, isUse)
  } catch (error) {
    void soon.then(() => closeInTime(heap, stripe)) // there may be too little of the stack left for it now
    throw error
  }
  closeStripe(heap, stripe)
  throw error
}

/** The same for who cannot be told of a failure: what cannot be done now is done later. */
function closeInTime(heap: Heap, stripe: number): void {
  try {
    closeStripe(heap, stripe)
  } catch {
    heap.later(() => closeInTime(heap, stripe))
  }
}
