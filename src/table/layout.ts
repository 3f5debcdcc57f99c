// Made by scripts/mirror.mjs from assembly/structures/hashmap/mirror.json, which says what belongs here: do not edit.

/** Which structure a hash map is. */
export const HASH_MAP = 1

/** 6.5 entries for each of 2^24 buckets. */
export const MAX_CAPACITY = 109051904

/** Byte offsets in the record of a hash map. */
export const TABLE = {
  baseLevel: 36,
  level: 40,
  end: 48,
} as const

/** In a table: where the bucket with index i lies, entry 32 - clz(i), less i * BUCKET_BYTES. */
export const DIRECTORY_AT = 64

/** In a table: who raises the level; the cursor of its growth. */
export const GROWING_AT = 768

export const CURSOR_AT = 896

/** Byte offsets in a stripe: a thread's share of the counters. */
export const TABLE_STRIPE = {
  count: 28,
  evacuated: 32,
  end: 44,
} as const

/** In a slot: overflow buckets that are in no chain any more; whether one is in the slot itself. */
export const TABLE_JOURNAL = {
  buckets: 128,
  saved: 132,
  end: 164,
} as const

export const SLOTS_PER_BUCKET = 8

export const BUCKET_BYTES = 144

export const OVERFLOW_BUCKET_BYTES = 160

/** Byte offsets in a bucket; the low bits of `next` that are the depth. */
export const BUCKET = {
  lock: 0,
  next: 4,
  tophash: 8,
  key0: 16,
  value0: 24,
  slotBytes: 16,
} as const

export const DEPTH_MASK = 31

/** What inspectChains() writes: 128 counters, then 4 bytes for each chain, of so many at most in one call. */
export const INSPECTED = {
  chains: 512,
  most: 8192,
  mostEntries: 254,
  mostOverflow: 64,
} as const

/** Where the word of a key that is a block has its hash, and how many low bits of it. */
export const KEY_HASH = {
  shift: 29,
  bits: 22,
} as const

/** What scan() copies of each entry. */
export const FORM = {
  entries: 0,
  keys: 1,
  values: 2,
  keysAndWords: 3,
} as const

/**
 * What pinChain() lists: entries of so many bytes, which begin with where the key lies and where the value; so many at
 * a time.
 */
export const HELD_ENTRY = {
  keyAt: 0,
  valueAt: 4,
  keyWord: 16,
  bytes: 40,
  most: 1433,
} as const
