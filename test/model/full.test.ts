// Maps that run out of memory: nothing is lost or half done, and they go on as soon as there is room.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SharedMap, TophashError } from 'tophash'
import { expectError, thrownBy } from '../support/errors.js'
import { textsOf } from './hashes.js'
import { ALL_KINDS, type AnyMap, type Kinds, type Operation, type Scalar, apply, built, numbered, operationsOn, same } from './operations.js'
import { tries } from './settings.js'

/** The smallest heap that there can be. */
const LEAST_BYTES = 327_680
/** The n-th value is this plus n: first, and when it is replaced. As texts all have the same length. */
const [FIRST, SECOND] = [10_000, 20_000]

describe.each(ALL_KINDS)('a full map of %s keys and %s values', (...kinds: Kinds) => {
  it('can be read and emptied, and filled again', () => {
    using map = newMap(kinds)
    const count = fill(map, kinds)
    expect(count).toBeGreaterThan(1000)
    expectFull(map, kinds, count)
    expectReplaceable(map, kinds, count)

    const half = count >> 1
    for (let n = half; n < count; n++) expect(map.delete(numbered(kinds[0], n))).toBe(true)
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
    fc.assert(fc.property(runs, (operations) => compare(kinds, operations)), tries(80))
  })
})

describe('a full map', () => {
  it('is not grown by reserve, and says so', () => {
    using map = newMap(['number', 'number'])
    map.set(1, 1)
    expectError(thrownBy(() => map.reserve(1_000_000)), 'ERR_OUT_OF_MEMORY', '327680 bytes')
    map.check()
    expect([...map]).toEqual([[1, 1]])
    const { level } = map.stats()
    expect(level).toBeGreaterThan(3) // what was grown stays
    for (let n = 0; n < 500; n++) map.set(n, n)
    expect(map.stats().level).toBe(level)
    map.check()
  })

  it('takes a value that is too large for it for what it is, and then one that fits', () => {
    using map = newMap(['string', 'string'])
    for (const length of [400_000, 200_000, 131_072]) {
      expectError(thrownBy(() => map.set('key', 'x'.repeat(length))), 'ERR_OUT_OF_MEMORY', 'larger maxBytes')
      expect(map.has('key')).toBe(false)
      map.check()
    }
    map.set('key', 'x'.repeat(50_000))
    map.check()
    expect(map.get('key')).toBe('x'.repeat(50_000))
  })

  it('may have no room to bring out a value of over 56 KiB, which is there all the same', () => {
    using map = newMap(['string', 'string'])
    map.set('key', 'x'.repeat(60_000))
    expectError(thrownBy(() => map.get('key')), 'ERR_OUT_OF_MEMORY', 'delete entries and try again')
    expectError(thrownBy(() => [...map]), 'ERR_OUT_OF_MEMORY', 'delete entries and try again')
    expect([map.has('key'), map.size]).toEqual([true, 1])
    map.check()
    map.set('key', 'short')
    expect([...map]).toEqual([['key', 'short']])
  })

  it('gets the memory back that a large value took on its way out', () => {
    using map = new SharedMap(null, { key: 'string', value: 'string', maxBytes: 10 * 65_536 }) // 4 pages are in use
    const large = 'x'.repeat(100_000) // 2 pages
    map.set('first', large)
    expect(map.get('first')).toBe(large)
    expect([...map]).toEqual([['first', large]])
    map.set('second', large).set('third', large)
    expectError(thrownBy(() => map.get('third')), 'ERR_OUT_OF_MEMORY', 'delete entries and try again')
    map.delete('second')
    expect(map.get('third')).toBe(large)
    map.check()
  })

  it('takes no memory for a long key that it has no bucket for', () => {
    using map = new SharedMap(null, { key: 'string', value: 'number', capacity: 800, maxBytes: LEAST_BYTES })
    const long = ['a', 'b', 'c', 'd'].map((unit) => unit.repeat(5000))
    const spread = Array.from({ length: 400 }, (_, n) => `sixteen chars ${n}`.slice(-16))
    for (const key of [...long, ...spread]) map.set(key, 1)
    const colliding = textsOf(1, map.handle) // eight of them take a bucket, of 16 characters as the others
    exhaust(map, colliding)
    for (const key of [...long, ...spread]) map.delete(key)
    exhaust(map, colliding) // now blocks for keys are left over, short and long, but no bucket
    const keys = new Set(map.keys())
    for (const action of [() => map.set('e'.repeat(5000), 1), () => map.increment('f'.repeat(5000))]) {
      expectError(thrownBy(action), 'ERR_OUT_OF_MEMORY', '327680 bytes')
      map.check()
    }
    expect(new Set(map.keys())).toEqual(keys)
  })

  it('counts on: an increment of a key that is there needs no memory, one of a new key fails', () => {
    using map = new SharedMap(null, { key: 'number', value: 'number', maxBytes: LEAST_BYTES })
    const count = fill(map as unknown as AnyMap, ['number', 'number'])
    expect(map.increment(7, 5)).toBe(FIRST + 12)
    expectError(thrownBy(() => map.increment(count, 1)), 'ERR_OUT_OF_MEMORY', '327680 bytes')
    expect(map.has(count)).toBe(false)
    map.check()
  })
})

function newMap([key, value]: Kinds): AnyMap {
  return new SharedMap<Scalar, Scalar>(null, { key, value, maxBytes: LEAST_BYTES })
}

/** Sets entry after entry until there is no memory; returns the number of the one that failed. */
function fill(map: AnyMap, [keyKind, valueKind]: Kinds, first = 0): number {
  for (let n = first; ; n++) {
    try {
      map.set(numbered(keyKind, n), numbered(valueKind, FIRST + n))
    } catch (error) {
      expectError(error, 'ERR_OUT_OF_MEMORY', 'it may have 327680 bytes')
      return n
    }
  }
}

/** Sets key after key until there is no memory. */
function exhaust(map: SharedMap<string, number>, keys: Iterator<string>): void {
  expectError(thrownBy(() => {
    for (;;) map.set(keys.next().value, 1)
  }), 'ERR_OUT_OF_MEMORY', '327680 bytes')
}

/** Expects as many entries as before, about: an insert wants more memory in reserve than it takes in the end. */
function expectEnough(count: number, before: number): void {
  expect(count).toBeGreaterThan(0.9 * before)
  expect(count).toBeLessThan(1.1 * before)
}

/** Expects exactly the first `count` entries, whole. */
function expectFull(map: AnyMap, [keyKind, valueKind]: Kinds, count: number): void {
  map.check()
  expect(map.size).toBe(count)
  expect(map.stats().memoryBytes).toBeLessThanOrEqual(LEAST_BYTES)
  const keys = new Set(map.keys())
  for (let n = 0; n < count; n++) {
    const key = numbered(keyKind, n)
    const value = map.get(key)
    if (!keys.has(key) || !map.has(key)) throw new Error(`The entry ${n} of ${count} is lost.`)
    if (value !== numbered(valueKind, FIRST + n) && value !== numbered(valueKind, SECOND + n)) throw new Error(`The entry ${n} is ${value}.`)
  }
}

/** Expects that the values of a full map can be replaced by others of the same size, after one has been deleted. */
function expectReplaceable(map: AnyMap, [keyKind, valueKind]: Kinds, count: number): void {
  map.delete(numbered(keyKind, count - 1))
  for (let n = 0; n < count - 1; n++) map.set(numbered(keyKind, n), numbered(valueKind, SECOND + n))
  map.set(numbered(keyKind, count - 1), numbered(valueKind, SECOND + count - 1))
  expect(map.size).toBe(count)
  map.check()
}

function compare(kinds: Kinds, operations: readonly Operation[]): void {
  using map = newMap(kinds)
  const model = new Map<Scalar, Scalar>()
  for (const operation of operations) {
    ifThereIsRoom(mayNeedMemory(operation), () => apply(operation, map, model, kinds))
  }
  map.check()
  same('size', map.size, model.size)
  for (const [key, value] of model) {
    ifThereIsRoom(isLong(key), () => same('has', map.has(key), true))
    ifThereIsRoom(isLong(key) || isLong(value), () => same('get', map.get(key), value))
  }
  for (const key of model.keys()) {
    ifThereIsRoom(isLong(key), () => same('delete', map.delete(key), true))
  }
  map.check()
  map.clear()
  map.check()
  const [key, value] = [...model].find((entry) => !entry.some(isLong)) ?? []
  if (key === undefined || value === undefined) return
  same('what there was room for, there is room for again', map.set(key, value).get(key), value)
  map.check()
}

/** Does something; if memory runs out, that is no failure provided that it may need some. */
function ifThereIsRoom(mayNeedMemory: boolean, action: () => void): void {
  try {
    action()
  } catch (error) {
    if (!mayNeedMemory || !(error instanceof TophashError) || error.code !== 'ERR_OUT_OF_MEMORY') throw error
  }
}

function mayNeedMemory(operation: Operation): boolean {
  switch (operation.do) {
    case 'has':
    case 'delete':
      return isLong(built(operation.key))
    case 'size':
    case 'clear':
    case 'check':
      return false
    default:
      return true
  }
}

/** Whether a key or value does not fit into the thread's scratch page, whose room for keys is the smaller one. */
function isLong(text: Scalar): boolean {
  return typeof text === 'string' && text.length > 4060
}
