import { BLOCK_HEADER_BYTES, isBlockMeta, NUMBER, paddedBytes, WORD } from '../../layout/block'
import { PAGE_BYTES, SCRATCH_ANSWERS } from '../../layout/limits'
import { BIGINT_KIND, BOXED_KEYS, BOXED_VALUES, NO_VALUES, RAW_VALUES } from '../../layout/record'
import { results, scratchKey, scratchValue } from '../../layout/scratch'
import { ABSENT, FOUND, INVALID, NO_ROOM, OUT_OF_MEMORY, REMOVED } from '../../layout/status'
import { hasFlag } from '../../layout/stripe'
import { scratch } from '../../layout/thread'
import { isBlock, keyOfNumber, Word, wordOfNumber } from '../../layout/word'
import { hashNumber } from '../../hash/mix'
import { completeKey } from '../../memory/contents'
import { prefetchSlots } from './layout/bucket'
import { headAt, isTable, maskOf, Table, tableOf, TableStripe } from './layout/table'
import { BlockKey, WordKey } from './key'
import { failed, read } from './read'
import { BoxedValue, DescribedValue, dropValue, newValue, useDefaultRoom, useRoomAt } from '../../memory/value'
import { remove, set } from './write'

/**
 * Many keys in one call. Each is an operation of its own; what they share is the crossing, and the wait for memory: the
 * keys are taken in groups, and all buckets of a group are asked for before the first is looked at.
 *
 * What is asked lies in the value area, in the format of a batch (iterate.ts); the answers, each a header of meta
 * and status and then the word or the bytes, at SCRATCH_ANSWERS.
 */
const GROUP: u32 = 16

/** Where the next key or entry begins. */
let asked: u32 = 0
/** Where the next answer goes. */
let answer: u32 = 0

// A group, prepared: 16 bytes each in the key area, which no call of many keys uses otherwise.

@unmanaged
@final
class Prepared {
  /** The probe: a word, or the address of a sealed block. */
  probe: u64
  hash: u32
  /** Where the value begins that follows the key; the lowest bit says that the key is a block. */
  end: u32
}

@inline
function prepared(index: u32): Prepared {
  return changetype<Prepared>(scratchKey() + (index << 4))
}

@inline
function isBlockKey(key: Prepared): bool {
  return (key.end & 1) != 0
}

/**
 * Prepares the next keys, with or without values behind them, and asks for their buckets. Returns how many: fewer if what
 * follows is none, or goes beyond the area.
 */
function prepareGroup(stripe: u32, count: u32, withValues: bool): u32 {
  const table = tableOf(stripe)
  const mask = maskOf(changetype<TableStripe>(stripe).level)
  for (let i: u32 = 0; i < count; i++) {
    const key = prepared(i)
    const end = endAt(asked, hasFlag(stripe, BOXED_KEYS))
    if (!end) return i
    const next = withValues && !hasFlag(stripe, NO_VALUES) ? endAt(end, hasFlag(stripe, BOXED_VALUES)) : end
    if (!next) return i
    prepareKey(stripe, key, end)
    prefetchSlots(headAt(table, key.hash & mask))
    asked = next
  }
  return count
}

function prepareKey(stripe: u32, key: Prepared, end: u32): void {
  key.end = end
  const meta = hasFlag(stripe, BOXED_KEYS) ? load<u32>(asked) : WORD
  if (isBlockMeta(meta)) {
    key.probe = asked
    key.hash = completeKey(asked, meta)
    key.end |= 1
    return
  }
  const word = load<u64>(hasFlag(stripe, BOXED_KEYS) ? asked + BLOCK_HEADER_BYTES : asked)
  const isNumber = meta == NUMBER || (!hasFlag(stripe, BOXED_KEYS) && !hasBigintKeys(stripe))
  key.probe = isNumber ? keyOfNumber(reinterpret<f64>(word)) : word
  key.hash = hashNumber(key.probe)
}

function hasBigintKeys(stripe: u32): bool {
  return changetype<Table>(tableOf(stripe)).keyKind == BIGINT_KIND
}

/** Where the key or value ends that begins here; 0: it is none, or goes on beyond what can be asked. */
function endAt(address: u32, isBoxed: bool): u32 {
  const left = scratch + SCRATCH_ANSWERS - address
  if (!isBoxed) return left >= 8 ? address + 8 : 0
  if (left < BLOCK_HEADER_BYTES) return 0
  const meta = load<u32>(address)
  const bytes = BLOCK_HEADER_BYTES + (isBlockMeta(meta) ? paddedBytes(meta) : 8)
  if (bytes > left || (!isBlockMeta(meta) && meta != NUMBER && isBlock(load<u64>(address, 8)))) return 0
  return address + bytes
}

/** Answers keys until one does not fit: returns how many, or a negative status if not even the first could be read. */
export function getMany(stripe: u32, count: u32): i32 {
  if (!isTable(stripe)) return INVALID
  asked = scratchValue()
  answer = scratch + SCRATCH_ANSWERS
  let done: u32 = 0
  let status: i32 = 0
  while (done < count && status >= 0) {
    const group = prepareGroup(stripe, min<u32>(GROUP, count - done), false)
    if (!group) status = INVALID
    for (let i: u32 = 0; i < group; i++) {
      status = answerKey(stripe, prepared(i))
      if (status < 0) break
      done++
    }
  }
  useDefaultRoom()
  results().address = scratch + SCRATCH_ANSWERS
  return done || status == NO_ROOM ? done : status
}

function answerKey(stripe: u32, key: Prepared): i32 {
  const left = scratch + PAGE_BYTES - answer
  if (left < 2 * BLOCK_HEADER_BYTES) return NO_ROOM
  useRoomAt(answer)
  const found = isBlockKey(key)
    ? read<BlockKey, DescribedValue>(stripe, key.probe, key.hash)
    : read<WordKey, DescribedValue>(stripe, key.probe, key.hash)
  if (found != found) {
    const status = results().status
    if (status != ABSENT) return status
    store<u64>(answer, 0)
    answer += BLOCK_HEADER_BYTES
    return ABSENT
  }
  const meta = results().meta
  if (!isBlockMeta(meta)) store<u64>(answer, results().word, 8)
  store<u64>(answer, u64(meta) | (u64(FOUND) << 32))
  answer += isBlockMeta(meta) ? BLOCK_HEADER_BYTES + paddedBytes(meta) : 2 * BLOCK_HEADER_BYTES
  return FOUND
}

/** Numbers by numbers: a double for each key, NaN for none. Returns count or a negative status. */
export function getNumbers(stripe: u32, count: u32): i32 {
  if (!isTable(stripe) || hasFlag(stripe, BOXED_KEYS | BOXED_VALUES)) return INVALID
  asked = scratchValue()
  answer = scratch + SCRATCH_ANSWERS
  for (let done: u32 = 0; done < count; ) {
    const group = prepareGroup(stripe, min<u32>(GROUP, count - done), false)
    if (!group) return INVALID
    for (let i: u32 = 0; i < group; i++) {
      const value = read<WordKey, BoxedValue>(stripe, prepared(i).probe, prepared(i).hash)
      if (value != value && results().status < 0) return results().status
      store<f64>(answer, value)
      answer += 8
    }
    done += group
  }
  return count
}

/** Sets entries. Returns how many; if not all, results().status says why not the next. */
export function setMany(stripe: u32, count: u32): i32 {
  if (!isTable(stripe)) return INVALID
  asked = scratchValue()
  let done: u32 = 0
  while (done < count) {
    const group = prepareGroup(stripe, min<u32>(GROUP, count - done), true)
    if (!group) {
      failed(INVALID)
      return done
    }
    for (let i: u32 = 0; i < group; i++) {
      const status = setEntry(stripe, prepared(i))
      if (status < 0) {
        failed(status)
        return done
      }
      done++
    }
  }
  return done
}

function setEntry(stripe: u32, key: Prepared): i32 {
  const at = key.end & ~1
  if (hasFlag(stripe, NO_VALUES)) return putPrepared(stripe, key, 0)
  if (!hasFlag(stripe, BOXED_VALUES)) {
    const word = load<u64>(at)
    return putPrepared(stripe, key, hasFlag(stripe, RAW_VALUES) ? word : wordOfNumber(reinterpret<f64>(word)))
  }
  const meta = load<u32>(at)
  if (!isBlockMeta(meta)) {
    const word = load<u64>(at, BLOCK_HEADER_BYTES)
    return putPrepared(stripe, key, meta == WORD ? word : wordOfNumber(reinterpret<f64>(word)))
  }
  const block = newValue(at, meta)
  if (!block) return OUT_OF_MEMORY
  const status = putPrepared(stripe, key, block)
  if (status < 0) dropValue()
  return status
}

function putPrepared(stripe: u32, key: Prepared, value: Word): i32 {
  return isBlockKey(key)
    ? set<BlockKey>(stripe, key.probe, key.hash, value)
    : set<WordKey>(stripe, key.probe, key.hash, value)
}

/** Removes keys. Returns how many it looked at (if not all, results().status says why); results().word: how many it removed. */
export function deleteMany(stripe: u32, count: u32): i32 {
  if (!isTable(stripe)) return INVALID
  asked = scratchValue()
  let done: u32 = 0
  let removed: u32 = 0
  let status: i32 = 0
  while (done < count && status >= 0) {
    const group = prepareGroup(stripe, min<u32>(GROUP, count - done), false)
    if (!group) status = INVALID
    for (let i: u32 = 0; i < group; i++) {
      const key = prepared(i)
      status = isBlockKey(key)
        ? remove<BlockKey>(stripe, key.probe, key.hash)
        : remove<WordKey>(stripe, key.probe, key.hash)
      if (status < 0) break
      removed += u32(status == REMOVED)
      done++
    }
  }
  results().status = status
  results().word = removed
  return done
}
