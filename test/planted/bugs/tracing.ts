import type { Bug } from '../bug.js'

/** Traces, and what stats() and inspect() say. */
export const TRACING: readonly Bug[] = [
  {
    name: 'a ring is freed while a thread may be writing to it',
    file: 'assembly/heap/tracing.ts',
    replace: 'isRing(ring) && !isWrittenTo()',
    by: 'isRing(ring)',
    test: ['test/recovery/tracing.test.ts', 'is not freed while a thread may write to it'],
  },
  {
    name: 'a writer of events does not see that others have gone once around',
    file: 'assembly/sync/trace.ts',
    replace: 'if (before > number || ',
    by: 'if (',
    test: ['test/recovery/tracing.test.ts', 'is lost if others go once around meanwhile'],
  },
  {
    name: 'an event is published before it is whole',
    file: 'assembly/sync/trace.ts',
    replace: '    place.first = first\n',
    by: '    atomic.store<u64>(event, number + 1)\n    place.first = first\n',
    test: ['test/recovery/tracing.test.ts', 'is whole or none if its writer dies'],
  },
  {
    name: 'what a dead thread was writing stays taken',
    file: 'assembly/sync/trace.ts',
    replace: '    atomic.cmpxchg<u64>(event, WRITING | u64(me().id), 0)\n',
    by: '',
    test: ['test/recovery/tracing.test.ts', 'is whole or none if its writer dies'],
  },
  {
    name: 'the traces of a dead thread are not ended',
    file: 'assembly/heap/recovery.ts',
    replace: 'closeAll() && endTraces()\n  endSpan',
    by: 'closeAll()\n  endSpan',
    test: ['test/recovery/die-anywhere.test.ts', 'a trace'],
  },
  {
    name: 'the accounts forget the ring',
    file: 'assembly/heap/accounting.ts',
    replace: 'largeUnits + countRingUnits())',
    by: 'largeUnits)',
    test: ['test/api/trace.test.ts', 'its memory is given back'],
  },
  {
    name: 'overflow buckets that are given back are not recorded',
    file: 'assembly/structures/hashmap/chain.ts',
    replace: '  recordMoment(EventKind.Overflow, journal().record, 0, giveAll())\n',
    by: '  giveAll()\n',
    test: ['test/api/trace.test.ts', 'overflow buckets that were taken'],
  },
  {
    name: 'events that were overwritten are not counted as lost',
    file: 'src/trace/trace.ts',
    replace: '    this.#lost += Math.max(0, end - capacity - this.#unread)\n',
    by: '',
    test: ['test/api/trace.test.ts', 'overwrites the oldest events'],
  },
  {
    name: 'blocks that leave a slab are still counted as free',
    file: 'assembly/memory/slabs.ts',
    replace: 'sizeClassAt(sizeClass).freeBlocks + by)',
    by: 'sizeClassAt(sizeClass).freeBlocks + max<i32>(by, 0))',
    test: ['test/recovery/die-anywhere.test.ts', 'churn, so that lists spill'],
  },
  {
    name: 'an inspection follows a chain without an end',
    file: 'assembly/structures/hashmap/inspect.ts',
    replace: ' || overflow == MOST_OVERFLOW',
    by: ' || overflow == 1_000_001',
    test: ['test/api/inspect.test.ts', 'ends in a chain that leads to itself'],
  },
]
