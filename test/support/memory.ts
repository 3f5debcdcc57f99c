// A heap's memory, for tests that tamper with it: where things lie, src/core/layout.ts says.
import { KIND_MASK, MAX_THREADS, SLOT, SLOTS_AT, SLOT_BYTES } from '../../src/core/layout.js'

/** The smallest heap that there can be. */
export const LEAST_BYTES = 458_752

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
  return Array.from({ length: MAX_THREADS }, (_, slot) => Atomics.load(words, stateAt(slot)) & KIND_MASK)
}

/** Writes the states of all thread slots. */
export function setSlotStates(handle: Handle, states: readonly number[]): void {
  const words = wordsOf(handle)
  states.forEach((state, slot) => Atomics.store(words, stateAt(slot), state))
}

/** Index of the word that holds a slot's state. */
function stateAt(slot: number): number {
  return (SLOTS_AT + slot * SLOT_BYTES + SLOT.state) / 4
}
