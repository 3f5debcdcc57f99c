import { BLOCK_HEADER_BYTES, PAGE_BYTES, SCRATCH } from './layout.js'
import type { StructureExports } from './structures.js'

/** An operation whose operands lie in the scratch page; it returns a status. */
export type Universal = (stripe: number) => number

/**
 * The raw exports of the core: see assembly/exports/index.ts and assembly/exports/generic.ts, which say what each takes and
 * returns. Those of one structure alone are in its folder.
 */
export interface CoreExports extends StructureExports {
  initializeHeap(
    maxPages: number,
    idLow: number,
    idHigh: number,
    random0: number,
    random1: number,
    random2: number,
    random3: number,
  ): number
  attachThread(
    mayBlock: boolean,
    nativeId: number,
    nativeStart: number,
    threadId: number,
    parent: number,
    tokenLow: number,
    tokenHigh: number,
  ): number
  detachThread(): void
  recover(thread: number, by: number): number
  mend(): number
  hurry(on: boolean): void
  scratchAddress(): number
  pages(): number

  createDirectory(): number
  createCollection(
    structure: number,
    keyKind: number,
    valueKind: number,
    capacity: number,
    codec: number,
    unnamed: boolean,
  ): number
  openCollection(record: number, generation: number): number
  closeCollection(stripe: number): number
  deleteCollection(record: number, generation: number): number
  claimCollection(record: number, generation: number): number
  keepCollection(): void
  isListed(address: number): number
  checkHeap(): number
  trim(): number
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
  getKnown(stripe: number, hash: number, block: number, retired: number): number
  getBlockKnown(stripe: number, hash: number, block: number, retired: number): number
  describeKnown(stripe: number, hash: number, block: number, retired: number): number
  hasKnown(stripe: number, hash: number, block: number, retired: number): number
  getBlockByNumber(stripe: number, key: number): number
  getBlockByBlock(stripe: number, source: number, meta: number): number
  hasNumber(stripe: number, key: number): number
  hasBlock(stripe: number, source: number, meta: number): number
  setNumberByNumber(stripe: number, key: number, value: number): number
  setBlockByNumber(stripe: number, key: number, valueSource: number, valueMeta: number): number
  setNumberByBlock(stripe: number, source: number, meta: number, value: number): number
  setBlockByBlock(stripe: number, source: number, meta: number, valueSource: number, valueMeta: number): number
  setNumberKnown(stripe: number, hash: number, block: number, retired: number, value: number): number
  setBlockKnown(stripe: number, hash: number, block: number, retired: number, valueSource: number, valueMeta: number): number
  deleteNumber(stripe: number, key: number): number
  deleteBlock(stripe: number, source: number, meta: number): number
  incrementNumber(stripe: number, key: number, by: number): number
  incrementBlock(stripe: number, source: number, meta: number, by: number): number
  incrementKnown(stripe: number, hash: number, block: number, retired: number, by: number): number

  get: Universal
  has: Universal
  set: Universal
  remove: Universal
  insert: Universal
  exchange: Universal
  take: Universal
  compareAndSet: Universal
  compareAndDelete: Universal
  increment: Universal
  watch(stripe: number, isExpecting: boolean, orAbsent: boolean): number
  pin: Universal
  unpin(): void
  removePinned(): number
  replacePinned(): number

  size(stripe: number): number
  clear(stripe: number): number
  reserve(stripe: number, entries: number): number
  scan(stripe: number, cursor: number, last: number, limit: number, isMost: boolean, form?: number): number
  pinChain(stripe: number, cursor: number, last: number, goesOn: boolean): number
  getMany(stripe: number, count: number): number
  getNumbers(stripe: number, count: number): number
  setMany(stripe: number, count: number): number
  deleteMany(stripe: number, count: number): number
  getOrInsertMany(stripe: number, count: number): number
  getOrInsertNumbers(stripe: number, count: number): number
  hashOfOperand: Universal
}

// What else the TypeScript side knows of the core. The numbers that both sides must agree on are in layout.ts, here and in the
// folders of structures: made by scripts/mirror.mjs.

export const MAX_PAGES = 65536
/** Header, a scratch page, one that is kept for who attaches to a full heap, and two more: less can hold next to nothing. */
export const MIN_PAGES = 7

/** Longest payloads that the areas of a scratch page hold; a value shares its area with what is expected, if that is there. */
export const KEY_ROOM = SCRATCH.value - SCRATCH.key - BLOCK_HEADER_BYTES
export const VALUE_ROOM = PAGE_BYTES - SCRATCH.value - BLOCK_HEADER_BYTES
export const EXPECTED_ROOM = PAGE_BYTES - SCRATCH.expected - BLOCK_HEADER_BYTES
export const SHARED_VALUE_ROOM = SCRATCH.expected - SCRATCH.value - BLOCK_HEADER_BYTES
/** What the calls of many at once may be asked, in bytes from the value area on. */
export const MANY_BYTES = SCRATCH.answers - SCRATCH.value
