// A thread dies in the middle of an operation; one recovers it, and another goes on using the same keys all the time:
// before the death, between death and recovery, and during recovery.
import { afterAll, describe, expect, it } from 'vitest'
import { CHECKPOINTS } from '../../src/core/layout.js'
import { OF_TWO_THREADS } from '../harness/core/deaths.js'
import { isFull } from '../support/size.js'
import { Crew } from '../harness/schedule/crew.js'
import { replayed } from '../harness/schedule/explore.js'
import { keysOf } from '../harness/structures/hashmap/keys.js'
import { recover } from '../harness/schedule/operations.js'
import {
  clear,
  compareAndSet,
  exchange,
  get,
  remove,
  reserve,
  scan,
  set,
  take,
} from '../harness/structures/hashmap/operations.js'
import { deaths } from '../harness/schedule/scenario.js'
import { explores } from '../harness/structures/hashmap/schedules.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const PLAN = { preemptions: 1, deaths: 24, most: 1500, random: 300 }

const NUMBERS = { key: 'number', value: 'number' } as const
const STRINGS = { key: 'string', value: 'string' } as const
const UNDERTAKER = [recover(0)]

const STAYING = keysOf(0b00, 4)
const MOVING = keysOf(0b01, 4, 10)
const FULL = [...STAYING.slice(0, 3), ...MOVING.slice(0, 3)].map((key, i) => [key, i] as const)
const ONE = keysOf(0b000, 10)
const WAITING = { ...NUMBERS, entries: [[1, 0]], threads: [[exchange(1, 1)], UNDERTAKER, [set(1, 3), get(1)]] } as const

describe('a thread that dies while others go on', () => {
  explores(
    'in an insert',
    crew,
    {
      ...STRINGS,
      threads: [[set('a', 'one'), set('b', 'two')], UNDERTAKER, [get('a'), set('a', 'mine')]],
    },
    PLAN,
  )
  explores(
    'in a replacement',
    crew,
    {
      ...STRINGS,
      entries: [['a', 'old']],
      threads: [[set('a', 'one'), exchange('a', 'two')], UNDERTAKER, [get('a'), compareAndSet('a', 'one', 'mine')]],
    },
    PLAN,
  )
  explores(
    'in a removal',
    crew,
    {
      ...STRINGS,
      entries: [
        ['a', 'old'],
        ['b', 'too'],
      ],
      threads: [[remove('a'), take('b')], UNDERTAKER, [get('b'), get('a'), set('a', 'mine')]],
    },
    PLAN,
  )
  explores(
    'in a removal from a long chain',
    crew,
    {
      ...NUMBERS,
      capacity: 40,
      entries: ONE.map((key, i) => [key, i] as const),
      threads: [[remove(ONE[0]!), remove(ONE[9]!)], UNDERTAKER, [get(ONE[8]!), remove(ONE[1]!)]],
    },
    PLAN,
  )
  explores(
    'in a split',
    crew,
    {
      ...NUMBERS,
      entries: FULL,
      threads: [[set(STAYING[3]!, 9)], UNDERTAKER, [get(MOVING[1]!), set(MOVING[1]!, 50)]],
    },
    PLAN,
  )
  explores(
    'in a split, and an iteration goes on',
    crew,
    {
      ...NUMBERS,
      entries: FULL,
      threads: [[set(STAYING[3]!, 9)], UNDERTAKER, [scan]],
    },
    PLAN,
  )
  explores(
    'in growth, and another grows the table',
    crew,
    {
      ...NUMBERS,
      entries: FULL,
      threads: [[reserve(14)], UNDERTAKER, [set(MOVING[3]!, 50), reserve(14)]],
    },
    PLAN,
  )
  explores(
    'in a clear',
    crew,
    {
      ...STRINGS,
      entries: [
        ['a', 'old'],
        ['b', 'too'],
      ],
      threads: [[clear], UNDERTAKER, [get('a'), set('b', 'mine')]],
    },
    PLAN,
  )
  explores(
    'and two recover it',
    crew,
    {
      ...STRINGS,
      entries: [['a', 'old']],
      threads: [
        [set('a', 'one'), remove('a')],
        [recover(0), get('a')],
        [recover(0), set('a', 'mine')],
      ],
    },
    PLAN,
  )
  explores('while it sleeps until a lock is free', crew, { ...WAITING, spinning: 2 }, { ...PLAN, most: 2500 })
  explores('while it spins until a lock is free', crew, { ...WAITING, spinning: 0 }, { ...PLAN, most: 2500 })
  explores(
    'while it reads',
    crew,
    {
      ...STRINGS,
      entries: [['a', 'old']],
      threads: [[get('a')], UNDERTAKER, [set('a', 'mine')]],
    },
    PLAN,
  )
  explores(
    'while it iterates',
    crew,
    {
      ...STRINGS,
      entries: [['a', 'old']],
      threads: [[scan], UNDERTAKER, [set('a', 'mine')]],
    },
    PLAN,
  )

  it.skipIf(replayed() || !isFull)('dies wherever a thread alone cannot', () => {
    expect(OF_TWO_THREADS.filter((name) => !deaths.has(CHECKPOINTS.indexOf(name)))).toEqual([])
  })
})
