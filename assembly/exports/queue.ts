import { isBlockMeta, NUMBER } from '../layout/block'
import { BOXED_VALUES } from '../layout/record'
import { operandAt, VALUE_OPERAND } from '../layout/scratch'
import { INVALID, OUT_OF_MEMORY, PUSHED } from '../layout/status'
import { hasFlag, recordOf } from '../layout/stripe'
import { isBlock, wordOfNumber } from '../layout/word'
import { dropValue, newValue } from '../memory/value'
import { isQueue } from '../structures/queue/layout/queue'
import { popItem } from '../structures/queue/pop'
import { pushNew, pushWord } from '../structures/queue/push'
import { countItems as countItemsIn } from '../structures/queue/wait'
import { isValue, refused } from './guards'

// A queue: see structures/queue/. Items lie where values of maps do.

export { closeQueue, pushMany, pushNumbers } from '../structures/queue/push'
export { popMany, takeSeen } from '../structures/queue/pop'
export { receive, finishReceived, giveBack, countHeld } from '../structures/queue/receive'
export { beginWait, endWait, awaitChange } from '../structures/queue/wait'

export function pushNumber(stripe: u32, item: f64): i32 {
  if (!isQueue(stripe)) return INVALID
  return pushWord(stripe, wordOfNumber(item))
}

/** A block in the value area, or one of newBlock's, which the queue adopts if it is pushed. */
export function pushBlock(stripe: u32, source: u32, meta: u32): i32 {
  if (!isQueue(stripe) || !hasFlag(stripe, BOXED_VALUES) || !isValue(source, meta)) return INVALID
  const word = newValue(source, meta)
  if (!word) return OUT_OF_MEMORY
  const status = pushNew(stripe, word)
  if (status != PUSHED) dropValue()
  return status
}

/** Whatever the value operand says that is no block. */
export function pushOperand(stripe: u32): i32 {
  if (!isQueue(stripe)) return INVALID
  const item = operandAt(VALUE_OPERAND)
  if (item.meta == NUMBER) return pushWord(stripe, wordOfNumber(reinterpret<f64>(item.word)))
  if (isBlockMeta(item.meta) || (hasFlag(stripe, BOXED_VALUES) && isBlock(item.word))) return INVALID
  return pushWord(stripe, item.word)
}

/** See popItem. */
export function pop(stripe: u32, isFinal: bool): f64 {
  return isQueue(stripe) ? popItem(stripe, isFinal) : refused()
}

/** Items that can be taken; or INVALID. */
export function countItems(stripe: u32): f64 {
  return isQueue(stripe) ? f64(countItemsIn(recordOf(stripe))) : f64(INVALID)
}
