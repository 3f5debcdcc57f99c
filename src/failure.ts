import { HEADER, MAX_THREADS, MIN_PAGES, PAGE_BYTES, SCRATCH, STATUS } from './core/exports.js'
import { TophashError, corruptHeap } from './errors.js'
import { identityOf, isThread } from './recovery/slots.js'

// What the core's negative statuses mean to a program.

/** What is asked of a heap: heap.ts has it. */
interface Memory {
  readonly thread: number
  readonly scratch: number
  readonly words: Int32Array
  readonly deaths: { readonly words: Int32Array }
  wordAt(at: number): number
  mend(): void
}

/** The error for a status that an operation returned. Those that mean something to a table only: see table.ts. */
export function failure(heap: Memory, status: number): TophashError {
  const owner = heap.wordAt(heap.scratch + SCRATCH.owner)
  heap.words[(heap.scratch + SCRATCH.owner) >>> 2] = 0
  if (status === STATUS.corrupt) return corruptHeap('A key or value in this heap lies where there is no memory')
  if (status === STATUS.invalid) return corruptHeap('What this thread has open in the heap is not there')
  if (status === STATUS.ownerUnresponsive || owner !== 0) return unresponsive(heap, owner)
  return new TophashError(
    'ERR_OUT_OF_MEMORY',
    `The heap has no room left (it may have ${maxBytesOf(heap)} bytes). The map is unchanged by this call: delete ` +
      'entries and try again, or create it with a larger maxBytes.',
  )
}

function unresponsive(heap: Memory, owner: number): TophashError {
  if (owner === heap.thread) {
    heap.mend()
    return new TophashError(
      'ERR_OWNER_UNRESPONSIVE',
      `This thread (${owner}) was thrown out of an operation, as by a stack overflow, and had not undone it yet. The ` +
        'map is unchanged by this call; try again.',
    )
  }
  return new TophashError(
    'ERR_OWNER_UNRESPONSIVE',
    `Thread ${owner} has held a lock for too long${namesOf(heap, owner)}. ` +
      'It is stopped, or it has ended where nobody could notice that. The map is unchanged by this call; try again ' +
      'when the thread runs. In the thread that made it, map.watch(worker) lets the end of a worker be noticed.',
  )
}

/** Whatever may help to find a thread. */
function namesOf({ deaths }: Memory, owner: number): string {
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
    'The heap has no room for one more thread, which needs 64 KiB. Create it with a larger maxBytes, of at least ' +
      `${MIN_PAGES * PAGE_BYTES} bytes.`,
  )
}
