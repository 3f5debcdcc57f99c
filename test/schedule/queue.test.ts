// A queue: two and three threads at one end or both, at one that is closed or deleted; and one dies.
import { afterAll, describe } from 'vitest'
import { Crew } from '../harness/schedule/crew.js'
import { close, deleteTable, recover, reopen } from '../harness/schedule/operations.js'
import { type Scenario, explores } from '../harness/schedule/scenario.js'
import {
  type Operation,
  type Options,
  QUEUE,
  closing,
  popping,
  poppingMany,
  pushing,
  pushingMany,
  taking,
  waiting,
} from '../harness/structures/queue/core.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const PLAN = { preemptions: 2, most: 1000, random: 300 }
const DEATHS = { preemptions: 1, deaths: 24, most: 1200, random: 300 }

type Told = Omit<Scenario<Operation, Options>, 'structure' | 'options'>

function ofItems(name: string, told: Told, plan: typeof PLAN | typeof DEATHS = PLAN): void {
  explores(name, crew, { structure: QUEUE, options: { capacity: 16 }, ...told }, plan)
}

describe('items', () => {
  ofItems('that two push and one pops', { threads: [[pushing(1), pushing('b')], [pushing('c')], [popping, popping]] })
  ofItems('that two pop', { before: [pushing(1), pushing('b'), pushing(3)], threads: [[popping, popping], [popping]] })
  ofItems('many at once', {
    before: [pushing(1)],
    threads: [[pushingMany('a', 2), poppingMany(2)], [poppingMany(3)], [pushingMany(5, 6)]],
  })
  ofItems('that are received', {
    before: [pushing('a'), pushing(2)],
    threads: [
      [taking(2), pushing(3)],
      [popping, taking(1)],
    ],
  })
  ofItems('of a queue that is closed', {
    threads: [
      [pushing(1), pushing(2)],
      [closing, popping],
      [pushing('c'), waiting],
    ],
  })
})

describe('a queue that is deleted', () => {
  const isDeleted = true
  ofItems('while another pushes', {
    before: [pushing('a')],
    threads: [
      [deleteTable, close],
      [pushing(1), pushing('b'), close],
    ],
    isDeleted,
  })
  ofItems('by the last of two that let go of it', {
    before: [pushing('a')],
    threads: [
      [pushing('b'), close],
      [popping, close],
    ],
    isDeleted,
    isUnnamed: true,
  })
  ofItems('while another opens it again', {
    before: [pushing('a')],
    threads: [
      [deleteTable, close],
      [reopen, popping, close],
    ],
    isDeleted,
  })
})

describe('a thread that dies', () => {
  ofItems('while it pushes', { threads: [[pushing('a'), pushingMany('b', 'c')], [recover(0)], [popping, pushing(4)]] }, DEATHS)
  ofItems(
    'while it pops, and two recover it',
    {
      before: [pushing('a'), pushing(2), pushing('c')],
      threads: [
        [popping, poppingMany(2)],
        [recover(0), popping],
        [recover(0), pushing('d')],
      ],
    },
    DEATHS,
  )
})
