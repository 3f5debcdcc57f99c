import { NUMBER, WORD } from '../../layout/block'
import { EXPECTED_OPERAND, Operand, operandAt } from '../../layout/scratch'
import { DIFFERENT, MATCHED } from '../../layout/status'
import { addressOf, isBlock, isBoxed, keyOfNumber, Word } from '../../layout/word'
import { unlockUnchanged } from '../../sync/lock'
import { completeValue, sameBlock } from '../../memory/contents'
import { loadValue, SlotRef } from './layout/bucket'
import { isDead } from './live'
import { findLocked, lockHome, obstacle } from './locate'
import { releaseOldValue } from '../../memory/value'
import { removeAndUnlock, replaceAndUnlock } from './write'

// Writes that happen only if the value is what the caller expects: numbers by SameValueZero, the rest byte by byte.

/** Sets the value of a key if it is the expected one. MATCHED or DIFFERENT, also if there is none; or negative. */
export function replaceIf<K>(stripe: u32, probe: u64, hash: u32, value: Word): i32 {
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  const ref = findExpected<K>(stripe, head, probe, hash)
  if (!ref) return DIFFERENT
  replaceAndUnlock(stripe, head, ref, value)
  releaseOldValue(stripe)
  return MATCHED
}

/** Removes a key if its value is the expected one. */
export function removeIf<K>(stripe: u32, probe: u64, hash: u32): i32 {
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  const ref = findExpected<K>(stripe, head, probe, hash)
  if (!ref) return DIFFERENT
  removeAndUnlock<K>(stripe, head, ref)
  releaseOldValue(stripe)
  return MATCHED
}

/** Before the lock: completes the expected operand. */
export function sealExpected(): void {
  const expected = operandAt(EXPECTED_OPERAND)
  if (expected.meta == NUMBER) expected.word = keyOfNumber(reinterpret<f64>(expected.word))
  else if (expected.meta != WORD) completeValue(expected.source, expected.meta)
}

/** The slot of a key whose value is the expected one. 0: there is none, and the chain is unlocked. */
function findExpected<K>(stripe: u32, head: u32, probe: u64, hash: u32): SlotRef {
  const ref = findLocked<K>(head, probe, hash)
  if (ref && !isDead(stripe, ref) && isExpected(loadValue(ref), operandAt(EXPECTED_OPERAND))) return ref
  unlockUnchanged(head)
  return 0
}

function isExpected(word: Word, expected: Operand): bool {
  if (expected.meta == NUMBER) return !isBoxed(word) && keyOfNumber(reinterpret<f64>(word)) == expected.word
  if (expected.meta == WORD) return word == expected.word
  return isBlock(word) && sameBlock(addressOf(word), expected.source)
}
