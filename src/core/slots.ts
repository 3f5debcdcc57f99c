import {
  ASKED_AT,
  BY_MASK,
  BY_SHIFT,
  HANDS,
  JOURNAL_LOCK,
  KIND_MASK,
  MAX_THREADS,
  OWN_JOURNAL,
  SLOT,
  SLOTS_AT,
  SLOT_BYTES,
  SLOT_KIND,
  UNDERWAY,
} from './layout.js'
import type { WasmMemory } from './wasm.js'

// The thread slots of a heap, as other threads than their owner see them: assembly/layout/thread.ts.

/** What a thread has said of itself, so that others can tell whether it lives. A 0 says nothing. */
export interface Identity {
  readonly nativeId: number
  readonly nativeStart: number
  /** The id of a worker, plus 1. */
  readonly threadId: number
  readonly parent: number
  readonly tokenLow: number
  readonly tokenHigh: number
}

/** The words of a heap's memory that hold its header and slots. They never move, so one view serves for ever. */
export function slotWords(memory: WasmMemory): Int32Array {
  return new Int32Array(memory.buffer, 0, (SLOTS_AT + MAX_THREADS * SLOT_BYTES) / 4)
}

/** Whether this can be the id of a thread. */
export function isThread(id: number): boolean {
  return id >= 1 && id <= MAX_THREADS
}

/** Index of a word of a slot. */
function wordOf(thread: number, field: number): number {
  return (SLOTS_AT + (thread - 1) * SLOT_BYTES + field) / 4
}

/** The state of a thread's slot: it names the tenant as well, so it never comes back. */
export function stateOf(words: Int32Array, thread: number): number {
  return Atomics.load(words, wordOf(thread, SLOT.state))
}

export function kindOf(state: number): number {
  return state & KIND_MASK
}

/** The thread that recovers this one; 0 for none, or for one that has no slot. */
export function recovererOf(state: number): number {
  return (state >>> BY_SHIFT) & BY_MASK
}

/** What a thread has said of itself; to be believed as long as the state is the one that was read before. */
export function identityOf(words: Int32Array, thread: number): Identity {
  const at = (field: number): number => Atomics.load(words, wordOf(thread, field)) >>> 0
  return {
    nativeId: at(SLOT.nativeId),
    nativeStart: at(SLOT.nativeStart),
    threadId: at(SLOT.threadId),
    parent: at(SLOT.parent),
    tokenLow: at(SLOT.tokenLow),
    tokenHigh: at(SLOT.tokenHigh),
  }
}

/** Says of a thread that it is dead, if its slot still is in this state. Whether it was. */
export function markDead(words: Int32Array, thread: number, state: number): boolean {
  const dead = (state & ~(KIND_MASK | (BY_MASK << BY_SHIFT))) | SLOT_KIND.dead
  return Atomics.compareExchange(words, wordOf(thread, SLOT.state), state, dead) === state
}

/** Words of a slot of which one is not 0 while its thread is in the middle of an operation that changes the heap. */
const AT_WORK: number[] = [JOURNAL_LOCK, ...Object.values(UNDERWAY)]
for (let word: number = OWN_JOURNAL.first; word < OWN_JOURNAL.end; word += 4) AT_WORK.push(word)
for (let hand: number = HANDS.first; hand < HANDS.end; hand += 8) {
  if (hand !== HANDS.scratch) AT_WORK.push(hand)
}

/** Whether a thread is in the middle of an operation that changes the heap, or was when it ended. */
export function isAtWork(words: Int32Array, thread: number): boolean {
  return AT_WORK.some((field) => Atomics.load(words, wordOf(thread, field)) !== 0)
}

/** Whether the slot of a thread is another than in a copy of these words: it has changed the heap, or come or gone. */
export function hasMoved(words: Int32Array, copy: Int32Array, thread: number): boolean {
  const from = wordOf(thread, 0)
  for (let word = from; word < from + SLOT_BYTES / 4; word++) if (words[word] !== copy[word]) return true
  return false
}

/** Says that the Web Lock of a thread has been seen. */
export function vouchFor(words: Int32Array, thread: number): void {
  Atomics.store(words, wordOf(thread, SLOT.vouched), 1)
  Atomics.notify(words, wordOf(thread, SLOT.vouched))
}

/** Whether somebody has seen it. */
export function isVouchedFor(words: Int32Array, thread: number): boolean {
  return Atomics.load(words, wordOf(thread, SLOT.vouched)) !== 0
}

/** Takes back what a thread has said of its Web Lock. */
export function clearToken(words: Int32Array, thread: number): void {
  Atomics.store(words, wordOf(thread, SLOT.tokenLow), 0)
  Atomics.store(words, wordOf(thread, SLOT.tokenHigh), 0)
}

/** Calls the guardians of a heap: whoever has an event loop that turns. */
export function callGuardians(words: Int32Array): void {
  Atomics.add(words, ASKED_AT / 4, 1)
  Atomics.notify(words, ASKED_AT / 4)
}
