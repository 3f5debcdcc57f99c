import type { Bug } from '../bug.js'

/** The allocator, and what is freed. */
export const MEMORY: readonly Bug[] = [
  {
    name: 'a block that is freed stays in the hand',
    file: 'assembly/memory/lists.ts',
    replace: '  push(sizeClass, addressIn(hand))\n  emptyHand(hand)\n',
    by: '  push(sizeClass, addressIn(hand))\n',
    test: ['test/recovery/die-anywhere.test.ts', 'strings'],
  },
  {
    name: 'the books forget what is cut',
    file: 'assembly/memory/supply.ts',
    replace: '  countCarved(sizeClass, 1)\n',
    by: '',
    test: ['test/recovery/die-anywhere.test.ts', 'numbers'],
  },
  {
    name: 'a full list is never given to others',
    file: 'assembly/memory/lists.ts',
    replace: 'if (listOf(sizeClass).count >= 2 * batch) spill(sizeClass, batch)',
    by: '',
    test: ['test/endurance/churn.test.ts', ''],
  },
  {
    name: 'a batch loses its last block',
    file: 'assembly/memory/lists.ts',
    replace: '  list.head = changetype<FreeBlock>(last).next\n  list.count -= count\n',
    by: '  list.head = changetype<FreeBlock>(changetype<FreeBlock>(last).next).next\n  list.count -= count + 1\n',
    test: ['test/recovery/die-anywhere.test.ts', 'churn, so that lists spill'],
  },
  {
    name: 'a value that is replaced is not freed',
    file: 'assembly/table/write.ts',
    replace: '    unreserveKey<K>()\n    releaseOldValue(stripe)\n    return REPLACED',
    by: '    unreserveKey<K>()\n    return REPLACED',
    test: ['test/recovery/die-anywhere.test.ts', 'strings'],
  },
  {
    name: 'overflow buckets that are empty are lost',
    file: 'assembly/table/write.ts',
    replace: '  unlock(head)\n  releaseBuckets()\n  releaseKey<K>()',
    by: '  unlock(head)\n  releaseKey<K>()',
    test: ['test/schedule/chains.test.ts', 'removals of two threads'],
  },
  {
    name: 'overflow buckets are free before they are cut off',
    file: 'assembly/table/write.ts',
    replace: 'if (overflowOf(loadNext(head))) pack(stripe, head)\n  unlock(head)',
    by: 'if (overflowOf(loadNext(head))) {\n    pack(stripe, head)\n    releaseBuckets()\n  }\n  unlockUnchanged(head)',
    test: ['test/schedule/chains.test.ts', 'does not lead a reader into the chain that uses the bucket next'],
  },
  {
    name: 'a reader follows an address that is garbage',
    file: 'assembly/memory/contents.ts',
    replace: 'if (address & 7) return false\n  const end',
    by: 'return true\n  const end',
    test: ['test/schedule/blocks.test.ts', 'from large to small, against a read'],
  },
  {
    name: 'a key is compared without its last word',
    file: 'assembly/memory/contents.ts',
    replace: 'at <= bytes; at += 8) {\n    if (atomic',
    by: 'at < bytes; at += 8) {\n    if (atomic',
    test: ['test/model/kinds.test.ts', 'string keys and'],
  },
]
