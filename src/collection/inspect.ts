import { BUCKET_CLASS, CLASSES, PAGE_BYTES, SCRATCH, UNITS_PER_PAGE } from '../core/layout.js'
import { BUCKET_BYTES, DIRECTORY_AT, INSPECTED, SLOTS_PER_BUCKET, TABLE } from '../table/layout.js'
import { failure, maxBytesOf } from '../core/failure.js'
import type { Heap } from '../heap/heap.js'
import { checkCount, checkNames } from '../core/options.js'
import type { AnyTable } from '../table/table.js'

// How a table and its heap look, for drawing. What is counted: assembly/structures/hashmap/inspect.ts.

/** What the segments of a table look like: each growth adds one. */
export interface InspectedSegment {
  /** The level that it belongs to: the first segment has the level that the table was made with. */
  level: number
  /** Index of its first bucket, and how many buckets it has. */
  first: number
  buckets: number
  /** Where it lies in the heap's memory. */
  address: number
  bytes: number
  /** Of the chains that were looked at: how many are of this segment, how many entries they have. */
  sampled: number
  entries: number
  /** Share of those that have been evacuated into: 0 to 1. Of a segment with none that was looked at: 1. */
  evacuated: number
}

/** How a heap's memory is used, in bytes. Approximate while threads write. */
export interface InspectedHeap {
  /** Taken by entries, buckets, tables and threads. */
  usedBytes: number
  /** Freed, and kept for reuse: by anything, but for what `freeBlocks` lists. */
  reusableBytes: number
  /** Of the memory's size never used so far. usedBytes + reusableBytes + untouchedBytes = memoryBytes. */
  untouchedBytes: number
  /** What the memory has now, and what it may grow to. */
  memoryBytes: number
  maxBytes: number
  /** What the pages that were handed out are for, in pages of 64 KiB and parts of them. */
  pages: { header: number; blocks: number; largeBlocks: number; segments: number; scratch: number; free: number }
  /**
   * Free blocks by size, those sizes that have any. They serve that size only, until the last block beside them is free:
   * then their memory serves anything. `isBucket`: overflow buckets.
   */
  freeBlocks: { bytes: number; blocks: number; isBucket: boolean }[]
}

/** What `inspect()` returns: a plain object, a snapshot for drawing. Approximate while threads write. */
export interface Inspection {
  /** The table has 2^level head buckets, of 8 slots each. */
  level: number
  buckets: number
  /** Chains that were looked at, evenly spread over the table. All that follows but `heap` is about these. */
  sampled: number
  /** Entries in them. */
  entries: number
  /** How many of them are not evacuated into yet: their entries are still with other chains. */
  pending: number
  /** fill[n]: chains whose head bucket has n entries, 0 to 8. */
  fill: number[]
  /** chains[n]: chains with n overflow buckets; the last of 65: with 64 or more, and only so many were looked at. */
  chains: number[]
  /** tophashes[b]: entries whose tophash byte is b: 128 to 255. Even, if the hash is good. */
  tophashes: number[]
  segments: InspectedSegment[]
  /**
   * Entries of each chain that was looked at, in the order of the buckets' indexes: number i is of bucket
   * floor(i * buckets / sampled). 254 stands for that many or more, 255 for one not evacuated into yet.
   */
  sample: Uint8Array
  heap: InspectedHeap
}

export interface InspectOptions {
  /** Chains to look at, at most: 1 to 2^24. Default 4096. */
  buckets?: number
}

const DEFAULT_BUCKETS = 4096
const MOST_BUCKETS = 2 ** 24
/** In `sample`: a chain that is not evacuated into yet. */
export const PENDING = 255

/** Looks at a table. */
export function inspectTable(table: AnyTable, options: InspectOptions | undefined): Inspection {
  const { buckets = DEFAULT_BUCKETS } = checkNames('inspect', options, ['buckets'], '{ buckets: 4096 }') as InspectOptions
  checkCount('buckets', buckets, 1, MOST_BUCKETS, 'buckets')
  const { heap } = table
  const level = heap.wordAt(table.address + TABLE.level)
  const sampled = Math.min(buckets, 2 ** level)
  const found: Inspection = {
    level,
    buckets: 2 ** level,
    sampled,
    entries: 0,
    pending: 0,
    fill: zeroes(SLOTS_PER_BUCKET + 1),
    chains: zeroes(INSPECTED.mostOverflow + 1),
    tophashes: zeroes(256),
    segments: segmentsOf(table, level),
    sample: new Uint8Array(sampled),
    heap: inspectHeap(heap),
  }
  const live = zeroes(found.segments.length)
  for (let first = 0; first < sampled; first += INSPECTED.most) {
    const count = Math.min(INSPECTED.most, sampled - first)
    const status = heap.core.inspectChains(table.stripe, level, first, count, sampled)
    if (status < 0) throw table.failure(status)
    addTags(found, heap)
    const chains = heap.scratch + SCRATCH.value + INSPECTED.chains
    for (let i = 0; i < count; i++) addChain(found, live, first + i, heap.wordAt(chains + i * 4))
  }
  found.segments.forEach((segment, i) => (segment.evacuated = segment.sampled === 0 ? 1 : live[i]! / segment.sampled))
  return found
}

function zeroes(length: number): number[] {
  return Array.from({ length }, () => 0)
}

function addTags({ tophashes }: Inspection, heap: Heap): void {
  for (let tag = 128; tag < 256; tag++) tophashes[tag]! += heap.wordAt(heap.scratch + SCRATCH.value + (tag - 128) * 4)
}

/** Adds one chain: four bytes say its entries, those of its head, its overflow buckets, and whether it is evacuated into. */
function addChain(found: Inspection, live: number[], number: number, word: number): void {
  const [entries, inHead, overflow, isLive] = [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24 !== 0]
  const index = Math.floor((number * found.buckets) / found.sampled)
  const which = found.segments.findLastIndex(({ first }) => first <= index)
  const segment = found.segments[which]!
  segment.sampled++
  found.sample[number] = isLive ? entries : PENDING
  if (!isLive) {
    found.pending++
    return
  }
  live[which]!++
  segment.entries += entries
  found.entries += entries
  found.fill[inHead]!++
  found.chains[overflow]!++
}

/** The first segment has the heads that the table was made with; each growth adds one with as many as there are. */
function segmentsOf({ heap, address }: AnyTable, level: number): InspectedSegment[] {
  const base = Math.min(heap.wordAt(address + TABLE.baseLevel), level)
  return Array.from({ length: level - base + 1 }, (_, i) => {
    const first = i === 0 ? 0 : 2 ** (base + i - 1)
    const buckets = i === 0 ? 2 ** base : first
    const entry = heap.wordAt(address + DIRECTORY_AT + (32 - Math.clz32(first)) * 4)
    const at = (entry + first * BUCKET_BYTES) % 2 ** 32
    const bytes = buckets * BUCKET_BYTES
    return { level: base + i, first, buckets, address: at, bytes, sampled: 0, entries: 0, evacuated: 1 }
  })
}

function inspectHeap(heap: Heap): InspectedHeap {
  const status = heap.core.inspectHeap()
  if (status < 0) throw failure(heap, status)
  const at = (index: number): number => heap.floatAt(heap.scratch + SCRATCH.value + index * 8)
  const inPages = (index: number): number => at(index) / UNITS_PER_PAGE
  const [header, blocks, largeBlocks, segments, scratch] = [inPages(0), inPages(1), inPages(2), inPages(3), inPages(4)]
  const end = at(5)
  const inUse = header + blocks + largeBlocks + segments + scratch
  const sizes = Array.from({ length: CLASSES }, (_, n) => ({
    bytes: at(7 + 2 * n),
    blocks: at(8 + 2 * n),
    isBucket: n === BUCKET_CLASS,
  }))
  const freeBytes = sizes.reduce((sum, size) => sum + size.bytes * size.blocks, 0)
  const memoryBytes = at(6) * PAGE_BYTES
  return {
    usedBytes: inUse * PAGE_BYTES - freeBytes,
    reusableBytes: (end - inUse) * PAGE_BYTES + freeBytes,
    untouchedBytes: memoryBytes - end * PAGE_BYTES,
    memoryBytes,
    maxBytes: maxBytesOf(heap),
    pages: { header, blocks, largeBlocks, segments, scratch, free: end - inUse },
    freeBlocks: sizes.filter((size) => size.blocks > 0),
  }
}
