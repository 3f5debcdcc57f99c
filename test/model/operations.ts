import fc from 'fast-check'
import type { Kind, SharedMap } from 'tophash'
import { numbers } from './numbers.js'
import { type Recipe, recipes, textOf } from './texts.js'

export type Scalar = number | string
export type AnyMap = SharedMap<Scalar, Scalar>
export type Kinds = readonly [key: Kind, value: Kind]

/** A number stands for itself, a recipe for its text. */
type Spec = number | Recipe

/** What can be done to a map. `fill` and `drain` are there so that it grows and shrinks. */
export type Operation =
  | { readonly do: 'set'; readonly key: Spec; readonly value: Spec }
  | { readonly do: 'get' | 'has' | 'delete'; readonly key: Spec }
  | { readonly do: 'increment'; readonly key: Spec; readonly by: number }
  | { readonly do: 'fill' | 'drain'; readonly from: number; readonly count: number }
  | { readonly do: 'reserve'; readonly entries: number }
  | { readonly do: 'clear' | 'size' | 'iterate' | 'check' }

export const ALL_KINDS: readonly Kinds[] = [
  ['number', 'number'],
  ['number', 'string'],
  ['string', 'number'],
  ['string', 'string'],
]

/** Operations on a map of these kinds, those that build it up in the majority. */
export function operationsOn([keyKind, valueKind]: Kinds): fc.Arbitrary<Operation> {
  const key = specsOf(keyKind)
  const value = specsOf(valueKind)
  const range = { from: fc.nat(80), count: fc.nat(60) }
  const by = numbers.filter((n) => !Object.is(n, -0)) // adding -0 has a test of its own, in test/api
  const increment = { do: fc.constant('increment' as const), key, by }
  return fc.oneof(
    { weight: 12, arbitrary: fc.record({ do: fc.constant('set' as const), key, value }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('get', 'has'), key }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
    { weight: valueKind === 'number' ? 4 : 0, arbitrary: fc.record(increment) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('fill' as const), ...range }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('drain' as const), ...range }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reserve' as const), entries: fc.nat(600) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('size', 'iterate') }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('clear', 'check') }) },
  )
}

function specsOf(kind: Kind): fc.Arbitrary<Spec> {
  return kind === 'number' ? numbers : recipes
}

/** What a spec stands for. */
export function built(spec: Spec): Scalar {
  return typeof spec === 'number' ? spec : textOf(spec)
}

/** The n-th of the keys or values that `fill` and `drain` use. */
export function numbered(kind: Kind, n: number): Scalar {
  return kind === 'number' ? n : `key ${n}`
}

/** Does an operation to a map and to the model, and compares what they say. */
export function apply(operation: Operation, map: AnyMap, model: Map<Scalar, Scalar>, [keyKind, valueKind]: Kinds): void {
  switch (operation.do) {
    case 'set': {
      const [key, value] = [built(operation.key), built(operation.value)]
      same('set returns the map', map.set(key, value) === map, true)
      model.set(key, value)
      break
    }
    case 'get':
      same('get', map.get(built(operation.key)), model.get(built(operation.key)))
      break
    case 'has':
      same('has', map.has(built(operation.key)), model.has(built(operation.key)))
      break
    case 'delete':
      same('delete', map.delete(built(operation.key)), model.delete(built(operation.key)))
      break
    case 'increment': {
      const key = built(operation.key)
      const total = ((model.get(key) ?? 0) as number) + operation.by
      same('increment', (map as SharedMap<Scalar, number>).increment(key, operation.by), total)
      model.set(key, total)
      break
    }
    case 'fill':
    case 'drain':
      applyRange(operation, map, model, [keyKind, valueKind])
      break
    case 'reserve':
      map.reserve(operation.entries)
      break
    case 'clear':
      map.clear()
      model.clear()
      break
    case 'size':
      same('size', map.size, model.size)
      break
    case 'iterate':
      sameEntries(map, model)
      break
    case 'check':
      map.check()
  }
}

type Range = Operation & { readonly do: 'fill' | 'drain' }

function applyRange(operation: Range, map: AnyMap, model: Map<Scalar, Scalar>, [keyKind, valueKind]: Kinds): void {
  for (let n = operation.from; n < operation.from + operation.count; n++) {
    const key = numbered(keyKind, n)
    if (operation.do === 'drain') {
      same('delete', map.delete(key), model.delete(key))
    } else {
      map.set(key, numbered(valueKind, -n))
      model.set(key, numbered(valueKind, -n))
    }
  }
}

/** Compares all entries, in whatever order, and reads each one by its key. */
export function sameEntries(map: AnyMap, model: ReadonlyMap<Scalar, Scalar>): void {
  const left = new Map(model)
  for (const [key, value] of map) {
    same(`there is a key ${short(key)}, once`, left.has(key), true)
    same(`iterated value of ${short(key)}`, value, left.get(key))
    left.delete(key)
  }
  same('entries that were not iterated', left.size, 0)
  for (const [key, value] of model) {
    same(`has ${short(key)}`, map.has(key), true)
    same(`get ${short(key)}`, map.get(key), value)
  }
  same('size', map.size, model.size)
}

/** Throws, with a message that a person can read, unless both are the same value. */
export function same(what: string, given: unknown, expected: unknown): void {
  if (!Object.is(given, expected)) throw new Error(`${what}: got ${short(given)}, expected ${short(expected)}`)
}

function short(value: unknown): string {
  if (typeof value !== 'string') return Object.is(value, -0) ? '-0' : String(value)
  const text = JSON.stringify(value)
  return text.length > 50 ? `${text.slice(0, 40)}... (${value.length} code units)` : text
}
