import type { Bug } from '../bug.js'

/** Reads without a lock, and iteration. */
export const READING: readonly Bug[] = [
  {
    name: 'a read does not look at the lock word again',
    file: 'assembly/table/read.ts',
    replace: 'const change = changeOf(head, word)\n        if (!change && has',
    by: 'const change: u32 = 0\n        if (!change && has',
    test: ['test/schedule/blocks.test.ts', 'for another value, against a read'],
  },
  {
    name: 'a read in a chain does not look at the lock word again',
    file: 'assembly/table/read.ts',
    replace: 'const change = changeOf(head, word)\n      if (!change) {',
    by: 'const change: u32 = 0\n      if (!change) {',
    test: ['test/schedule/evacuation.test.ts', 'never misses an entry of a chain that is split'],
  },
  {
    name: 'a read that finds nothing does not look at the lock word again',
    file: 'assembly/table/read.ts',
    replace: '!overflowOf(next) && !changeOf(head, word)',
    by: '!overflowOf(next)',
    test: ['test/schedule/evacuation.test.ts', 'finds an entry that moves'],
  },
  {
    name: 'a read does not mind that the chain is locked',
    file: 'assembly/table/read.ts',
    replace: '(word & (LIVE | LOCKED)) == LIVE &&',
    by: '(word & LIVE) == LIVE &&',
    test: ['test/schedule/dying.test.ts', 'in a replacement'],
  },
  {
    name: 'a read trusts the level, not the depth of the bucket',
    file: 'assembly/table/read.ts',
    replace: ' && depthOf(next) <= level',
    by: '',
    test: ['test/schedule/evacuation.test.ts', 'finds an entry that was there before, and after'],
  },
  {
    name: 'locate takes a head that was split since for the home',
    file: 'assembly/table/locate.ts',
    replace: 'if (home == index) return head',
    by: 'if (home == index || home > index) return head',
    test: ['test/schedule/evacuation.test.ts', 'removes an entry that moves'],
  },
  {
    name: 'locate looks at the depth before the lock word',
    file: 'assembly/table/locate.ts',
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
    file: 'assembly/table/iterate.ts',
    replace: 'covered = intervalEnd(cursor, depthOf(loadNext(head)))',
    by: 'covered = intervalEnd(cursor, load<u32>(stripe, 4))', // Stripe.level
    test: ['test/schedule/evacuation.test.ts', 'visits each entry once while others come and go'],
  },
  {
    name: 'iteration keeps entries behind the end of the interval',
    file: 'assembly/table/iterate.ts',
    replace: 'if (place < cursor || place > last) continue\n      if (!copyKey',
    by: 'if (place < cursor) continue\n      if (!copyKey',
    test: ['test/model/iteration.test.ts', 'partition'],
  },
  {
    name: 'iteration keeps entries before the cursor',
    file: 'assembly/table/iterate.ts',
    replace: 'if (place < cursor || place > last) continue\n      if (!copyKey',
    by: 'if (place > last) continue\n      if (!copyKey',
    test: ['test/model/iteration.test.ts', 'partition'],
  },
  {
    name: 'iteration does not look at the lock word again',
    file: 'assembly/table/iterate.ts',
    replace: 'if (copied != CHANGED && !hasChanged(head, word)) return copied',
    by: 'if (copied != CHANGED) return copied',
    test: ['test/schedule/evacuation.test.ts', 'visits each entry once'],
  },
]
