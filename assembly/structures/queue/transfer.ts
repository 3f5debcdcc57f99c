import { MIN_BLOCK_BYTES } from '../../layout/block'
import { KEY_HAND, VALUE_HAND } from '../../layout/thread'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { commit, enter, note32 } from '../../sync/journal'
import { ensureReach } from '../../sync/reach'
import { noteTaken, releaseHand } from '../../memory/blocks'
import { emptyHand, fillHand, handAt } from '../../memory/hands'
import { linkWord, QueueJournal, unfinished, unfinishedWord } from './layout/journal'
import { batchAt } from './layout/batch'
import { headOf } from './layout/queue'

/**
 * How items come and go. One word decides, and nobody can tell apart what else belongs to it: the tail makes what lies before it
 * items; the head, or the first word of a batch that came back, takes them. The other end acts on these words without the lock, so
 * they cannot be undone. What belongs to them (whose a block is) is therefore settled forwards, from the journal:
 *
 *     intend   at, goal, and what changes with it           under the lock of that end
 *     publish  the word becomes goal
 *     settle   the hand is empty, the list is the rest
 *     unlock, and `at` is 0
 *
 * Who recovers a thread finds `at`, compares, and knows on which side of the moment it died.
 */

/**
 * Before the word at this address becomes `goal`. With that the block in a hand (0: none) becomes an item, and of those that are
 * staged only the rest is left.
 */
@inline
export function intend(at: u32, goal: u64, handed: u32 = 0, rest: u32 = 0): void {
  unfinished().goal = goal
  unfinished().handed = handed
  unfinished().rest = rest
  enter(unfinishedWord(offsetof<QueueJournal>('at')), at)
  checkpoint(Checkpoint.TransferIntended)
}

/** After the unlock. */
@inline
export function finish(): void {
  unfinished().at = 0
  checkpoint(Checkpoint.TransferOver)
}

/** What recovery does about it, before it lets go of the lock (0: that was let go of). */
export function settleTransfer(record: u32, lock: u32): void {
  const at = unfinished().at
  if (!at) return
  if (lock && !isReached(at)) {
    unfinished().taken = 0 // items still
    if (unfinished().batch) fillHand(handAt(KEY_HAND), unfinished().batch, 0) // to be freed; its words are items of the queue
    unfinished().batch = 0
  } else {
    if (unfinished().handed) emptyHand(unfinished().handed)
    const next = unfinished().rest
    unfinished().staged = next
    if (lock && unfinished().batch) hold(record, unfinished().batch) // to be given back: see settleBatch in receive.ts
  }
  unfinished().at = 0
}

function isReached(at: u32): bool {
  ensureReach(at + 8)
  return load<u64>(at) == unfinished().goal
}

/** Under the lock of the head: a batch is one of those that somebody has. Can be done again. */
export function hold(record: u32, batch: u32): void {
  const head = headOf(record)
  if (head.held == batch) return
  ensureReach(batch + MIN_BLOCK_BYTES)
  batchAt(batch).next = head.held
  head.held = batch
  checkpoint(Checkpoint.BatchHeld)
}

// ---- Blocks that have become nobody's ----

/** Frees the blocks that were taken. Never while a lock is held. */
export function freeTaken(): void {
  while (unfinished().taken) freeFirst(unfinishedWord(offsetof<QueueJournal>('taken')))
}

/** Frees the blocks that have not become items. */
export function freeStaged(): void {
  while (unfinished().staged) freeFirst(unfinishedWord(offsetof<QueueJournal>('staged')))
}

/** Frees the first block of a list: it passes into a hand and out of the list in one commit. */
function freeFirst(list: u32): void {
  const block = load<u32>(list)
  ensureReach(block + MIN_BLOCK_BYTES)
  note32(list)
  noteTaken(handAt(VALUE_HAND), block)
  store<u32>(list, load<u32>(linkWord(block)))
  commit()
  releaseHand(handAt(VALUE_HAND))
}
