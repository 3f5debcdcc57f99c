import { NUMBER, WORD } from '../../layout/block'
import { EXPECTED_OPERAND, operandAt } from '../../layout/scratch'
import { addressOf, isBlock, keyOfNumber, Word } from '../../layout/word'
import { completeValue, sameBlock } from '../../memory/contents'

// What a caller expects a value to be: the operand, and the comparison. Numbers by SameValueZero, the rest byte by byte.

/** As a word it is another than 0. There is one NaN. */
const MINUS_ZERO: Word = 0x8000_0000_0000_0000

/** Before the lock: completes the expected operand. */
export function sealExpected(): void {
  const expected = operandAt(EXPECTED_OPERAND)
  if (expected.meta == NUMBER) expected.word = keyOfNumber(reinterpret<f64>(expected.word))
  else if (expected.meta != WORD) completeValue(expected.source, expected.meta)
}

/**
 * Whether a value is the expected one. Without a lock it may be garbage, and then so is the answer. By whole numbers: a load that is
 * cast to a double would be made a plain one (docs/MEMORY-MODEL.md, section 1).
 */
export function isExpected(word: Word): bool {
  const expected = operandAt(EXPECTED_OPERAND)
  if (expected.meta == NUMBER) return word == expected.word || (word == MINUS_ZERO && !expected.word)
  if (expected.meta == WORD) return word == expected.word
  return isBlock(word) && sameBlock(addressOf(word), expected.source)
}
