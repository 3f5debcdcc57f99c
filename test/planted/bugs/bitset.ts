import type { Bug } from '../bug.js'

/** Bits that two threads change at once: between what is seen and what is written lies a checkpoint, so that a schedule decides. */
export const BITSET: readonly Bug[] = [
  {
    name: 'flip reads a bit before it writes it',
    file: 'assembly/structures/bitset/bits.ts',
    replace: 'return atomic.xor<u64>(wordOf(page, bit), maskOf(bit)) & maskOf(bit) ? 0 : 1',
    by: `const before = atomic.load<u64>(wordOf(page, bit))
  checkpoint(Checkpoint.BitSeen)
  atomic.store<u64>(wordOf(page, bit), before ^ maskOf(bit))
  return before & maskOf(bit) ? 0 : 1`,
    test: ['test/schedule/bitset.test.ts', 'in one word, that three turn over'],
  },
  {
    name: 'and with another bitset writes the other bits of its words as they were',
    file: 'assembly/structures/bitset/algebra.ts',
    replace: `function combineWord(address: u32, other: u64, operation: u32): void {
  if (operation == AND) atomic.and<u64>(address, other)
`,
    by: `import { Checkpoint, checkpoint } from '../../sync/checkpoint'
function combineWord(address: u32, other: u64, operation: u32): void {
  if (operation == AND) {
    const before = atomic.load<u64>(address)
    if (before) checkpoint(Checkpoint.BitSeen)
    atomic.store<u64>(address, before & other)
  }
`,
    test: ['test/schedule/bitset.test.ts', 'in one word, of which others are taken away by another bitset'],
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
