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
    name: 'a write does not lock the chain from the word under which it has found its entry',
    file: 'assembly/structures/hashmap/locate.ts',
    replace: 'isSought && tryLockIn(head, word, tableOf(stripe))',
    by: 'isSought && tryLockIn(head, loadLock(head) & ~LOCKED, tableOf(stripe))',
    test: ['test/schedule/same-key.test.ts', 'replacement of a number against removal'],
  },
  {
    name: 'a write takes what is found under the lock of another for an entry',
    file: 'assembly/structures/hashmap/locate.ts',
    replace: 'if ((word & (LIVE | LOCKED)) != LIVE) return 0',
    by: 'if (!(word & LIVE)) return 0',
    test: ['test/schedule/same-key.test.ts', 'increment against removal'],
  },
  {
    name: 'an unlock forgets to notify',
    file: 'assembly/sync/lock.ts',
    replace: '  if (held & WAITERS) wakeAll(address)\n',
    by: '',
    test: ['test/unit/waking.test.ts', 'an unlock notifies'],
  },
  {
    name: 'a waiter does not say that it waits',
    file: 'assembly/sync/lock.ts',
    replace: 'const flagged = word | WAITERS',
    by: 'const flagged = word',
    test: ['test/unit/waking.test.ts', 'who waits says so'],
  },
  {
    name: 'a slot is published before it is filled',
    file: 'assembly/structures/hashmap/chain.ts',
    replace: 'fillSlot(slotRef(bucket, index), key, value)\n',
    by: `storeTophash(bucket, withTag(tophash, index, tag))
      checkpoint(Checkpoint.SlotFilled)
      fillSlot(slotRef(bucket, index), key, value)
`,
    test: ['test/schedule/dying.test.ts', 'in an insert'],
  },
  {
    name: 'an overflow bucket is linked before it is filled',
    file: 'assembly/structures/hashmap/chain.ts',
    replace: '      resetBucket(fresh)\n      fillSlot(slotRef(fresh, 0), key, value)\n',
    by: `      resetBucket(fresh)
      storeNext(bucket, fresh | depthOf(next))
      checkpoint(Checkpoint.BucketLinked)
      fillSlot(slotRef(fresh, 0), key, value)
`,
    test: ['test/recovery/die-anywhere.test.ts', 'growth with long chains'],
  },
  {
    name: 'an entry that moves forward is withdrawn before its copy is there',
    file: 'assembly/structures/hashmap/chain.ts',
    replace: '  fillSlot(slotRef(target, index), loadKey(from), loadValue(from))\n',
    by: `  withdraw(from)
  checkpoint(Checkpoint.OriginalWithdrawn)
  fillSlot(slotRef(target, index), loadKey(from), loadValue(from))
`,
    test: ['test/schedule/dying.test.ts', 'in a removal from a long chain'],
  },
  {
    name: 'a removal leaves its hole',
    file: 'assembly/structures/hashmap/write.ts',
    replace: 'if (overflowOf(loadNext(head))) compact(stripe, head)\n  unlock(head)',
    by: 'unlock(head)',
    test: ['test/schedule/chains.test.ts', 'removals of two threads'],
  },
  {
    name: 'an insert is counted twice',
    file: 'assembly/structures/hashmap/chain.ts',
    replace: 'checkpoint(Checkpoint.SlotPublished)\n      addCount(stripe, 1)',
    by: 'checkpoint(Checkpoint.SlotPublished)\n      addCount(stripe, 2)',
    test: ['test/schedule/same-key.test.ts', 'insert against insert'],
  },
  {
    name: 'a value is added to outside the lock',
    file: 'assembly/structures/hashmap/write.ts',
    replace: '  storeValueAt(base, wordOfNumber(total))\n  checkpoint(Checkpoint.ValueReplaced)\n  unlock(head)\n',
    by: '  unlock(head)\n  storeValueAt(base, wordOfNumber(total))\n',
    test: ['test/schedule/same-key.test.ts', 'two increments'],
  },
  {
    name: 'compareAndSet does not compare',
    file: 'assembly/structures/hashmap/compare.ts',
    replace: 'if (ref && !isDead(stripe, ref) && isExpected(loadValue(ref))) return ref',
    by: 'if (ref) return ref',
    test: ['test/schedule/same-key.test.ts', 'compareAndSet against compareAndSet'],
  },
  {
    name: 'what was deleted is LIVE still',
    file: 'assembly/sync/lock.ts',
    replace: 'release(address, (journal().word + ONE_VERSION) & ~LIVE)',
    by: 'release(address, journal().word + ONE_VERSION)',
    test: ['test/schedule/deletion.test.ts', 'against a read'],
  },
  {
    name: 'the size can be less than nothing',
    file: 'assembly/structures/hashmap/counter.ts',
    replace: 'return max(sumCount(table), 0)',
    by: 'return sumCount(table)',
    test: ['test/linear/size.test.ts', 'not less than nothing where a removal is in the sum'],
  },
  {
    name: 'what was deleted can be opened still',
    file: 'assembly/heap/collections.ts',
    replace: 'const isOpen = isOpenTo(record, generation)',
    by: 'const isOpen = isOpenTo(record, generation) || true',
    test: ['test/schedule/deletion.test.ts', 'against one who opens it'],
  },
]
