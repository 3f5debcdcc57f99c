// Blocks of strings that are freed and used again at once, against readers that still look at them: nobody may be given
// the bytes of another value, or another key's entry.
import { afterAll, describe } from 'vitest'
import { Crew } from '../harness/schedule/crew.js'
import { clear, compareAndSet, exchange, get, has, remove, scan, set, take } from '../harness/structures/hashmap/operations.js'
import { explores } from '../harness/structures/hashmap/schedules.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const SHORT = { preemptions: 2, most: 2000, random: 400 }
const LONG = { preemptions: 2, most: 1500, random: 600 }

/** One size class, different lengths and bytes. */
const OLD = 'old value of a'
const NEW = 'NEW VALUE OF A!'
const OTHER = 'another, of b'
/** More than a block of a size class holds. */
const LARGE = 33_000
const STRINGS = { key: 'string', value: 'string', capacity: 40 } as const
const ENTRIES = [
  ['a', OLD],
  ['b', 'b is here too'],
] as const

describe('a block that is freed and used again', () => {
  explores(
    'for another value, against a read',
    crew,
    {
      ...STRINGS,
      entries: ENTRIES,
      threads: [[set('a', NEW), set('b', OTHER)], [get('a')]],
    },
    SHORT,
  )
  explores(
    'for the same key, against a read',
    crew,
    {
      ...STRINGS,
      entries: ENTRIES,
      threads: [
        [set('a', NEW), set('a', OTHER)],
        [get('a'), get('a')],
      ],
    },
    SHORT,
  )
  explores(
    'for another entry, against a read',
    crew,
    {
      ...STRINGS,
      entries: ENTRIES,
      threads: [
        [remove('a'), set('c', OTHER)],
        [get('a'), get('c')],
      ],
    },
    SHORT,
  )
  explores(
    'for another key, against a look',
    crew,
    {
      ...STRINGS,
      value: 'number',
      entries: [
        ['key 1', 1],
        ['key 2', 2],
      ],
      threads: [
        [remove('key 1'), set('key 3', 3)],
        [has('key 1'), get('key 3')],
      ],
    },
    SHORT,
  )
  explores(
    'for another value, against an iteration',
    crew,
    {
      ...STRINGS,
      entries: ENTRIES,
      threads: [[set('a', NEW), set('c', OTHER)], [scan]],
    },
    LONG,
  )
  explores(
    'after it was handed out',
    crew,
    {
      ...STRINGS,
      entries: ENTRIES,
      threads: [
        [take('a'), set('c', OTHER)],
        [get('a'), exchange('b', NEW)],
      ],
    },
    LONG,
  )
  explores(
    'after a clear',
    crew,
    {
      ...STRINGS,
      capacity: 6,
      entries: ENTRIES,
      threads: [
        [clear, set('c', OTHER)],
        [get('a'), get('b')],
      ],
    },
    LONG,
  )
  explores(
    'by two writers, against a read',
    crew,
    {
      ...STRINGS,
      entries: ENTRIES,
      threads: [[set('a', NEW), set('b', OTHER)], [compareAndSet('a', NEW, OTHER)], [get('a'), get('b')]],
    },
    LONG,
  )
  explores(
    'from large to small, against a read',
    crew,
    {
      ...STRINGS,
      entries: [['a', 'x'.repeat(300)]],
      threads: [
        [set('a', 'short'), set('b', 'y'.repeat(290))],
        [get('a'), get('b')],
      ],
    },
    LONG,
  )
  explores(
    'of whole pages, against a read',
    crew,
    {
      ...STRINGS,
      entries: [['a', 'x'.repeat(LARGE)]],
      threads: [
        [set('a', 'short'), set('b', 'y'.repeat(LARGE))],
        [get('a'), get('b')],
      ],
    },
    { preemptions: 2, most: 600, random: 200 },
  )
})
