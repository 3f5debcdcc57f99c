import { FOR_LARGE, FOR_SCRATCH, FOR_SEGMENT, FOR_SLAB, loadEndPages } from '../layout/heap'
import { CLASSES } from '../layout/limits'
import { report } from '../layout/scratch'
import { INVALID } from '../layout/status'
import { isAttached } from '../layout/thread'
import { classBytes } from '../memory/classes'
import { estimateFree } from '../memory/lists'
import { unitsInUse } from '../memory/runs'
import { fixedUnits } from '../memory/usage'

/**
 * How the heap's memory is used: units for the header, blocks, large blocks, segments, scratch; pages handed out, and those
 * that memory has; and of each size of blocks how many bytes one has and how many are free. As 64-bit floats.
 */
export function inspectHeap(): i32 {
  if (!isAttached()) return INVALID
  report(0, fixedUnits())
  report(1, unitsInUse(FOR_SLAB))
  report(2, unitsInUse(FOR_LARGE))
  report(3, unitsInUse(FOR_SEGMENT))
  report(4, unitsInUse(FOR_SCRATCH))
  report(5, loadEndPages())
  report(6, u32(memory.size()))
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    report(7 + 2 * sizeClass, classBytes(sizeClass))
    report(8 + 2 * sizeClass, estimateFree(sizeClass))
  }
  return 0
}
