// Two threads, or three, that write to the same key.
import { afterAll, describe } from 'vitest'
import { Crew } from '../harness/schedule/crew.js'
import {
  increment,
  clear,
  compareAndDelete,
  compareAndSet,
  exchange,
  get,
  insert,
  remove,
  set,
  take,
} from '../harness/structures/hashmap/operations.js'
import { explores } from '../harness/structures/hashmap/schedules.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const PLAN = { preemptions: 2, most: 1200, random: 300 }
const NUMBERS = { key: 'number', value: 'number' } as const
const STRINGS = { key: 'string', value: 'string' } as const

describe('writes to the same key', () => {
  explores('insert against insert', crew, { ...NUMBERS, threads: [[set(1, 10)], [set(1, 11)]] }, PLAN)
  explores(
    'insert against insert of a string',
    crew,
    {
      ...STRINGS,
      threads: [[set('a', 'one')], [set('a', 'two')], [get('a')]],
    },
    PLAN,
  )
  explores(
    'insert against removal',
    crew,
    {
      ...NUMBERS,
      threads: [
        [set(1, 10), get(1)],
        [remove(1), get(1)],
      ],
    },
    PLAN,
  )
  explores(
    'replacement against removal',
    crew,
    {
      ...STRINGS,
      entries: [['a', 'old']],
      threads: [
        [set('a', 'one'), get('a')],
        [remove('a'), get('a')],
      ],
    },
    PLAN,
  )
  explores(
    'replacement of a number against removal, and another key in its place',
    crew,
    {
      ...NUMBERS,
      entries: [[1, 5]],
      threads: [
        [set(1, 10), get(1)],
        [remove(1), set(2, 20), get(2)],
      ],
    },
    PLAN,
  )
  explores(
    'replacement of a number against replacement',
    crew,
    {
      ...NUMBERS,
      entries: [[1, 5]],
      threads: [
        [set(1, 10), get(1)],
        [set(1, 11), increment(1, 1)],
      ],
    },
    PLAN,
  )
  explores(
    'increment against removal, and another key in its place',
    crew,
    {
      ...NUMBERS,
      entries: [[1, 5]],
      threads: [[increment(1, 1)], [remove(1), set(2, 20), get(2)]],
    },
    PLAN,
  )
  explores(
    'compareAndSet against compareAndSet',
    crew,
    {
      ...NUMBERS,
      entries: [[1, 0]],
      threads: [[compareAndSet(1, 0, 10)], [compareAndSet(1, 0, 11)], [compareAndSet(1, 10, 12)]],
    },
    PLAN,
  )
  explores(
    'compareAndSet against compareAndDelete of a string',
    crew,
    {
      ...STRINGS,
      entries: [['a', 'old']],
      threads: [[compareAndSet('a', 'old', 'new')], [compareAndDelete('a', 'old')], [set('a', 'old')]],
    },
    PLAN,
  )
  explores(
    'two increments',
    crew,
    {
      ...NUMBERS,
      entries: [[1, 0]],
      threads: [
        [increment(1, 1), increment(1, 1)],
        [increment(1, 10), increment(1, 10)],
      ],
    },
    PLAN,
  )
  explores(
    'three increments of a key that is not there',
    crew,
    {
      ...NUMBERS,
      threads: [[increment(1, 1)], [increment(1, 10)], [increment(1, 100)]],
    },
    PLAN,
  )
  explores(
    'increment against removal',
    crew,
    {
      ...NUMBERS,
      entries: [[1, 5]],
      threads: [[increment(1, 1)], [remove(1), increment(1, 10)]],
    },
    PLAN,
  )
  explores(
    'getOrInsert against getOrInsert',
    crew,
    {
      ...NUMBERS,
      threads: [[insert(1, 10)], [insert(1, 11)], [insert(1, 12)]],
    },
    PLAN,
  )
  explores(
    'getOrInsert against getOrInsert of a string',
    crew,
    {
      ...STRINGS,
      threads: [[insert('a', 'one')], [insert('a', 'two'), take('a')]],
    },
    PLAN,
  )
  explores(
    'exchange against take',
    crew,
    {
      ...STRINGS,
      entries: [['a', 'old']],
      threads: [[exchange('a', 'one')], [take('a')], [exchange('a', 'two')]],
    },
    PLAN,
  )
  explores(
    'clear against set',
    crew,
    {
      ...STRINGS,
      entries: [
        ['a', 'old'],
        ['b', 'too'],
      ],
      threads: [[clear], [set('a', 'new'), set('c', 'fresh')], [get('a')]],
    },
    PLAN,
  )
})
