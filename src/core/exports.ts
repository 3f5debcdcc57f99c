/** The raw exports of the core: see assembly/exports.ts, which says what each takes and returns. */
export interface CoreExports {
  initializeHeap(maxPages: number, idLow: number, idHigh: number, seedLow: number, seedHigh: number): void
  attachThread(mayBlock: boolean): number
  detachThread(): void
  scratchAddress(): number
  createTable(keyKind: number, valueKind: number, capacity: number): number
  openTable(table: number): number
  isTable(address: number): number
  checkHeap(): number
  writeStats(stripe: number): void
  pages(): number

  newBlock(meta: number): number
  dropBlock(block: number, meta: number): void
  dropResult(): void

  getNumberByNumber(stripe: number, key: number): number
  getStringByNumber(stripe: number, key: number): number
  getNumberByString(stripe: number, source: number, meta: number): number
  getStringByString(stripe: number, source: number, meta: number): number
  hasNumber(stripe: number, key: number): number
  hasString(stripe: number, source: number, meta: number): number
  setNumberByNumber(stripe: number, key: number, value: number): number
  setStringByNumber(stripe: number, key: number, valueSource: number, valueMeta: number): number
  setNumberByString(stripe: number, source: number, meta: number, value: number): number
  setStringByString(stripe: number, source: number, meta: number, valueSource: number, valueMeta: number): number
  deleteNumber(stripe: number, key: number): number
  deleteString(stripe: number, source: number, meta: number): number
  incrementNumber(stripe: number, key: number, by: number): number
  incrementString(stripe: number, source: number, meta: number, by: number): number

  size(stripe: number): number
  clear(stripe: number): number
  reserve(stripe: number, entries: number): number
  scanNumberNumber(stripe: number, cursor: number, last: number, limit: number): number
  scanNumberString(stripe: number, cursor: number, last: number, limit: number): number
  scanStringNumber(stripe: number, cursor: number, last: number, limit: number): number
  scanStringString(stripe: number, cursor: number, last: number, limit: number): number
}

// The constants that both sides must agree on; test/unit/layout.test.ts compares them with assembly/layout.

export const MAGIC = 0x48504f54
export const LAYOUT_VERSION = 1
export const TABLE_MAGIC = 0x4c424154
export const PAGE_BYTES = 65536
export const MAX_PAGES = 65536
/** Header, one scratch page, one chunk, and one more: less cannot hold an entry. */
export const MIN_PAGES = 5
export const MAX_THREADS = 128
/** 6.5 entries for each of 2^24 buckets. */
export const MAX_CAPACITY = 109_051_904

/** Kinds as the table's record names them. */
export const KIND_CODES = { number: 1, string: 2 } as const

/** Byte offsets in the heap header and in a table. */
export const HEADER = { magic: 0, layoutVersion: 4, idLow: 8, idHigh: 12, maxPages: 24 } as const
export const TABLE = { magic: 0, keyKind: 4, valueKind: 8 } as const

/** Byte offsets in a thread's scratch page. */
export const SCRATCH = { status: 0, address: 4, cursor: 8, owner: 12, key: 64, value: 8192 } as const
/** Longest payloads that the two areas hold behind a block's 8-byte header. */
export const KEY_ROOM = SCRATCH.value - SCRATCH.key - 8
export const VALUE_ROOM = PAGE_BYTES - SCRATCH.value - 8

export const STATUS = {
  absent: 0,
  found: 1,
  inserted: 1,
  removed: 1,
  outOfMemory: -1,
  ownerUnresponsive: -2,
  tooManyThreads: -3,
} as const
