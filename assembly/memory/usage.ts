import { FOR_LARGE, FOR_SCRATCH, FOR_SEGMENT, FOR_SLAB } from '../layout/heap'
import { CLASSES, HEADER_PAGES, UNIT_BYTES, UNITS_PER_PAGE_SHIFT } from '../layout/limits'
import { classBytes } from './classes'
import { estimateFree } from './lists'
import { unitsInUse } from './runs'
import { countMapPages } from './free-map'

// How much of the heap's memory is used, by the pool's counters: nothing is walked that others change.

/** Units of the header and of the map. */
export function fixedUnits(): u32 {
  return (HEADER_PAGES + countMapPages()) << UNITS_PER_PAGE_SHIFT
}

/** Units that are in use, whatever for. */
export function unitsHeld(): u32 {
  return unitsInUse(FOR_SLAB) + unitsInUse(FOR_LARGE) + unitsInUse(FOR_SEGMENT) + unitsInUse(FOR_SCRATCH)
}

/** Bytes of units that are not free. */
export function bytesInUse(): f64 {
  return f64(fixedUnits() + unitsHeld()) * UNIT_BYTES
}

/** Of those: free blocks. */
export function freeBytes(): f64 {
  let bytes: f64 = 0
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    bytes += f64(estimateFree(sizeClass)) * f64(classBytes(sizeClass))
  }
  return bytes
}
