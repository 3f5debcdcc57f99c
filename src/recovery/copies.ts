import { isDeno, mayUse } from '../core/detectors.js'

// One thread can have several copies of this library: two versions, an ES module beside a CommonJS one, a test runner that
// evaluates it again and again. To a heap each copy is a thread of its own. To the process they are one: the first copy
// listens for all, and what it hears it tells those that have a heap open. Nothing here holds on to a copy that has none.

/** What a copy is told as long as it has a heap open. */
export interface Copy {
  /** A worker of this thread has ended. */
  workerExited(): void
  /** This thread is about to end by itself. */
  threadEnds(): void
}

/** A worker that tells when it has ended: those of Node do, and of what browsers have those of Bun. */
export interface TellingWorker {
  readonly threadId: number
  once?(event: 'exit', listener: () => void): void
  addEventListener?(event: 'close', listener: () => void, options: { once: true }): void
  getMaxListeners?(): number
  setMaxListeners?(count: number): void
}

/** What all copies of a thread share. Copies of other versions use it as well: a change of it takes another symbol. */
interface Shared {
  /** Those that have a heap open. */
  readonly copies: Set<Copy>
  /** Ids, plus 1, of threads that have ended. Ids are never used again. */
  readonly ended: Set<number>
  /** Sees to it that the end of a worker is noticed. */
  watch(worker: TellingWorker): void
}

const key = Symbol.for('tophash.copies.1')
const exitMark = Symbol.for('tophash.exit')

interface Process {
  on?(event: 'exit', listener: () => void): void
  on?(event: 'worker', listener: (worker: TellingWorker) => void): void
  on?(event: 'newListener', listener: (event: string, listener: unknown) => void): void
  off(event: 'exit', listener: () => void): void
}

const { process } = globalThis as { process?: Process }

/** Where the listeners are, there is what says so. */
const place = (process?.on ? process : globalThis) as { [key]?: Shared }

const shared = place[key] ?? begin()

export const { copies, ended } = shared

/** Sees to it that the end of a worker is noticed in this thread. */
export function tellOf(worker: TellingWorker): void {
  shared.watch(worker)
}

function begin(): Shared {
  const made = make()
  Object.defineProperty(place, key, { value: made })
  if (process?.on) listen(process as Required<Process>, made)
  return made
}

function make(): Shared {
  const [copies, ended, watched] = [new Set<Copy>(), new Set<number>(), new WeakSet<TellingWorker>()]
  const exited = (threadId: number): void => {
    if (!isDeno) ended.add(threadId + 1)
    for (const copy of [...copies]) copy.workerExited()
  }
  const watch = (worker: TellingWorker): void => {
    const { threadId } = worker
    if (watched.has(worker)) return
    watched.add(worker)
    listenTo(worker, () => exited(threadId)) // which does not hold on to the worker
  }
  return { copies, ended, watch }
}

function listenTo(worker: TellingWorker, exited: () => void): void {
  if (!worker.once) {
    worker.addEventListener?.('close', exited, { once: true })
    return
  }
  // One listener more than the program knows of must not be the one too many that a warning is printed for.
  const most = worker.getMaxListeners?.() ?? 0
  if (most > 0) worker.setMaxListeners?.(most + 1)
  worker.once('exit', exited)
}

/** Where a thread is told of the workers that it makes, it watches them all; and of its own end, it leaves its heaps. */
function listen(process: Required<Process>, { copies, watch }: Shared): void {
  process.on('worker', (worker) => {
    if (mayUse('events') && typeof worker?.threadId === 'number') watch(worker)
  })
  const leave = Object.assign(
    (): void => {
      for (const copy of [...copies]) copy.threadEnds()
    },
    { [exitMark]: true },
  )
  // After the program's own listeners, which may still use its maps.
  const listenLast = (): void => {
    process.off('exit', leave)
    process.on('exit', leave)
  }
  listenLast()
  process.on('newListener', (event, listener) => {
    // Be the last again; but behind a copy of another version there is no need to be, nor would it end.
    if (event === 'exit' && !(exitMark in (listener as object))) queueMicrotask(listenLast)
  })
}
