// A collection is deleted while others use it, open it, or are the last to let go of it.
import { afterAll, describe } from 'vitest'
import { Crew } from '../harness/schedule/crew.js'
import { keysOf } from '../harness/structures/hashmap/keys.js'
import { close, deleteTable, open, recover, reopen } from '../harness/schedule/operations.js'
import { clear, get, remove, reserve, set } from '../harness/structures/hashmap/operations.js'
import { explores } from '../harness/structures/hashmap/schedules.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const PLAN = { preemptions: 2, most: 1200, random: 400 }
const STRINGS = {
  key: 'string',
  value: 'string',
  entries: [
    ['a', 'one'],
    ['b', 'two'],
  ],
  isDeleted: true,
} as const
const FULL = [...keysOf(0b00, 3), ...keysOf(0b01, 3, 10)].map((key, i) => [key, i] as const)

describe('the deletion of a collection', () => {
  explores(
    'against a read',
    crew,
    {
      ...STRINGS,
      threads: [
        [deleteTable, close],
        [get('a'), get('a'), close],
      ],
    },
    PLAN,
  )
  explores(
    'against writes',
    crew,
    {
      ...STRINGS,
      threads: [
        [deleteTable, close],
        [set('a', 'other'), remove('a'), close],
      ],
    },
    PLAN,
  )
  explores(
    'against an insert of a new key',
    crew,
    {
      ...STRINGS,
      threads: [
        [deleteTable, close],
        [set('c', 'three'), get('c'), close],
      ],
    },
    PLAN,
  )
  // No read in the second thread: who comes too late to delete does not wait until all is gone.
  explores(
    'against another deletion',
    crew,
    {
      ...STRINGS,
      threads: [
        [deleteTable, close],
        [deleteTable, close],
      ],
    },
    PLAN,
  )
  explores(
    'against one who opens it',
    crew,
    {
      ...STRINGS,
      threads: [
        [deleteTable, close],
        [reopen, close],
      ],
    },
    PLAN,
  )
  explores(
    'against a clear',
    crew,
    {
      ...STRINGS,
      threads: [
        [deleteTable, close],
        [clear, close],
      ],
    },
    PLAN,
  )
  explores(
    'against growth',
    crew,
    {
      key: 'number',
      value: 'number',
      entries: FULL,
      isDeleted: true,
      threads: [
        [deleteTable, close],
        [reserve(14), close],
      ],
    },
    PLAN,
  )
  explores(
    'against growth by an insert',
    crew,
    {
      key: 'number',
      value: 'number',
      entries: FULL,
      isDeleted: true,
      threads: [
        [deleteTable, close],
        [set(keysOf(0b10, 1, 20)[0]!, 9), close],
        [get(FULL[4]![0]), close],
      ],
    },
    PLAN,
  )
})

const UNNAMED = {
  key: 'string',
  value: 'string',
  entries: [
    ['a', 'one'],
    ['b', 'two'],
  ],
  isDeleted: true,
  isUnnamed: true,
} as const

describe('a collection without a name', () => {
  explores('is deleted once when two let go of it', crew, { ...UNNAMED, threads: [[close], [get('a'), close]] }, PLAN)
  explores(
    'is there, or is not, for one who opens it',
    crew,
    {
      ...UNNAMED,
      threads: [[close], [close, open, get('a'), set('c', 'three'), close]],
    },
    PLAN,
  )
  explores(
    'against growth',
    crew,
    {
      key: 'number',
      value: 'number',
      entries: FULL,
      isDeleted: true,
      isUnnamed: true,
      threads: [[close], [set(keysOf(0b10, 1, 20)[0]!, 9), close], [reserve(14), close]],
    },
    PLAN,
  )
  explores(
    'is deleted by who recovers the last thread',
    crew,
    {
      ...UNNAMED,
      threads: [
        [set('a', 'other'), close],
        [recover(0), close],
        [close, open, close],
      ],
    },
    { ...PLAN, preemptions: 1, deaths: 24, most: 1500 },
  )
})
