import type { Bug } from '../bug.js'

/** Writes to one chain, under its lock. */
export const WRITING: readonly Bug[] = [
  {
    name: 'an unlock after a change does not raise the version',
    file: 'assembly/sync/lock.ts',
    replace: 'release(address, journal().word + ONE_VERSION)\n}',
    by: 'release(address, journal().word)\n}',
    test: ['test/schedule/blocks.test.ts', 'for another value, against a read'],
  },
  {
    name: 'a lock is taken without the word that was seen',
    file: 'assembly/sync/lock.ts',
    replace: 'if (atomic.cmpxchg<u32>(address, seen, taken) == seen) {',
    by: `const now = atomic.load<u32>(address)
  journal().word = now
  if (!(now & LOCKED) && atomic.cmpxchg<u32>(address, now, taken) == now) {`,
    test: ['test/schedule/evacuation.test.ts', 'inserts into what is being split'],
  },
  {
    name: 'an unlock forgets to notify',
    file: 'assembly/sync/lock.ts',
    replace: 'if (held & WAITERS) atomic.notify(address, -1)',
    by: '',
    test: ['test/schedule/same-key.test.ts', 'two increments'],
  },
  {
    name: 'a waiter does not say that it waits',
    file: 'assembly/sync/lock.ts',
    replace: 'const flagged = word | WAITERS',
    by: 'const flagged = word',
    test: ['test/schedule/same-key.test.ts', 'two increments'],
  },
  {
    name: 'a slot is published before it is filled',
    file: 'assembly/table/chain.ts',
    replace: 'fillSlot(slotRef(bucket, index), key, value)\n',
    by: `storeTophash(bucket, withTag(tophash, index, tag))
      checkpoint(Checkpoint.SlotFilled)
      fillSlot(slotRef(bucket, index), key, value)
`,
    test: ['test/schedule/dying.test.ts', 'in an insert'],
  },
  {
    name: 'an overflow bucket is linked before it is filled',
    file: 'assembly/table/chain.ts',
    replace: '      resetBucket(fresh)\n      fillSlot(slotRef(fresh, 0), key, value)\n',
    by: `      resetBucket(fresh)
      storeNext(bucket, fresh | depthOf(next))
      checkpoint(Checkpoint.BucketLinked)
      fillSlot(slotRef(fresh, 0), key, value)
`,
    test: ['test/schedule/chains.test.ts', 'two inserts that both need an overflow bucket'],
  },
  {
    name: 'an entry that moves forward is withdrawn before its copy is there',
    file: 'assembly/table/chain.ts',
    replace: '  fillSlot(slotRef(target, index), loadKey(from), loadValue(from))\n',
    by: `  withdraw(from)
  checkpoint(Checkpoint.OriginalWithdrawn)
  fillSlot(slotRef(target, index), loadKey(from), loadValue(from))
`,
    test: ['test/recovery/die-anywhere.test.ts', 'removal from long chains'],
  },
  {
    name: 'a removal leaves its hole',
    file: 'assembly/table/write.ts',
    replace: 'if (overflowOf(loadNext(head))) pack(stripe, head)\n  unlock(head)',
    by: 'unlock(head)',
    test: ['test/schedule/chains.test.ts', 'removals of two threads'],
  },
  {
    name: 'an insert is counted twice',
    file: 'assembly/table/chain.ts',
    replace: 'checkpoint(Checkpoint.SlotPublished)\n      addCount(stripe, 1)',
    by: 'checkpoint(Checkpoint.SlotPublished)\n      addCount(stripe, 2)',
    test: ['test/schedule/same-key.test.ts', 'insert against insert'],
  },
  {
    name: 'a value is added to outside the lock',
    file: 'assembly/table/write.ts',
    replace: '    storeValue(ref, wordOfNumber(total))\n    checkpoint(Checkpoint.ValueReplaced)\n    unlock(head)',
    by: '    unlock(head)\n    storeValue(ref, wordOfNumber(total))',
    test: ['test/schedule/same-key.test.ts', 'two increments'],
  },
  {
    name: 'the blocks of a removed entry are free before the entry is gone',
    file: 'assembly/table/write.ts',
    replace: 'checkpoint(Checkpoint.SlotWithdrawn)\n  addCount(stripe, -1)\n  commit()\n',
    by: 'checkpoint(Checkpoint.SlotWithdrawn)\n  addCount(stripe, -1)\n  commit()\n  releaseOldValue(stripe)\n',
    test: ['test/schedule/blocks.test.ts', 'for another entry, against a read'],
  },
  {
    name: 'a full chain is searched up to its first bucket',
    file: 'assembly/table/chain.ts',
    replace: '    if (emptySlots(loadTophash(bucket))) return true\n    bucket = nextBucket(bucket)',
    by: '    if (emptySlots(loadTophash(bucket))) return true\n    bucket = 0',
    test: ['test/model/room.test.ts', ''],
  },
]
