import { Block, BLOCK_HEADER_BYTES, blockBytes, payloadBytes } from '../../layout/block'
import { BOXED_KEYS, BOXED_VALUES, flagsOf } from '../../layout/record'
import { results } from '../../layout/scratch'
import { addressOf, isBlock, keyOfBlock, Word } from '../../layout/word'
import { hashBytes } from '../../hash/mix'
import { LIVE, loadLock, LOCKED } from '../../sync/lock'
import { isHandedOut } from '../../sync/reach'
import { sumOf } from '../../sync/stripes'
import { isReadable } from '../../memory/contents'
import { tallyBlock, tallyBlockAt } from '../../memory/tally'
import {
  BUCKET_BYTES, depthOf, emptySlots, firstSlot, loadKey, loadNext, loadTophash, loadValue, overflowOf, slotRef, tagAt,
  tagPattern, usedSlots,
} from './layout/bucket'
import { bucketClassOf, headAt, loadLevel, maskOf, parentOf, Table, TableStripe } from './layout/table'
import { isSoundChain, nextBucket } from './chain'
import { sumCount, sumEvacuated } from './counter'
import { areDistinct } from './distinct'
import { BoxedKeys, hashOfKey, PlainKeys } from './key'

/**
 * Check: walks a table, while no thread writes. Returns OK or the first invariant found broken, with results().address near the
 * place; src/table/invariants.ts says what each number means.
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
const CHAIN_UNSOUND: i32 = 15
const HEAD_ELSEWHERE: i32 = 16

/** Of the table that is being checked. */
let flags: u32 = 0
// What the walk through it has counted.
let entries: i32 = 0
let live: u32 = 0
let overflow: i32 = 0

export function checkTable(table: u32): i32 {
  flags = flagsOf(table)
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
  if (overflow != sumOf(table, offsetof<TableStripe>('overflow'))) return OVERFLOW_COUNT_WRONG
  return OK
}

function checkHead(table: u32, index: u32, level: u32): i32 {
  const head = headAt(table, index)
  results().address = head
  if (!isHandedOut(head, BUCKET_BYTES) || head & 7) return HEAD_ELSEWHERE
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
  return checkChain(table, head, index, depth)
}

function checkChain(table: u32, head: u32, index: u32, depth: u32): i32 {
  if (!isSoundChain(head, (flags & BOXED_KEYS) != 0)) return CHAIN_UNSOUND
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
    const tophash = loadTophash(bucket)
    if (bucket != head) {
      overflow++
      tallyBlock(bucket, bucketClassOf(table))
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
      const value = loadValue(slotRef(bucket, slot))
      if (flags & BOXED_VALUES && isBlock(value)) {
        if (!isReadable(addressOf(value), BLOCK_HEADER_BYTES)) return CHAIN_UNSOUND
        tallyBlockAt(addressOf(value))
      }
      entries++
    }
  }
  return areDistinct(head, (flags & BOXED_KEYS) != 0) ? OK : KEY_TWICE
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
