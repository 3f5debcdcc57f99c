import { BUCKET_CLASS, BUCKET_CLASS_BYTES, MAX_CLASS_BYTES, RECORD_CLASS, STRIPE_CLASS, UNIT_SHIFT } from '../layout/limits'
import { RECORD_BYTES } from '../layout/record'
import { STRIPE_BYTES } from '../layout/stripe'

// Size classes: 16, 24, 32 ... 128 in steps of 8, then four to a doubling (160, 192, 224, 256, 320 ... 896), and from there
// on what fills a slab. A block is at most a quarter larger than what was asked for. The last classes have a single use
// each: overflow buckets; stripes and tables' records, which stay what they are for ever.

const LINEAR_END: u32 = 128
const LINEAR_CLASSES: u32 = 15
const LINEAR_END_LOG2: u32 = 7
/** The classes from here on are not computed. */
const LISTED_CLASSES: u32 = 26
const LISTED_FROM: u32 = 896

/** The smallest class whose blocks hold `bytes` (16 to MAX_CLASS_BYTES). */
export function classOf(bytes: u32): u32 {
  if (bytes <= LINEAR_END) return ((bytes + 7) >> 3) - 2
  if (bytes > LISTED_FROM) return listedClassOf(bytes)
  const doubling = 31 - u32(clz(bytes - 1))
  const quarter = ((bytes - 1) >> (doubling - 2)) & 3
  return LINEAR_CLASSES + ((doubling - LINEAR_END_LOG2) << 2) + quarter
}

function listedClassOf(bytes: u32): u32 {
  let sizeClass = LISTED_CLASSES
  while (listedBytes(sizeClass) < bytes) sizeClass++
  return sizeClass
}

/** What a block of the class takes. */
export function classBytes(sizeClass: u32): u32 {
  if (sizeClass < LINEAR_CLASSES) return (sizeClass + 2) << 3
  if (sizeClass >= LISTED_CLASSES) return listedBytes(sizeClass)
  const step = sizeClass - LINEAR_CLASSES
  return (5 + (step & 3)) << (LINEAR_END_LOG2 - 2 + (step >> 2))
}

/** A 16th of a slab, a 14th, a 12th ... a quarter; of a larger slab a seventh to a quarter; what has a single use. */
function listedBytes(sizeClass: u32): u32 {
  switch (sizeClass) {
    case 26: return 1016
    case 27: return 1152
    case 28: return 1344
    case 29: return 1616
    case 30: return 2032
    case 31: return 2320
    case 32: return 2704
    case 33: return 3248
    case 34: return 4064
    case 35: return 4656
    case 36: return 5440
    case 37: return 6528
    case BUCKET_CLASS: return BUCKET_CLASS_BYTES
    case STRIPE_CLASS: return STRIPE_BYTES
    case RECORD_CLASS: return RECORD_BYTES
    default: return MAX_CLASS_BYTES
  }
}

/** What moves between a thread and its slabs at a time, so that the pool lock is rarely taken. */
export const BATCH_BYTES: u32 = 4096

/** The same in blocks. */
export function batchSize(sizeClass: u32): u32 {
  return max<u32>(1, BATCH_BYTES / classBytes(sizeClass))
}

// ---- Slabs: a run of units that is cut into blocks of one class ----

/** Binary logarithm of the units that a slab of the class takes; it is aligned to as many. */
export function slabLog2(sizeClass: u32): u32 {
  if (sizeClass >= STRIPE_CLASS) return sizeClass == STRIPE_CLASS ? 2 : 3
  const bytes = classBytes(sizeClass)
  if (bytes <= 64) return 2
  if (bytes <= 256) return 3
  return bytes <= 4064 ? 4 : 5
}

/** Bytes that a slab of the class takes. */
export function slabBytes(sizeClass: u32): u32 {
  return 1 << (slabLog2(sizeClass) + UNIT_SHIFT)
}

/** What lies before a slab's first block: its header, and what aligns the blocks. Those from 128 bytes on are aligned to 32. */
export function slabHeaderBytes(sizeClass: u32): u32 {
  return classBytes(sizeClass) < 128 ? 32 : 128
}

/** Blocks of a slab. */
export function slabBlocks(sizeClass: u32): u32 {
  return (slabBytes(sizeClass) - slabHeaderBytes(sizeClass)) / classBytes(sizeClass)
}
