import { builtinModule } from '../core/platform.js'
import { describe, typeError } from '../core/errors.js'
import { type TellingWorker, ended, tellOf } from './copies.js'
import { mayUse } from '../core/detectors.js'

// Workers of Node and Bun: their ids, and the event that says that one has ended. It comes to the thread that made the
// worker, from its event loop, when nothing of the worker runs any more.

interface WorkerThreads {
  readonly threadId: number
  getEnvironmentData?(key: string): unknown
  setEnvironmentData?(key: string, value: unknown): void
}

/** A worker as `new Worker` of node:worker_threads returns it. */
type NodeWorker = TellingWorker & Required<Pick<TellingWorker, 'once'>>

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

/** Whether a thread's exit has been seen here, given its id plus 1. */
export function hasExited(threadId: number): boolean {
  return threadId !== 0 && ended.has(threadId)
}

/** Notes that a thread has ended, given its id plus 1: it was a child of one that has. */
export function noteExit(threadId: number): void {
  if (threadId !== 0) ended.add(threadId)
}

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
  if (!mayUse('events') || typeof threadId !== 'number' || threadId < 0) return
  tellOf(worker as TellingWorker)
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
