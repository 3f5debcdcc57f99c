import type { Bug } from '../bug.js'

/** What a thread remembers of keys by their blocks, and what shows that they are those keys' still. */
export const KNOWN: readonly Bug[] = [
  {
    name: 'nobody counts that a key is removed',
    file: 'assembly/structures/hashmap/key.ts',
    replace: '  retire(addressOf(word))\n',
    by: '',
    test: ['test/unit/known.test.ts', 'whose word is the same'],
  },
  {
    name: 'a key that is removed is counted when its block is free already',
    file: 'assembly/structures/hashmap/key.ts',
    replace:
      '  retire(addressOf(word))\n  checkpoint(Checkpoint.KeyRetired)\n  noteTaken(handAt(KEY_HAND), addressOf(word))\n}\n\n' +
      '/** After the lock: frees what a removed key took. */\n@inline\nexport function releaseKey<K>(): void {\n' +
      '  if (!isFloat<K>()) releaseHand(handAt(KEY_HAND))\n}\n',
    by:
      '  removed = addressOf(word)\n  noteTaken(handAt(KEY_HAND), addressOf(word))\n}\n\nlet removed: u32 = 0\n\n' +
      'export function releaseKey<K>(): void {\n  if (isFloat<K>()) return\n  releaseHand(handAt(KEY_HAND))\n' +
      '  checkpoint(Checkpoint.KeyRetired)\n  retire(removed)\n}\n',
    test: ['test/unit/known.test.ts', 'is counted before its block is free: remove'],
  },
  {
    name: 'the keys of a table that is cleared are not counted',
    file: 'assembly/structures/hashmap/clear.ts',
    replace: 'noteRemovedKey<BlockKey>(loadKey(ref))',
    by: 'noteTaken(handAt(KEY_HAND), addressOf(loadKey(ref)))',
    test: ['test/unit/known.test.ts', 'when the table was cleared'],
  },
  {
    name: 'nobody looks whether the block of a key has been given up',
    file: 'assembly/structures/hashmap/known.ts',
    replace: '  return retiredAt(addressOf(word)) == retiredThen\n',
    by: '  return true\n',
    test: ['test/schedule/known.test.ts', 'a write of a key that is known'],
  },
  {
    name: 'the counters of removed keys have 32 bits',
    file: 'assembly/memory/retired.ts',
    replace: '  atomic.add<u64>(counterOf(block), 1)\n',
    by: '  atomic.add<u32>(counterOf(block), 1)\n',
    test: ['test/unit/known.test.ts', 'the counters have 64 bits'],
  },
  {
    name: 'a key is told without a look whether it is still there',
    file: 'assembly/structures/hashmap/read.ts',
    replace: '  if (!hasChanged(head, word)) tellKey(key, retired)\n',
    by: '  tellKey(key, retired)\n',
    test: ['test/unit/known.test.ts', 'while the read tells it'],
  },
  {
    name: 'the counter of a key that is told is read when it can be another key’s',
    file: 'assembly/structures/hashmap/read.ts',
    replace: '  if (!hasChanged(head, word)) tellKey(key, retired)\n',
    by: '  if (!hasChanged(head, word)) {\n    checkpoint(Checkpoint.KeySeen)\n    tellKey(key, retiredAt(addressOf(key)))\n  }\n',
    test: ['test/schedule/known.test.ts', 'against a removal, and another key in its slot and its block'],
  },
  {
    name: 'a known key that is not found is absent',
    file: 'assembly/structures/hashmap/read.ts',
    replace: '  return isKnownKey<K>() ? failed(OUTDATED) : none<V>()\n',
    by: '  return none<V>()\n',
    test: ['test/unit/known.test.ts', 'into the same block'],
  },
  {
    name: 'a known key that is not found is inserted, as the word of a block that may be nobody’s',
    file: 'assembly/structures/hashmap/write.ts',
    replace: '  if (isKnownKey<K>()) {\n    unlockUnchanged(head)\n    return OUTDATED\n  }\n',
    by: '',
    test: ['test/unit/known.test.ts', 'when it was removed'],
  },
  {
    name: 'a closed table is read by keys that it had',
    file: 'assembly/exports/hashmap.ts',
    replace: '  else return refused()\n  return NaN',
    by: '  else read<KnownKey, DescribedValue>(stripe, knownKey(hash, block, retired), hash)\n  return NaN',
    test: ['test/unit/known.test.ts', 'and refused when the table is closed'],
  },
  {
    name: 'a miss of a key that a cache does not know any more is counted twice',
    file: 'assembly/structures/cache/read.ts',
    replace: '  if (isKnownKey<K>()) return failed(OUTDATED)\n',
    by: '  if (isKnownKey<K>()) {\n    if (!isNoValue<V>() && leavesTrace) cacheOf(stripe).misses++\n    return failed(OUTDATED)\n  }\n',
    test: ['test/api/hot-strings.test.ts', 'count each of its reads once'],
  },
  {
    name: 'a string has the block of the one whose place it takes',
    file: 'src/codecs/hot-places.ts',
    replace: '  facts[place * FACTS + BLOCK] = 0\n',
    by: '',
    test: ['test/unit/hot-strings.test.ts', 'is not that of the string that has had its place'],
  },
  {
    name: 'what a read tells is taken down at a place that another string has got meanwhile',
    file: 'src/codecs/hot-places.ts',
    replace: '  if (texts[at / FACTS] !== text || facts',
    by: '  if (facts',
    test: ['test/unit/hot-strings.test.ts', 'is not that of the string that gets its place meanwhile'],
  },
  {
    name: 'what a read tells is taken down at a place that the same string of another map has got meanwhile',
    file: 'src/codecs/hot-places.ts',
    replace: '  if (texts[at / FACTS] !== text || facts[at + OWNER] !== owner) return',
    by: '  if (texts[at / FACTS] !== text) return',
    test: ['test/unit/hot-strings.test.ts', 'that of the same string of another map'],
  },
  {
    name: 'a use of an entry by its block is lost when its key is not known any more',
    file: 'assembly/structures/cache/read.ts',
    replace: 'if (isUse && !keepInUse<K>(stripe, head, word, ref, idleEnd, idle, probe, hash)) return failed(OUTDATED)',
    by: 'if (isUse) keepInUse<K>(stripe, head, word, ref, idleEnd, idle, probe, hash)',
    test: ['test/cache/idle-known.test.ts', 'does not end early'],
  },
  {
    name: 'a string whose place the end of the stack has come with is held by a map that was closed',
    file: 'src/codecs/hot-places.ts',
    replace: '  sweepLater() // before the text is anywhere',
    by: '  texts[place] = text\n  facts[place * FACTS + OWNER] = owner\n  marks[place] = mix & TAG\n  sweepLater() // before the text is anywhere',
    test: ['test/unit/hot-strings.test.ts', 'the map would not know at its end'],
  },
  {
    name: 'a string of another map is taken for one of this',
    file: 'src/codecs/hot-places.ts',
    replace: ' && facts[place * FACTS + OWNER] === owner\n}',
    by: '\n}',
    test: ['test/unit/hot-strings.test.ts', 'is another one in another map'],
  },
  {
    name: 'the strings of a map that was cleared are held on to',
    file: 'src/collection/collection.ts',
    replace: '  table.keys.end?.()\n',
    by: '',
    test: ['test/api/hot-strings.test.ts', 'does not hold on to a string whose entry was removed by clear'],
  },
]
