import { MAX_THREADS, SCRATCH, SLOT_KIND } from '../core/layout.js'
import { TophashError } from '../core/errors.js'
import { failure, nameOf } from '../core/failure.js'
import type { Heap } from '../heap/heap.js'
import { STRUCTURES } from '../core/structures.js'
import { hasMoved, isAtWork, kindOf, stateOf } from '../core/slots.js'

/** What each code of assembly/heap/check.ts and accounting.ts means; a structure says what its own do. */
const INVARIANTS: Readonly<Record<number, string>> = Object.assign(
  {
    14: 'a table is the record of one',
    17: "each reference to a table is somebody's, and one without a name is open in some thread",
    20: 'blocks of slabs = blocks in tables + in lists + free in slabs',
    21: 'units of slabs are those of the slabs that are counted',
    22: 'a block lies where a slab has one, and nothing lies in free units',
    23: 'units of large blocks are those that tables refer to',
    24: 'units of segments are those of the directories',
    25: 'units of scratch are those of the thread slots, and what is kept',
    26: 'units handed out = header + map + free + slabs + large blocks + segments + scratch',
    27: 'the free blocks of slabs are linked, and as many as is noted',
  },
  ...Object.values(STRUCTURES).map(({ invariants }) => invariants),
)

/** Walks the whole heap and throws ERR_BROKEN_INVARIANT at the first promise of the layout that does not hold. */
export function checkInvariants(heap: Heap): void {
  const before = heap.deaths.words.slice()
  const code = heap.core.checkHeap()
  if (code === 0) return
  if (code < 0) throw failure(heap, code)
  const address = heap.wordAt(heap.scratch + SCRATCH.address)
  const busy = busyThreads(heap.deaths.words, before, heap.thread)
  throw new TophashError(
    'ERR_BROKEN_INVARIANT',
    `Invariant ${code} is broken near ${address}: "${INVARIANTS[code]}". ` +
      (busy.length > 0
        ? `${namesOf(heap, busy)} at work during the check, or died in the middle of it without anybody noticing. Let ` +
          'all other threads stop writing, then check again. In Deno a worker that was terminated can run on for long.'
        : 'If no thread wrote during the check, this is a bug in tophash, or something else wrote to its memory: ' +
          'please report it.'),
  )
}

/** Other threads that are in the middle of an operation, or whose slots have changed since `before`: they have written. */
function busyThreads(words: Int32Array, before: Int32Array, self: number): number[] {
  const isBusy = (thread: number): boolean =>
    thread !== self &&
    kindOf(stateOf(words, thread)) !== SLOT_KIND.free &&
    (isAtWork(words, thread) || hasMoved(words, before, thread))
  return Array.from({ length: MAX_THREADS }, (_, index) => index + 1).filter(isBusy)
}

function namesOf(heap: Heap, threads: readonly number[]): string {
  const names = threads.map((thread) => {
    const name = nameOf(heap, thread).slice(2)
    return name === '' ? `${thread}` : `${thread} (${name})`
  })
  return threads.length === 1 ? `Thread ${names[0]} was` : `Threads ${names.join(', ')} were`
}
