import { DEFAULT_LEVEL, GROW_DENOMINATOR, GROW_NUMERATOR, MAX_LEVEL } from '../../layout/limits'
import { LIVE } from '../../sync/lock'
import { newSegment } from '../../memory/segments'
import { BUCKET_BYTES, storePrivate } from './layout/bucket'
import { headAt, Table } from './layout/table'
import { setSegment } from './grow'

// Making: a table with its first segment, which nobody else knows yet.

/** Makes a record, whose own words are 0, a table with room for so many entries (0: the default). False: there is no memory. */
export function makeTable(record: u32, capacity: f64): bool {
  return makeBuckets(record, levelOf(capacity), BUCKET_BYTES, 0)
}

/** Level for so many entries; 0: the default. */
export function levelOf(capacity: f64): u32 {
  return capacity >= 1 ? levelFor(u32(min<f64>(capacity, u32.MAX_VALUE))) : DEFAULT_LEVEL
}

/** The same with so large buckets, and so many bytes behind those of the first segment. */
export function makeBuckets(record: u32, level: u32, bucketBytes: u32, extraBytes: u32): bool {
  const segment = newSegment((bucketBytes << level) + extraBytes)
  if (!segment) return false
  changetype<Table>(record).bucketBytes = bucketBytes
  changetype<Table>(record).baseLevel = level
  changetype<Table>(record).level = level
  for (let bits: u32 = 0; bits <= level; bits++) setSegment(record, bits, segment)
  for (let index: u32 = 0; index < 1 << level; index++) openHead(headAt(record, index), level)
  return true
}

/** Level at which so many entries fit without growing. */
function levelFor(entries: u32): u32 {
  let level: u32 = 0
  while (level < MAX_LEVEL && u64(entries) * GROW_DENOMINATOR > u64(GROW_NUMERATOR) << level) level++
  return level
}

/** A head of the first segment: LIVE from the start, with the table's depth. */
function openHead(head: u32, level: u32): void {
  storePrivate(head, 0, level)
  store<u32>(head, LIVE)
}
