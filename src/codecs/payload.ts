import { BLOCK_HEADER_BYTES, SCRATCH, TYPE } from '../core/layout.js'
import type { Heap } from '../heap/heap.js'
import type { Encoded } from './encoded.js'

// Payloads on their way between JavaScript's memory and the heap's.

/** Writes the payload of something encoded to where a block's begins. */
export function writePayload(heap: Heap, { content }: Encoded, at: number): void {
  if (typeof content === 'string') heap.text.encode(content, at)
  else heap.bytes.set(content as Uint8Array, at)
}

/** Copies the value that an operation has described in its results. `held` says that its block is the table's own. */
export function encodedResult(heap: Heap, held = false): Encoded {
  const { scratch } = heap
  const meta = heap.wordAt(scratch + SCRATCH.meta)
  if (meta === TYPE.number) return { meta, content: heap.floatAt(scratch + SCRATCH.word) }
  if (meta === TYPE.word) return { meta, content: heap.bigintAt(scratch + SCRATCH.word) }
  return { meta, content: resultPayload(heap, meta, held) }
}

/** Copies the payload of the block that an operation has left as its result. */
export function resultPayload(heap: Heap, meta: number, held = false): string | Uint8Array {
  const address = heap.wordAt(heap.scratch + SCRATCH.address)
  try {
    return heap.payloadAt(meta, address + BLOCK_HEADER_BYTES)
  } finally {
    if (!held && address !== heap.scratch + SCRATCH.value) heap.core.dropResult()
  }
}
