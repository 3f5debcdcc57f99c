// What victims go through. Together these pass every checkpoint: see coverage in die-anywhere.test.ts.
import { type Scenario as AnyScenario, stepOf } from '../../core/scene.js'
import {
  add,
  another,
  beginTrace,
  clear,
  closing,
  compareAndDelete,
  compareAndSet,
  endTrace,
  exchange,
  get,
  hold,
  insert,
  iterate,
  leaving,
  long,
  many,
  named,
  orFull,
  rejoin,
  remove,
  removePinned,
  reopen,
  replacePinned,
  reserve,
  set,
  setNumbers,
  insertNumbers,
  spared,
  take,
  takeFromHeldPool,
  text,
  unnamed,
  watch,
} from './steps.js'
import { type Entries, HASH_MAP, type Options } from './core.js'
import { getHot, incrementHot, remove as removeKey, setHot } from './operations.js'
import { numbersOfLow } from '../../../support/hashes.js'

export type Scenario = AnyScenario<Entries, Options>

/** A scenario by what its map is made with. */
interface Told extends Options, Omit<Scenario, 'structure' | 'options'> {}

export function scenarioOf({ key, value, capacity, ...more }: Told): Scenario {
  return { structure: HASH_MAP, options: { key, value, capacity }, ...more }
}

const NUMBERS = { key: 'number', value: 'number' } as const
const STRINGS = { key: 'string', value: 'string' } as const

const ANY = { key: 'any', value: 'any' } as const

/** Reads and writes of keys that a thread has found before, those of which it is wrong about one among them. */
const HOT = [
  getHot(text(3)),
  getHot(text(4)),
  getHot(text(3)),
  setHot(text(3), 'another text'),
  setHot(text(3), 3),
  incrementHot(text(3), 4),
  setHot(text(4), 'x'.repeat(20_000)),
  removeKey(text(4)),
  setHot(text(4), 'made anew'),
  incrementHot('none', 1),
  getHot(text(4)),
].map((operation) => stepOf(HASH_MAP, operation, ANY))

/** Keys that stay together until the table has 2^20 buckets: long chains, all of which a split moves. */
const COLLIDING = numbersOfLow(0xfffff, 45)

const TOLD: readonly Told[] = [
  {
    name: 'numbers',
    ...NUMBERS,
    capacity: 40,
    setup: many(0, 20, (i) => set(i, i)),
    steps: [
      set(3, 33),
      set(100, 1),
      remove(4),
      remove(4),
      add(5, 2),
      add(101, 2),
      exchange(6, 66),
      exchange(102, 1),
      take(7),
      take(7),
      insert(8, 0),
      insert(103, 3),
      compareAndSet(9, 9, 99),
      compareAndSet(9, 9, 98),
      compareAndDelete(10, 10),
      compareAndDelete(11, 0),
      get(12),
      hold(13),
      watch(9999, undefined),
      watch(5, 5),
      removePinned(14),
      replacePinned(15, 51),
      setNumbers([1, 2, 200, 201, 202]),
      insertNumbers([1, 300, 200, 301, 302]),
    ],
  },
  {
    name: 'strings',
    ...STRINGS,
    capacity: 40,
    setup: many(0, 20, (i) => set(text(i), text(i))),
    steps: [
      set(text(3), 'other'),
      set(text(3), 'the same length'),
      set('new', 'value'),
      remove(text(4)),
      remove('none'),
      exchange(text(6), 'six'),
      exchange('fresh', 'one'),
      take(text(7)),
      insert(text(8), 'no'),
      insert('yes', 'yes'),
      compareAndSet(text(9), text(9), 'nine'),
      compareAndSet(text(9), text(9), 'ten'),
      compareAndDelete(text(10), text(10)),
      compareAndDelete(text(11), 'no'),
      get(text(12)),
      hold(text(13)),
      watch(text(13), 'another'),
      hold('none'),
      removePinned(text(14)),
      replacePinned(text(15), long(15)),
      spared(replacePinned(text(16), 'not in the heap')),
    ],
  },
  {
    name: 'bigints',
    key: 'bigint',
    value: 'bigint',
    steps: [set(1n, 1n), set(1n, 2n), add(1n, 5n), add(2n, 5n), remove(1n), exchange(2n, 1n), take(2n)],
  },
  {
    name: 'a set of strings',
    key: 'string',
    value: 'none',
    steps: [
      { ...set('a', undefined), run: (t) => void t.run(t.core.set, t.stripe, 'a') },
      { ...set('b', undefined), run: (t) => void t.run(t.core.set, t.stripe, 'b') },
      remove('a'),
      clear,
    ],
  },
  {
    name: 'any',
    key: 'any',
    value: 'any',
    steps: [
      set(1, 'one'),
      set('one', 1),
      set(undefined, 'nothing'),
      set(1, 2),
      set('one', 'text'),
      set('one', undefined),
      add(1, 3),
      remove(1),
      remove(undefined),
      take('one'),
      iterate,
    ],
  },
  {
    name: 'keys that are known by their blocks',
    ...ANY,
    setup: [...many(0, 12, (i) => set(text(i), text(i))), ...HOT.slice(0, 2)],
    steps: HOT.slice(2),
  },
  {
    name: 'long keys and values',
    ...STRINGS,
    steps: [
      set('a', long(0)),
      set('a', long(1)),
      set('a', 'short'),
      set(long(2, 12_000), 'of a long key'),
      exchange('a', long(3)),
      spared(exchange('a', long(4))),
      get('a'),
      spared(take('a')),
      replacePinned('a', long(4)),
      removePinned('a'),
      set(long(5), long(5)),
      remove(long(5)),
      set('b', long(6, 40_000)),
      remove(long(2, 12_000)),
      insert('b', long(7)),
      compareAndSet('b', long(6, 40_000), long(8)),
      takeFromHeldPool('b'),
      set('c', long(9)),
      remove('c'),
    ],
  },
  { name: 'growth from one bucket', ...NUMBERS, steps: many(0, 110, (i) => set(i, i)) },
  { name: 'growth with strings', ...STRINGS, steps: many(0, 60, (i) => set(text(i), text(i))) },
  {
    name: 'growth with long chains',
    ...NUMBERS,
    capacity: 50,
    setup: COLLIDING.slice(0, 40).map((key) => set(key, 1)),
    steps: [reserve(60), ...COLLIDING.slice(40, 45).map((key) => set(key, 2)), ...COLLIDING.slice(3, 30).map(remove), clear],
  },
  { name: 'room for more', ...NUMBERS, setup: many(0, 50, (i) => set(i, i)), steps: [reserve(800), reserve(2000), set(1, 1)] },
  {
    name: 'removal from long chains',
    ...NUMBERS,
    setup: many(0, 400, (i) => set(i, i)),
    steps: many(0, 400, (i) => remove(399 - i)),
  },
  {
    name: 'clearing',
    ...STRINGS,
    setup: many(0, 60, (i) => set(text(i), i % 7 ? text(i) : long(i, 40_000))),
    steps: [clear, set('a', 'b'), clear],
  },
  { name: 'clearing numbers', ...NUMBERS, setup: many(0, 100, (i) => set(i, i)), steps: [clear] },
  {
    name: 'a table that shrinks when it is empty',
    ...STRINGS,
    setup: [reserve(500), set('a', 'b'), set('c', 'd')],
    steps: [remove('a'), remove('c'), set('e', 'f'), reserve(1000), set('g', 'h'), clear, set('i', 'j')],
  },
  {
    name: 'opening and leaving',
    ...STRINGS,
    setup: many(0, 30, (i) => set(text(i), text(i))),
    steps: [reopen, rejoin, set('a', 'b'), rejoin],
  },
  {
    name: 'other tables',
    ...NUMBERS,
    steps: [another('number', 0, 1), another('string', 60, 1), another('number', 3, 800), another('number', 60, 1)],
  },
  { name: 'named tables', ...NUMBERS, steps: [named, named] },
  {
    name: 'tables without a name',
    ...NUMBERS,
    steps: [unnamed('number', 0, closing), unnamed('string', 12, closing), unnamed('number', 3, leaving)],
  },
  {
    name: 'churn, so that lists spill',
    ...STRINGS,
    capacity: 700,
    steps: [
      ...many(0, 100, (i) => set(text(i), 'x'.repeat(300))),
      ...many(0, 100, (i) => remove(text(i))),
      ...many(0, 40, (i) => set(text(i), 'x'.repeat(300))),
    ],
  },
  {
    name: 'a trace',
    ...NUMBERS,
    setup: many(0, 20, (i) => set(i, i)),
    steps: [
      beginTrace(16),
      beginTrace(500),
      ...many(20, 60, (i) => set(i, i)),
      endTrace,
      reserve(200),
      ...many(0, 20, remove),
      endTrace,
      beginTrace(2000),
      clear,
      set(1, 1),
    ],
  },
  {
    name: 'a full heap',
    ...STRINGS,
    maxPages: 9,
    capacity: 1,
    setup: many(0, 120, (i) => orFull(set(text(i), 'y'.repeat(900)))),
    steps: [
      ...many(30, 40, (i) => orFull(set(text(i), 'x'.repeat(1100)))),
      ...many(0, 60, (i) => remove(text(i))),
      ...many(200, 230, (i) => orFull(set(text(i), 'z'.repeat(20)))),
    ],
  },
]

export const SCENARIOS: readonly Scenario[] = TOLD.map(scenarioOf)

const TOLD_OTHERS: readonly Told[] = [
  { name: 'a map of numbers', ...NUMBERS, capacity: 1, setup: many(0, 40, (i) => set(i, i)), steps: [] },
  { name: 'a map of strings', ...STRINGS, capacity: 1, setup: many(0, 40, (i) => set(text(i), text(i))), steps: [] },
  {
    name: 'a set',
    key: 'string',
    value: 'none',
    capacity: 1,
    setup: many(0, 20, (i) => ({ ...set(text(i), undefined), run: (t) => void t.run(t.core.set, t.stripe, text(i)) })),
    steps: [],
  },
]

/** Other collections of the same thread, with which it goes on: see going-on.test.ts. */
export const OTHERS: readonly Scenario[] = TOLD_OTHERS.map(scenarioOf)
