// What victims do to caches. Together these pass each checkpoint of a cache.
import { isDeepStrictEqual as same } from 'node:util'
import { type Scenario as AnyScenario, type Step as AnyStep, stepOf } from '../../core/scene.js'
import { LONG } from '../../core/thread.js'
import type { Entries } from '../hashmap/core.js'
import {
  type Datum,
  clear,
  compareAndDelete,
  compareAndSet,
  exchange,
  get,
  getHot,
  increment,
  incrementHot,
  insert,
  remove,
  set,
  setHot,
  take,
} from '../hashmap/operations.js'
import { CACHE, type Operation, type Options, hear, listen, peek, resize, sweep, touch } from './core.js'

type Scenario = AnyScenario<Entries, Options>
type Step = AnyStep<Entries>

const ROOMY: Options = { key: 'any', value: 'any', max: 1000 }
const TINY: Options = { key: 'any', value: 'any', max: 4 }
const SMALL_BYTES: Options = { key: 'string', value: 'string', max: 0, maxBytes: 600 }
const SHORT: Options = { key: 'number', value: 'number', max: 40, ttl: 60 }
const UNUSED: Options = { key: 'any', value: 'any', max: 30, idle: 80 }

const steps = (options: Options, ...operations: Operation[]): Step[] =>
  operations.map((operation) => stepOf(CACHE, operation, options))

/**
 * An operation that may evict: what is left when it has come back is what it says itself; who dies at it leaves what was there,
 * with what is written or without it, and less of the rest.
 */
function evicting(operation: Operation, options: Options): Step {
  let left: Entries = new Map()
  return {
    run(victim) {
      CACHE.perform(victim, operation, options)
      left = CACHE.read(victim, options)
    },
    apply(model) {
      model.clear()
      for (const [key, value] of left) model.set(key, value)
    },
    mayLeave(found, before) {
      const after = new Map(before)
      CACHE.apply(after, operation)
      return [...found].every(([key, value]) => same(before.get(key), value) || same(after.get(key), value))
    },
  }
}

const evictions = (options: Options, ...operations: Operation[]): Step[] =>
  operations.map((operation) => evicting(operation, options))

const many = (count: number, value: (i: number) => Datum): Operation[] =>
  Array.from({ length: count }, (_, i) => set(`key ${i}`, value(i)))

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a cache with room for all',
    structure: CACHE,
    options: ROOMY,
    setup: steps(ROOMY, set(1, 1), set('two', 'text')),
    steps: steps(
      ROOMY,
      set(1, 2),
      set('two', 'another'),
      set('three', LONG),
      get('two'),
      peek('three'),
      touch('two'),
      increment(1, 5),
      increment('new', 5),
      insert('four', 'text'),
      insert('four', 'not'),
      exchange('four', 'other'),
      compareAndSet('four', 'other', 'third'),
      compareAndDelete('four', 'third'),
      take('two'),
      remove(1),
      clear,
      set('last', 1),
    ),
  },
  {
    name: 'a cache of keys that are known by their blocks',
    structure: CACHE,
    options: ROOMY,
    setup: steps(ROOMY, set('one', 1), set('two', 'text'), getHot('one'), getHot('two')),
    steps: steps(
      ROOMY,
      getHot('one'),
      setHot('one', 5),
      incrementHot('one', 2),
      setHot('two', LONG),
      remove('two'),
      setHot('two', 'made anew'),
      incrementHot('three', 1),
    ),
  },
  {
    name: 'a cache that grows',
    structure: CACHE,
    options: ROOMY,
    steps: steps(ROOMY, ...many(70, (i) => (i % 2 ? i : `value ${i}`)), remove('key 3'), get('key 60')),
  },
  {
    name: 'a cache of four that evicts',
    structure: CACHE,
    options: TINY,
    steps: evictions(
      TINY,
      ...many(6, (i) => `value ${i}`),
      get('key 5'),
      get('key 4'),
      set('a', 1),
      set('key 1', 2), // has a ghost
      increment('b', 1),
      insert('c', LONG),
      exchange('d', 'text'),
      get('d'),
      ...many(6, (i) => i),
      resize(2),
      resize(4),
      set('e', 1),
    ),
  },
  {
    name: 'a cache of 600 bytes',
    structure: CACHE,
    options: SMALL_BYTES,
    steps: evictions(
      SMALL_BYTES,
      ...many(8, (i) => 'x'.repeat(20 * i)),
      getHot('key 2'),
      setHot('key 2', 'y'.repeat(200)),
      set('key 2', 'z'),
      compareAndSet('key 2', 'z', 'z'.repeat(100)),
      exchange('key 7', 'short'),
      remove('key 7'),
      clear,
    ),
  },
  {
    name: 'a cache whose entries end',
    structure: CACHE,
    options: SHORT,
    steps: evictions(
      SHORT,
      ...Array.from({ length: 60 }, (_, i) => set(i, i)),
      sweep(8),
      increment(3, 1),
      insert(4, 4),
      take(5),
      sweep(8),
    ),
  },
  {
    name: 'a cache to which somebody listens',
    structure: CACHE,
    options: TINY,
    steps: evictions(
      TINY,
      listen(true),
      ...many(6, (i) => `value ${i}`),
      hear(1),
      set('key 5', 1),
      increment('key 5', 1),
      take('key 5'),
      remove('key 4'),
      hear(2),
      clear,
      listen(false),
      set('a', 1),
    ),
  },
  {
    name: 'a cache whose entries end unused',
    structure: CACHE,
    options: UNUSED,
    steps: evictions(
      UNUSED,
      set('a', 'text'),
      set('a', 'another'),
      ...Array.from({ length: 8 }, () => get('a')), // some of them push its end
      exchange('a', LONG),
      increment('n', 1),
      increment('n', 1),
      ...many(24, (i) => (i % 2 ? i : `value ${i}`)),
      get('key 20'),
      touch('a'),
      insert('key 22', 'not'),
      set('key 3', 'anew'),
      sweep(8),
      take('key 23'),
    ),
  },
]
