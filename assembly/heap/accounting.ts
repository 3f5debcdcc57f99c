import { FOR_LARGE, FOR_SCRATCH, FOR_SEGMENT, FOR_SLAB, loadEndPages, sizeClassAt } from '../layout/heap'
import { CLASSES, MAX_THREADS, UNIT_SHIFT, UNITS_PER_PAGE_SHIFT } from '../layout/limits'
import { results } from '../layout/scratch'
import { SCRATCH_HAND, SPILL_HAND, threadSlot } from '../layout/thread'
import { slabBlocks, slabLog2 } from '../memory/classes'
import { countInList } from '../memory/lists'
import { spareBytes, unitsInUse } from '../memory/runs'
import { areFreeBlocksRight } from '../memory/slabs'
import { areInPlace, blocksTallied, largeUnits, segmentUnits } from '../memory/tally'
import { countFreeUnits } from '../memory/free-map'
import { fixedUnits, unitsHeld } from '../memory/usage'
import { countRingUnits } from './tracing'

/**
 * The allocator's accounts: every byte of the heap is in exactly one place. While no thread writes,
 *
 *     units handed out  = header + map + free + slabs + large blocks + segments + scratch
 *     units of slabs    = by class: slabs * units of one
 *     blocks of slabs   = by class: in collections + in threads' lists + free in slabs
 *
 * and each term on the right that can be counted a second way (by walking the collections) comes out the same. Each block that
 * a collection refers to lies where a slab has one, and each run where no unit is free.
 */
const BLOCKS_WRONG: i32 = 20
const SLABS_WRONG: i32 = 21
const PLACE_WRONG: i32 = 22
const LARGE_WRONG: i32 = 23
const SEGMENTS_WRONG: i32 = 24
const SCRATCH_WRONG: i32 = 25
const UNITS_WRONG: i32 = 26
const FREE_WRONG: i32 = 27

/** 0 if all accounts agree, else which does not. */
export function checkAccounts(): i32 {
  let slabUnits: u32 = 0
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    results().address = sizeClass
    if (!areFreeBlocksRight(sizeClass)) return FREE_WRONG
    const slabs = sizeClassAt(sizeClass).slabs
    if (slabs * slabBlocks(sizeClass) != blocksTallied(sizeClass) + countFree(sizeClass)) return BLOCKS_WRONG
    slabUnits += slabs << slabLog2(sizeClass)
  }
  if (!areInPlace) return PLACE_WRONG
  if (unitsInUse(FOR_SLAB) != slabUnits) return SLABS_WRONG
  if (unitsInUse(FOR_LARGE) != largeUnits + countRingUnits()) return LARGE_WRONG
  if (unitsInUse(FOR_SEGMENT) != segmentUnits) return SEGMENTS_WRONG
  if (unitsInUse(FOR_SCRATCH) << UNIT_SHIFT != sumHand(SCRATCH_HAND) + sumHand(SPILL_HAND) + spareBytes()) return SCRATCH_WRONG
  return loadEndPages() << UNITS_PER_PAGE_SHIFT == fixedUnits() + countFreeUnits() + unitsHeld() ? 0 : UNITS_WRONG
}

/** Free blocks of a class, wherever they wait. */
function countFree(sizeClass: u32): u32 {
  let count = sizeClassAt(sizeClass).freeBlocks
  for (let index: u32 = 0; index < MAX_THREADS; index++) count += countInList(threadSlot(index), sizeClass)
  return count
}

/** Bytes in one hand of all threads, those of slots that nobody has included. */
function sumHand(hand: u32): u32 {
  let total: u32 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) total += load<u32>(threadSlot(index) + hand, 4)
  return total
}
