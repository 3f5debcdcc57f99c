import { BUCKET_CLASS, MAX_LEVEL } from '../../../layout/limits'
import { CollectionRecord, IDLE, WIDE } from '../../../layout/record'
import { hasFlag, isMineOf, recordOf, Stripe } from '../../../layout/stripe'
import { BUCKET_BYTES } from './bucket'
import { IDLE_BUCKET_BYTES, IDLE_CLASS, WIDE_CLASS } from './wide'

/**
 * A hash map, in a collection's record: where its buckets are.
 *
 *     36    levels                        read now and then
 *     64    segments[33]                  where bucket i lies: entry 32 - clz(i)
 *     768   growing                       taken by the thread that raises the level
 *     896   cursor                        next range of children to evacuate
 *
 * Head buckets lie in segments. Segment 0 has 2^baseLevel buckets; each growth adds one segment with as many
 * buckets as there are already, and nothing ever moves:
 *
 *     segments    0 .. base        base + 1         base + 2
 *                 |                |                |
 *                 v                v                v
 *                 [ 2^base       ] [ 2^base       ] [ 2^(base+1)                  ]
 *       bucket    0              2^base           2^(base+1)                      2^(base+2)
 *
 * An entry holds the address that bucket 0 would have if the segment reached down to it, so that the address of
 * bucket i is segments[32 - clz(i)] + i * bucketBytes, without a branch.
 */
@unmanaged
@final
export class Table extends CollectionRecord {
  baseLevel: u32
  /** 2^level head buckets. Written by the thread that holds `growing`; its readers cache it. */
  level: u32
  /** From one head to the next: 144, or in a cache WIDE_BUCKET_BYTES or IDLE_BUCKET_BYTES. A multiple of 8. */
  bucketBytes: u32
}

/** Which structure it is. */
export const HASH_MAP: u32 = 1
/** A hash map with wide buckets: see layout/wide.ts. */
export const CACHE: u32 = 5

export const SEGMENTS: u32 = 64
export const GROWING: u32 = 768
export const CURSOR: u32 = 896

/** A thread's share of the counters, and its view of the level. */
@unmanaged
export class TableStripe extends Stripe {
  /** A level that the table has reached; perhaps no longer the newest. Correct all the same: see locate.ts. */
  level: u8
  /** Inserts since this thread last looked whether the table must grow; it looks more often than once in 256. */
  inserts: u8
  /** What is left of the runs that this thread has claimed in a cache's ring, to fill and to empty: see cache/ring.ts. */
  fillLeft: u8
  emptyLeft: u8
  /** Entries inserted less entries removed by this thread; the sum over the stripes is the size. */
  count: i32
  /** Buckets evacuated by this thread; the sum says when a growth is finished. */
  evacuated: u32
  /** Overflow buckets linked less unlinked by this thread. */
  overflow: i32
  /**
   * What `count` is when no entry is left, as far as this thread has seen: less than nothing if others have inserted. Where it
   * is too high a removal looks again; where it is too low, because others have removed what this thread had inserted, the
   * table is not shrunk before it is filled and emptied again, or cleared.
   */
  emptyAt: i32
}

/**
 * The same, of a map. Nobody reads that but this thread. A cache's stripe has other words there, so who writes these asks for the flag WIDE
 * first.
 */
@unmanaged
export class MapStripe extends TableStripe {
  /** The low bits of a hash that are an index at `level`: where a search begins. */
  mask: u32
  /** Heads of the newest segment from here on are not LIVE yet, as far as this thread has seen: only a hint. */
  liveBelow: u32
}

/** Whether this is a stripe of this thread's, of a table that it has open. */
@inline
export function isTable(stripe: u32): bool {
  return isMineOf(stripe, HASH_MAP)
}

/** The same of a cache. */
@inline
export function isCache(stripe: u32): bool {
  return isMineOf(stripe, CACHE)
}

/** Of either. */
@inline
export function isMapOrCache(stripe: u32): bool {
  return isTable(stripe) || isCache(stripe)
}

/** The same, and whether the table has all of these flags. */
@inline
export function isTableWith(stripe: u32, flags: u32): bool {
  return isTable(stripe) && (changetype<TableStripe>(stripe).flags & flags) == flags
}

/** The table that a stripe belongs to. */
@inline
export function tableOf(stripe: u32): u32 {
  return recordOf(stripe)
}

/**
 * Pairs with the store in grow.ts: who sees a level sees the entry of segments of its segment. One that no table can have
 * would make many a loop endless.
 */
export function loadLevel(table: u32): u32 {
  const level = atomic.load<u32>(table, offsetof<Table>('level'))
  if (level > MAX_LEVEL) unreachable()
  return level
}

/**
 * Address of a head bucket. A plain load: a thread asks only for buckets of a level that it has seen, and the
 * entry of segments was written before that level (or the depth, or the stripe) that told it.
 */
@inline
export function headAt(table: u32, index: u32): u32 {
  return load<u32>(table + (u32(32 - clz(index)) << 2), SEGMENTS) + index * bucketBytesOf(table)
}

/** The same of a map, whose buckets are not wide: without a load. */
@inline
export function headOfMap(map: u32, index: u32): u32 {
  return load<u32>(map + (u32(32 - clz(index)) << 2), SEGMENTS) + index * BUCKET_BYTES
}

@inline
export function bucketBytesOf(table: u32): u32 {
  return changetype<Table>(table).bucketBytes
}

/** Whether a table's buckets are wide: a cache's. */
@inline
export function isWide(table: u32): bool {
  return bucketBytesOf(table) != BUCKET_BYTES
}

/** Whether they have room for when their entries were used last. */
@inline
export function isIdle(table: u32): bool {
  return bucketBytesOf(table) == IDLE_BUCKET_BYTES
}

/** The same by a stripe, in the line that every operation reads first. */
@inline
export function bucketClassIn(stripe: u32): u32 {
  if (!hasFlag(stripe, WIDE)) return BUCKET_CLASS
  return hasFlag(stripe, IDLE) ? IDLE_CLASS : WIDE_CLASS
}

/** The size class of a table's overflow buckets. */
@inline
export function bucketClassOf(table: u32): u32 {
  if (!isWide(table)) return BUCKET_CLASS
  return isIdle(table) ? IDLE_CLASS : WIDE_CLASS
}

/** Says at which level this thread's searches begin. */
export function setLevel(stripe: u32, level: u32): void {
  changetype<TableStripe>(stripe).level = u8(level)
  if (!hasFlag(stripe, WIDE)) changetype<MapStripe>(stripe).mask = maskOf(level)
}

/**
 * Index of the head at which a search in a map begins: that of the level, or while the table grows the parent of one that is not
 * LIVE yet, as far as this thread has seen. Any level that the table ever had would do: see locate.ts.
 */
@inline
export function startInMap(stripe: u32, hash: u32): u32 {
  const mask = changetype<MapStripe>(stripe).mask
  const index = hash & mask
  return select<u32>(index, index & (mask >> 1), index < changetype<MapStripe>(stripe).liveBelow)
}

/** The same in any table. */
@inline
export function startOf(stripe: u32, hash: u32): u32 {
  return hasFlag(stripe, WIDE) ? hash & maskOf(changetype<TableStripe>(stripe).level) : startInMap(stripe, hash)
}

@inline
export function maskOf(level: u32): u32 {
  return (1 << level) - 1
}

/** The bucket that held a bucket's entries before it: the same index without its highest bit. */
@inline
export function parentOf(index: u32): u32 {
  return index & ~(0x80000000 >> u32(clz(index)))
}
