import { builtinModule } from '../core/platform.js'
import { describe, typeError } from '../errors.js'
import { isDeno, mayUse } from './ways.js'

// Workers of Node and Bun: their ids, and the event that says that one has ended. It comes to the thread that made the
// worker, from its event loop, when nothing of the worker runs any more.

interface WorkerThreads {
  readonly threadId: number
  getEnvironmentData?(key: string): unknown
  setEnvironmentData?(key: string, value: unknown): void
}

/** A worker as `new Worker` of node:worker_threads returns it. */
interface NodeWorker {
  readonly threadId: number
  once(event: 'exit', listener: () => void): void
  getMaxListeners?(): number
  setMaxListeners?(count: number): void
}

/** A worker as browsers have it; those of Bun tell when they have ended, and have an id. */
interface WebWorker {
  readonly threadId?: number
  postMessage(message: unknown): void
  terminate(): void
  addEventListener(event: 'close', listener: () => void, options: { once: true }): void
}

const threads = builtinModule<WorkerThreads>('node:worker_threads')

/** What a thread leaves to those that it makes: its id, and that of the nearest one above that has this library. */
interface Descent {
  readonly threadId: number
  readonly parent: number | undefined
}

const DESCENT = 'tophash.descent'

/** The ids of the thread that runs this and of its parent, plus 1; 0: unknown, or none. */
export const ownIds = findIds()

function findIds(): { readonly threadId: number; readonly parent: number } {
  if (!threads || !mayUse('events')) return { threadId: 0, parent: 0 }
  const { threadId } = threads
  const inherited = threads.getEnvironmentData?.(DESCENT) as Descent | undefined
  // Another copy of the library in this thread may have left its descent already.
  const parent = inherited?.threadId === threadId ? inherited.parent : inherited?.threadId
  threads.setEnvironmentData?.(DESCENT, { threadId, parent } satisfies Descent)
  return { threadId: threadId + 1, parent: parent === undefined ? 0 : parent + 1 }
}

/** Ids, plus 1, of threads that have ended. Ids are never used again. */
const ended = new Set<number>()
const listeners: (() => void)[] = []

/** Whether a thread's exit has been seen here, given its id plus 1. */
export function hasExited(threadId: number): boolean {
  return threadId !== 0 && ended.has(threadId)
}

/** Notes that a thread has ended, given its id plus 1: it was a child of one that has. */
export function noteExit(threadId: number): void {
  if (threadId !== 0) ended.add(threadId)
}

/** Calls back whenever a worker has ended that this thread made. */
export function onWorkerExit(listener: () => void): void {
  listeners.push(listener)
}

const watched = new WeakSet<object>()

/**
 * Sees to it that the end of a worker is noticed here, if there is an event for it.
 *
 * @throws ERR_OPTIONS unless this is a worker
 */
export function watchWorker(worker: unknown): void {
  if (!isNodeWorker(worker) && !isWebWorker(worker)) {
    throw typeError('ERR_OPTIONS', `watch(worker) takes a Worker; got ${describe(worker)}.`)
  }
  const { threadId } = worker
  if (watched.has(worker) || !mayUse('events') || typeof threadId !== 'number' || threadId < 0) return
  watched.add(worker)
  const exited = exitOf(threadId + 1)
  if (!isNodeWorker(worker)) {
    worker.addEventListener('close', exited, { once: true })
    return
  }
  // One listener more than the program knows of must not be the one too many that a warning is printed for.
  const most = worker.getMaxListeners?.() ?? 0
  if (most > 0) worker.setMaxListeners?.(most + 1)
  worker.once('exit', exited)
}

/** What to do when a thread has ended: it does not hold on to the worker or a heap. */
function exitOf(threadId: number): () => void {
  return () => {
    if (!isDeno) ended.add(threadId)
    for (const listener of listeners) listener()
  }
}

function isNodeWorker(value: unknown): value is NodeWorker {
  const worker = value as Partial<NodeWorker> | null | undefined
  return typeof worker?.once === 'function' && typeof worker.threadId === 'number'
}

function isWebWorker(value: unknown): value is WebWorker {
  const worker = value as Partial<WebWorker> | null | undefined
  const methods = [worker?.postMessage, worker?.terminate, worker?.addEventListener]
  return methods.every((method) => typeof method === 'function')
}

/** Where a thread is told of the workers that it makes, it watches them all. */
function watchAll(): void {
  const { process } = globalThis as { process?: { on?(event: 'worker', listener: (worker: unknown) => void): void } }
  if (!threads || !mayUse('events')) return
  process?.on?.('worker', (worker) => {
    if (isNodeWorker(worker) || isWebWorker(worker)) watchWorker(worker)
  })
}

watchAll()
