/** An operation whose operands lie in the scratch page; it returns a status. */
export type Universal = (stripe: number) => number

/**
 * The raw exports of the core: see assembly/exports.ts and assembly/universal.ts, which say what each takes and
 * returns.
 */
export interface CoreExports {
  initializeHeap(maxPages: number, idLow: number, idHigh: number, seedLow: number, seedHigh: number): number
  attachThread(
    mayBlock: boolean, nativeId: number, nativeStart: number, threadId: number, parent: number, tokenLow: number,
    tokenHigh: number,
  ): number
  detachThread(): void
  recover(thread: number, by: number): number
  mend(): number
  scratchAddress(): number
  pages(): number

  createDirectory(): number
  createTable(keyKind: number, valueKind: number, capacity: number, codec: number): number
  openTable(table: number, generation: number): number
  closeTable(stripe: number): number
  deleteTable(table: number, generation: number): number
  claimTable(table: number, generation: number): void
  keepTable(): void
  isTable(address: number): number
  checkHeap(): number
  writeStats(stripe: number): number
  writeHeapStats(): number
  inspectChains(stripe: number, level: number, first: number, count: number, all: number): number
  inspectHeap(): number

  beginTrace(events: number, epoch: number): number
  endTrace(): number
  lookAtTrace(): number
  readTrace(from: number): number

  newBlock(meta: number): number
  dropBlock(block: number): void
  dropResult(): void

  getByNumber(stripe: number, key: number): number
  getByBlock(stripe: number, source: number, meta: number): number
  getBlockByNumber(stripe: number, key: number): number
  getBlockByBlock(stripe: number, source: number, meta: number): number
  hasNumber(stripe: number, key: number): number
  hasBlock(stripe: number, source: number, meta: number): number
  setNumberByNumber(stripe: number, key: number, value: number): number
  setBlockByNumber(stripe: number, key: number, valueSource: number, valueMeta: number): number
  setNumberByBlock(stripe: number, source: number, meta: number, value: number): number
  setBlockByBlock(stripe: number, source: number, meta: number, valueSource: number, valueMeta: number): number
  deleteNumber(stripe: number, key: number): number
  deleteBlock(stripe: number, source: number, meta: number): number
  incrementNumber(stripe: number, key: number, by: number): number
  incrementBlock(stripe: number, source: number, meta: number, by: number): number

  get: Universal
  has: Universal
  set: Universal
  remove: Universal
  insert: Universal
  exchange: Universal
  take: Universal
  compareAndSet: Universal
  compareAndDelete: Universal
  add: Universal
  hold: Universal
  letGo(): void

  size(stripe: number): number
  clear(stripe: number): number
  reserve(stripe: number, entries: number): number
  scan(stripe: number, cursor: number, last: number, limit: number): number
  holdChain(stripe: number, cursor: number, last: number, skip: number): number
  getMany(stripe: number, count: number): number
  getNumbers(stripe: number, count: number): number
  setMany(stripe: number, count: number): number
  deleteMany(stripe: number, count: number): number
}

// The constants that both sides must agree on; test/unit/layout.test.ts compares them with assembly/layout.

export const MAGIC = 0x48504f54
export const LAYOUT_VERSION = 5
export const TABLE_MAGIC = 0x4c424154
export const PAGE_BYTES = 65536
export const MAX_PAGES = 65536
/** Header, one scratch page, one chunk, and one more: less cannot hold an entry. */
export const MIN_PAGES = 6
export const MAX_THREADS = 128
/** 6.5 entries for each of 2^24 buckets. */
export const MAX_CAPACITY = 109_051_904

/** Kinds as the table's record names them; `none` is what the values of a set are. */
export const KIND_CODES = { number: 1, string: 2, bigint: 3, bytes: 4, any: 5, none: 6 } as const

/**
 * What a meta word says of a key or value, in its low 3 bits: how to read the payload, whose length in bytes is above
 * them. NUMBER and WORD have no payload; what they are is in 64 bits of their own.
 */
export const TYPE = { latin1: 0, utf16: 1, bytes: 2, bigint: 3, object: 4, number: 6, word: 7 } as const
export const TYPE_MASK = 7
export const LENGTH_SHIFT = 3
/** Longest payload that a meta word can tell. */
export const MAX_PAYLOAD = 2 ** 29 - 1

/** What a heap's header takes, with its thread slots. */
export const HEADER_BYTES = 196_608
/** Byte offsets in the heap header, in its words that change, in the page pool, and in a table. */
export const HEADER = { magic: 0, layoutVersion: 4, idLow: 8, idHigh: 12, maxPages: 24, directory: 32 } as const
export const TABLE = {
  magic: 0, keyKind: 4, valueKind: 8, baseLevel: 12, level: 16, generation: 24, codec: 28, references: 32,
} as const
/** In a table: where the bucket with index i lies, entry 32 - clz(i), less i * BUCKET_BYTES. */
export const DIRECTORY_AT = 64
export const BUCKET_BYTES = 144
export const LIMITS = { endPages: 64, tables: 68, ring: 72 } as const
export const FREE_RUNS_AT = 132
/** The rings that nobody writes to any more. */
export const RINGS_AT = 152
/** What tables are aligned to. */
export const TABLE_ALIGNMENT = 128
/** Raised by who waits for a lock in vain; who can tell dead threads waits on it. */
export const ASKED_AT = 192
/** The pool, which begins with its lock word. */
export const POOL_AT = 128
/** The first thread slot, the bytes of one, and what is in it. */
export const SLOTS_AT = 1024
export const SLOT_BYTES = 1408
export const SLOT = {
  state: 0, id: 4, nativeId: 32, nativeStart: 36, threadId: 40, parent: 44, tokenLow: 48, tokenHigh: 52, vouched: 56,
} as const
/** In a slot: the address of the lock that the thread holds or is about to take. */
export const JOURNAL_LOCK = 64
/** A slot's state: kind, who recovers, incarnation. */
export const SLOT_KIND = { free: 0, attached: 1, dead: 2, recovering: 3 } as const
export const KIND_MASK = 3
export const BY_SHIFT = 2
export const BY_MASK = 0xff
/**
 * An event of a trace as readTrace() copies it: its number, times in milliseconds, kind and thread, table and
 * generation, and what else depends on the kind.
 */
export const EVENT = {
  number: 0, start: 8, duration: 16, what: 24, table: 28, generation: 32,
  first: 36, second: 40, third: 44, fourth: 48, fifth: 52,
} as const
export const EVENT_BYTES = 64
export const EVENT_THREAD_SHIFT = 8
/** Events that a ring can have room for. */
export const MOST_EVENTS = 2 ** 22
/** What can happen, as an event's kind. */
export const EVENT_KIND = {
  growth: 1, evacuation: 2, overflow: 3, lockWait: 4, readRetry: 5, recovery: 6, memoryGrowth: 7, reserve: 8,
} as const
/** What inspectChains() writes: 128 counters, then 4 bytes for each chain, of so many at most in one call. */
export const INSPECTED = { chains: 512, most: 8192, mostEntries: 254, mostOverflow: 64 } as const
/** Set among a table's references when it was deleted. */
export const DOOMED = 0x8000_0000

/** Byte offsets in a thread's scratch page: results, operands, and areas that hold a block each. */
export const SCRATCH = {
  status: 0,
  address: 4,
  cursor: 8,
  owner: 12,
  meta: 16,
  word: 24,
  keyOperand: 64,
  valueOperand: 80,
  expectedOperand: 96,
  key: 128,
  value: 8192,
  answers: 32768,
  expected: 36864,
} as const
/** In an operand: its meta word, where its block lies, its 64 bits. */
export const OPERAND = { meta: 0, source: 4, word: 8 } as const
/** A block's payload lies behind its header. */
export const BLOCK_HEADER_BYTES = 8
/** Longest payloads that the areas hold; a value shares its area with what is expected, if that is there. */
export const KEY_ROOM = SCRATCH.value - SCRATCH.key - BLOCK_HEADER_BYTES
export const VALUE_ROOM = PAGE_BYTES - SCRATCH.value - BLOCK_HEADER_BYTES
export const EXPECTED_ROOM = PAGE_BYTES - SCRATCH.expected - BLOCK_HEADER_BYTES
export const SHARED_VALUE_ROOM = SCRATCH.expected - SCRATCH.value - BLOCK_HEADER_BYTES
/** What holdChain() lists: entries of so many bytes, which begin with where the key lies and where the value; so many at a time. */
export const HELD_ENTRY = { keyAt: 0, valueAt: 4, bytes: 40, most: 1433 } as const
/** What the calls of many at once may be asked, in bytes from the value area on. */
export const MANY_BYTES = SCRATCH.answers - SCRATCH.value

export const STATUS = {
  absent: 0,
  found: 1,
  replaced: 0,
  inserted: 1,
  removed: 1,
  matched: 1,
  outOfMemory: -1,
  ownerUnresponsive: -2,
  tooManyThreads: -3,
  deleted: -4,
  notANumber: -5,
  overflow: -6,
  invalid: -8,
  corrupt: -9,
} as const
