// In a fuzzer's worker: what it was told to do, and how it says what it does.
import { parentPort, workerData } from 'node:worker_threads'
import * as core from '../../src/core/layout.js'
import * as hashMap from '../../src/table/layout.js'
import { randomOf } from '../stress/random.js'
import type { Report, Task } from './watched.js'

export const task = workerData as Task
export const layout = { ...core, ...hashMap }
export const { factor, seed } = task

/** Integers from 0 to n - 1, the same for the same seed. */
export const random = randomOf(seed)

const count = new Int32Array(task.progress)
const name = new Uint8Array(task.progress, 8)
const outcomes: Record<string, number> = {}
let cases = 0
let current = ''

/** Says that the next case begins. */
export function beginCase(description: string): void {
  cases++
  current = `case ${cases}, ${description}`
  beginStep('')
}

/** Says at which step of the case it is. Who watches takes the one that goes on for too long for an endless loop. */
export function beginStep(step: string): void {
  const bytes = Buffer.from(step ? `${current}: ${step}` : current).subarray(0, name.length)
  name.set(bytes)
  count[1] = bytes.length
  Atomics.add(count, 0, 1)
}

/** Counts an outcome. */
export function note(outcome: string): void {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
}

/** How often an outcome was counted. */
export function noted(outcome: string): number {
  return outcomes[outcome] ?? 0
}

/** All is done, and nothing was found. */
export function end(): void {
  parentPort!.postMessage({ cases, outcomes } satisfies Report)
}

/** One of a list. */
export function oneOf<T>(list: readonly T[]): T {
  return list[random(list.length)]!
}
