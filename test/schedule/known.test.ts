// Reads and writes of keys that a thread knows by their blocks, while another thread changes what there is in every way.
import { afterAll, describe } from 'vitest'
import { Crew } from '../harness/schedule/crew.js'
import { close, deleteTable } from '../harness/schedule/operations.js'
import {
  type Datum,
  clear,
  exchange,
  getHot,
  increment,
  incrementHot,
  remove,
  reserve,
  set,
  setHot,
  take,
} from '../harness/structures/hashmap/operations.js'
import { explores } from '../harness/structures/hashmap/schedules.js'
import { twinTexts } from '../support/hashes.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const PLAN = { preemptions: 2, most: 800, random: 200 }
const COUNTS = { key: 'string', value: 'number' } as const
const TEXTS = { key: 'string', value: 'string' } as const

/** So many that the last ones lie in an overflow bucket of the only head. */
const CROWD = Array.from('abcdefghij', (key, i): [Datum, Datum] => [key, i])
/** Two keys that only their blocks, and who has had them, tell apart. */
const [A, B] = twinTexts()
/** Learns its block, and asks again. */
const again = (key: string) => [getHot(key), getHot(key)]

describe('a read of a key that is known', () => {
  explores('against a replacement', crew, { ...TEXTS, entries: [[A, 'one']], threads: [again(A), [set(A, 'two')]] }, PLAN)
  explores(
    'against a removal, and another key in its slot and its block',
    crew,
    { ...COUNTS, entries: [[A, 1]], threads: [again(A), [remove(A), set(B, 2)]] },
    PLAN,
  )
  explores(
    'against a removal, another key in its slot and its block, and the same key in another',
    crew,
    {
      ...TEXTS,
      entries: [[A, 'of the first']],
      threads: [again(A), [remove(A), set(B, 'of another'), set(A, 'of the second')]],
    },
    PLAN,
  )
  explores(
    'against a removal, and the same key in the same block',
    crew,
    { ...COUNTS, entries: [[A, 1]], threads: [again(A), [take(A), set(A, 2)]] },
    PLAN,
  )
  explores('against a removal that moves it', crew, { ...COUNTS, entries: CROWD, threads: [again('j'), [remove('a')]] }, PLAN)
  explores(
    'against one that moves it into the head, where others write',
    crew,
    { ...COUNTS, entries: CROWD, threads: [again('i'), [remove('b'), set('b', 9)], [increment('i', 1)]] },
    PLAN,
  )
  explores('against clear', crew, { ...COUNTS, entries: CROWD, threads: [again('c'), [clear, set('x', 5)]] }, PLAN)
  explores(
    'against growth',
    crew,
    {
      ...COUNTS,
      entries: CROWD,
      threads: [
        [...again('d'), getHot('j')],
        [reserve(40), exchange('d', 8)],
      ],
    },
    PLAN,
  )
  explores(
    'against the deletion of the table',
    crew,
    {
      ...COUNTS,
      entries: CROWD,
      isDeleted: true,
      threads: [
        [...again('d'), close],
        [deleteTable, close],
      ],
    },
    PLAN,
  )
})

describe('a write of a key that is known', () => {
  explores(
    'against a removal, and another key in its slot and its block',
    crew,
    {
      ...COUNTS,
      entries: [[A, 1]],
      threads: [
        [getHot(A), setHot(A, 5)],
        [remove(A), set(B, 2)],
      ],
    },
    PLAN,
  )
  explores(
    'of a text, against the same',
    crew,
    {
      ...TEXTS,
      entries: [[A, 'one']],
      threads: [
        [getHot(A), setHot(A, 'five')],
        [remove(A), set(B, 'two')],
      ],
    },
    PLAN,
  )
  explores(
    'that adds, against another, and a removal',
    crew,
    {
      ...COUNTS,
      entries: [[A, 1]],
      threads: [
        [getHot(A), incrementHot(A, 10)],
        [getHot(A), incrementHot(A, 100), remove(A)],
      ],
    },
    PLAN,
  )
  explores(
    'against one that moves it, out of a bucket that is cut off',
    crew,
    {
      ...COUNTS,
      entries: CROWD,
      threads: [
        [getHot('j'), setHot('j', 5)],
        [remove('a'), remove('b')],
      ],
    },
    PLAN,
  )
  explores(
    'against growth',
    crew,
    { ...COUNTS, entries: CROWD, threads: [[getHot('d'), setHot('d', 50), incrementHot('d', 1)], [reserve(40)]] },
    PLAN,
  )
  explores(
    'against clear, which frees what it has taken out afterwards',
    crew,
    {
      ...TEXTS,
      entries: [[A, 'one']],
      threads: [
        [getHot(A), setHot(A, 'five')],
        [clear, set('x', 'two')],
      ],
    },
    PLAN,
  )
})
