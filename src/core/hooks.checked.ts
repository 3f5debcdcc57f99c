import { CHECKPOINTS } from './layout.js'
import type { WasmFunctions } from './wasm.js'

/** A step that a thread has just taken. */
export type Checkpoint = (typeof CHECKPOINTS)[number]

let listener: ((checkpoint: Checkpoint) => void) | undefined

/**
 * Has a function called, in this thread, between all steps of an operation that others could see half done. There it can
 *
 * - block (Atomics.wait), to hold the thread at exactly this step while others run;
 * - end the thread (process.exit() in a worker, or the parent terminates it while it blocks): a death at this step;
 * - throw, which is what a stack overflow at this step does: the operation throws what the function threw, and has
 *   happened or has not.
 *
 * It must not use tophash, because an operation of this thread is under way. Costs some 20 ns for each checkpoint.
 *
 * @param call what to call with the step's name; undefined: nothing any more
 */
export function onCheckpoint(call: ((checkpoint: Checkpoint) => void) | undefined): void {
  listener = call
}

/** What the checked core imports. */
export const hooks: WasmFunctions = {
  checkpoint: (id: number): void => listener?.(CHECKPOINTS[id]!),
}
