// Random operations, done to a map and to the reference in turn: they must say the same.
import fc from 'fast-check'
import { SharedMap, TophashError } from 'tophash'
import type { Reference } from '../support/reference.js'
import type { Entry, Kinds, TestMap, UntypedMap } from '../support/untyped.js'
import { nameOf, numbered, same, short, spoil } from '../support/values.js'
import { type Spec, built, keysOf, valuesOf } from './specs.js'

/** What a callback does: other operations on the same map, on the same key also, and then this. */
type Ends = { readonly returns: Spec } | { readonly throws: true } | { readonly removes: true }

/** What can be done to a map. `fill` and `drain` are there so that it grows and shrinks. */
export type Operation =
  | { readonly do: 'get' | 'has' | 'delete' | 'take'; readonly key: Spec }
  | { readonly do: 'set' | 'getOrInsert' | 'exchange'; readonly key: Spec; readonly value: Spec }
  | { readonly do: 'compareAndSet'; readonly key: Spec; readonly expected: Expected; readonly value: Spec }
  | { readonly do: 'compareAndDelete' | 'wait'; readonly key: Spec; readonly expected: Expected }
  | { readonly do: 'increment'; readonly key: Spec; readonly by: Spec }
  | {
      readonly do: 'update' | 'getOrInsertComputed'
      readonly key: Spec
      readonly inside: readonly Operation[]
      readonly ends: Ends
    }
  | { readonly do: 'getMany' | 'deleteMany'; readonly keys: readonly Spec[] }
  | { readonly do: 'setMany' | 'getOrInsertMany'; readonly entries: readonly (readonly [Spec, Spec])[] }
  | { readonly do: 'retain'; readonly part: number; readonly throws: boolean }
  | { readonly do: 'fill' | 'drain'; readonly from: number; readonly count: number; readonly atOnce: boolean }
  | { readonly do: 'scan'; readonly limit: number }
  | { readonly do: 'partition'; readonly parts: number }
  | { readonly do: 'reserve'; readonly entries: number }
  | { readonly do: 'clear' | 'size' | 'iterate' | 'check' }

/** A value, or the one that is there. */
type Expected = { readonly is: Spec } | 'current'

/** Operations on a map of these kinds, those that build it up in the majority. */
export function operationsOn([keyKind, valueKind]: Kinds): fc.Arbitrary<Operation> {
  const key = keysOf(keyKind)
  const value = valuesOf(valueKind)
  const expected: fc.Arbitrary<Expected> = fc.oneof(
    { weight: 2, arbitrary: fc.constant('current' as const) },
    fc.record({ is: value }),
  )
  const range = { from: fc.nat(80), count: fc.nat(60), atOnce: fc.boolean() }
  const few = { maxLength: 8 } as const
  const simple: fc.Arbitrary<Operation> = fc.oneof(
    { weight: 12, arbitrary: fc.record({ do: fc.constant('set' as const), key, value }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('get', 'has', 'take'), key }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('getOrInsert', 'exchange'), key, value }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('compareAndSet' as const), key, expected, value }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('compareAndDelete', 'wait'), key, expected }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('increment' as const), key, by: valuesOf(valueKind) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('fill', 'drain'), ...range }) },
  )
  const ends: fc.Arbitrary<Ends> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ returns: value }) },
    { weight: 1, arbitrary: fc.constantFrom<Ends>({ throws: true }, { removes: true }) },
  )
  const inside = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(simple, { maxLength: 3 }))
  return fc.oneof(
    { weight: 40, arbitrary: simple },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('update', 'getOrInsertComputed'), key, inside, ends }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('getMany', 'deleteMany'), keys: fc.array(key, few) }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constantFrom('setMany', 'getOrInsertMany'), entries: fc.array(fc.tuple(key, value), few) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('retain' as const), part: fc.nat(3), throws: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('scan' as const), limit: fc.integer({ min: 1, max: 100 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('partition' as const), parts: fc.integer({ min: 1, max: 9 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reserve' as const), entries: fc.nat(600) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('size', 'iterate') }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('clear', 'check') }) },
  )
}

/** Does an operation to a map and to the reference, and compares what they return, throw and call back with. */
export function apply(operation: Operation, map: TestMap, model: Reference, kinds: Kinds): void {
  if (operation.do === 'check') return map.check()
  if (operation.do === 'reserve') return map.reserve(operation.entries)
  const expected = outcomeOf(() => perform(operation, model, kinds))
  const given = outcomeOf(() => perform(operation, map, kinds))
  same(operation.do, given, expected)
  spoil(given[1])
  if (operation.do === 'iterate') sameEntries(map, model)
}

/** How an action ends, as something to compare. Errors count by their codes, those of a callback by themselves. */
export function outcomeOf(action: () => unknown): readonly ['returns' | 'throws', unknown] {
  try {
    return ['returns', action()]
  } catch (error) {
    if (error instanceof TophashError) return ['throws', error.code]
    if (error === ENOUGH) return ['throws', ENOUGH.message]
    throw error
  }
}

/** What callbacks throw. */
const ENOUGH = new Error('enough')

/** Does an operation, and returns what there is to be compared. What was put in is changed afterwards. */
export function perform(operation: Operation, map: UntypedMap, kinds: Kinds): unknown {
  const inputs: unknown[] = []
  const made = (spec: Spec): unknown => inputs[inputs.push(built(spec)) - 1]
  try {
    return run(operation, map, kinds, made)
  } finally {
    inputs.forEach(spoil)
  }
}

function run(operation: Operation, map: UntypedMap, kinds: Kinds, made: (spec: Spec) => unknown): unknown {
  switch (operation.do) {
    case 'get':
    case 'has':
    case 'delete':
    case 'take':
      return map[operation.do](made(operation.key))
    case 'set':
      return map.set(made(operation.key), made(operation.value)) === map
    case 'getOrInsert':
    case 'exchange':
      return map[operation.do](made(operation.key), made(operation.value))
    case 'compareAndSet':
      return map.compareAndSet(made(operation.key), expectedOf(operation, map, kinds, made), made(operation.value))
    case 'compareAndDelete':
      return map.compareAndDelete(made(operation.key), expectedOf(operation, map, kinds, made))
    case 'wait':
      return map.wait(made(operation.key), expectedOf(operation, map, kinds, made), { timeout: 0 })
    case 'increment':
      return map.increment(made(operation.key), made(operation.by))
    case 'update':
    case 'getOrInsertComputed':
      return callBack(operation, map, kinds, made)
    case 'retain':
      return retain(operation, map)
    case 'partition':
      return byKey(Array.from({ length: operation.parts }, (_, part) => [...map.partition(part, operation.parts)]).flat())
    case 'scan':
      return byKey(scanned(map, operation.limit))
    case 'iterate':
      return byKey([...map])
    case 'clear':
      return map.clear()
    case 'size':
      return map.size
    default:
      return runMany(operation, map, kinds, made)
  }
}

type Many = Extract<Operation, { readonly do: 'getMany' | 'deleteMany' | 'setMany' | 'getOrInsertMany' | 'fill' | 'drain' }>

function runMany(operation: Operation, map: UntypedMap, [key, value]: Kinds, made: (spec: Spec) => unknown): unknown {
  const many = operation as Many
  switch (many.do) {
    case 'getMany':
    case 'deleteMany':
      return map[many.do](many.keys.map(made))
    case 'setMany':
      return map.setMany(many.entries.map((entry) => entry.map(made))) === map
    case 'getOrInsertMany':
      return map.getOrInsertMany(many.entries.map((entry) => entry.map(made)))
    case 'fill': {
      const entries = numbersOf(many).map((n) => [numbered(key, n), numbered(value, -n)])
      if (many.atOnce) map.setMany(entries)
      else for (const entry of entries) map.set(entry[0], entry[1])
      return
    }
    case 'drain': {
      const keys = numbersOf(many).map((n) => numbered(key, n))
      return many.atOnce ? map.deleteMany(keys) : keys.filter((one) => map.delete(one)).length
    }
  }
}

function numbersOf({ from, count }: { readonly from: number; readonly count: number }): number[] {
  return Array.from({ length: count }, (_, n) => from + n)
}

function expectedOf(
  operation: { readonly key: Spec; readonly expected: Expected },
  map: UntypedMap,
  [, kind]: Kinds,
  made: (spec: Spec) => unknown,
): unknown {
  const { key, expected } = operation
  if (expected !== 'current') return made(expected.is)
  const there = built(key)
  return map.has(there) ? map.get(there) : numbered(kind, 0) // nothing is there: no value must match
}

/** Runs an operation with a callback; returns what it was called with as well. */
function callBack(
  operation: Operation & { readonly do: 'update' | 'getOrInsertComputed' },
  map: UntypedMap,
  kinds: Kinds,
  made: (spec: Spec) => unknown,
): unknown {
  const calls: unknown[] = []
  const result = map[operation.do](made(operation.key), (...given: unknown[]) => {
    if (calls.length > 100) throw new Error(`${operation.do} calls back without end`)
    calls.push(
      structuredClone(given),
      operation.inside.map((inner) => outcomeOf(() => perform(inner, map, kinds))),
    )
    given.forEach(spoil)
    if ('throws' in operation.ends) throw ENOUGH
    if ('returns' in operation.ends) return made(operation.ends.returns)
    return SharedMap.remove
  })
  return [result, calls]
}

/** Keeps about three of four entries, and returns which ones it was asked about. */
function retain({ part, throws }: { readonly part: number; readonly throws: boolean }, map: UntypedMap): unknown {
  const asked: Entry[] = []
  const removed = map.retain((value, key, given) => {
    if (given !== map) throw new Error('retain gives the map to its predicate')
    if (asked.length > 10_000) throw new Error('retain asks without end')
    if (throws && map.size > 200) throw ENOUGH
    asked.push([key, value])
    return keeps({ part }, key)
  })
  return [removed, byKey(asked)]
}

/** Whether retain keeps the entry of a key. */
export function keeps({ part }: { readonly part: number }, key: unknown): boolean {
  return nameOf(key).length % 4 !== part
}

/** All entries of a map, by scan. */
export function scanned(map: UntypedMap, limit?: number): Entry[] {
  const all: Entry[] = []
  for (let cursor = 0; ; ) {
    const step = map.scan(cursor, limit)
    all.push(...step.entries)
    cursor = step.cursor
    if (cursor === 0) return all
  }
}

/** Entries in an order that depends on their keys alone. */
export function byKey(entries: Iterable<Entry>): Entry[] {
  const named = Array.from(entries, (entry) => ({ name: nameOf(entry[0]), entry }))
  return named.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name))).map(({ entry }) => entry)
}

/** Compares all entries, in whatever order, and reads each one by its key, alone and with all others. */
export function sameEntries(map: UntypedMap, model: UntypedMap): void {
  const expected = byKey(model)
  const keys = expected.map(([key]) => key)
  const values = expected.map(([, value]) => value)
  const given = byKey(map)
  same('size', [map.size, given.length], [model.size, expected.length])
  expected.forEach((entry, n) => same(`iterated entry ${short(entry[0])}`, given[n], entry))
  for (const [key, value] of expected) {
    same(`has ${short(key)}`, map.has(key), true)
    same(`get ${short(key)}`, map.get(key), value)
  }
  same('getMany', map.getMany(keys), values)
}
