import type { Bug } from '../bug.js'

const ANYWHERE = 'test/recovery/die-anywhere.test.ts'
const RECOVERING = 'test/recovery/die-while-recovering.test.ts'
const EXCEPTIONS = 'test/recovery/exceptions.test.ts'

/** What is left of a thread that died, or was thrown out of an operation. */
export const RECOVERY: readonly Bug[] = [
  {
    name: 'nothing is undone',
    file: 'assembly/recovery.ts',
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
    file: 'assembly/recovery.ts',
    replace: '    unlock(address)\n  }\n',
    by: '  }\n',
    test: [ANYWHERE, 'recovered: numbers'],
  },
  {
    name: 'a split that was begun is not settled',
    file: 'assembly/recovery.ts',
    replace: '  settleSplit(stripe, head)\n',
    by: '',
    test: [ANYWHERE, 'growth with long chains'],
  },
  {
    name: 'ghosts stay in the parent',
    file: 'assembly/table/tidy.ts',
    replace: '(hash & mask) == index && ',
    by: '',
    test: [ANYWHERE, 'growth from one bucket'],
  },
  {
    name: 'an entry that was being moved forward is there twice',
    file: 'assembly/table/tidy.ts',
    replace: ' && !isBefore(head, ref, key)',
    by: '',
    test: [ANYWHERE, 'growth from one bucket'],
  },
  {
    name: 'the segment of a dead thread is lost',
    file: 'assembly/recovery.ts',
    replace: '  settleHand(handAt(SEGMENT_HAND), FOR_SEGMENT) //',
    by: '  //',
    test: [ANYWHERE, 'growth from one bucket'],
  },
  {
    name: 'a growth that was begun can never be again',
    file: 'assembly/table/grow.ts',
    replace: '    endGrowth(table)\n  }\n  journal().growing = 0',
    by: '  }\n  journal().growing = 0',
    test: [ANYWHERE, 'growth from one bucket'],
  },
  {
    name: 'the count of entries is not noted',
    file: 'assembly/table/write.ts',
    replace: 'noteBoth(tophashWord(bucketOf(ref)), countWord(stripe))',
    by: 'note64(tophashWord(bucketOf(ref)))',
    test: [ANYWHERE, 'recovered: numbers'],
  },
  {
    name: 'a replaced value is not noted',
    file: 'assembly/table/write.ts',
    replace: '    note64(valueWord(ref))\n',
    by: '',
    test: [ANYWHERE, 'recovered: strings'],
  },
  {
    name: 'tables of a dead thread stay open',
    file: 'assembly/recovery.ts',
    replace: 'settleClaim() && closeAll() && endTraces() && finishFreeing()',
    by: 'settleClaim() && endTraces() && finishFreeing()',
    test: [ANYWHERE, 'recovered: numbers'],
  },
  {
    name: 'tables without a name stay for ever',
    file: 'assembly/recovery.ts',
    replace: 'const named = isNamed(table, journal().claimedGeneration)',
    by: 'const named = 1 + 0 * isNamed(table, 0)',
    test: [ANYWHERE, 'other tables'],
  },
  {
    name: 'whom a dead thread was recovering waits for ever',
    file: 'assembly/recovery.ts',
    replace: '  handBackOthers()\n',
    by: '',
    test: [RECOVERING, 'can die at any checkpoint: numbers'],
  },
  {
    name: 'recovery waits for another death as long as an operation',
    file: 'assembly/recovery.ts',
    replace: '  hurry()\n',
    by: '',
    test: [RECOVERING, 'when nobody knows yet'],
  },
  {
    name: 'a lock is taken while the undo log is in use',
    file: 'assembly/sync/lock.ts',
    replace: '  if (journal().lock | journal().logged) return false\n',
    by: '',
    test: [EXCEPTIONS, 'loses nothing'],
  },
]
