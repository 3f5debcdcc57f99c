// Where things lie in a heap's memory, for tests that tamper with it: see assembly/layout, which the layout test pins.

/** The smallest heap that there can be. */
export const LEAST_BYTES = 393_216
/** In a table: the cursor of its growth. */
export const CURSOR_IN_TABLE = 896
export const FIRST_SLOT_AT = 1024
export const SLOT_BYTES = 1408
export const SLOTS = 128
export const ATTACHED = 1
export const FREE = 0
const STATE_MASK = 3

/** What the handles of maps, sets and heaps have in common. */
interface Handle {
  readonly memory: WebAssembly.Memory
}

/** The memory of a handle as words. */
export function wordsOf({ memory }: Handle): Int32Array {
  return new Int32Array(memory.buffer)
}

/** The states of all thread slots; who is in them has no part in it. */
export function slotStates(handle: Handle): number[] {
  const words = wordsOf(handle)
  return Array.from({ length: SLOTS }, (_, slot) => Atomics.load(words, stateAt(slot)) & STATE_MASK)
}

/** Writes the states of all thread slots. */
export function setSlotStates(handle: Handle, states: readonly number[]): void {
  const words = wordsOf(handle)
  states.forEach((state, slot) => Atomics.store(words, stateAt(slot), state))
}

/** Index of the word that holds a slot's state. */
function stateAt(slot: number): number {
  return (FIRST_SLOT_AT + slot * SLOT_BYTES) / 4
}
