import { FOR_SEGMENT } from '../layout/heap'
import { MAX_CLASS_BYTES } from '../layout/limits'
import { SEGMENT_HAND } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { allocateBlock } from './blocks'
import { classOf } from './classes'
import { handAt } from './hands'
import { notePushed, spillIfFull } from './lists'
import { noteReleased, unitsFor } from './runs'
import { isFresh } from './units'

// Segments: what collections are made of. A run of units, or a block if it is small; in SEGMENT_HAND until it is a collection's.

/** Whether so many bytes have units of their own. */
export function isLarge(bytes: u32): bool {
  return bytes > MAX_CLASS_BYTES
}

/** Zeroed memory of so many bytes in SEGMENT_HAND; NO_MEMORY if there is none. */
export function newSegment(bytes: u32): u32 {
  const segment = allocateBlock(bytes, handAt(SEGMENT_HAND), FOR_SEGMENT)
  if (segment && !(isLarge(bytes) && isFresh)) memory.fill(segment, 0, bytes)
  checkpoint(Checkpoint.SegmentMade)
  return segment
}

/** The class of the block that was freed last, plus 1; 0: it was none. */
let freedClass: u32 = 0

/** Under the pool lock: notes and frees a segment. One in a commit. shareFreed() must follow the unlock. */
export function noteSegmentFreed(segment: u32, bytes: u32): void {
  freedClass = isLarge(bytes) ? 0 : classOf(bytes) + 1
  if (freedClass) notePushed(freedClass - 1, segment)
  else noteReleased(segment, unitsFor(bytes), FOR_SEGMENT)
}

/** Lets others have segments that are blocks, if this thread has many: it may delete what others make. */
export function shareFreed(): void {
  if (freedClass) spillIfFull(freedClass - 1)
  freedClass = 0
}
