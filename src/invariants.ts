import { SCRATCH } from './core/exports.js'
import { TophashError } from './errors.js'
import { failure } from './failure.js'
import type { Heap } from './heap.js'

/** What each code of assembly/table/check.ts and books.ts means. */
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
  20: 'carved blocks = blocks in tables + in lists + in batches',
  21: 'bytes of chunks = carved blocks + tables and small segments + padding + what is not carved yet',
  22: 'bytes of tables, stripes and small segments are those of the tables there are',
  23: 'pages of large blocks are those that tables refer to',
  24: 'pages of segments are those of the directories',
  25: 'pages of scratch are those of the thread slots',
  26: 'pages handed out = header + free + chunks + large blocks + segments + scratch',
  27: 'the number of blocks in batches is what is noted',
}

/** Walks the whole heap and throws ERR_BROKEN_INVARIANT at the first promise of the layout that does not hold. */
export function checkInvariants(heap: Heap): void {
  const code = heap.core.checkHeap()
  if (code === 0) return
  if (code < 0) throw failure(heap, code)
  const address = heap.wordAt(heap.scratch + SCRATCH.address)
  throw new TophashError(
    'ERR_BROKEN_INVARIANT',
    `Invariant ${code} is broken near ${address}: "${INVARIANTS[code]}". If no thread wrote during the ` +
      'check, this is a bug in tophash, or something else wrote to its memory: please report it.',
  )
}
