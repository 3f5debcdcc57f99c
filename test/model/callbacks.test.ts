// Callbacks: they may use the same map, and the same key. One that throws leaves the map as it was. Those that another thread
// overtakes: overtaken.test.ts.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { Reference } from '../support/reference.js'
import { type Kinds, type TestMap, type UntypedMap, attach, newMap } from '../support/untyped.js'
import { numbered, same } from '../support/values.js'
import { some } from '../support/size.js'
import { byKey, sameEntries } from './operations.js'

const other = await anotherCopy('other')

type Inner = (map: UntypedMap, key: unknown, value: unknown) => unknown

/** Everything that can be done to a key inside a callback; iterations among it, and callbacks inside callbacks. */
const INNER: readonly (readonly [name: string, inner: Inner])[] = [
  ['get', (map, key) => map.get(key)],
  ['has', (map, key) => map.has(key)],
  ['set', (map, key, value) => void map.set(key, value)],
  ['delete', (map, key) => map.delete(key)],
  ['delete and set', (map, key, value) => [map.delete(key), void map.set(key, value)]],
  ['take', (map, key) => map.take(key)],
  ['exchange', (map, key, value) => map.exchange(key, value)],
  ['getOrInsert', (map, key, value) => map.getOrInsert(key, value)],
  ['getOrInsertComputed', (map, key, value) => map.getOrInsertComputed(key, () => value)],
  [
    'getOrInsertComputed in itself',
    (map, key, value) => map.getOrInsertComputed(key, () => map.getOrInsertComputed(key, () => value)),
  ],
  ['compareAndSet', (map, key, value) => map.has(key) && map.compareAndSet(key, map.get(key), value)],
  ['compareAndDelete', (map, key) => map.has(key) && map.compareAndDelete(key, map.get(key))],
  ['update', (map, key, value) => map.update(key, () => value)],
  ['update in itself', (map, key, value) => map.update(key, () => [map.set(key, value), value][1])],
  ['update that removes', (map, key) => map.update(key, () => SharedMap.remove)],
  ['getMany', (map, key) => map.getMany([key, key])],
  ['setMany', (map, key, value) => void map.setMany([[key, value]])],
  [
    'getOrInsertMany',
    (map, key, value) =>
      map.getOrInsertMany([
        [key, value],
        [key, value],
      ]),
  ],
  ['deleteMany', (map, key) => map.deleteMany([key, key])],
  ['retain', (map) => map.retain(() => false)],
  ['iteration', (map) => byKey(map)],
  ['forEach', (map) => map.forEach((_, key) => map.has(key))],
  ['scan', (map) => map.scan(0, 1000).entries.length],
  ['partition', (map) => [...map.partition(0, 1)].length],
  ['clear', (map) => map.clear()],
  ['growth', (map, _, value) => [1000, 2000, 3000].forEach((n) => map.set(numbered('string', n), value))],
]

const KINDS: readonly Kinds[] = [
  ['string', 'string'],
  ['string', 'number'],
  ['string', 'bytes'],
  ['any', 'any'],
]

describe.each(some(KINDS, 2))('in a map of %s keys and %s values', (...kinds: Kinds) => {
  const [there, absent] = ['key 1', 'absent']
  const [inside, outside] = [numbered(kinds[1], 100), numbered(kinds[1], 104)]

  describe.each([
    ['the same key', there],
    ['the same absent key', absent],
  ])('update, with %s', (_, key) => {
    it.each(INNER)('takes what its callback returns after %s', (_, inner) => {
      compare(kinds, (map) => [map.update(key, (current, exists) => [current, exists, inner(map, key, inside), outside][3])])
      compare(kinds, (map) => {
        const seen: unknown[] = []
        map.update(key, (current, exists) => [seen.push(current, exists, inner(map, key, inside)), SharedMap.remove][1])
        return seen
      })
    })

    it.each(INNER)('leaves alone what its callback has done by %s, if that throws', (_, inner) => {
      compare(kinds, (map) => expectFailure(() => map.update(key, () => [inner(map, key, inside), fail()])))
    })
  })

  it.each(INNER)('getOrInsertComputed overwrites what its callback has done by %s, as in ES2026', (_, inner) => {
    compare(kinds, (map) => [map.getOrInsertComputed(absent, (key) => [inner(map, key, inside), outside][1])])
    compare(kinds, (map) => expectFailure(() => map.getOrInsertComputed(absent, (key) => [inner(map, key, inside), fail()])))
  })

  it.each(INNER)('forEach, for-of, partition and retain go on after %s', (_, inner) => {
    for (const walk of WALKS) {
      using map = filled(kinds, 40)
      let calls = 0
      walk(map, (key) => {
        if (calls++ < 10) inner(map, key, inside)
      })
      expect(calls).toBeGreaterThan(0)
      expect(calls).toBeLessThanOrEqual(43) // those that were there, and those that growth adds
      map.check()
      same('usable', map.set(there, outside).get(there), outside)
    }
  })

  it.each(INNER)('the many-at-once calls are not confused by iterables that do %s', (_, inner) => {
    const keys = Array.from({ length: 10 }, (_, n) => `key ${n}`)
    function* doing(map: UntypedMap): Generator<string> {
      for (const key of keys) {
        inner(map, key, inside)
        yield key
      }
    }
    compare(kinds, (map) => map.getMany(doing(map)), true)
    compare(kinds, (map) => map.deleteMany(doing(map)))
    compare(kinds, (map) => void map.setMany(mapped(doing(map), (key) => [key, outside])))
    compare(kinds, (map) => map.getOrInsertMany(mapped(doing(map), (key) => [key, outside])))
  })
})

describe('a callback that throws', () => {
  it.each<readonly [string, (map: TestMap) => unknown]>([
    ['update of a key that is there', (map) => map.update('key 1', fail)],
    ['update of an absent key', (map) => map.update('absent', fail)],
    ['getOrInsertComputed', (map) => map.getOrInsertComputed('absent', fail)],
    ['forEach', (map) => map.forEach(fail)],
    ['retain', (map) => map.retain(fail)],
    ['an iterable for setMany', (map) => map.setMany(failing(['absent', 'x'], ['key 1', 'x']))],
    ['an iterable for getOrInsertMany', (map) => map.getOrInsertMany(failing(['absent', 'x'], ['key 1', 'x']))],
    ['an iterable for deleteMany', (map) => map.deleteMany(failing('key 1', 'key 2'))],
    ['an iterable for getMany', (map) => map.getMany(failing('key 1', 'key 2'))],
  ])('leaves the map as it was: %s', (_, action) => {
    using map = filled(['string', 'string'], 20)
    const before = new Map(map)
    const { heapBytes } = map.stats()
    for (let n = 0; n < 100; n++) expectFailure(() => action(map))
    same('entries', new Map(map), before)
    expect(map.stats().heapBytes).toBeLessThanOrEqual(heapBytes + 65_536)
    map.check()
  })

  it('in the middle of retain keeps the entry, and leaves those removed that were refused before', () => {
    using map = filled(['number', 'number'], 100)
    const refused: unknown[] = []
    expectFailure(() => map.retain((_, key) => (refused.length === 30 ? fail() : refused.push(key) < 0)))
    expect(map.size).toBe(70)
    same(
      'refused',
      refused.filter((key) => map.has(key)),
      [],
    )
    map.check()
  })

  it('is dispose, more or less: the operation is then refused', () => {
    for (const action of [
      (map: TestMap) => map.update('key 1', () => [map.dispose(), 'x'][1]),
      (map: TestMap) => map.getOrInsertComputed('absent', () => [map.dispose(), 'x'][1]),
      (map: TestMap) => map.retain(() => [map.dispose(), false][1]),
      (map: TestMap) => map.forEach(() => map.dispose()),
      (map: TestMap) =>
        map.setMany(
          (function* () {
            yield ['absent', 'x']
            map.dispose()
          })(),
        ),
      (map: TestMap) =>
        map.set('a', 'b').getMany(
          (function* () {
            yield 'key 1'
            map.dispose()
          })(),
        ),
    ]) {
      const map = filled(['string', 'string'], 5)
      using whole = attach(map.handle, other.SharedMap)
      const before = new Map(whole)
      expectError(
        thrownBy(() => action(map)),
        'ERR_DISPOSED',
        'disposed of',
      )
      before.set('a', whole.get('a') ?? 'b')
      same('entries', new Map(whole.set('a', before.get('a'))), before)
      whole.check()
    }
  })
})

/** Everything by which a callback itself can write its key, whatever is there. */
const OWN_WRITES: readonly (readonly [name: string, write: Inner])[] = [
  ['set', (map, key, value) => map.set(key, value)],
  ['delete', (map, key) => map.delete(key)],
  ['delete and set', (map, key, value) => [map.delete(key), map.set(key, value)]],
  ['take', (map, key) => map.take(key)],
  ['exchange', (map, key, value) => map.exchange(key, value)],
  ['increment', (map, key) => map.increment(key, 0)],
  ['compareAndSet', (map, key, value) => map.has(key) && map.compareAndSet(key, map.get(key), value)],
  ['compareAndDelete', (map, key) => map.has(key) && map.compareAndDelete(key, map.get(key))],
  ['getOrInsert after delete', (map, key, value) => [map.delete(key), map.getOrInsert(key, value)]],
  ['update', (map, key, value) => map.update(key, () => value)],
  ['update that removes', (map, key) => map.update(key, () => SharedMap.remove)],
  ['setMany', (map, key, value) => map.setMany([[key, value]])],
  [
    'setMany of numbers',
    (map, key, value) => map.setMany(new Float64Array([key as number]), new Float64Array([value as number])),
  ],
  ['getOrInsertMany after delete', (map, key, value) => [map.delete(key), map.getOrInsertMany([[key, value]])]],
  [
    'getOrInsertMany of numbers after delete',
    (map, key, value) => [
      map.delete(key),
      map.getOrInsertMany(new Float64Array([key as number]), new Float64Array([value as number])),
    ],
  ],
  ['deleteMany', (map, key) => map.deleteMany([key])],
  ['retain', (map) => map.retain(() => false)],
  ['clear', (map) => map.clear()],
]

describe.each(OWN_WRITES)('a callback that writes its own key by %s', (_, write) => {
  it.each<Kinds>([
    ['number', 'number'],
    ['any', 'any'],
  ])('does not hide from update what another thread has written: %s keys and %s values', (...kinds: Kinds) => {
    withTwo(kinds, (map, theirs) => {
      map.set(1, 5)
      const seen: unknown[] = []
      const result = map.update(1, (current) => {
        if (seen.push(current) === 1) theirs.increment(1, 100)
        write(map, 1, 7)
        return ((current as number | undefined) ?? 0) + 1
      })
      expect(seen).toHaveLength(2)
      expect(seen[1]).not.toBe(5)
      same('result', [result, map.get(1)], [((seen[1] as number | undefined) ?? 0) + 1, result])
    })
  })

  it('counts as seen, if nobody else comes', () => {
    withTwo(['number', 'number'], (map) => {
      map.set(1, 5)
      let calls = 0
      same(
        'result',
        [map.update(1, (current) => [calls++, write(map, 1, 7), (current as number) + 1][2]), map.get(1), calls],
        [6, 6, 1],
      )
      same(
        'removal',
        [map.update(1, () => [calls++, write(map, 1, 7), SharedMap.remove][2]), map.has(1), calls],
        [undefined, false, 2],
      )
    })
  })

  it('does not have retain remove what the predicate has not seen', () => {
    withTwo(['number', 'number'], (map, theirs) => {
      map.set(1, 5)
      const seen: unknown[] = []
      let left: unknown
      const removed = map.retain((value) => {
        if (seen.push(value) === 1) left = [theirs.set(1, 100), write(map, 1, 100), map.get(1)][2]
        return value === 100
      })
      same('left', [left === 100 || left === undefined, map.get(1), removed], [true, left, 0])
      same('seen', seen, left === undefined ? [5] : [5, 100])
    })
  })
})

describe.each<readonly [string, Inner]>([
  ['increment', (map, key) => map.increment(key, 0)],
  ['set', (map, key) => map.set(key, 100)],
  ['getOrInsert and set', (map, key) => [map.getOrInsert(key, 1), map.set(key, 100)]],
  ['update', (map, key) => map.update(key, () => 100)],
  ['compareAndSet', (map, key) => map.compareAndSet(key, 100, 100)],
])('getOrInsertComputed', (name, write) => {
  it(`returns what another thread has got before, though its callback has written it by ${name}`, () => {
    withTwo(['string', 'number'], (map, theirs) => {
      let acknowledged: unknown
      const result = map.getOrInsertComputed('a', (key) => {
        acknowledged = theirs.getOrInsert(key, 100)
        write(map, key, 100)
        return 7
      })
      same('result', [acknowledged, result, map.get('a'), theirs.get('a')], [100, 100, 100, 100])
    })
  })
})

describe('a callback that writes another key, another map or a set', () => {
  it('is not asked again for that', () => {
    withTwo(['string', 'number'], (map, theirs) => {
      const heap = new SharedHeap()
      const [elsewhere, set] = [heap.map<string, number>('m'), heap.set<string>('s')]
      map.set('a', 1)
      let calls = 0
      map.update('a', (current) => {
        calls++
        theirs.set('b', 1)
        map.set('b', 2)
        elsewhere.set('a', 1).set('b', 2).clear()
        set.add('a').addMany(['b', 'c']).deleteMany(['b'])
        set.retain(() => false)
        set.clear()
        return (current as number) + 1
      })
      same('values', [calls, map.get('a'), map.get('b'), elsewhere.size, set.size], [1, 2, 2, 0, 0])
      heap.check()
    })
  })
})

/** The ways to be called back for each entry. */
const WALKS: readonly ((map: TestMap, visit: (key: unknown) => void) => void)[] = [
  (map, visit) => map.forEach((_, key) => visit(key)),
  (map, visit) => {
    for (const [key] of map) visit(key)
  },
  (map, visit) => {
    for (const [key] of map.partition(0, 1)) visit(key)
  },
  (map, visit) => void map.retain((_, key) => [visit(key), true][1]),
]

/** Does the same to a map and to the reference: results and entries must be the same. */
function compare(kinds: Kinds, action: (map: UntypedMap) => unknown, ignoresResult = false): void {
  using map = filled(kinds, 8)
  const model = new Reference(...kinds)
  for (const [key, value] of map) model.set(key, value)
  const [given, expected] = [action(map), action(model)]
  if (!ignoresResult) same('result', given, expected)
  sameEntries(map, model)
  map.check()
}

function filled(kinds: Kinds, count: number): TestMap {
  const map = newMap(kinds, { capacity: 1 })
  for (let n = 0; n < count; n++) map.set(kinds[0] === 'number' ? n : `key ${n}`, numbered(kinds[1], n))
  return map
}

/** A map as two threads have it. */
function withTwo(kinds: Kinds, action: (map: TestMap, theirs: TestMap) => void): void {
  using map = newMap(kinds)
  using theirs = attach(map.handle, other.SharedMap)
  action(map, theirs)
  map.check()
}

const FAILURE = new RangeError('enough')

function fail(): never {
  throw FAILURE
}

function* failing<T>(...items: T[]): Generator<T> {
  yield* items
  fail()
}

function* mapped<T, R>(items: Iterable<T>, change: (item: T) => R): Generator<R> {
  for (const item of items) yield change(item)
}

function expectFailure(action: () => unknown): void {
  expect(thrownBy(action)).toBe(FAILURE)
}
