// Making a map: from entries as Map takes them, with the options that it needs.
import { describe, expect, it } from 'vitest'
import { SharedMap, type SharedMapOptions } from 'tophash'
import { expectError, thrownBy } from '../support/errors.js'
import { slotStates } from '../support/memory.js'

const KINDS = { key: 'string', value: 'number' } as const
/** The class with its types fixed: what TypeScript can derive another class from. */
const Scores = SharedMap as unknown as {
  new (entries: Iterable<readonly [string, number]>, options: SharedMapOptions): SharedMap<string, number>
  attach(handle: unknown): SharedMap<string, number>
}

describe('entries', () => {
  it.each([null, undefined])('may be %o', (entries) => {
    expect(new SharedMap(entries, KINDS).size).toBe(0)
  })

  it('may be anything that is iterable, of pairs', () => {
    const expected = new Map([
      ['ann', 1],
      ['bob', 2],
    ])
    const made = [
      new SharedMap(
        [
          ['ann', 1],
          ['bob', 2],
        ],
        KINDS,
      ),
      new SharedMap(expected, KINDS),
      new SharedMap(new SharedMap(expected, KINDS), KINDS),
      new SharedMap(new Set<[string, number]>(expected), KINDS),
      new SharedMap(pairs(), KINDS),
      new SharedMap(
        [
          { 0: 'ann', 1: 1 },
          { 0: 'bob', 1: 2 },
        ] as unknown as [string, number][],
        KINDS,
      ),
    ]
    for (const map of made) expect(new Map(map)).toEqual(expected)

    function* pairs(): Generator<[string, number]> {
      yield ['ann', 1]
      yield ['bob', 2]
    }
  })

  it('that come later win', () => {
    expect([
      ...new SharedMap(
        [
          ['ann', 1],
          ['ann', 2],
        ],
        KINDS,
      ),
    ]).toEqual([['ann', 2]])
  })

  it('may be many', () => {
    const entries = Array.from({ length: 20_000 }, (_, n): [string, number] => [`key ${n}`, n])
    const map = new SharedMap(entries, KINDS)
    expect(new Map(map)).toEqual(new Map(entries))
    map.check()
  })

  it('are set by the set method, as Map does', () => {
    const names: string[] = []
    class Noting extends Scores {
      override set(key: string, value: number): this {
        names.push(key)
        return super.set(key, value * 2)
      }
    }
    const map = new Noting([['ann', 1]], KINDS)
    expect([names, map.get('ann'), map instanceof Noting, map instanceof SharedMap]).toEqual([['ann'], 2, true, true])
    expect(Noting.attach(map.handle)).toBeInstanceOf(Noting)
  })

  it.each([5, true, Symbol.iterator, {}])('cannot be %o', (entries) => {
    expect(() => new SharedMap(entries as never, KINDS)).toThrow(TypeError)
  })

  it.each([1, 'ab', null, undefined, true])('cannot have %o for a pair', (entry) => {
    expectError(
      thrownBy(() => new SharedMap([entry] as never, KINDS)),
      'ERR_OPTIONS',
      'Entries must be [key, value] pairs',
    )
  })

  it.each([
    ['a pair that is none', 7, 'ERR_OPTIONS'],
    ['a wrong key', [7, 7], 'ERR_KEY_TYPE'],
    ['a wrong value', ['bob', 'seven'], 'ERR_VALUE_TYPE'],
  ] as const)('are closed after %s, as Map does', (_, bad, code) => {
    let closed = 0
    const entries = {
      *[Symbol.iterator](): Generator<unknown> {
        try {
          yield ['ann', 1]
          yield bad
        } finally {
          closed++
        }
      },
    }
    expectError(
      thrownBy(() => new SharedMap(entries as never, KINDS)),
      code,
      'got',
    )
    expect(closed).toBe(1)
  })

  it('that fail give the thread slot back', () => {
    const made: SharedMap<string, number>[] = []
    class Noting extends Scores {
      override set(key: string, value: number): this {
        made.push(this)
        expect(slotStates(this.handle)[0]).toBe(1)
        return super.set(key, value)
      }
    }
    expect(
      () =>
        new Noting(
          [
            ['ann', 1],
            ['bob', undefined as never],
          ],
          KINDS,
        ),
    ).toThrow(TypeError)
    expect(made).toHaveLength(2)
    expectError(
      thrownBy(() => made[0]!.size),
      'ERR_DISPOSED',
      'disposed of',
    )
  })
})

describe('the class', () => {
  it('must be called with new', () => {
    expect(() => (SharedMap as unknown as (entries: null, options: object) => unknown)(null, KINDS)).toThrow(TypeError)
  })
})

describe('capacity', () => {
  it.each([1, 7, 52, 53, 1000, 30_000])('of %d keeps the map from growing until there are more entries', (capacity) => {
    const map = new SharedMap(null, { key: 'number', value: 'number', capacity })
    const { buckets } = map.stats()
    for (let n = 0; n < capacity; n++) map.set(n, n)
    expect(map.stats().buckets).toBe(buckets)
    expect(buckets === 1 || (buckets / 2) * 6.5 < capacity, `${buckets} buckets are no more than needed`).toBe(true)
    for (let n = capacity; n < capacity * 8 + 100; n++) map.set(n, n)
    expect(map.stats().buckets).toBeGreaterThan(buckets)
    map.check()
  })

  it.each([undefined, 0])('of %o is the default, 52', (capacity) => {
    expect(new SharedMap(null, { ...KINDS, capacity }).stats()).toMatchObject({ level: 3, buckets: 8 })
  })

  it('can be raised later by reserve', () => {
    const map = new SharedMap([['ann', 1]], KINDS)
    expect(map.reserve(10_000)).toBe(undefined)
    const { buckets } = map.stats()
    expect(buckets).toBe(2048)
    for (let n = 1; n < 10_000; n++) map.set(`key ${n}`, n)
    expect(map.stats().buckets).toBe(buckets)
    map.reserve(0)
    map.reserve(5)
    expect([map.stats().buckets, map.get('ann'), map.size]).toEqual([buckets, 1, 10_000])
    map.check()
  })
})

describe('maxBytes', () => {
  it.each([
    [458_752, 7],
    [458_753, 7],
    [1_000_000, 15],
    [1 << 20, 16],
    [10_000_000, 152],
    [2 ** 32, 65_536],
  ])('of %d makes a memory that can grow to %d pages', (maxBytes, pages) => {
    const { memory } = new SharedMap(null, { ...KINDS, maxBytes }).handle
    const room = pages - memory.buffer.byteLength / 65_536
    expect(() => memory.grow(room + 1)).toThrow(RangeError)
    if (pages < 1000) memory.grow(room)
  })

  it('is what the map stays below', () => {
    const map = new SharedMap(null, { key: 'number', value: 'number', maxBytes: 2 << 20 })
    expectError(
      thrownBy(() => {
        for (let n = 0; ; n++) map.set(n, n)
      }),
      'ERR_OUT_OF_MEMORY',
      '2097152 bytes',
    )
    const { memoryBytes, heapBytes } = map.stats()
    expect([memoryBytes, heapBytes <= memoryBytes]).toEqual([2 << 20, true])
    expect(map.size).toBeGreaterThan(50_000)
  })
})
