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
  /** Freed, or not yet cut to size, and kept for reuse. */
  reusableBytes: number
  /** Of the memory's size never used so far. usedBytes + reusableBytes + untouchedBytes = memoryBytes. */
  untouchedBytes: number
  /** What the memory has now, and what it may grow to. */
  memoryBytes: number
  maxBytes: number
  /** What the pages that were handed out are for. */
  pages: { header: number; blocks: number; largeBlocks: number; segments: number; scratch: number; free: number }
  /** Free blocks by size, those sizes that have any; `isBucket`: overflow buckets, which stay such. */
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
   * Entries of each chain that was looked at, in the order of the buckets' indexes (see sampleIndex); 254 stands for
   * that many or more, PENDING (255) for one not evacuated into yet.
   */
  sample: Uint8Array
  heap: InspectedHeap
}

export interface InspectOptions {
  /** Chains to look at, at most: 1 to 2^24. Default 4096. */
  buckets?: number
}
