import { MAX_CLASS_BYTES, BUCKET_CLASS } from '../layout/limits'
import { OVERFLOW_BUCKET_BYTES } from '../layout/bucket'

// Size classes: 16, 24, 32 ... 128 in steps of 8, then four to a doubling (160, 192, 224, 256, 320 ...) up to
// MAX_CLASS_BYTES. A block is at most a fifth larger than what was asked for.

const LINEAR_END: u32 = 128
const LINEAR_CLASSES: u32 = 15
const LINEAR_END_LOG2: u32 = 7

/** The smallest class whose blocks hold `bytes` (16 to MAX_CLASS_BYTES). */
export function classOf(bytes: u32): u32 {
  if (bytes <= LINEAR_END) return ((bytes + 7) >> 3) - 2
  const doubling = 31 - u32(clz(bytes - 1))
  const quarter = ((bytes - 1) >> (doubling - 2)) & 3
  return LINEAR_CLASSES + ((doubling - LINEAR_END_LOG2) << 2) + quarter
}

/** What a block of the class takes. */
export function classBytes(sizeClass: u32): u32 {
  if (sizeClass == BUCKET_CLASS) return OVERFLOW_BUCKET_BYTES
  if (sizeClass < LINEAR_CLASSES) return (sizeClass + 2) << 3
  const step = sizeClass - LINEAR_CLASSES
  return (5 + (step & 3)) << (LINEAR_END_LOG2 - 2 + (step >> 2))
}

/** The largest class whose blocks are no larger than `bytes` (at least 16). */
export function classWithin(bytes: u32): u32 {
  const sizeClass = classOf(min<u32>(bytes, MAX_CLASS_BYTES))
  return classBytes(sizeClass) > bytes ? sizeClass - 1 : sizeClass
}

/** Blocks that move between a thread and the heap at a time: some 4 KiB, so that the pool lock is rarely taken. */
export function batchSize(sizeClass: u32): u32 {
  return max<u32>(1, 4096 / classBytes(sizeClass))
}
