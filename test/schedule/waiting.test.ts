// A thread that waits until a key has another value, in every interleaving with those that write to it, or to its chain: it ends when
// the value is another, and not before; nobody sleeps for good.
import { afterAll, describe } from 'vitest'
import { Crew } from '../harness/schedule/crew.js'
import { recover } from '../harness/schedule/operations.js'
import {
  awaitChange,
  clear,
  compareAndSet,
  exchange,
  get,
  increment,
  remove,
  reserve,
  set,
  watch,
} from '../harness/structures/hashmap/operations.js'
import { explores } from '../harness/structures/hashmap/schedules.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const PLAN = { preemptions: 2, most: 2000, random: 400 }
const DEATHS = { preemptions: 1, deaths: 24, most: 1200, random: 300 }
const NUMBERS = { key: 'number', value: 'number' } as const
const STRINGS = { key: 'string', value: 'string' } as const

describe('who looks', () => {
  explores(
    'sees the value of one moment',
    crew,
    {
      ...STRINGS,
      entries: [['a', 'old']],
      threads: [[watch('a', 'old'), watch('a', 'new')], [exchange('a', 'new')], [remove('a'), watch('a', undefined)]],
    },
    PLAN,
  )
  explores(
    'finds a key that moves in its chain, and is not there twice',
    crew,
    {
      ...NUMBERS,
      entries: Array.from({ length: 10 }, (_, i): [number, number] => [i, i]),
      threads: [
        [watch(9, 9), watch(8, 8)],
        [remove(0), remove(1), remove(2)],
      ],
    },
    PLAN,
  )
})

// The first thread that can go on does, unless the schedule says otherwise: so those that wait come last.
describe('who waits', () => {
  explores(
    'is told of an insertion',
    crew,
    { ...NUMBERS, threads: [[awaitChange(1, undefined), get(1)], [set(1, 10)], [set(2, 20)]] },
    PLAN,
  )
  explores(
    'is told of a removal, as is another',
    crew,
    {
      ...STRINGS,
      entries: [
        ['a', 'old'],
        ['b', 'too'],
      ],
      threads: [[set('b', 'new'), remove('a')], [awaitChange('a', 'old')], [awaitChange('a', 'old'), get('a')]],
    },
    PLAN,
  )
  explores(
    'hands on to who waits for that',
    crew,
    {
      ...NUMBERS,
      entries: [[1, 0]],
      threads: [[compareAndSet(1, 0, 1)], [awaitChange(1, 0), increment(1, 1)], [awaitChange(1, 0), awaitChange(1, 1)]],
    },
    PLAN,
  )
  explores(
    'is told of a clear',
    crew,
    { ...NUMBERS, entries: [[1, 0]], threads: [[awaitChange(1, 0), get(1)], [clear], [set(2, 2)]] },
    PLAN,
  )
  explores(
    'while its key moves to another bucket',
    crew,
    {
      ...NUMBERS,
      entries: Array.from({ length: 7 }, (_, i): [number, number] => [i, i]),
      threads: [
        [awaitChange(3, 3), awaitChange(50, undefined)],
        [reserve(30), set(3, 4), set(50, 1)],
      ],
    },
    PLAN,
  )
  explores(
    'is told when the writer dies, and another recovers it and writes',
    crew,
    {
      ...STRINGS,
      entries: [['a', 'old']],
      threads: [[set('a', 'new')], [recover(0), set('a', 'last')], [awaitChange('a', 'old')]],
    },
    DEATHS,
  )
  explores(
    'and dies leaves the others as they are',
    crew,
    {
      ...NUMBERS,
      entries: [[1, 0]],
      threads: [
        [watch(1, 0), watch(2, undefined)],
        [recover(0), set(1, 1)],
        [awaitChange(1, 0), get(1)],
      ],
    },
    DEATHS,
  )
})
