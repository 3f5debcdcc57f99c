// One thread, strings of 16 characters to numbers.
import type { Buffer } from 'node:buffer'
import { collectGarbage, now } from '../harness/clock.js'
import { STRING_LENGTH, freshStrings, makeOrders, stringBytes, sumOfValues, valuesOf } from '../harness/keys.js'
import type { Contender, Workload } from '../harness/measurement.js'
import { compare } from '../rivals/index.js'
import type { RivalMap } from '../rivals/rival.js'
import { fill, getting } from './contenders.js'

/** Few enough to be in the caches when they are looked up, as a string is that was just read from somewhere. */
const BATCH = 10_000

export const freshlyBuiltStrings: Workload = {
  about: () => `one thread, strings of ${STRING_LENGTH} characters that were built a moment ago; building is not timed`,

  async run({ size }, measure) {
    const { inserts, lookups } = makeOrders(size)
    const keys = freshStrings(stringBytes(inserts), 0, size)
    const bytes = stringBytes(lookups)
    await measure({
      name: 'get',
      target: 2,
      expected: () => sumOfValues(size),
      contenders: compare((rival) => gettingFresh(rival.name, fill(rival, 'string', keys, valuesOf(inserts)), bytes)),
    })
  },
}

export const seenStrings: Workload = {
  about: () => `one thread, the very strings of ${STRING_LENGTH} characters that were inserted: V8 knows their hashes`,

  async run({ size }, measure) {
    const { inserts, lookups } = makeOrders(size)
    const keys = freshStrings(stringBytes(inserts), 0, size)
    const byRank = new Array<string>(size)
    for (const [i, rank] of inserts.entries()) byRank[rank] = keys[i]!
    const shuffled = Array.from(lookups, (rank) => byRank[rank]!)
    await measure({
      name: 'get',
      expected: () => sumOfValues(size),
      contenders: compare((rival) => getting(rival.name, fill(rival, 'string', keys, valuesOf(inserts)), shuffled)),
    })
  },
}

/** Each contender builds its own strings: those that the other has looked up would not be fresh any more. */
function gettingFresh(name: string, map: RivalMap<string>, bytes: Buffer): Contender {
  const count = bytes.length / STRING_LENGTH
  return {
    name,
    sample() {
      let [checksum, elapsed] = [0, 0n]
      collectGarbage()
      for (let from = 0; from < count; from += BATCH) {
        const batch = freshStrings(bytes, from, Math.min(from + BATCH, count))
        const start = now()
        checksum += map.getAll(batch, 0, batch.length)
        elapsed += now() - start
      }
      return { nanoseconds: Number(elapsed) / count, checksum }
    },
  }
}
