import { BLOCK_HEADER_BYTES, isBlockMeta, paddedBytes } from '../../layout/block'
import { PAGE_BYTES, SCRATCH_ANSWERS } from '../../layout/limits'
import { BOXED_KEYS, BOXED_VALUES } from '../../layout/record'
import { results } from '../../layout/scratch'
import { ABSENT, FOUND, INSERTED, INVALID, NO_ROOM, OUT_OF_MEMORY, REMOVED } from '../../layout/status'
import { hasFlag } from '../../layout/stripe'
import { scratch } from '../../layout/thread'
import { Word } from '../../layout/word'
import { beginBatch, isBlockKey, isGivenBlock, prepared, Prepared, prepareGroup, stageGiven } from './batch'
import { isTable } from './layout/table'
import { insertIfAbsent } from './exchange'
import { BlockKey, WordKey } from './key'
import { failed, read } from './read'
import { BoxedValue, DescribedValue, dropValue, useDefaultRoom, useRoomAt } from '../../memory/value'
import { remove, set } from './write'

/**
 * Many keys in one call. Each is an operation of its own; what they share is the crossing, and the wait for memory: the
 * keys are taken in groups, and all buckets of a group are asked for before the first is looked at.
 *
 * What is asked lies in the value area, in the format of a batch (iterate.ts); the answers, each a header of meta
 * and status and then the word or the bytes, at SCRATCH_ANSWERS.
 */
const GROUP: u32 = 16

/** Where the next answer goes. */
let answer: u32 = 0

/** Answers keys until one does not fit: returns how many, or a negative status if not even the first could be read. */
export function getMany(stripe: u32, count: u32): i32 {
  if (!isTable(stripe)) return INVALID
  beginBatch()
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
  return answerDescribed()
}

/** The answer that is described in results(): a block has been copied to its place already. */
function answerDescribed(): i32 {
  const meta = results().meta
  if (!isBlockMeta(meta)) store<u64>(answer, results().word, 8)
  store<u64>(answer, u64(meta) | (u64(FOUND) << 32))
  answer += isBlockMeta(meta) ? BLOCK_HEADER_BYTES + paddedBytes(meta) : 2 * BLOCK_HEADER_BYTES
  return FOUND
}

/** Numbers by numbers: a double for each key, NaN for none. Returns count or a negative status. */
export function getNumbers(stripe: u32, count: u32): i32 {
  if (!isTable(stripe) || hasFlag(stripe, BOXED_KEYS | BOXED_VALUES)) return INVALID
  beginBatch()
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
  beginBatch()
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
  const value = stageGiven(stripe, key)
  if (!value && isGivenBlock) return OUT_OF_MEMORY
  const status = putPrepared(stripe, key, value)
  if (status < 0 && isGivenBlock) dropValue()
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
  beginBatch()
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

/**
 * Reads keys, and inserts what follows those that have no value: an answer for each as getMany's, ABSENT if it was inserted.
 * Returns how many it has done; if not all, results().status says why not the next: NO_ROOM if its answer does not fit.
 */
export function getOrInsertMany(stripe: u32, count: u32): i32 {
  if (!isTable(stripe)) return INVALID
  beginBatch()
  answer = scratch + SCRATCH_ANSWERS
  let done: u32 = 0
  let status: i32 = 0
  while (done < count && status >= 0) {
    const group = prepareGroup(stripe, min<u32>(GROUP, count - done), true)
    if (!group) status = INVALID
    for (let i: u32 = 0; i < group; i++) {
      const before = answer
      status = answerKey(stripe, prepared(i))
      if (status == ABSENT) status = answerInserted(stripe, prepared(i), before)
      if (status < 0) break
      done++
    }
  }
  useDefaultRoom()
  results().address = scratch + SCRATCH_ANSWERS
  results().status = status
  return done
}

/** Inserts the value that follows a key which had none: that is the answer, unless there is one by now, which takes its place. */
function answerInserted(stripe: u32, key: Prepared, at: u32): i32 {
  const value = stageGiven(stripe, key)
  if (!value && isGivenBlock) return OUT_OF_MEMORY
  const status = insertPrepared(stripe, key, value)
  if (status == INSERTED) return ABSENT
  if (isGivenBlock) dropValue()
  if (status < 0) return status
  answer = at
  return answerDescribed()
}

function insertPrepared(stripe: u32, key: Prepared, value: Word): i32 {
  return isBlockKey(key)
    ? insertIfAbsent<BlockKey>(stripe, key.probe, key.hash, value)
    : insertIfAbsent<WordKey>(stripe, key.probe, key.hash, value)
}

/** The same for numbers by numbers: a double for each key, at SCRATCH_ANSWERS. */
export function getOrInsertNumbers(stripe: u32, count: u32): i32 {
  if (!isTable(stripe) || hasFlag(stripe, BOXED_KEYS | BOXED_VALUES)) return INVALID
  beginBatch()
  answer = scratch + SCRATCH_ANSWERS
  let done: u32 = 0
  while (done < count) {
    const group = prepareGroup(stripe, min<u32>(GROUP, count - done), true)
    if (!group) {
      failed(INVALID)
      return done
    }
    for (let i: u32 = 0; i < group; i++) {
      const key = prepared(i)
      let value = read<WordKey, BoxedValue>(stripe, key.probe, key.hash)
      if (value != value && results().status <= ABSENT) {
        const status = results().status == ABSENT ? insertNumber(stripe, key) : results().status
        if (status < 0) {
          failed(status)
          return done
        }
        value = reinterpret<f64>(results().word)
      }
      store<f64>(answer, value)
      answer += 8
      done++
    }
  }
  return done
}

/** Inserts the number that follows a key unless there is one by now. What the key has is in results().word; or negative. */
function insertNumber(stripe: u32, key: Prepared): i32 {
  const word = stageGiven(stripe, key)
  const status = insertIfAbsent<WordKey>(stripe, key.probe, key.hash, word)
  if (status == INSERTED) results().word = word
  return status
}
