import type { Bug } from '../bug.js'

/** What a thread remembers of where entries are, and what shows that it is so still. */
export const SPOTS: readonly Bug[] = [
  {
    name: 'an entry is read where it was, whatever the lock word is',
    file: 'assembly/structures/hashmap/read.ts',
    replace: '    const before = changeOf(head, word)\n',
    by: '    const before = 0\n    word = loadLock(head)\n',
    test: ['test/unit/spots.test.ts', 'when anything in its chain was written'],
  },
  {
    name: 'nobody looks whether a chain changes while an entry is read where it was',
    file: 'assembly/structures/hashmap/read.ts',
    replace: '  return !change && hasFitted<V>(value) ? found<V>(value, change) : failed(OUTDATED)',
    by: '  return hasFitted<V>(value) ? found<V>(value, change) : failed(OUTDATED)',
    test: ['test/schedule/spots.test.ts', 'against a removal, and another key in its slot and its block'],
  },
  {
    name: 'nobody looks whether a chain changes while a number is read where it was',
    file: 'assembly/structures/hashmap/read.ts',
    replace: '      if (!change) return found<V>(value, change)\n    }\n  }\n  return failed(OUTDATED)',
    by: '      return found<V>(value, change)\n    }\n  }\n  return failed(OUTDATED)',
    test: ['test/schedule/spots.test.ts', 'against a removal, and another key in its slot'],
  },
  {
    name: 'an entry behind the head is remembered as one in it',
    file: 'assembly/structures/hashmap/spot.ts',
    replace: '(depth << DEPTH_SHIFT) | (hops << HOPS_SHIFT) | indexOf(ref)',
    by: '(depth << DEPTH_SHIFT) | indexOf(ref)',
    test: ['test/unit/spots.test.ts', 'is told of nearly all of a table that has grown'],
  },
  {
    name: 'what was seen before a table has shrunk counts still',
    file: 'assembly/structures/hashmap/shrink.ts',
    replace: '    if (!isWide(table)) changetype<MapStripe>(stripe).shrinks++\n',
    by: '',
    test: ['test/unit/spots.test.ts', 'when the table has shrunk, and has grown again'],
  },
  {
    name: 'recovery lets go of a chain as if nothing had changed',
    file: 'assembly/heap/recovery.ts',
    replace: '  if (isHeld) unlock(address)\n',
    by: '  if (isHeld) {\n    atomic.store<u32>(address, journal().word)\n    wakeAll(address)\n    journal().lock = 0\n  }\n',
    test: ['test/unit/spots.test.ts', 'or right, when who was changing its chain has died'],
  },
  {
    name: 'a removal lets go of a chain as if nothing had changed',
    file: 'assembly/structures/hashmap/write.ts',
    replace: '  if (overflowOf(loadNext(head))) compact(stripe, head)\n  unlock(head)\n',
    by: '  if (overflowOf(loadNext(head))) compact(stripe, head)\n  unlockUnchanged(head)\n',
    test: ['test/schedule/spots.test.ts', 'against a removal, and another key in its slot'],
  },
  {
    name: 'a table that was closed is read at its spots',
    file: 'assembly/exports/hashmap.ts',
    replace: '  if (!isTable(stripe)) return notAtSpots(stripe)\n  readAt<DescribedValue>',
    by: '  readAt<DescribedValue>',
    test: ['test/unit/spots.test.ts', 'and refused when the table is closed'],
  },
  {
    name: 'a string has the spot of the one whose place it takes',
    file: 'src/codecs/hot-strings.ts',
    replace: '    facts[place * FACTS + SPOT] = 0\n',
    by: '',
    test: ['test/unit/hot-strings.test.ts', 'is not that of the string that has had its place'],
  },
  {
    name: 'a string that the core has refused is remembered under no hash',
    file: 'src/codecs/hot-strings.ts',
    replace: ' || hash === 0) return',
    by: ') return',
    test: ['test/unit/hot-strings.test.ts', 'is not remembered if the core has refused to hash it'],
  },
  {
    name: 'the spot of a string that is only set is kept for ever',
    file: 'src/codecs/hot-strings.ts',
    replace: '    facts[place * FACTS + SPOT] = 0 // or one that',
    by: '    // or one that',
    test: ['test/unit/hot-strings.test.ts', 'is forgotten now and then, however often'],
  },
  {
    name: 'the strings of a map that was cleared are held on to',
    file: 'src/collection/collection.ts',
    replace: '  table.keys.end?.()\n',
    by: '',
    test: ['test/api/hot-strings.test.ts', 'does not hold on to a string whose entry was removed by clear'],
  },
]
