import type { Bug } from '../bug.js'

/** Reads without a lock, and iteration. */
export const READING: readonly Bug[] = [
  {
    name: 'a read does not look at the lock word again',
    file: 'assembly/structures/hashmap/read.ts',
    replace: 'const change = changeOf(head, word)\n  if (!change && has',
    by: 'const change: u32 = 0\n  if (!change && has',
    test: ['test/schedule/blocks.test.ts', 'for another value, against a read'],
  },
  {
    name: 'a read of a number does not look at the lock word again',
    file: 'assembly/structures/hashmap/read.ts',
    replace: 'const change = changeOf(head, word)\n        if (!change) {',
    by: 'const change: u32 = 0\n        if (!change) {',
    test: ['test/schedule/same-key.test.ts', 'replacement of a number against removal'],
  },
  {
    name: 'a read in a chain does not look at the lock word again',
    file: 'assembly/structures/hashmap/read.ts',
    replace: 'const change = changeOf(head, word)\n      if (!change) {',
    by: 'const change: u32 = 0\n      if (!change) {',
    test: ['test/schedule/evacuation.test.ts', 'never misses an entry of a chain that is split'],
  },
  {
    name: 'a read that finds nothing does not look at the lock word again',
    file: 'assembly/structures/hashmap/read.ts',
    replace: 'isHome(next, start, hash) && !changeOf(head, word)',
    by: 'isHome(next, start, hash)',
    test: ['test/schedule/chains.test.ts', 'does not hide the last entry, whose bucket it cuts off'],
  },
  {
    name: 'a read does not mind that the chain is locked',
    file: 'assembly/structures/hashmap/read.ts',
    replace: 'if ((word & (LIVE | LOCKED)) == LIVE) {',
    by: 'if ((word & LIVE) == LIVE) {',
    test: ['test/schedule/dying.test.ts', 'in a removal'],
  },
  {
    name: 'a read trusts the level, not the depth of the bucket',
    file: 'assembly/structures/hashmap/read.ts',
    replace: ' && isHome(next, start, hash)',
    by: '',
    test: ['test/schedule/evacuation.test.ts', 'finds an entry that was there before, and after'],
  },
  {
    name: 'locate takes a head that was split since for the home',
    file: 'assembly/structures/hashmap/locate.ts',
    replace: 'if (home == index) return head',
    by: 'if (home == index || home > index) return head',
    test: ['test/schedule/evacuation.test.ts', 'removes an entry that moves'],
  },
  {
    name: 'locate looks at the depth before the lock word',
    file: 'assembly/structures/hashmap/locate.ts',
    replace: `    checkpoint(Checkpoint.LockSeen)
    if (seen & LIVE) {
      const home = hash & maskOf(depthOf(loadNext(head)))`,
    by: `    const early = loadNext(head)
    checkpoint(Checkpoint.LockSeen)
    seen = loadLock(head)
    if (seen & LIVE) {
      const home = hash & maskOf(depthOf(early))`,
    test: ['test/schedule/evacuation.test.ts', 'removes an entry that moves'],
  },
  {
    name: 'the cursor advances by the level that the stripe knows',
    file: 'assembly/structures/hashmap/whole.ts',
    replace: 'covered = intervalEnd(at, depth)',
    by: 'covered = intervalEnd(at, level)',
    test: ['test/api/iteration.test.ts', 'once for each entry, and returns nothing'],
  },
  {
    name: 'iteration keeps entries behind the end of the interval',
    file: 'assembly/structures/hashmap/iterate.ts',
    replace: 'if (place < cursor || place > last || isSeenDead',
    by: 'if (place < cursor || isSeenDead',
    test: ['test/model/iteration.test.ts', 'partition'],
  },
  {
    name: 'iteration takes a chain whole whose first half has been passed',
    file: 'assembly/structures/hashmap/whole.ts',
    replace: 'covered > last || !isFirst(at, depth)',
    by: 'covered > last',
    test: ['test/model/iteration.test.ts', 'partition'],
  },
  {
    name: 'iteration takes a chain whole of which only the first half is wanted',
    file: 'assembly/structures/hashmap/iterate.ts',
    replace: 'covered <= last && isFirst(cursor, depth)',
    by: 'isFirst(cursor, depth)',
    test: ['test/model/iteration.test.ts', 'partition'],
  },
  {
    name: 'iteration keeps entries before the cursor',
    file: 'assembly/structures/hashmap/iterate.ts',
    replace: 'if (place < cursor || place > last || isSeenDead',
    by: 'if (place > last || isSeenDead',
    test: ['test/model/iteration.test.ts', 'partition'],
  },
  {
    name: 'what an iteration asks for ahead need not be within reach',
    file: 'assembly/structures/hashmap/ahead.ts',
    replace: 'if (isBlock(word) && isWithinReach(u64(addressOf(word)) + BLOCK_HEADER_BYTES))',
    by: 'if (isBlock(word))',
    test: ['test/unit/reach.test.ts', 'string keys and values, where the other thread iterates'],
  },
  {
    name: 'iteration does not look at the lock word again',
    file: 'assembly/structures/hashmap/whole.ts',
    replace: '    if (hasChanged(head, word)) {\n      countRetry(stripe)\n      break\n    }\n',
    by: '',
    test: ['test/schedule/evacuation.test.ts', 'visits each entry once'],
  },
  {
    name: 'iteration does not look at the lock word again where it has waited for a writer',
    file: 'assembly/structures/hashmap/iterate.ts',
    replace: 'if (copied != CHANGED && !hasChanged(head, word)) return copied',
    by: 'if (copied != CHANGED) return copied',
    test: ['test/schedule/evacuation.test.ts', 'visits each entry once'],
  },
  {
    name: 'iteration copies chains that are locked',
    file: 'assembly/structures/hashmap/whole.ts',
    replace: '(word & (LIVE | LOCKED)) != LIVE',
    by: '(word & LIVE) != LIVE',
    test: ['test/schedule/chains.test.ts', 'does not mix up the chains of an iteration'],
  },
  {
    name: 'iteration takes the head that the level leads to for the one that is responsible',
    file: 'assembly/structures/hashmap/whole.ts',
    replace: ' || depth > level',
    by: '',
    test: ['test/schedule/evacuation.test.ts', 'visits each entry once'],
  },
  {
    name: 'iteration does not come from the last head of a half to the first of the other',
    file: 'assembly/hash/order.ts',
    replace: 'return (index & (bit - 1)) | bit',
    by: 'return index | bit',
    test: ['test/model/iteration.test.ts', 'number keys and number values'],
  },
  {
    name: 'iteration keeps what is in the empty slots of a head',
    file: 'assembly/structures/hashmap/whole.ts',
    replace: 'return target + (used << 4)',
    by: 'return target + 16',
    test: ['test/model/iteration.test.ts', 'number keys and number values'],
  },
]
