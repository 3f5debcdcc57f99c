// Time, and a heap that starts every timed part in the same state.
import process from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** One clock for all threads of the process; and V8 stores its readings without allocating, unlike performance.now's. */
export const now: () => bigint = process.hrtime.bigint

/** Nanoseconds of one operation in `work`, which starts after a garbage collection that does not count. */
export function time(operations: number, work: () => void): number {
  collectGarbage()
  const start = now()
  work()
  return Number(now() - start) / operations
}

let collect = (globalThis as { gc?: () => void }).gc

/** Also where Node was not started with --expose-gc. */
export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
}
