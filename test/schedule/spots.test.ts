// Reads of a string's entry where it was seen last, while another thread changes the chain in every way that there is.
import { afterAll, describe } from 'vitest'
import { Crew } from '../harness/schedule/crew.js'
import { close, deleteTable } from '../harness/schedule/operations.js'
import { type Datum, clear, exchange, getHot, increment, remove, reserve, set } from '../harness/structures/hashmap/operations.js'
import { explores } from '../harness/structures/hashmap/schedules.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const PLAN = { preemptions: 2, most: 800, random: 200 }
const COUNTS = { key: 'string', value: 'number' } as const
const TEXTS = { key: 'string', value: 'string' } as const

/** So many that the last ones lie in an overflow bucket of the only head. */
const CROWD = Array.from('abcdefghij', (key, i): [Datum, Datum] => [key, i])
/** Remembers where it is, and asks again. */
const again = (key: string) => [getHot(key), getHot(key), getHot(key)]

describe('a read at a spot', () => {
  explores('against a replacement', crew, { ...TEXTS, entries: [['a', 'one']], threads: [again('a'), [set('a', 'two')]] }, PLAN)
  explores(
    'against a removal, and another key in its slot',
    crew,
    { ...COUNTS, entries: [['a', 1]], threads: [again('a'), [remove('a'), set('b', 2)]] },
    PLAN,
  )
  explores(
    'against a removal, and another key in its slot and its block, with a value in the block of its value',
    crew,
    {
      ...TEXTS,
      entries: [['a', 'of the first']],
      threads: [again('a'), [remove('a'), set('b', 'of another'), set('a', 'of the second')]],
    },
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
