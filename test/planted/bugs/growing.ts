import type { Bug } from '../bug.js'

/** Growth and evacuation. */
export const GROWING: readonly Bug[] = [
  {
    name: 'a child is LIVE before its entries are there',
    file: 'assembly/structures/hashmap/evacuate.ts',
    replace: '  const movers = copyMovers<Keys>(source, target, bit)\n',
    by: '  atomic.store<u32>(target, LIVE)\n  checkpoint(Checkpoint.ChildLive)\n  const movers = copyMovers<Keys>(source, target, bit)\n',
    test: ['test/schedule/evacuation.test.ts', 'inserts into what is being split'],
  },
  {
    name: 'movers stay in the parent',
    file: 'assembly/structures/hashmap/evacuate.ts',
    replace: '  withdrawMovers<Keys>(source, bit, movers)\n',
    by: '',
    test: ['test/schedule/evacuation.test.ts', 'finds an entry that moves'],
  },
  {
    name: 'a split does not raise the version of the parent',
    file: 'assembly/structures/hashmap/evacuate.ts',
    replace: 'compact(stripe, source)\n  unlock(source)',
    by: 'compact(stripe, source)\n  unlockUnchanged(source)',
    test: ['test/schedule/evacuation.test.ts', 'replaces a value that moves'],
  },
  {
    name: 'a split does not look again, under the lock, whether it is done',
    file: 'assembly/structures/hashmap/evacuate.ts',
    replace: 'const isDone = (loadLock(target) & LIVE) != 0\n',
    by: 'const isDone = false\n',
    test: ['test/schedule/evacuation.test.ts', 'inserts into what is being split'],
  },
  {
    name: 'the depth of the parent is raised before the child is LIVE',
    file: 'assembly/structures/hashmap/evacuate.ts',
    replace: '  const movers = copyMovers<Keys>(source, target, bit)\n',
    by: `  const movers = copyMovers<Keys>(source, target, bit)
  storeNext(source, overflowOf(loadNext(source)) | (bit + 1))
`,
    test: ['test/schedule/dying.test.ts', 'in a split'],
  },
  {
    name: 'the level is raised before the segment is entered',
    file: 'assembly/structures/hashmap/grow.ts',
    replace: '  setSegment(table, level + 1, segment - (bucketBytesOf(table) << level))\n',
    by: `  atomic.store<u32>(table, level + 1, offsetof<Table>('level'))
  checkpoint(Checkpoint.SegmentEntered)
  setSegment(table, level + 1, segment - (bucketBytesOf(table) << level))
`,
    test: ['test/schedule/growth.test.ts', 'goes on where another thread has begun'],
  },
  {
    name: 'the level is not looked at again by who may grow',
    file: 'assembly/structures/hashmap/grow.ts',
    replace: 'if (loadLevel(table) == level && isEvacuated(table, level)) grown',
    by: 'grown',
    test: ['test/schedule/growth.test.ts', 'of three threads'],
  },
  {
    name: 'a table grows before the last growth is over',
    file: 'assembly/structures/hashmap/grow.ts',
    replace: 'return sumEvacuated(table) >= (1 << level) - (1 << changetype<Table>(table).baseLevel)',
    by: 'return true',
    test: ['test/schedule/dying.test.ts', 'in growth, and another grows the table'],
  },
  {
    name: 'a segment is not zeroed',
    file: 'assembly/memory/segments.ts',
    replace: 'if (segment && !(isLarge(bytes) && isFresh)) memory.fill(segment, 0, bytes)',
    by: '',
    test: ['test/model/reuse.test.ts', 'becomes buckets, and nothing is left'],
  },
  {
    name: 'a claim reaches beyond the last child',
    file: 'assembly/structures/hashmap/grow.ts',
    replace: 'const end = min<u32>(first + length, children)\n',
    by: 'const end = first + length\n',
    test: ['test/model/growth.test.ts', 'wherever the cursor stands'],
  },
  {
    name: 'a claim does not go round',
    file: 'assembly/structures/hashmap/grow.ts',
    replace: '  evacuateRange(stripe, children, children + first + length - end)\n',
    by: '',
    test: ['test/model/growth.test.ts', 'although the cursor never stands'],
  },
  {
    name: 'memory of another thread is used before it is within reach',
    file: 'assembly/structures/hashmap/locate.ts',
    replace: 'known < level; known++) reachSegment(view.record, 1 << known)',
    by: 'known < level; known++) {}',
    test: ['test/unit/reach.test.ts', 'string keys and values, where the other thread clears'],
  },
  {
    name: 'a table that has gone beyond level 0 is evacuated there again',
    file: 'assembly/structures/hashmap/grow.ts',
    replace: 'return sumEvacuated(table) >= (1 <<',
    by: 'return sumEvacuated(table) == (1 <<',
    test: ['test/schedule/growth.test.ts', 'happens once when two inserts ask for it'],
  },
  {
    name: 'two threads grow at once',
    file: 'assembly/structures/hashmap/grow.ts',
    replace: '  if (atomic.cmpxchg<u32>(table + GROWING, 0, lockedBy(me().id))) {',
    by: '  if (atomic.cmpxchg<u32>(table + GROWING, 0, lockedBy(me().id)) > 1 << 31) {',
    test: ['test/schedule/growth.test.ts', 'happens once when two inserts ask for it'],
  },
  {
    name: 'the depth of the parent is not raised',
    file: 'assembly/structures/hashmap/evacuate.ts',
    replace: '| (unfinished().childBit + 1))',
    by: '| unfinished().childBit)',
    test: ['test/schedule/evacuation.test.ts', 'finds an entry that moves'],
  },
  {
    name: 'movers stay in the overflow buckets of the parent',
    file: 'assembly/structures/hashmap/evacuate.ts',
    replace: '    bucket = nextBucket(bucket)\n    if (!bucket) return\n',
    by: '    bucket = 0\n    if (!bucket) return\n',
    test: ['test/schedule/evacuation.test.ts', 'never misses an entry of a chain that is split'],
  },
]
