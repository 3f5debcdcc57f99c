// A cache: two and three threads at the entries of one chain, at credits that pass between them, at one that is being deleted; and
// one dies. There is room for all, so that one order explains what each has seen.
import { afterAll, describe } from 'vitest'
import { Crew } from '../harness/schedule/crew.js'
import { close, deleteTable, recover } from '../harness/schedule/operations.js'
import { type Scenario, explores } from '../harness/schedule/scenario.js'
import { CACHE, type Operation, type Options, peek, sweep, touch } from '../harness/structures/cache/core.js'
import {
  exchange,
  get,
  getHot,
  has,
  increment,
  insert,
  remove,
  set,
  setHot,
  take,
} from '../harness/structures/hashmap/operations.js'
import { twinTexts } from '../support/hashes.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const PLAN = { preemptions: 2, most: 900, random: 200 }
const DEATHS = { preemptions: 1, deaths: 24, most: 1200, random: 200 }

const NUMBERS: Options = { key: 'number', value: 'number', max: 10 }
const STRINGS: Options = { key: 'string', value: 'string', max: 10 }
const BYTES: Options = { key: 'string', value: 'string', max: 0, maxBytes: 4000 }

type Told = Omit<Scenario<Operation, Options>, 'structure' | 'options'>

function ofCache(name: string, options: Options, told: Told, plan: typeof PLAN | typeof DEATHS = PLAN): void {
  explores(name, crew, { structure: CACHE, options, ...told }, plan)
}

describe('a cache', () => {
  ofCache('in which two make the same entry', NUMBERS, {
    threads: [
      [set(1, 1), get(1)],
      [insert(1, 2), get(1)],
    ],
  })
  ofCache('in which three count up', NUMBERS, { threads: [[increment(1, 1)], [increment(1, 10)], [increment(1, 100)]] })
  ofCache('of strings, which are replaced and taken', STRINGS, {
    before: [set('a', 'one')],
    threads: [[exchange('a', 'two')], [take('a'), set('a', 'three')], [get('a')]],
  })
  ofCache('of so many bytes, in which values are replaced', BYTES, {
    before: [set('a', 'one')],
    threads: [
      [set('a', 'x'.repeat(200)), remove('a')],
      [set('a', 'y'.repeat(40)), set('b', 'z')],
    ],
  })
  ofCache('that is looked at, touched and swept meanwhile', NUMBERS, {
    before: [set(1, 1)],
    threads: [
      [remove(1), set(1, 2)],
      [touch(1), peek(1)],
      [sweep(2), has(1)],
    ],
  })
})

describe('a key of a cache that is known by its block', () => {
  const [A, B] = twinTexts()

  ofCache('that is removed, and another gets its block', STRINGS, {
    before: [set(A, 'one')],
    threads: [
      [getHot(A), getHot(A)],
      [remove(A), set(B, 'two')],
    ],
  })
  ofCache('that is written when it is removed, and another gets its block', STRINGS, {
    before: [set(A, 'one')],
    threads: [
      [getHot(A), setHot(A, 'three')],
      [remove(A), set(B, 'two')],
    ],
  })
  ofCache('of so many bytes, the same', BYTES, {
    before: [set(A, 'one')],
    threads: [
      [getHot(A), setHot(A, 'x'.repeat(300))],
      [remove(A), set(B, 'y'.repeat(40))],
    ],
  })
})

describe('a cache in which a key is known', () => {
  const [A, B] = twinTexts()
  const COUNTS: Options = { key: 'string', value: 'number', max: 20 }
  const CROWD = Array.from('abcdefghij', (key, i) => set(key, i))

  ofCache('which is removed, and its block is that of another', COUNTS, {
    before: [set(A, 1)],
    threads: [
      [getHot(A), getHot(A)],
      [remove(A), set(B, 2)],
    ],
  })
  ofCache('which is taken, and comes again beside another that has its block', STRINGS, {
    before: [set(A, 'one')],
    threads: [
      [getHot(A), getHot(A)],
      [take(A), set(B, 'two'), set(A, 'three')],
    ],
  })
  ofCache(
    'and used, while its entry is moved and others go',
    { ...COUNTS, idle: 1e9 },
    {
      before: CROWD,
      threads: [[getHot('j'), getHot('j')], [remove('a'), set('a', 3)], [touch('j')]],
    },
  )
})

describe('a cache that is deleted', () => {
  ofCache('while another writes', STRINGS, {
    before: [set('a', 'one')],
    threads: [
      [deleteTable, close],
      [set('b', 'two'), remove('a'), close],
    ],
    isDeleted: true,
  })
})

describe('a cache one of whose threads dies', () => {
  ofCache(
    'at a write',
    STRINGS,
    {
      before: [set('a', 'one')],
      threads: [
        [set('a', 'two'), set('b', 'x'), remove('a')],
        [recover(0), get('a'), set('c', 'three')],
      ],
    },
    DEATHS,
  )
})
