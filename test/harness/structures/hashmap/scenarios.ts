// What victims do. Together these pass every checkpoint: see coverage in die-anywhere.test.ts.
import { KIND_CODES, SCRATCH, STATUS, RECORD } from '../../../../src/core/layout.js'
import { HASH_MAP as ID } from '../../../../src/table/layout.js'
import type { Actor } from '../../core/actor.js'
import type { Scenario as AnyScenario, Step as AnyStep } from '../../core/scene.js'
import { type Entries, HASH_MAP, type Options } from './core.js'
import { isDeepStrictEqual as same } from 'node:util'
import { Failure, LONG, type Value } from '../../core/thread.js'
import { numbersOfLow } from '../../../support/hashes.js'

type Step = AnyStep<Entries>
export type Scenario = AnyScenario<Entries, Options>

/** A scenario by what its map is made with. */
interface Told extends Options, Omit<Scenario, 'structure' | 'options'> {}

export function scenarioOf({ key, value, capacity, ...more }: Told): Scenario {
  return { structure: HASH_MAP, options: { key, value, capacity }, ...more }
}

// ---- Steps ----

export const set = (key: Value, value: Value): Step => ({
  run: (t) => void t.run(t.core.set, t.stripe, key, { of: value }),
  apply: (model) => void model.set(key, value),
})

const remove = (key: Value): Step => ({
  run: (t) => void t.run(t.core.remove, t.stripe, key),
  apply: (model) => void model.delete(key),
})

const take = (key: Value): Step => ({
  run: (t) => {
    t.run(t.core.take, t.stripe, key)
    t.core.dropResult()
  },
  apply: (model) => void model.delete(key),
})

const exchange = (key: Value, value: Value): Step => ({
  run: (t) => {
    t.run(t.core.exchange, t.stripe, key, { of: value })
    t.core.dropResult()
  },
  apply: (model) => void model.set(key, value),
})

const insert = (key: Value, value: Value): Step => ({
  run: (t) => {
    t.run(t.core.insert, t.stripe, key, { of: value })
    t.core.dropResult()
  },
  apply: (model) => void (model.has(key) || model.set(key, value)),
})

const compareAndSet = (key: Value, expected: Value, value: Value): Step => ({
  run: (t) => void t.run(t.core.compareAndSet, t.stripe, key, { of: value }, { of: expected }),
  apply: (model) => void (model.has(key) && model.get(key) === expected && model.set(key, value)),
})

const compareAndDelete = (key: Value, expected: Value): Step => ({
  run: (t) => void t.run(t.core.compareAndDelete, t.stripe, key, undefined, { of: expected }),
  apply: (model) => void (model.has(key) && model.get(key) === expected && model.delete(key)),
})

const add = (key: Value, by: number | bigint): Step => ({
  run: (t) => void t.run(t.core.increment, t.stripe, key, { of: by }),
  apply: (model) => {
    const before = model.get(key)
    model.set(key, typeof by === 'bigint' ? BigInt(before ?? 0) + by : Number(before ?? 0) + by)
  },
})

const get = (key: Value): Step => ({
  run: (t) => {
    t.run(t.core.get, t.stripe, key)
    t.core.dropResult()
  },
})

/** Looks whether a key has this value, and says that it waits until it has not. */
const watch = (key: Value, seen: Value): Step => ({
  run: (t) => {
    const look = (stripe: number): number => t.core.watch(stripe, seen !== undefined, seen === undefined)
    t.run(look, t.stripe, key, undefined, seen === undefined ? undefined : { of: seen })
  },
})

const hold = (key: Value): Step => ({
  run: (t) => {
    t.run(t.core.pin, t.stripe, key)
    t.core.unpin()
  },
})

/** Removes what it holds, as takes in a full heap do. */
const removePinned = (key: Value): Step => ({
  run: (t) => {
    if (t.run(t.core.pin, t.stripe, key) !== STATUS.found || t.core.removePinned() !== STATUS.removed) t.core.unpin()
  },
  apply: (model) => void model.delete(key),
})

/** Replaces what it holds: a block by one that is in the heap already. */
const replacePinned = (key: Value, value: Value): Step => ({
  run: (t) => {
    const replace = (stripe: number): number => {
      const status = t.core.pin(stripe)
      if (status !== STATUS.found || t.core.replacePinned() !== STATUS.replaced) t.core.unpin()
      return status
    }
    t.run(replace, t.stripe, key, { of: value })
  },
  apply: (model) => void (model.has(key) && model.set(key, value)),
})

/** An operation that leaves what is there alone, because it is too large to be handed out. */
const spared = ({ run }: Step): Step => ({ run })

const iterate: Step = { run: (t) => void t.entries(t.stripe, KIND_CODES.any, KIND_CODES.any) }

/** Removes chain after chain: some entries may be left, but nothing else. */
const clear: Step = {
  run: (t) => void t.core.clear(t.stripe),
  apply: (model) => model.clear(),
  mayLeave: (left, before) => [...left].every(([key, value]) => before.has(key) && before.get(key) === value),
}

const reserve = (entries: number): Step => ({ run: (t) => void t.core.reserve(t.stripe, entries) })

/** Closes and opens. */
const reopen: Step = {
  run: (t) => {
    t.core.closeCollection(t.stripe)
    t.open(t.table, t.generation)
  },
}

/** Leaves the heap and comes back. */
const rejoin: Step = {
  run: (t) => {
    t.core.closeCollection(t.stripe)
    t.core.detachThread()
    t.attach().open(t.table, t.generation)
  },
}

/** The pool does not let go of its lock: the block of a large value is set aside, and freed with the next. */
const takeFromHeldPool = (key: Value): Step => ({
  run: (t) => {
    const [lock, id] = [128, t.id]
    const before = t.view().getUint32(lock, true)
    t.view().setUint32(lock, (id << 3) | 1, true) // as if held by this very thread, so that it does not wait for long
    try {
      t.run(t.core.remove, t.stripe, key)
    } finally {
      t.view().setUint32(lock, before, true)
    }
  },
  apply: (model) => void model.delete(key),
})

/** Makes another table, which nobody else will know, fills it, and deletes it while it is open. */
const another = (kind: 'number' | 'string', entries: number, capacity: number): Step => ({
  run: (t) => {
    const table = t.core.createCollection(ID, KIND_CODES[kind], KIND_CODES[kind], capacity, 0, false) >>> 0
    const generation = t.view().getUint32(table + RECORD.generation, true)
    const stripe = t.core.openCollection(table, generation) >>> 0
    for (let i = 0; i < entries; i++) {
      const word = kind === 'number' ? i : `text ${i}`
      t.run(t.core.set, stripe, word, { of: word })
    }
    t.core.deleteCollection(table, generation)
    t.core.keepCollection()
    t.core.closeCollection(stripe)
  },
})

/** Makes a table without a name, as src/collection/creation.ts does, fills it, and is the last to let go of it: by `end`. */
const unnamed = (kind: 'number' | 'string', entries: number, end: (t: Actor, stripe: number) => void): Step => ({
  run: (t) => {
    const table = t.core.createCollection(ID, KIND_CODES[kind], KIND_CODES[kind], 1, 0, true) >>> 0
    const generation = t.view().getUint32(table + RECORD.generation, true)
    const stripe = t.core.openCollection(table, generation) >>> 0
    t.core.keepCollection()
    for (let i = 0; i < entries; i++) {
      const word = kind === 'number' ? i : `text ${i}`
      t.run(t.core.set, stripe, word, { of: word })
    }
    end(t, stripe)
  },
})

const closing = (t: Actor, stripe: number): void => void t.core.closeCollection(stripe)

/** Opens it twice, and leaves the heap with it. */
const leaving = (t: Actor, stripe: number): void => {
  const table = t.view().getUint32(stripe, true)
  t.core.openCollection(table, t.view().getUint32(table + RECORD.generation, true))
  t.core.closeCollection(stripe)
  t.core.closeCollection(t.stripe)
  t.core.detachThread()
  t.attach().open(t.table, t.generation)
}

/** Makes a table with a name, as src/table/directory.ts does, and deletes it again. */
const named: Step = {
  run: (t) => {
    const directory = t.core.openCollection(t.view().getUint32(32, true), 1) >>> 0
    const table = t.core.createCollection(ID, KIND_CODES.number, KIND_CODES.number, 1, 0, false) >>> 0
    const generation = t.view().getUint32(table + RECORD.generation, true)
    t.run(t.core.insert, directory, 'name', { of: generation * 2 ** 32 + table })
    t.core.keepCollection()
    t.core.claimCollection(table, generation)
    t.run(t.core.take, directory, 'name')
    t.core.deleteCollection(table, generation)
    t.core.keepCollection()
    t.core.closeCollection(directory)
  },
}

const beginTrace = (events: number): Step => ({
  run: (t) => {
    if (t.core.beginTrace(events, 1) !== 0) throw new Failure(STATUS.outOfMemory)
  },
})

const endTrace: Step = { run: (t) => void t.core.endTrace() }

function many(from: number, to: number, step: (i: number) => Step): Step[] {
  return Array.from({ length: to - from }, (_, i) => step(from + i))
}

const text = (i: number): string => `text ${i}`
const long = (i: number, length = LONG): string => String.fromCharCode(97 + (i % 26)).repeat(length)

/** Several of setMany at once: each is an operation of its own. */
const setNumbers = (keys: readonly number[]): Step => ({
  run: (t) => {
    const view = t.view()
    keys.forEach((key, i) => {
      view.setFloat64(t.scratch + SCRATCH.value + i * 16, key, true)
      view.setFloat64(t.scratch + SCRATCH.value + i * 16 + 8, key + 0.5, true)
    })
    t.core.setMany(t.stripe, keys.length)
  },
  apply: (model) => keys.forEach((key) => model.set(key, key + 0.5)),
  mayLeave: (left, before) =>
    keys.some((_, i) => same(left, withKeys(before, keys.slice(0, i)))) || same(left, withKeys(before, keys)),
})

function withKeys(model: Entries, keys: readonly number[]): Entries {
  return new Map([...model, ...keys.map((key): [Value, Value] => [key, key + 0.5])])
}

// ---- Scenarios ----

const NUMBERS = { key: 'number', value: 'number' } as const
const STRINGS = { key: 'string', value: 'string' } as const

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

/** A step that may find no memory: then nothing has changed. */
function orFull(step: Step): Step {
  let isFull = false
  return {
    run: (t) => {
      isFull = false
      try {
        step.run(t)
      } catch (error) {
        if ((error as { status?: number }).status !== STATUS.outOfMemory) throw error
        isFull = true
      }
    },
    apply: (model) => {
      if (!isFull) step.apply!(model)
    },
    mayLeave: (left, before, after) => {
      if (same(left, before) || same(left, after)) return true
      const done = new Map(before)
      step.apply!(done)
      return same(left, done)
    },
  }
}

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
