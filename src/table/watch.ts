import { type Encoded, isBlock, sameEncoded } from '../codecs/encoded.js'
import { runLoneKey, stageLoneExpected } from '../codecs/operands.js'
import { isOutOfMemory } from '../core/failure.js'
import { SCRATCH, STATUS } from '../core/layout.js'
import { soon } from '../recovery/exceptions.js'
import { readHeld } from './operations.js'
import type { AnyTable } from './table.js'

// Looking whether a key still has the value that was seen, for who sleeps then: assembly/structures/hashmap/watch.ts has the protocol.

/** What was seen. */
export interface Seen {
  /** The value; undefined: none that could be stored. */
  readonly value: Encoded | undefined
  /** Whether it is as good if there is no entry. */
  readonly orAbsent: boolean
}

/** What to sleep on, as long as the word there is this one; where 0: the chain is too busy, or the heap is full; look again soon. */
export interface Sleep {
  readonly address: number
  readonly word: number
  /** Milliseconds until the entry ends by itself. */
  readonly lifetime: number
}

/** What to sleep on until a key has another value than what was seen; undefined: it has already. */
export function watch(table: AnyTable, key: Encoded, seen: Seen): Sleep | undefined {
  try {
    return watchInHeap(table, key, seen)
  } catch (error) {
    if (!isOutOfMemory(error) || !seen.value) throw error
    const found = readHeld(table, key) // there is no room for a copy of what was seen
    const isSame = found ? sameEncoded(found, seen.value) : seen.orAbsent
    return isSame ? { address: 0, word: 0, lifetime: Infinity } : undefined
  }
}

function watchInHeap(table: AnyTable, key: Encoded, { value, orAbsent }: Seen): Sleep | undefined {
  const { heap, stripe } = table
  let block = 0
  let status: number
  try {
    if (value) block = stageLoneExpected(heap, value, key)
    const look = (given: number): number => heap.core.watch(given, value !== undefined, orAbsent)
    status = runLoneKey(heap, stripe, look, key, value !== undefined && isBlock(value.meta))
  } catch (error) {
    void soon.then(heap.mend)
    throw error
  } finally {
    if (block !== 0) heap.core.dropBlock(block)
  }
  if (status < 0) throw table.failure(status)
  if (status !== STATUS.matched) return undefined
  return {
    address: heap.wordAt(heap.scratch + SCRATCH.address),
    word: heap.wordAt(heap.scratch + SCRATCH.cursor) | 0,
    lifetime: heap.floatAt(heap.scratch + SCRATCH.word),
  }
}
