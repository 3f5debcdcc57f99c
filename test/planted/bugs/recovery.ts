import type { Bug } from '../bug.js'

const ANYWHERE = 'test/recovery/die-anywhere.test.ts'
const RECOVERING = 'test/recovery/die-while-recovering.test.ts'
const EXCEPTIONS = 'test/recovery/exceptions.test.ts'
const GOING_ON = 'test/recovery/going-on.test.ts'

/** What is left of a thread that died, or was thrown out of an operation. */
export const RECOVERY: readonly Bug[] = [
  {
    name: 'nothing is undone',
    file: 'assembly/heap/recovery.ts',
    replace: '  undo()\n  countLists()',
    by: '  if (!undo) undo()\n  journal().logged = 0\n  countLists()',
    test: [ANYWHERE, 'recovered: numbers'],
  },
  {
    name: 'what is undone is undone from the wrong end',
    file: 'assembly/sync/journal.ts',
    replace: 'const entry = entryAt(journal().logged - 1)',
    by: 'const entry = entryAt(0)',
    test: [ANYWHERE, 'recovered: strings'],
  },
  {
    name: 'the intent to lock is noted after the lock',
    file: 'assembly/sync/lock.ts',
    replace: '  journal().lock = address\n  checkpoint(Checkpoint.LockIntended)\n',
    by: '  checkpoint(Checkpoint.LockIntended)\n',
    test: [ANYWHERE, 'recovered: numbers'],
  },
  {
    name: 'a dead thread keeps its lock',
    file: 'assembly/heap/recovery.ts',
    replace: '  if (isHeld) unlock(address)\n',
    by: '',
    test: [ANYWHERE, 'recovered: numbers'],
  },
  {
    name: 'a split that was begun is not settled',
    file: 'assembly/structures/hashmap/hooks.ts',
    replace: '  settleSplit(stripe, head)\n',
    by: '',
    test: [ANYWHERE, 'growth with long chains'],
  },
  {
    name: 'ghosts stay in the parent',
    file: 'assembly/structures/hashmap/repair.ts',
    replace: '(hash & mask) == index && ',
    by: '',
    test: [ANYWHERE, 'growth from one bucket'],
  },
  {
    name: 'an entry that was being moved forward is there twice',
    file: 'assembly/structures/hashmap/repair.ts',
    replace: ' && !(before && isIn(before, key))',
    by: '',
    test: [ANYWHERE, 'growth from one bucket'],
  },
  {
    name: 'the segment of a dead thread is lost',
    file: 'assembly/heap/recovery.ts',
    replace: '  settleHand(handAt(SEGMENT_HAND), FOR_SEGMENT) //',
    by: '  //',
    test: [ANYWHERE, 'growth from one bucket'],
  },
  {
    name: 'a growth that was begun can never be again',
    file: 'assembly/structures/hashmap/grow.ts',
    replace: '    endGrowth(table)\n  }\n  unfinished().growing = 0',
    by: '  }\n  unfinished().growing = 0',
    test: [ANYWHERE, 'growth from one bucket'],
  },
  {
    name: 'the count of entries is not noted',
    file: 'assembly/structures/hashmap/write.ts',
    replace: 'noteBoth(tophashWord(bucketOf(ref)), countWord(stripe))',
    by: 'note64(tophashWord(bucketOf(ref)))',
    test: [ANYWHERE, 'recovered: numbers'],
  },
  {
    name: 'a replaced value is not noted',
    file: 'assembly/structures/hashmap/write.ts',
    replace: '    note64(valueWord(ref))\n',
    by: '',
    test: [ANYWHERE, 'recovered: strings'],
  },
  {
    name: 'tables of a dead thread stay open',
    file: 'assembly/heap/recovery.ts',
    replace: 'settleClaim() && closeAll() && endTraces()',
    by: 'settleClaim() && endTraces()',
    test: [ANYWHERE, 'recovered: numbers'],
  },
  {
    name: 'tables without a name stay for ever',
    file: 'assembly/heap/recovery.ts',
    replace: 'const named = isNamed(record, journal().claimedGeneration)',
    by: 'const named = 1 + 0 * isNamed(record, 0)',
    test: [ANYWHERE, 'other tables'],
  },
  {
    name: 'whom a dead thread was recovering waits for ever',
    file: 'assembly/heap/recovery.ts',
    replace: '  handBackOthers()\n',
    by: '',
    test: [RECOVERING, 'can die at any checkpoint: numbers'],
  },
  {
    name: 'recovery waits for another death as long as an operation',
    file: 'assembly/heap/recovery.ts',
    replace: '  hurry(true)\n',
    by: '',
    test: [RECOVERING, 'when nobody knows yet'],
  },
  {
    name: 'a lock is taken while the undo log is in use',
    file: 'assembly/sync/lock.ts',
    replace: '  if (isUnsettled()) return false\n',
    by: '',
    test: [EXCEPTIONS, 'loses nothing'],
  },
  {
    name: 'the table of a chain is entered before it is known that the chain can be locked',
    file: 'assembly/sync/lock.ts',
    replace: '  if (isUnsettled()) return false\n',
    by: '  if (isUnsettled()) {\n    journal().record = record\n    return false\n  }\n',
    test: [GOING_ON, 'loses nothing: growth from one bucket'],
  },
  {
    name: 'a chain is locked while what was cut off another has not been given back',
    file: 'assembly/sync/journal.ts',
    replace: '(load<u64>(self + JOURNAL) | load<u64>(self + OWN_JOURNAL) | load<u64>(self + OWN_JOURNAL, 8)) != 0',
    by: 'load<u64>(self + JOURNAL) != 0',
    test: [GOING_ON, 'loses nothing: clearing'],
  },
  {
    name: 'what an exception has left in a hand is forgotten',
    file: 'assembly/memory/blocks.ts',
    replace: '  if (addressIn(hand)) setAside(hand, FOR_LARGE) // which an exception has left full\n',
    by: '',
    test: [GOING_ON, 'loses nothing: strings'],
  },
  {
    name: 'a collection that an exception has left without a name stays for ever',
    file: 'assembly/heap/recovery.ts',
    replace: 'return settle() && settleClaim() ? 0',
    by: 'return settle() ? 0',
    test: [GOING_ON, 'loses nothing: other tables'],
  },
  {
    name: 'a regular expression is compiled where an error is handled',
    file: 'src/codecs/structured-refusals.ts',
    replace: 'return isRangeError(error) && says(error, OF_OVERFLOWS)',
    by: 'return isRangeError(error) && /stack|recursion/i.test(error.message)',
    test: ['test/api/regexps.test.ts', 'after a getter has thrown'],
  },
]
