// Growth against growth: two threads that both want to raise the level, and evacuate the same buckets.
import { afterAll, describe } from 'vitest'
import { Crew } from '../harness/schedule/crew.js'
import { keysOf } from '../harness/structures/hashmap/keys.js'
import { get, insert, remove, reserve, scan, set } from '../harness/structures/hashmap/operations.js'
import { explores } from '../harness/structures/hashmap/schedules.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const SHORT = { preemptions: 2, most: 2000, random: 400 }
const LONG = { preemptions: 2, most: 1200, random: 600 }

const STAYING = keysOf(0b00, 6)
const MOVING = keysOf(0b01, 6, 10)
const NUMBERS = { key: 'number', value: 'number' } as const
/** One insert less than makes a table of one head grow. */
const FULL = [...STAYING.slice(0, 3), ...MOVING.slice(0, 3)].map((key, i) => [key, i] as const)
/** The same of two heads. */
const FULL_OF_TWO = Array.from({ length: 13 }, (_, i) => [i, i] as const)

describe('growth against growth', () => {
  explores(
    'happens once when two inserts ask for it',
    crew,
    {
      ...NUMBERS,
      entries: FULL,
      threads: [[set(STAYING[4]!, 1)], [set(MOVING[4]!, 2)]],
    },
    SHORT,
  )
  explores(
    'happens once when two inserts ask for two heads more',
    crew,
    {
      ...NUMBERS,
      entries: FULL_OF_TWO,
      capacity: 13,
      threads: [[set(100, 1)], [set(101, 2)]],
    },
    LONG,
  )
  explores(
    'goes on where another thread has begun',
    crew,
    {
      ...NUMBERS,
      entries: FULL,
      threads: [
        [set(STAYING[4]!, 1), set(STAYING[5]!, 1)],
        [insert(MOVING[4]!, 2), insert(MOVING[5]!, 3)],
      ],
    },
    LONG,
  )
  explores(
    'of three threads',
    crew,
    {
      ...NUMBERS,
      entries: FULL,
      threads: [[set(STAYING[4]!, 1)], [set(MOVING[4]!, 2)], [set(MOVING[5]!, 3)]],
    },
    LONG,
  )
  explores(
    'by insert and by reserve',
    crew,
    {
      ...NUMBERS,
      entries: FULL,
      threads: [[reserve(14)], [set(MOVING[4]!, 2), get(MOVING[0]!)]],
    },
    LONG,
  )
  explores('by two that reserve', crew, { ...NUMBERS, entries: FULL, threads: [[reserve(14)], [reserve(27)]] }, LONG)
  explores(
    'and a reader who knows only the first level',
    crew,
    {
      ...NUMBERS,
      entries: FULL,
      threads: [[reserve(14)], [set(MOVING[4]!, 2)], [get(MOVING[1]!), get(STAYING[1]!)]],
    },
    LONG,
  )
  explores(
    'and an iteration',
    crew,
    {
      ...NUMBERS,
      entries: FULL,
      threads: [[reserve(14)], [set(MOVING[4]!, 2)], [scan]],
    },
    LONG,
  )
  explores(
    'and a removal',
    crew,
    {
      ...NUMBERS,
      entries: FULL,
      threads: [[reserve(14)], [set(MOVING[4]!, 2)], [remove(MOVING[1]!), get(MOVING[1]!)]],
    },
    LONG,
  )
})
