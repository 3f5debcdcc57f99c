// A bitset: two and three threads at the bits of one word, at pages that are not there yet, at one that is being deleted; and one dies.
import { afterAll, describe } from 'vitest'
import { Crew } from '../harness/schedule/crew.js'
import { close, deleteTable, recover, reopen } from '../harness/schedule/operations.js'
import { type Scenario, explores } from '../harness/schedule/scenario.js'
import {
  BITSET,
  type Operation,
  type Options,
  add,
  addRange,
  and,
  count,
  deleteRange,
  flip,
  has,
  next,
  remove,
} from '../harness/structures/bitset/core.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const PLAN = { preemptions: 2, most: 1200, random: 300 }
const DEATHS = { preemptions: 1, deaths: 24, most: 1500, random: 300 }
const OTHER_PAGE = 70_000
const OTHER_GROUP = 2 ** 26 + 5

type Told = Omit<Scenario<Operation, Options>, 'structure' | 'options'>

function ofBits(name: string, told: Told, plan: typeof PLAN | typeof DEATHS = PLAN): void {
  explores(name, crew, { structure: BITSET, options: { length: 2 ** 27 }, ...told }, plan)
}

describe('bits', () => {
  ofBits('of a page that two make at once', {
    threads: [
      [add(1), has(2)],
      [add(2), has(1)],
    ],
  })
  ofBits('that three want to be the first to set', { threads: [[add(5), remove(5)], [add(5)], [flip(5)]] })
  ofBits('in two groups, which two make in another order', {
    threads: [
      [add(1), add(OTHER_GROUP)],
      [flip(OTHER_GROUP), add(1)],
    ],
  })
  ofBits('in one word, by ranges', {
    before: [add(3), add(63)],
    threads: [[addRange(0, 9), next(0)], [deleteRange(2, 63), count(0, 63)], [flip(63)]],
  })
  ofBits('in one word, that three turn over', { before: [add(7)], threads: [[flip(5), has(6)], [flip(6), flip(5)], [flip(7)]] })
  ofBits('in one word, of which others are taken away by another bitset', {
    before: [add(1), add(2), add(62)],
    threads: [[and(2, 3, 62)], [add(3), remove(62)], [flip(2)]],
  })
  ofBits('that are looked for while their page comes', { threads: [[add(OTHER_PAGE)], [next(0), has(OTHER_PAGE), next(0)]] })
})

describe('a bitset that is deleted', () => {
  const isDeleted = true
  ofBits('while another sets bits', {
    before: [add(1)],
    threads: [
      [deleteTable, close],
      [add(1), add(OTHER_PAGE), close],
    ],
    isDeleted,
  })
  ofBits('by the last of two that let go of it', {
    threads: [
      [add(1), close],
      [flip(1), close],
    ],
    isDeleted,
    isUnnamed: true,
  })
  ofBits('while another opens it again', {
    before: [add(OTHER_GROUP)],
    threads: [
      [deleteTable, close],
      [reopen, has(OTHER_GROUP), close],
    ],
    isDeleted,
  })
})

describe('a thread that dies', () => {
  ofBits(
    'while it makes a page that another one makes',
    { threads: [[add(1), flip(OTHER_PAGE)], [recover(0)], [add(OTHER_PAGE), has(1)]] },
    DEATHS,
  )
  ofBits(
    'while it makes a group, and two recover it',
    { threads: [[add(OTHER_GROUP)], [recover(0), add(1)], [recover(0), has(OTHER_GROUP)]] },
    DEATHS,
  )
})
