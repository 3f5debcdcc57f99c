import { EXPECTED_ROOM, KEY_ROOM, SHARED_VALUE_ROOM, type Universal, VALUE_ROOM } from '../core/exports.js'
import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, OPERAND, SCRATCH, STATUS, TYPE } from '../core/layout.js'
import { type Outcome, failure, makeRoom } from '../core/failure.js'
import type { Heap } from '../heap/heap.js'
import { soon } from '../recovery/exceptions.js'
import type { KeyCodec } from './codec.js'
import { type Encoded, isBlock } from './encoded.js'
import { writePayload } from './payload.js'

// Lays keys and values where the core's universal operations look for them: small ones into the areas of the scratch
// page, long ones into blocks of the heap. Each function returns the address of such a block, 0 for none; it is the
// caller's to drop when the operation is over, unless the table has adopted it. At the end of the stack nobody comes to that:
// mend() does it then, which is asked for where an exception passes through (`soon.then` takes no stack, unlike a call).

/** Lays out the key. */
function stageKey(heap: Heap, key: Encoded): number {
  return stage(heap, SCRATCH.keyOperand, key, SCRATCH.key, KEY_ROOM)
}

/**
 * Lays out the key of an operation that has no value operand: on a full heap, a long key can lie where values do. So a
 * full heap can be read and emptied. `isShared` says that part of that area is taken.
 */
function stageLoneKey(heap: Heap, key: Encoded, isShared: boolean): number {
  if (!isLong(key)) return stageKey(heap, key)
  const block = heap.tryNewBlock(key.meta)
  if (block !== 0) return stageAt(heap, SCRATCH.keyOperand, key, block)
  if (lengthOf(key) > (isShared ? SHARED_VALUE_ROOM : VALUE_ROOM)) throw failure(heap, STATUS.outOfMemory, unsought(heap))
  stageAt(heap, SCRATCH.keyOperand, key, heap.scratch + SCRATCH.value)
  return 0
}

function unsought(heap: Heap): Outcome {
  const remedy =
    `To look up a key of more than ${VALUE_ROOM} bytes takes as much memory again: delete entries with shorter keys and ` +
    `values of that size, or ${makeRoom(heap)}`
  return { done: 'This call has changed nothing', remedy }
}

/** Lays out the value; `isShared` says that part of its area is taken by what is expected. */
export function stageValue(heap: Heap, value: Encoded, isShared = false): number {
  return stage(heap, SCRATCH.valueOperand, value, SCRATCH.value, isShared ? SHARED_VALUE_ROOM : VALUE_ROOM)
}

/** The same in a block in any case, if it is not a word: for the table to adopt while a chain is locked. */
export function stageInHeap(heap: Heap, value: Encoded): number {
  return stage(heap, SCRATCH.valueOperand, value, SCRATCH.value, -1)
}

/** Lays out what the value is expected to be, beside the value. */
export function stageExpected(heap: Heap, expected: Encoded): number {
  return stage(heap, SCRATCH.expectedOperand, expected, SCRATCH.expected, EXPECTED_ROOM)
}

/** The same where there is no value; a long key may need part of the value's area. */
export function stageLoneExpected(heap: Heap, expected: Encoded, key: Encoded): number {
  if (isLong(key)) return stageExpected(heap, expected)
  return stage(heap, SCRATCH.expectedOperand, expected, SCRATCH.value, VALUE_ROOM)
}

/** Says that the key is a block that lies at `source` already. */
export function stageKeyBlock(heap: Heap, source: number, meta: number): void {
  writeOperand(heap, SCRATCH.keyOperand, source, meta)
}

/** The same of the value. */
export function stageValueBlock(heap: Heap, source: number, meta: number): void {
  writeOperand(heap, SCRATCH.valueOperand, source, meta)
}

/** Sets a value that is too long for its area: it is written to its block at once, which the table adopts. */
export function setLong<K>(heap: Heap, keys: KeyCodec<K>, key: K, value: Encoded): number {
  const block = heap.newBlock(value.meta)
  let status: number = STATUS.outOfMemory
  try {
    writePayload(heap, value, block + BLOCK_HEADER_BYTES)
    status = keys.setBlock(key, block, value.meta)
  } catch (error) {
    void soon.then(heap.mend)
    throw error
  } finally {
    if (status < 0) heap.core.dropBlock(block)
  }
  return status
}

/** Runs an operation on a key. */
export function runKey(heap: Heap, stripe: number, operation: Universal, key: Encoded): number {
  return run(heap, stripe, operation, stageKey(heap, key))
}

/** Runs an operation that has a key and no block for a value: it goes on when the heap is full. */
export function runLoneKey(heap: Heap, stripe: number, operation: Universal, key: Encoded, isShared = false): number {
  return run(heap, stripe, operation, stageLoneKey(heap, key, isShared))
}

function run(heap: Heap, stripe: number, operation: Universal, block: number): number {
  try {
    return operation(stripe)
  } catch (error) {
    void soon.then(heap.mend)
    throw error
  } finally {
    if (block !== 0) heap.core.dropBlock(block)
  }
}

function stage(heap: Heap, operand: number, encoded: Encoded, area: number, room: number): number {
  const { meta, content } = encoded
  if (!isBlock(meta)) {
    const at = heap.scratch + operand
    heap.words[(at + OPERAND.meta) >>> 2] = meta
    if (meta === TYPE.number) heap.floats[(at + OPERAND.word) >>> 3] = content as number
    else heap.bigints[(at + OPERAND.word) >>> 3] = content as bigint
    return 0
  }
  if (lengthOf(encoded) > room) return stageAt(heap, operand, encoded, heap.newBlock(meta))
  stageAt(heap, operand, encoded, heap.scratch + area)
  return 0
}

/** Lays a payload into a block, and names the block in the operand. */
function stageAt(heap: Heap, operand: number, encoded: Encoded, block: number): number {
  try {
    writePayload(heap, encoded, block + BLOCK_HEADER_BYTES)
    writeOperand(heap, operand, block, encoded.meta)
    return block
  } catch (error) {
    void soon.then(heap.mend)
    throw error
  }
}

function writeOperand(heap: Heap, operand: number, source: number, meta: number): void {
  const at = (heap.scratch + operand) >>> 2
  heap.words[at + OPERAND.meta / 4] = meta
  heap.words[at + OPERAND.source / 4] = source
}

/** Whether a key is too long for its area. */
function isLong(key: Encoded): boolean {
  return isBlock(key.meta) && lengthOf(key) > KEY_ROOM
}

function lengthOf({ meta }: Encoded): number {
  return meta >>> LENGTH_SHIFT
}
