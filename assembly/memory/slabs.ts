import { FOR_SLAB, POOL, SIZE_CLASSES, SizeClass, sizeClassAt } from '../layout/heap'
import { UNIT_SHIFT } from '../layout/limits'
import { SEAL } from '../layout/record'
import { FreeBlock, Slab } from '../layout/slab'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, note32, note64 } from '../sync/journal'
import { ensureReach } from '../sync/reach'
import { classBytes, slabBlocks, slabBytes, slabHeaderBytes, slabLog2 } from './classes'
import { noteGiven, noteTaken, takeAligned } from './units'

/**
 * Slabs: runs of units that are cut into blocks of one class (layout/slab.ts). Threads take free blocks from them and put
 * them back, in batches; a slab that has all of its blocks back is no slab any more, and its units serve any purpose. All
 * under the pool lock, and noted. The accounts, for each class, when all is quiet (accounting.ts verifies them):
 *
 *     slabs * blocks of a slab = blocks in use + in the threads' lists + free in slabs
 */

@inline
function slabAt(address: u32): Slab {
  return changetype<Slab>(address)
}

/** The slab that a block of a class is in, within reach. */
@inline
export function slabOf(block: u32, sizeClass: u32): u32 {
  const slab = block & ~(slabBytes(sizeClass) - 1)
  ensureReach(slab + slabBytes(sizeClass))
  return slab
}

function sealOf(slab: u32, sizeClass: u32): u32 {
  return slab + SEAL + sizeClass
}

/** Whether a slab of the class lies at an address. */
export function isSlab(slab: u32, sizeClass: u32): bool {
  return slabAt(slab).seal == sealOf(slab, sizeClass)
}

/** Whether a block of the class can lie at an address: at a place of one, in a slab. */
export function isBlockPlace(block: u32, sizeClass: u32): bool {
  const slab = slabOf(block, sizeClass)
  const offset = block - slab - slabHeaderBytes(sizeClass)
  return isSlab(slab, sizeClass) && offset % classBytes(sizeClass) == 0 && offset < slabAt(slab).cut * classBytes(sizeClass)
}

/** Changes a word that matters to others, who hold the lock after us. */
function setWord(address: u32, value: u32): void {
  note32(address)
  store<u32>(address, value)
}

function setFreeBlocks(sizeClass: u32, slab: u32, by: i32): void {
  setWord(slab + offsetof<Slab>('freeBlocks'), slabAt(slab).freeBlocks + by)
  setWord(classWord(sizeClass, offsetof<SizeClass>('freeBlocks')), sizeClassAt(sizeClass).freeBlocks + by)
}

function setSlabs(sizeClass: u32, by: i32): void {
  setWord(classWord(sizeClass, offsetof<SizeClass>('slabs')), sizeClassAt(sizeClass).slabs + by)
  const units: i32 = 1 << slabLog2(sizeClass)
  setWord(POOL + FOR_SLAB, load<u32>(POOL + FOR_SLAB) + by * units)
}

function classWord(sizeClass: u32, field: usize): u32 {
  return SIZE_CLASSES + (sizeClass << 4) + u32(field)
}

// ---- The list of slabs with free blocks ----

function link(sizeClass: u32, slab: u32): void {
  const first = sizeClassAt(sizeClass).slab
  slabAt(slab).next = first // which means nothing while it is in no list
  slabAt(slab).previous = 0
  if (first) {
    ensureReach(first + offsetof<Slab>())
    setWord(first + offsetof<Slab>('previous'), slab)
  }
  setWord(classWord(sizeClass, offsetof<SizeClass>('slab')), slab)
  checkpoint(Checkpoint.SlabLinked)
}

function unlink(sizeClass: u32, slab: u32): void {
  const next = slabAt(slab).next
  const previous = slabAt(slab).previous
  if (next) {
    ensureReach(next + offsetof<Slab>())
    setWord(next + offsetof<Slab>('previous'), previous)
  }
  if (previous) {
    ensureReach(previous + offsetof<Slab>())
    setWord(previous + offsetof<Slab>('next'), next)
  } else {
    setWord(classWord(sizeClass, offsetof<SizeClass>('slab')), next)
  }
  checkpoint(Checkpoint.SlabUnlinked)
}

// ---- Making, taking, putting back ----

/** Makes a slab of free units. False: there are none. */
export function makeSlab(sizeClass: u32): bool {
  const address = takeAligned(slabLog2(sizeClass))
  if (!address) return false
  const slab = slabAt(address)
  slab.seal = sealOf(address, sizeClass)
  slab.free = 0
  slab.freeBlocks = 0
  slab.cut = 0
  checkpoint(Checkpoint.SlabMade)
  link(sizeClass, address)
  setFreeBlocks(sizeClass, address, slabBlocks(sizeClass))
  setSlabs(sizeClass, 1)
  noteTaken()
  commit()
  return true
}

/** What noteBatch has taken: blocks that are linked, the first and the last, and how many. */
export let batchFirst: u32 = 0
export let batchLast: u32 = 0
export let batchLength: u32 = 0

/** Notes, and takes so many free blocks or fewer out of the first slab that has any. False: there is none. */
export function noteBatch(sizeClass: u32, most: u32): bool {
  const slab = sizeClassAt(sizeClass).slab
  if (!slab) return false
  ensureReach(slab + slabBytes(sizeClass))
  if (!isSlab(slab, sizeClass)) unreachable() // something else has written here: blocks would be cut from anything, the header too
  batchFirst = slabAt(slab).free
  if (batchFirst) takeFree(slab, most)
  else cut(slab, sizeClass, most)
  setFreeBlocks(sizeClass, slab, -batchLength)
  if (!slabAt(slab).freeBlocks) unlink(sizeClass, slab)
  checkpoint(Checkpoint.BatchTaken)
  return true
}

/** From the slab's free blocks. */
function takeFree(slab: u32, most: u32): void {
  batchLength = 1
  batchLast = batchFirst
  while (batchLength < most && changetype<FreeBlock>(batchLast).nextInSlab) {
    changetype<FreeBlock>(batchLast).next = changetype<FreeBlock>(batchLast).nextInSlab
    batchLast = changetype<FreeBlock>(batchLast).next
    batchLength++
  }
  setWord(slab + offsetof<Slab>('free'), changetype<FreeBlock>(batchLast).nextInSlab)
}

/** From its blocks that were never handed out: cuts and links them. */
function cut(slab: u32, sizeClass: u32, most: u32): void {
  const bytes = classBytes(sizeClass)
  const begun = slabAt(slab).cut
  batchLength = min<u32>(most, slabBlocks(sizeClass) - begun)
  batchFirst = slab + slabHeaderBytes(sizeClass) + begun * bytes
  batchLast = batchFirst
  for (let i: u32 = 1; i < batchLength; i++) {
    changetype<FreeBlock>(batchLast).next = batchLast + bytes
    batchLast += bytes
  }
  setWord(slab + offsetof<Slab>('cut'), begun + batchLength)
}

/** Words that noteReturned() notes at most. */
export const MOST_NOTED: u32 = 7

/** Notes what every block of a class changes that goes back: once for all of a commit. */
export function noteReturns(sizeClass: u32): void {
  note64(classWord(sizeClass, offsetof<SizeClass>('slab'))) // and freeBlocks
}

/** Notes, and puts a block back that is in no list any more. True: its units are about to be free; settleRun() must follow. */
export function noteReturned(block: u32, sizeClass: u32): bool {
  const address = slabOf(block, sizeClass)
  if (!isSlab(address, sizeClass)) unreachable() // something else has written here
  const slab = slabAt(address)
  note64(address + offsetof<Slab>('free')) // and freeBlocks
  changetype<FreeBlock>(block).nextInSlab = slab.free
  slab.free = block
  const free = ++slab.freeBlocks
  sizeClassAt(sizeClass).freeBlocks++
  checkpoint(Checkpoint.BlockReturned)
  if (free == 1) link(sizeClass, address)
  else if (free == slabBlocks(sizeClass)) {
    unlink(sizeClass, address)
    noteDissolved(address, sizeClass)
    return true
  }
  return false
}

function noteDissolved(slab: u32, sizeClass: u32): void {
  setWord(slab + offsetof<Slab>('seal'), 0)
  sizeClassAt(sizeClass).freeBlocks -= slabBlocks(sizeClass)
  setSlabs(sizeClass, -1)
  noteGiven(slab, slabBytes(sizeClass) >> UNIT_SHIFT)
}

// ---- For the accounts ----

/** Whether the slabs with free blocks of a class are sound, and have as many free blocks as is noted. */
export function areFreeBlocksRight(sizeClass: u32): bool {
  let free: u32 = 0
  let previous: u32 = 0
  let left = sizeClassAt(sizeClass).slabs
  for (let slab = sizeClassAt(sizeClass).slab; slab; slab = slabAt(slab).next) {
    ensureReach(slab + slabBytes(sizeClass))
    if (!left-- || !isSlab(slab, sizeClass) || slabAt(slab).previous != previous) return false
    if (countFree(slab, sizeClass) != slabAt(slab).freeBlocks || !slabAt(slab).freeBlocks) return false
    free += slabAt(slab).freeBlocks
    previous = slab
  }
  return free == sizeClassAt(sizeClass).freeBlocks
}

/** Free blocks of a slab, by a walk; none of the right number if one lies where none can. */
function countFree(slab: u32, sizeClass: u32): u32 {
  const blocks = slabBlocks(sizeClass)
  let count = blocks - slabAt(slab).cut
  for (let block = slabAt(slab).free; block; block = changetype<FreeBlock>(block).nextInSlab) {
    if (count++ == blocks || slabOf(block, sizeClass) != slab || !isBlockPlace(block, sizeClass)) return u32.MAX_VALUE
  }
  return count
}
