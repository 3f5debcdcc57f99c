import type { Bug } from '../bug.js'

/** Bits that two threads change at once. */
export const BITSET: readonly Bug[] = [
  {
    name: 'flip reads a bit before it writes it',
    file: 'assembly/structures/bitset/bits.ts',
    replace: 'return atomic.xor<u64>(wordOf(page, bit), maskOf(bit)) & maskOf(bit) ? 0 : 1',
    by: `const before = atomic.load<u64>(wordOf(page, bit))
  atomic.store<u64>(wordOf(page, bit), before ^ maskOf(bit))
  return before & maskOf(bit) ? 0 : 1`,
    test: ['test/linear/bitset.test.ts', 'single bits'],
  },
  {
    name: 'and with another bitset writes the other bits of its words as they were',
    file: 'assembly/structures/bitset/algebra.ts',
    replace: 'if (operation == AND) atomic.and<u64>(address, other)',
    by: 'if (operation == AND) atomic.store<u64>(address, atomic.load<u64>(address) & other)',
    test: ['test/bitset/workers.test.ts', 'leave the other half of each word alone'],
  },
  {
    name: 'a page replaces the one that another thread has entered meanwhile',
    file: 'assembly/structures/bitset/pages.ts',
    replace: 'const there = atomic.cmpxchg<u32>(entry, 0, made)',
    by: 'const there: u32 = 0\n  atomic.store<u32>(entry, made)',
    test: ['test/schedule/bitset.test.ts', 'of a page that two make at once'],
  },
  {
    name: 'a bitset has bits behind its last',
    file: 'assembly/structures/bitset/bits.ts',
    replace: 'if (!isBitset(stripe) || first > last || last > lastBitOf(recordOf(stripe))) return INVALID',
    by: 'if (!isBitset(stripe) || first > last) return INVALID',
    test: ['test/fuzz/core.test.ts', 'tophash: a wrong argument'],
  },
]
