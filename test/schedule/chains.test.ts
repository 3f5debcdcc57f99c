// Removals against readers of an overflow chain: entries move forward under the reader, and buckets are cut off, given
// back, and used again for another chain, while the reader stands in them.
import { afterAll, describe } from 'vitest'
import { numbersOfLow } from '../support/hashes.js'
import { Crew } from '../harness/schedule/crew.js'
import { keysOf } from '../harness/structures/hashmap/keys.js'
import { clear, compareAndSet, get, has, remove, scan, set } from '../harness/structures/hashmap/operations.js'
import { explores } from '../harness/structures/hashmap/schedules.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const SHORT = { preemptions: 2, most: 1500, random: 300 }
const LONG = { preemptions: 2, most: 1500, random: 600 }

/** Two chains of a table of eight heads that does not grow; the ninth entry of each needs an overflow bucket. */
const ONE = keysOf(0b000, 18)
/** All with one tag: a search compares the keys of all. */
const OTHER = numbersOfLow(0b001, 10)
const NUMBERS = { key: 'number', value: 'number', capacity: 40 } as const
const entries = (count: number, others = 0) =>
  [...ONE.slice(0, count), ...OTHER.slice(0, others)].map((key, i) => [key, i] as const)

describe('a removal against a read of its chain', () => {
  explores(
    'does not hide the entry that it pulls forward',
    crew,
    {
      ...NUMBERS,
      entries: entries(10),
      threads: [[remove(ONE[0]!)], [get(ONE[8]!)]],
    },
    SHORT,
  )
  explores(
    'does not hide the last entry, whose bucket it cuts off',
    crew,
    {
      ...NUMBERS,
      entries: entries(9),
      threads: [[remove(ONE[3]!)], [get(ONE[8]!)]],
    },
    SHORT,
  )
  explores(
    'does not show what it has removed',
    crew,
    {
      ...NUMBERS,
      entries: entries(10),
      threads: [[remove(ONE[8]!)], [get(ONE[8]!), get(ONE[8]!)]],
    },
    SHORT,
  )
  explores(
    'does not hide entries of a chain of three buckets',
    crew,
    {
      ...NUMBERS,
      entries: entries(17),
      threads: [
        [remove(ONE[1]!), remove(ONE[9]!)],
        [get(ONE[16]!), get(ONE[15]!)],
      ],
    },
    LONG,
  )
  explores(
    'does not lead a reader into the chain that uses the bucket next',
    crew,
    {
      ...NUMBERS,
      entries: entries(9, 8),
      threads: [
        [remove(ONE[0]!), set(OTHER[8]!, 80)],
        [get(OTHER[8]!), has(ONE[9]!), get(ONE[8]!)],
      ],
    },
    LONG,
  )
  explores(
    'does not mix up the chains of an iteration',
    crew,
    {
      ...NUMBERS,
      entries: entries(9, 8),
      threads: [[remove(ONE[0]!), set(OTHER[8]!, 80)], [scan]],
    },
    LONG,
  )
  explores(
    'and the bucket comes back to the same chain',
    crew,
    {
      ...NUMBERS,
      entries: entries(9),
      threads: [
        [remove(ONE[8]!), set(ONE[9]!, 90)],
        [get(ONE[9]!), get(ONE[8]!)],
      ],
    },
    LONG,
  )
  explores(
    'and a third thread lengthens another chain',
    crew,
    {
      ...NUMBERS,
      entries: entries(9, 8),
      threads: [[remove(ONE[0]!), set(OTHER[8]!, 80)], [set(ONE[9]!, 90)], [get(ONE[8]!), get(OTHER[8]!)]],
    },
    LONG,
  )
})

describe('writes to one chain', () => {
  explores(
    'removals of two threads',
    crew,
    {
      ...NUMBERS,
      entries: entries(10),
      threads: [[remove(ONE[0]!)], [remove(ONE[9]!), remove(ONE[8]!)]],
    },
    SHORT,
  )
  explores(
    'a value is replaced while its entry is pulled forward',
    crew,
    {
      ...NUMBERS,
      entries: entries(10),
      threads: [[remove(ONE[0]!)], [set(ONE[8]!, 80), get(ONE[8]!)]],
    },
    SHORT,
  )
  explores(
    'two inserts that both need an overflow bucket',
    crew,
    {
      ...NUMBERS,
      entries: entries(8),
      threads: [[set(ONE[8]!, 80)], [set(ONE[9]!, 90), get(ONE[8]!)]],
    },
    SHORT,
  )
  explores(
    'the chain is cleared',
    crew,
    {
      key: 'number',
      value: 'number',
      capacity: 6,
      entries: entries(6),
      threads: [
        [clear, set(ONE[0]!, 1)],
        [get(ONE[0]!), compareAndSet(ONE[0]!, 1, 2)],
      ],
    },
    LONG,
  )
  explores(
    'a chain with overflow buckets is cleared',
    crew,
    {
      ...NUMBERS,
      entries: entries(10),
      threads: [
        [clear, set(OTHER[0]!, 5)],
        [get(ONE[9]!), get(ONE[0]!)],
      ],
    },
    LONG,
  )
})
