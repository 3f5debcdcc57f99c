// Maps of all kinds that run out of memory: nothing is lost or half done, every entry can be read and deleted, and they
// go on as soon as there is room.
import { serialize } from 'node:v8'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectError } from '../support/errors.js'
import { LEAST_BYTES } from '../support/memory.js'
import { Reference } from '../support/reference.js'
import { ALL_KINDS, type Entry, type Kinds, type TestMap, newMap } from '../support/untyped.js'
import { alike, copyOf, nameOf, numbered, same, short } from '../support/values.js'
import { some } from '../support/size.js'
import { type Operation, keeps, operationsOn, outcomeOf, perform, scanned } from './operations.js'
import { built } from './specs.js'
import { tries } from './settings.js'

/** The n-th value is that of this plus n: first, and when it is replaced. All have the same length. */
const [FIRST, SECOND] = [10_000, 20_000]

describe.each(some(ALL_KINDS, 5))('a full map of %s keys and %s values', (...kinds: Kinds) => {
  it('can be read and emptied, and filled again', () => {
    using map = newMap(kinds, { maxBytes: LEAST_BYTES })
    const count = fill(map, kinds)
    expect(count).toBeGreaterThan(500)
    expectFull(map, kinds, count)
    expectReplaceable(map, kinds, count)

    const half = count >> 1
    const keys = Array.from({ length: count - half }, (_, n) => numbered(kinds[0], half + n))
    for (const key of keys.slice(100)) expect(map.delete(key)).toBe(true)
    expect(map.deleteMany(keys)).toBe(100)
    expect(map.size).toBe(half)
    map.check()
    expectEnough(fill(map, kinds, half), count)
    expectFull(map, kinds, map.size)

    map.clear()
    expect([map.size, [...map]]).toEqual([0, []])
    map.check()
    expectEnough(fill(map, kinds), count)
  })

  it('is left as it was by every operation that fails', () => {
    const runs = fc.array(operationsOn(kinds), { maxLength: 200, size: 'max' })
    const sizes = fc.constantFrom(LEAST_BYTES, 2 * LEAST_BYTES)
    fc.assert(
      fc.property(sizes, runs, (maxBytes, operations) => compare(kinds, maxBytes, operations)),
      tries(15),
    )
  })
})

/** Sets entry after entry until there is no memory; returns the number of the one that failed. */
function fill(map: TestMap, [keyKind, valueKind]: Kinds, first = 0): number {
  for (let n = first; ; n++) {
    try {
      map.set(numbered(keyKind, n), numbered(valueKind, FIRST + n))
    } catch (error) {
      expectError(error, 'ERR_OUT_OF_MEMORY', `it may have ${LEAST_BYTES} bytes`)
      return n
    }
  }
}

/** Expects as many entries as before, about: an insert wants more memory in reserve than it takes in the end. */
function expectEnough(count: number, before: number): void {
  expect(count).toBeGreaterThan(0.9 * before)
  expect(count).toBeLessThan(1.1 * before)
}

/** Expects exactly the first `count` entries, whole, however they are asked for. */
function expectFull(map: TestMap, [keyKind, valueKind]: Kinds, count: number): void {
  map.check()
  expect(map.size).toBe(count)
  expect(map.stats().memoryBytes).toBeLessThanOrEqual(LEAST_BYTES)
  const keys = Array.from({ length: count }, (_, n) => numbered(keyKind, n))
  const all = map.getMany(keys) as unknown[]
  const iterated = new Map(Array.from(map, ([key, value]) => [nameOf(key), value]))
  same('scanned', scanned(map).length, count)
  keys.forEach((key, n) => {
    const value = map.get(key)
    const [first, second] = [numbered(valueKind, FIRST + n), numbered(valueKind, SECOND + n)]
    if (!map.has(key) || !(alike(value, first) || alike(value, second)))
      throw new Error(`The entry ${n} of ${count} is ${short(value)}.`)
    same(`entry ${n}, in a batch and iterated`, [all[n], iterated.get(nameOf(key))], [value, value])
  })
}

/** Expects that the values of a full map can be replaced by others of the same size, after some have been deleted. */
function expectReplaceable(map: TestMap, [keyKind, valueKind]: Kinds, count: number): void {
  const last = count - 8
  for (let n = last; n < count; n++) map.delete(numbered(keyKind, n))
  for (let n = 0; n < last; n++) map.set(numbered(keyKind, n), numbered(valueKind, SECOND + n))
  for (let n = last; n < count; n++) map.set(numbered(keyKind, n), numbered(valueKind, SECOND + n))
  expect(map.size).toBe(count)
  map.check()
}

function compare(kinds: Kinds, maxBytes: number, operations: readonly Operation[]): void {
  using map = newMap(kinds, { maxBytes })
  const model = new Reference(...kinds)
  for (const operation of operations) if (!keysOf(operation).some(isLong)) step(map, model, kinds, flat(operation))
  map.check()
  same('size', map.size, model.size)
  const entries = [...model]
  for (const [key, value] of entries) {
    same(`has ${short(key)}`, map.has(key), true)
    same(`get ${short(key)}`, map.get(key), value)
  }
  for (const [key] of entries) same('delete', map.delete(key), true)
  map.check()
  map.clear()
  map.check()
  const [key, value] = entries.find((entry) => bytesOf(entry) < 4000) ?? []
  if (entries.length > 0)
    same('there is room again', map.set(key ?? numbered(kinds[0], 0), value ?? numbered(kinds[1], 0)).size, 1)
  map.check()
}

/** Does an operation to both, or, if there is no room for it, expects that it has done nothing. */
function step(map: TestMap, model: Reference, kinds: Kinds, operation: Operation): void {
  if (operation.do === 'check') return map.check()
  if (operation.do === 'reserve') return reserve(map, operation.entries)
  const needsMemory = mayNeedMemory(operation, model)
  const given = outcomeOf(() => perform(operation, map, kinds))
  if (!alike(given, ['throws', 'ERR_OUT_OF_MEMORY']))
    return same(
      operation.do,
      given,
      outcomeOf(() => perform(operation, model, kinds)),
    )
  same(`${operation.do} may be out of memory`, needsMemory, true)
  if (operation.do === 'retain') for (const [key] of model) if (!map.has(key) && !keeps(operation, key)) model.delete(key)
  for (const [key, values] of wishes(operation, kinds)) {
    const value = map.get(key)
    if (map.has(key) && values.some((one) => alike(one, value))) model.set(key, value)
    else same(`${short(key)}, after ${operation.do} has failed`, [map.has(key), value], [model.has(key), model.get(key)])
  }
}

/** An operation whose callback does nothing else: what it has done before it failed is not told here. */
function flat(operation: Operation): Operation {
  return 'inside' in operation ? { ...operation, inside: [] } : operation
}

/** The entries that an operation may have set, although it failed, because it sets many; and the keys of the others. */
function wishes(operation: Operation, [keyKind, valueKind]: Kinds): [key: unknown, values: unknown[]][] {
  const entries: Entry[] = []
  if (operation.do === 'setMany' || operation.do === 'getOrInsertMany')
    for (const entry of operation.entries) entries.push([built(entry[0]), built(entry[1])])
  if (operation.do === 'fill') {
    for (let n = operation.from; n < operation.from + operation.count; n++)
      entries.push([numbered(keyKind, n), numbered(valueKind, -n)])
  }
  if ('key' in operation) return [[built(operation.key), []]]
  return entries.map(([key]) => [key, entries.filter((one) => nameOf(one[0]) === nameOf(key)).map(([, value]) => copyOf(value))])
}

function reserve(map: TestMap, entries: number): void {
  try {
    map.reserve(entries)
  } catch (error) {
    expectError(error, 'ERR_OUT_OF_MEMORY', 'The heap has no room left')
  }
}

function mayNeedMemory(operation: Operation, model: Reference): boolean {
  switch (operation.do) {
    case 'get':
    case 'has':
    case 'delete':
    case 'take':
    case 'getMany':
    case 'deleteMany':
    case 'drain':
    case 'size':
    case 'clear':
      return false
    case 'compareAndDelete': // what is expected has to lie beside the key
      return (
        operation.expected === 'current' || bytesOf(built(operation.expected.is)) > 8000 || bytesOf(built(operation.key)) > 28_000
      )
    case 'retain': // the same
    case 'iterate':
    case 'scan':
    case 'partition': // a chain may have several long keys
      return [...model].some((entry) => bytesOf(entry) > 8000)
    default:
      return true
  }
}

/** The keys that an operation is given. */
function keysOf(operation: Operation): unknown[] {
  if ('key' in operation) return [built(operation.key)]
  if ('keys' in operation) return operation.keys.map(built)
  return 'entries' in operation && typeof operation.entries === 'object' ? operation.entries.map(([key]) => built(key)) : []
}

/** Whether a key is so long that even a look at it may need memory: longer than a scratch page. */
function isLong(key: unknown): boolean {
  return bytesOf(key) > 57_000
}

/** How much room a value takes, about. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return /[^\0-\xff]/.test(value) ? 2 * value.length : value.length
  return serialize(value).length
}
