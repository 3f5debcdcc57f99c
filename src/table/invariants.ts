import { MAX_THREADS, SCRATCH, SLOT_KIND } from '../core/layout.js'
import { TophashError } from '../core/errors.js'
import { failure, nameOf } from '../core/failure.js'
import type { Heap } from '../heap/heap.js'
import { hasMoved, isAtWork, kindOf, stateOf } from '../core/slots.js'

/** What each code of assembly/structures/hashmap/check.ts and accounting.ts means. */
const INVARIANTS: Readonly<Record<number, string>> = {
  1: 'no lock is held',
  2: 'a bucket that is not evacuated into has a live parent at the level before',
  3: "a bucket's depth covers its index and is no deeper than the level",
  4: "every entry's hash belongs to its bucket",
  5: "every tophash byte is its entry's",
  6: 'every key is in its chain once',
  7: 'only the last bucket of a chain has empty slots',
  8: 'no overflow bucket is empty',
  9: "every key block holds its key's hash",
  10: 'the striped count equals the entries in the buckets',
  11: 'the count of evacuated buckets equals the live ones',
  12: 'the count of overflow buckets equals those in the chains',
  13: "a bucket's depth says that its child is live",
  14: 'a table is the record of one',
  15: 'a chain ends, and its entries lie in the heap',
  16: "a table's buckets lie in the heap",
  17: "each reference to a table is somebody's, and one without a name is open in some thread",
  20: 'blocks of slabs = blocks in tables + in lists + free in slabs',
  21: 'units of slabs are those of the slabs that are counted',
  22: 'a block lies where a slab has one, and nothing lies in free units',
  23: 'units of large blocks are those that tables refer to',
  24: 'units of segments are those of the directories',
  25: 'units of scratch are those of the thread slots, and what is kept',
  26: 'units handed out = header + map + free + slabs + large blocks + segments + scratch',
  30: "a bitset's groups and pages lie in the heap",
  31: 'no bit is set beyond the last one of a bitset',
  40: 'a queue holds no more items than its capacity',
  41: "a queue's items lie in the heap",
  42: 'what was received of a queue is with a thread that has it open',
  43: 'the items that came back to a queue are as many as are counted',
  50: 'nobody holds the lock of the bound of a cache',
  51: 'the credits that threads have, those that none has and what the entries have cost add up to the bound of a cache',
  52: 'each time of a cache is a moment',
  53: 'each use of a cache is one',
  54: 'the removals that are kept of a cache are in order',
  27: 'the free blocks of slabs are linked, and as many as is noted',
}

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
