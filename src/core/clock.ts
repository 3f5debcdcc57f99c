import { isDeno } from './detectors.js'

// One clock for all threads of a program, in milliseconds, of which a trace takes its times. Each thread has a
// performance.now() of its own, which begins when the thread does. In browsers performance.timeOrigin says when that was,
// on one clock for all. In Node it is the system's clock at that moment, which may have been set since the last thread
// began; but there process.hrtime() is the same in all threads, and its difference from performance.now() never changes.

interface WithHrtime {
  process?: { hrtime?(): [seconds: number, nanoseconds: number] }
}

/** What performance.now() of this thread has to be added to. */
let base: number | undefined

/** Now, on the clock of all threads. */
export function sharedNow(): number {
  return (base ??= findBase()) + now()
}

/** The same moment on this thread's clock of performance.timeOrigin + performance.now(). */
export function toOrigin(shared: number): number {
  return shared - (base ??= findBase()) + timeOrigin()
}

/** What the core imports: milliseconds since `epoch`. Throws nothing, or the operation would end half done. */
export function clock(epoch: number): number {
  try {
    return sharedNow() - epoch
  } catch {
    return NaN // the end of the stack
  }
}

/** The same for one heap in one thread, in which caches may have clocks of the program's, by their stripes: their epochs are negative. */
export function clockWith(clocks: ReadonlyMap<number, () => number>): (epoch: number) => number {
  return (epoch) => {
    if (epoch >= 0) return clock(epoch)
    try {
      if (clocks.size === 0) return sharedNow()
      return (clocks.get(-epoch) ?? sharedNow)()
    } catch {
      return NaN // as there; or what the program's clock throws: then it is as late as it was
    }
  }
}

/** Looks at both clocks several times: where they were looked at in the quickest succession, the error is the smallest. */
function findBase(): number {
  const { process } = globalThis as WithHrtime
  if (!process?.hrtime || isDeno || 'Bun' in globalThis) return timeOrigin() // theirs is of one thread
  let [found, gap] = [0, Infinity]
  for (let look = 0; look < 5; look++) {
    const before = now()
    const [seconds, nanoseconds] = process.hrtime()
    const after = now()
    if (after - before < gap) [found, gap] = [seconds * 1e3 + nanoseconds / 1e6 - (before + after) / 2, after - before]
  }
  return found
}

// A worklet has no performance. Where there is one it is kept: Node looks for it anew each time that the global is read.

let kept: Performance | undefined

function now(): number {
  kept ??= typeof performance === 'object' ? performance : undefined
  return kept ? kept.now() : Date.now()
}

function timeOrigin(): number {
  return typeof performance === 'object' ? performance.timeOrigin : 0
}
