import { MAX_PAGES } from './exports.js'
import { HEADER, MAX_THREADS, PAGE_BYTES, SCRATCH, STATUS } from './layout.js'
import { TophashError, type TophashErrorCode, corruptHeap } from './errors.js'
import { identityOf, isThread } from './slots.js'

// What the core's negative statuses mean to a program: what went wrong, what has happened, and what to do.

/** What is asked of a heap: heap.ts has it. */
interface Memory {
  readonly thread: number
  readonly scratch: number
  readonly words: Int32Array
  readonly deaths: { readonly words: Int32Array }
  readonly isTellingTime: boolean
  wordAt(at: number): number
  mend(): void
}

/** What an operation has done when it fails, and what to do if that is for lack of memory. Both begin a sentence. */
export interface Outcome {
  readonly done: string
  readonly remedy?: string
}

/** That of most operations. Those on many keys are made of such, and retell their errors. */
const NOTHING: Outcome = { done: 'This call has changed nothing' }

/** Of what an error is made that is to be retold. */
export interface Account {
  readonly code: TophashErrorCode
  readonly problem: string
  /** What to do, whatever has been done. */
  readonly remedy: string
}

const accounts = new WeakMap<object, Account>()

/** The error for what has happened. */
export function tell(account: Account, { done, remedy }: Outcome = NOTHING): TophashError {
  const { code, problem } = account
  const isForMemory = code === 'ERR_OUT_OF_MEMORY' && remedy !== undefined
  const told = isForMemory ? { ...account, remedy } : account
  const error = new TophashError(code, `${problem} ${done}. ${told.remedy}.`)
  accounts.set(error, told)
  return error
}

/** The error of a part of an operation, as the error of the whole; what is no failure of the core stays as it is. */
export function retold(error: unknown, outcome: Outcome): unknown {
  const account = typeof error === 'object' && error !== null ? accounts.get(error) : undefined
  return account ? tell(account, outcome) : error
}

/** Whether an error says that there was no memory. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof TophashError && error.code === 'ERR_OUT_OF_MEMORY'
}

/** The error for a status that an operation returned. Those that mean something to a table only: see table.ts. */
export function failure(heap: Memory, status: number, outcome = NOTHING): TophashError {
  if (heap.isTellingTime) return tellingTime()
  // A copy that may use a part of the scratch page only: of an operation that was interrupted, for no other ends with that.
  const isInterrupted = status === STATUS.noRoom
  const owner = isInterrupted ? heap.thread : heap.wordAt(heap.scratch + SCRATCH.owner)
  heap.words[(heap.scratch + SCRATCH.owner) >>> 2] = 0
  if (status === STATUS.corrupt) return corruptHeap('A key or value in this heap lies where there is no memory')
  if (status === STATUS.invalid) return corruptHeap('What this thread has open in the heap is not there')
  if (status === STATUS.ownerUnresponsive || owner !== 0) return unresponsive(heap, owner, outcome)
  const account: Account = {
    code: 'ERR_OUT_OF_MEMORY',
    problem: `The heap has no room left (it may have ${maxBytesOf(heap)} bytes).`,
    remedy: `Delete entries of the same size or larger and try again, or ${makeRoom(heap)}`,
  }
  return tell(account, outcome)
}

/** The error for what a clock of the program's asks of the heap that waits for it. */
export function tellingTime(): TophashError {
  return new TophashError(
    'ERR_UNSUPPORTED',
    'The clock of a cache (its option now) is asked in the middle of an operation, so it cannot use the heap that the cache is in: ' +
      'no collection of it, nor the cache itself. This call has changed nothing. Have it tell the time from a variable, or from a ' +
      'collection in another heap.',
  )
}

/** How a program comes to a heap with more room. */
export function makeRoom(heap: Memory): string {
  if (heap.wordAt(HEADER.maxPages) < MAX_PAGES) return 'give the map or set, or the SharedHeap that it is in, a larger maxBytes'
  return 'use several heaps: one has 4 GiB at most'
}

function unresponsive(heap: Memory, owner: number, outcome: Outcome): TophashError {
  if (owner === heap.thread) {
    heap.mend()
    const problem = `An earlier call in this thread (${owner}) was interrupted, for example by a stack overflow, and was not rolled back yet.`
    return tell({ code: 'ERR_OWNER_UNRESPONSIVE', problem, remedy: 'Try again' }, outcome)
  }
  const account: Account = {
    code: 'ERR_OWNER_UNRESPONSIVE',
    problem:
      `Thread ${owner} has held a lock for too long${nameOf(heap, owner)}. ` +
      'It is stopped, or it has ended where nobody could notice that.',
    remedy: 'Try again when the thread runs. In the thread that made it, map.watch(worker) lets the end of a worker be noticed',
  }
  return tell(account, outcome)
}

/** Whatever may help to find a thread. */
export function nameOf({ deaths }: Memory, owner: number): string {
  if (!isThread(owner)) return ''
  const { threadId, nativeId } = identityOf(deaths.words, owner)
  const worker = threadId > 1 ? `the worker with threadId ${threadId - 1}` : 'the main thread'
  const names = [threadId > 0 && worker, nativeId > 0 && `thread ${nativeId} of the system`].filter(Boolean)
  return names.length === 0 ? '' : `: ${names.join(', ')}`
}

/** Bytes that a heap may grow to. */
export function maxBytesOf(heap: Memory): number {
  return heap.wordAt(HEADER.maxPages) * PAGE_BYTES
}

/** The error for a thread that cannot have a slot in a heap. */
export function attachFailure(status: number): TophashError {
  if (status === STATUS.tooManyThreads) {
    return new TophashError(
      'ERR_TOO_MANY_THREADS',
      `All ${MAX_THREADS} thread slots of this heap are taken. Call dispose() in threads that are done with it.`,
    )
  }
  return new TophashError(
    'ERR_OUT_OF_MEMORY',
    'The heap has no room for one more thread, which needs 64 KiB. Call dispose() in threads that are ' +
      'done with it, delete entries of that size or larger, or make it with a larger maxBytes.',
  )
}
