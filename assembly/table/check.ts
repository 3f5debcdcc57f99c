import { BLOCK_HEADER_BYTES, Block, blockBytes, payloadBytes } from '../layout/block'
import {
  BUCKET_BYTES, depthOf, emptySlots, firstSlot, loadKey, loadNext, loadTophash, loadValue, overflowOf, slotRef, tagAt,
  tagPattern,
  usedSlots,
} from '../layout/bucket'
import { BUCKET_CLASS, MAX_CLASS_BYTES } from '../layout/limits'
import { results } from '../layout/scratch'
import { INVALID } from '../layout/status'
import {
  BOXED_KEYS, BOXED_VALUES, Stripe, Table, flagsOf, headAt, isDoomed, loadLevel, loadReferences, maskOf, parentOf,
} from '../layout/table'
import { Word, addressOf, isBlock, keyOfBlock } from '../layout/word'
import { hashBytes } from '../hash/mix'
import { firstTable, previousTable } from '../collections'
import { classOf } from '../memory/classes'
import { isReadable } from '../memory/contents'
import { pagesFor } from '../memory/pages'
import { ensureReach } from '../sync/reach'
import { sum, sumCount, sumEvacuated } from '../sync/counter'
import { LIVE, LOCKED, loadLock } from '../sync/lock'
import { checkBooks, clearTally, tallyBlock, tallyLarge, tallyTable } from './books'
import { isSound, nextBucket } from './chain'
import { BlockKey, BoxedKeys, PlainKeys, WordKey, hashOfKey, keyMatches } from './key'
import { isAttached, isHandedOut, isRecord } from '../valid'

/**
 * Check: walks every table of the heap and then the allocator's books, while no thread writes. Returns OK or the
 * first invariant found broken, with results().address near the place.
 */
const OK: i32 = 0
const LOCK_HELD: i32 = 1
const CHILD_WITHOUT_PARENT: i32 = 2
const DEPTH_WRONG: i32 = 3
const HASH_ELSEWHERE: i32 = 4
const TAG_WRONG: i32 = 5
const KEY_TWICE: i32 = 6
const GAP_IN_CHAIN: i32 = 7
const EMPTY_OVERFLOW: i32 = 8
const STORED_HASH_WRONG: i32 = 9
const COUNT_WRONG: i32 = 10
const EVACUATED_WRONG: i32 = 11
const OVERFLOW_COUNT_WRONG: i32 = 12
const SPLIT_WITHOUT_DEPTH: i32 = 13
const NO_RECORD: i32 = 14
const CHAIN_UNSOUND: i32 = 15
const HEAD_ELSEWHERE: i32 = 16

/** Of the table that is being checked. */
let flags: u32 = 0
// What the walk through it has counted.
let entries: i32 = 0
let live: u32 = 0
let overflow: i32 = 0

export function checkHeap(): i32 {
  if (!isAttached()) return INVALID
  clearTally()
  for (let table = firstTable(); table; table = previousTable(table)) {
    results().address = table
    if (!isRecord(table)) return NO_RECORD
    tallyTable(table)
    if (!loadReferences(table) || isDoomed(table)) continue // deleted: no entries
    flags = flagsOf(table)
    const broken = checkTable(table)
    if (broken) return broken
  }
  return checkBooks()
}

function checkTable(table: u32): i32 {
  const level = loadLevel(table)
  entries = 0
  live = 0
  overflow = 0
  for (let index: u32 = 0; index < 1 << level; index++) {
    const broken = checkHead(table, index, level)
    if (broken) return broken
  }
  results().address = table
  if (entries != sumCount(table)) return COUNT_WRONG
  if (live != sumEvacuated(table) + (1 << changetype<Table>(table).baseLevel)) return EVACUATED_WRONG
  if (overflow != sum(table, offsetof<Stripe>('overflow'))) return OVERFLOW_COUNT_WRONG
  return OK
}

function checkHead(table: u32, index: u32, level: u32): i32 {
  const head = headAt(table, index)
  results().address = head
  if (!isHandedOut(head, BUCKET_BYTES) || head & 15) return HEAD_ELSEWHERE
  const word = loadLock(head)
  const depth = depthOf(loadNext(head))
  if (word & LOCKED) return LOCK_HELD
  if (!(word & LIVE)) {
    // Its entries are still with the parent, which has not been split at this level.
    const parent = headAt(table, parentOf(index))
    if (!(loadLock(parent) & LIVE) || depthOf(loadNext(parent)) != level - 1) return CHILD_WITHOUT_PARENT
    return OK
  }
  live++
  if (depth > level || (index & ~maskOf(depth))) return DEPTH_WRONG
  const child = index | (1 << depth)
  if (depth < level && loadLock(headAt(table, child)) & LIVE) return SPLIT_WITHOUT_DEPTH
  return checkChain(head, index, depth)
}

function checkChain(head: u32, index: u32, depth: u32): i32 {
  if (!isSound(head, (flags & BOXED_KEYS) != 0)) return CHAIN_UNSOUND
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
    const tophash = loadTophash(bucket)
    if (bucket != head) {
      overflow++
      tallyBlock(BUCKET_CLASS)
      if (!usedSlots(tophash)) return EMPTY_OVERFLOW
    }
    if (overflowOf(loadNext(bucket)) && emptySlots(tophash)) return GAP_IN_CHAIN
    for (let used = usedSlots(tophash); used; used &= used - 1) {
      const slot = firstSlot(used)
      const key = loadKey(slotRef(bucket, slot))
      const hash = flags & BOXED_KEYS ? hashOfKey<BoxedKeys>(key) : hashOfKey<PlainKeys>(key)
      if ((hash & maskOf(depth)) != index) return HASH_ELSEWHERE
      if (tagAt(tophash, slot) != (tagPattern(hash) & 0xff)) return TAG_WRONG
      if (!checkKeyBlock(key)) return STORED_HASH_WRONG
      if (countKey(head, key, hash) != 1) return KEY_TWICE
      const value = loadValue(slotRef(bucket, slot))
      if (flags & BOXED_VALUES && isBlock(value)) {
        if (!isReadable(addressOf(value), BLOCK_HEADER_BYTES)) return CHAIN_UNSOUND
        tallyBlockAt(addressOf(value))
      }
      entries++
    }
  }
  return OK
}

/** How often a key is in its chain. */
function countKey(head: u32, key: u64, hash: u32): u32 {
  let count: u32 = 0
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
    for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
      if (isSameKey(loadKey(slotRef(bucket, firstSlot(used))), key, hash)) count++
    }
  }
  return count
}

function isSameKey(word: Word, key: Word, hash: u32): bool {
  if (!(flags & BOXED_KEYS) || !isBlock(key)) return keyMatches<WordKey>(word, key, hash)
  return keyMatches<BlockKey>(word, addressOf(key), hash)
}

/** Sees that the block of a key, if it is one, holds the hash of its bytes, and the word its lowest bits. */
function checkKeyBlock(key: Word): bool {
  if (!(flags & BOXED_KEYS) || !isBlock(key)) return true
  const address = addressOf(key)
  tallyBlockAt(address)
  const block = changetype<Block>(address)
  if (!isReadable(address, blockBytes(block.meta))) return false
  const hash = hashBytes(address + BLOCK_HEADER_BYTES, payloadBytes(block.meta))
  return block.hash == hash && key == keyOfBlock(address, hash)
}

function tallyBlockAt(block: u32): void {
  ensureReach(block + BLOCK_HEADER_BYTES)
  const bytes = blockBytes(changetype<Block>(block).meta)
  if (bytes > MAX_CLASS_BYTES) tallyLarge(pagesFor(bytes))
  else tallyBlock(classOf(bytes))
}
