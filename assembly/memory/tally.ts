import { Block, BLOCK_HEADER_BYTES, blockBytes } from '../layout/block'
import { CLASSES, MAX_CLASS_BYTES } from '../layout/limits'
import { scratchValue } from '../layout/scratch'
import { ensureReach } from '../sync/reach'
import { classOf } from './classes'
import { unitsFor } from './runs'
import { isLarge } from './segments'
import { isBlockPlace } from './slabs'
import { isAnyFree } from './free-map'

// The tally of a check: what a walk through all collections has found in use, and whether everything lies where it can.

/** Blocks by class are counted in the scratch page. */
export let largeUnits: u32 = 0
export let segmentUnits: u32 = 0
/** Whether everything lay where it can. */
export let areInPlace: bool = true

export function clearTally(): void {
  memory.fill(scratchValue(), 0, CLASSES << 2)
  largeUnits = 0
  segmentUnits = 0
  areInPlace = true
}

/** Counts a block that a collection refers to. */
export function tallyBlock(block: u32, sizeClass: u32): void {
  const counter = scratchValue() + (sizeClass << 2)
  store<u32>(counter, load<u32>(counter) + 1)
  if (!isBlockPlace(block, sizeClass)) areInPlace = false
}

/** Counts a large block that a collection refers to. */
export function tallyLarge(block: u32, units: u32): void {
  largeUnits += units
  if (isAnyFree(block, units)) areInPlace = false
}

/** Counts what a collection is made of: a run of so many bytes, or a block if they are few. */
export function tallySegment(segment: u32, bytes: u32): void {
  if (!isLarge(bytes)) {
    tallyBlock(segment, classOf(bytes))
    return
  }
  segmentUnits += unitsFor(bytes)
  if (isAnyFree(segment, unitsFor(bytes))) areInPlace = false
}

/** Counts a block of a key or a value by its header. */
export function tallyBlockAt(block: u32): void {
  ensureReach(block + BLOCK_HEADER_BYTES)
  const bytes = blockBytes(changetype<Block>(block).meta)
  if (bytes > MAX_CLASS_BYTES) tallyLarge(block, unitsFor(bytes))
  else tallyBlock(block, classOf(bytes))
}

/** Blocks of a class that were counted. */
export function blocksTallied(sizeClass: u32): u32 {
  return load<u32>(scratchValue() + (sizeClass << 2))
}
