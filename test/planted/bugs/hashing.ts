import type { Bug } from '../bug.js'

/** Hashes, and walks over chains of keys that collide. */
export const HASHING: readonly Bug[] = [
  {
    name: 'a difference passes the hash of bytes, and the next word takes it back',
    file: 'assembly/hash/mix.ts',
    replace: 'return u32(sipHash(address, bytes, secrets().key0, secrets().key1))',
    by: `let x = secrets().key0 ^ (u64(bytes) * 0x9e3779b97f4a7c15)
  for (let at = address; at < address + bytes; at += 8) {
    x = (x ^ load<u64>(at)) * 0xbf58476d1ce4e5b9
    x ^= x >> 29
  }
  return u32(((x ^ (x >> 32)) * 0x94d049bb133111eb) >> 32)`,
    test: ['test/model/flooding.test.ts', 'texts of Latin-1 that once had one hash under every seed'],
  },
  {
    name: 'the hash of bytes leaves out the end of a word',
    file: 'assembly/hash/sip.ts',
    replace: 'v0 ^= word',
    by: 'v0 ^= word >> 8',
    test: ['test/unit/hash.test.ts', 'is as published'],
  },
  {
    name: 'the hash of words multiplies by what all know',
    file: 'assembly/hash/mix.ts',
    replace: '(secrets().high + (spread >> 32)) * (secrets().low + u64(u32(spread))) + secrets().shift',
    by: '(secrets().shift ^ spread) * 3',
    test: ['test/unit/hash.test.ts', 'finds none in the hash of words'],
  },
  {
    name: 'each secret of a heap is drawn from half of the random bits',
    file: 'assembly/hash/mix.ts',
    replace: 'sipHash(at, 8, random0, random1)',
    by: 'sipHash(at, 8, random0, random0)',
    test: ['test/unit/hash.test.ts', 'keys a heap with five words'],
  },
  {
    name: 'a scan takes the whole chain whatever its limit is',
    file: 'assembly/structures/hashmap/iterate.ts',
    replace: 'if (isMost && count + copied > limit)',
    by: 'if (isMost && count && count + copied > limit)',
    test: ['test/model/iteration.test.ts', 'is kept in a chain that is far longer'],
  },
  {
    name: 'a scan that was cut goes on behind the chain',
    file: 'assembly/structures/hashmap/iterate.ts',
    replace: 'cursor = end == last ? 0 : end + 1',
    by: 'cursor = covered >= last ? 0 : covered + 1',
    test: ['test/model/iteration.test.ts', 'is kept in a chain that is far longer'],
  },
  {
    name: 'a check compares most entries of a chain with all others',
    file: 'assembly/structures/hashmap/distinct.ts',
    replace: '  while (places < PLACES && places < 2 * entries) places <<= 1\n',
    by: '',
    test: ['test/unit/walks.test.ts', 'check is linear'],
  },
  {
    name: 'after a trap nobody sees whether chains end',
    file: 'assembly/structures/hashmap/chain.ts',
    replace: '  unwatched = LEAST_UNWATCHED // in case of a trap\n',
    by: '',
    test: ['test/fuzz/corrupt.test.ts', 'chains that go round'],
  },
  {
    name: 'a check does not see that a key is there twice',
    file: 'assembly/structures/hashmap/distinct.ts',
    replace: 'if (isSameKey(loadKey(ref), key)) return 0',
    by: 'if (loadKey(ref) == 0) return 0',
    test: ['test/unit/walks.test.ts', 'a key that is in a chain twice'],
  },
]
