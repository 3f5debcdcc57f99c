// Time, and a heap that starts every timed part in the same state.
import process from 'node:process'

/** One clock for all threads of the process; and V8 stores its readings without allocating, unlike performance.now's. */
export const now: () => bigint = process.hrtime.bigint

/** A reading of that clock in milliseconds of the epoch. */
export function epochOf(time: bigint): number {
  return performance.timeOrigin + performance.now() - Number(now() - time) / 1e6
}

/** Contenders are started with --expose-gc. */
export function collectGarbage(): void {
  ;(globalThis as unknown as { gc(): void }).gc()
}
