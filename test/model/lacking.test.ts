// What is said, and what is left, when there is no memory for something: what was done, and advice that is good. And a
// constructor that throws, for whatever reason.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, SharedSet, type TophashError } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { LEAST_BYTES } from '../support/memory.js'

const other = await anotherCopy('other')
const LEAST = { maxBytes: LEAST_BYTES }
const ENTRIES = Array.from({ length: 20_000 }, (_, n): [number, string] => [n, `value ${n}`])
const VALUES = ENTRIES.map(([, text]) => text)

/** The message of the ERR_OUT_OF_MEMORY that is thrown. */
function refusal(action: () => unknown): string {
  const error = thrownBy(action)
  expectError(error, 'ERR_OUT_OF_MEMORY', 'The heap has no room left')
  return (error as TophashError).message
}

/** The number before a word of a message. */
function counted(message: string, pattern: RegExp): number {
  return Number(pattern.exec(message)?.[1] ?? NaN)
}

describe('an operation on many keys that lacks memory says how many it has done', () => {
  it.each([false, true])('setMany; in a callback: %s', (isInside) => {
    const map = new SharedMap<number, string>(null, LEAST)
    const set = (): unknown => map.setMany(ENTRIES)
    const message = refusal(isInside ? () => map.update(-1, () => [set(), 'x'][1] as string) : set)
    expect(counted(message, /The first (\d+) of 20000 entries were set/)).toBe(map.size)
    expect(map.size).toBeGreaterThan(500)
    expect([...map.keys()].every((n) => n < map.size)).toBe(true)
    expect(message).not.toContain('changed nothing')
  })

  it('setMany of numbers', () => {
    const map = new SharedMap(null, { key: 'number', value: 'number', ...LEAST })
    const keys = new Float64Array(30_000).map((_, n) => n)
    expect(
      counted(
        refusal(() => map.setMany(keys, keys)),
        /The first (\d+) of 30000 entries were set/,
      ),
    ).toBe(map.size)
    expect(map.size).toBeGreaterThan(1000)
  })

  it.each([false, true])('getOrInsertMany; in a callback: %s', (isInside) => {
    const map = new SharedMap<number, string>(null, LEAST)
    const insert = (): unknown => map.getOrInsertMany(ENTRIES)
    const message = refusal(isInside ? () => map.update(-1, () => [insert(), 'x'][1] as string) : insert)
    expect(counted(message, /The first (\d+) of 20000 keys have a value, and no more were set/)).toBe(map.size)
    expect(map.size).toBeGreaterThan(500)
    expect([...map.keys()].every((n) => n < map.size)).toBe(true)
    expect(message).not.toContain('changed nothing')
  })

  it('getOrInsertMany of numbers', () => {
    const map = new SharedMap(null, { key: 'number', value: 'number', ...LEAST })
    const keys = new Float64Array(30_000).map((_, n) => n)
    const into = new Float64Array(30_000).fill(-1)
    expect(
      counted(
        refusal(() => map.getOrInsertMany(keys, keys, into)),
        /The first (\d+) of 30000 keys have a value/,
      ),
    ).toBe(map.size)
    expect(map.size).toBeGreaterThan(1000)
    expect(into.indexOf(-1)).toBe(map.size)
  })

  it('addMany', () => {
    const set = new SharedSet<string>(null, LEAST)
    expect(
      counted(
        refusal(() => set.addMany(VALUES)),
        /The first (\d+) of 20000 values were added/,
      ),
    ).toBe(set.size)
    expect(set.size).toBeGreaterThan(500)
  })

  it('deleteMany, which takes memory for keys of over 56 KiB alone', () => {
    const map = new SharedMap<string, number>(null, { maxBytes: 16 * 65_536 })
    const long = 'k'.repeat(100_000)
    map.set(long, 1)
    fill(map)
    const keys = ['a', 'b', 'small 0', 'small 1', long, 'small 2']
    const message = refusal(() => map.deleteMany(keys))
    expect(message).toContain('Of the first 4 of 6 keys all that were there are removed, no more')
    expect(keys.map((key) => key !== long && map.has(key))).toEqual([false, false, false, false, false, true])
    map.check()
  })
})

describe('advice that is good', () => {
  it('get, has, take and delete of a key of over 56 KiB: to delete entries of such a size', () => {
    const map = new SharedMap<string, number>(null, { maxBytes: 16 * 65_536 })
    const long = 'k'.repeat(100_000)
    map.set(long, 1).set('x'.repeat(57_000), 2)
    fill(map)
    for (const action of [() => map.get(long), () => map.has(long), () => map.take(long), () => map.delete(long)]) {
      const message = refusal(action)
      expect(message).toContain(
        'This call has changed nothing. To look up a key of more than 57336 bytes takes as much memory again: delete entries with shorter keys and values of that size',
      )
    }
    const value = (n: number): string => `large ${n}`
    expect(map.has(value(0))).toBe(true)
    for (let n = 0; map.delete(value(n)); n++);
    expect([map.get(long), map.take(long), map.has(long)]).toEqual([1, 1, false])
    map.check()
  })

  it('set: to delete entries of the same size, or a larger maxBytes', () => {
    const map = new SharedMap<string, string>(null, LEAST)
    const text = 'x'.repeat(1000)
    let message = ''
    for (let n = 0; message === ''; n++) {
      const error = tried(() => map.set(`key ${n}`, text))
      if (error) message = refusal(() => map.set(`key ${n}`, text))
    }
    expect(message).toContain(
      'This call has changed nothing. Delete entries of the same size or larger and try again, or give the map or set, or the SharedHeap that it is in, a larger maxBytes.',
    )
    map.delete('key 1')
    map.set('another', text)
    expect(map.get('another')).toBe(text)
  })

  it('a constructor with a capacity: a smaller one, or a larger maxBytes', () => {
    for (const make of [
      () => new SharedMap(null, { capacity: 100_000, ...LEAST }),
      () => new SharedSet(null, { capacity: 100_000, ...LEAST }),
    ])
      expect(refusal(make)).toMatch(
        /No (map|set) was made\. Ask for a smaller capacity, delete what else is in the heap, or give the map or set, .*a larger maxBytes\.$/,
      )
    expect(new SharedMap(null, { capacity: 100, ...LEAST }).size).toBe(0)
    expect(new SharedMap(null, { capacity: 100_000 }).size).toBe(0)
  })

  it('a constructor with entries: fewer, or a larger maxBytes', () => {
    for (const make of [
      () => new SharedMap(ENTRIES, LEAST),
      () => new SharedSet(VALUES, LEAST),
      () => SharedMap.groupBy(VALUES, (text) => text, LEAST),
    ])
      expect(refusal(make)).toMatch(
        /No (map|set) was made\. Give it fewer to begin with, delete what else is in the heap, or give .*a larger maxBytes\.$/,
      )
    expect(new SharedMap(ENTRIES.slice(0, 100), LEAST).size).toBe(100)
    expect(new SharedMap(ENTRIES, { maxBytes: 100 * LEAST_BYTES }).size).toBe(20_000)
  })

  it('trace: fewer events', () => {
    const map = new SharedMap(null, LEAST)
    expect(refusal(() => map.trace({ events: 100_000 }))).toContain(
      'Nothing is recorded. Ask for fewer events than 100000 (each takes 64 bytes), or ',
    )
    map.trace({ events: 100 }).stop()
    map.check()
  })

  it('reserve: it grows as far as there is room', () => {
    const map = new SharedMap<number, number>(null, { key: 'number', value: 'number', ...LEAST })
    map.set(1, 1)
    expect(refusal(() => map.reserve(1_000_000))).toContain(
      'What has grown stays so, and no entry has changed. Reserve for fewer entries',
    )
    for (let n = 0; n < 500; n++) map.set(n, n)
    expect(map.size).toBe(500)
  })

  it('is not needed to open what is there: a full heap keeps room for that', () => {
    const heap = new SharedHeap({ maxBytes: 20 * 65_536 })
    const joined = other.SharedHeap.attach(heap.handle)
    const kinds = { key: 'number', value: 'string' } as const
    const [map] = ['map 0', 'map 1'].map((name) => heap.map(name, kinds))
    for (const length of [1000, 400, 200, 100, 30, 1]) {
      for (let n = 0; !tried(() => map!.set(n * 1000 + length, 'x'.repeat(length))); n++);
    }
    const { size } = map!
    expect([joined.map('map 1', kinds).size, joined.map('map 0', kinds).size]).toEqual([0, size])
    expect([map!.size, heap.map('map 1', kinds).size]).toEqual([size, 0])
    heap.check()
  })
})

describe('a constructor that throws', () => {
  const bad = [
    ['a', 1],
    ['b', Symbol('bad')],
  ] as [string, unknown][]

  it('leaves no map, nor its name', () => {
    const heap = new SharedHeap()
    const { collections } = heap.stats()
    for (let n = 0; n < 20; n++) {
      expectError(
        thrownBy(() => new SharedMap(bad, { heap, name: 'x' })),
        'ERR_VALUE_TYPE',
        'symbol',
      )
      expectError(
        thrownBy(() => new SharedSet(['a', {} as never], { heap, name: 'y' })),
        'ERR_VALUE_TYPE',
        'object',
      )
      expectError(
        thrownBy(() => new SharedMap(bad, { heap })),
        'ERR_VALUE_TYPE',
        'symbol',
      )
    }
    expect([heap.names(), heap.stats().collections]).toEqual([[], collections])
    heap.check()
    expect([...heap.map('x')]).toEqual([])
  })

  it('for lack of memory leaves none either, and what it took can be had again', () => {
    const heap = new SharedHeap({ maxBytes: 2 * LEAST_BYTES })
    for (let n = 0; n < 20; n++) {
      expect(refusal(() => new SharedMap(ENTRIES, { heap, name: 'x' }))).toContain('No map was made')
      expect(refusal(() => new SharedSet(VALUES, { heap, name: 'x' }))).toContain('No set was made')
      expect(heap.names()).toEqual([])
    }
    heap.check()
  })

  it('leaves a map that was there as it was, if an entry cannot be stored', () => {
    const heap = new SharedHeap()
    const map = heap.map<string, any>('x').set('old', 1)
    const set = heap.set<any>('y').add('old')
    expectError(
      thrownBy(() => new SharedMap(bad, { heap, name: 'x' })),
      'ERR_VALUE_TYPE',
      'symbol',
    )
    expectError(
      thrownBy(() => new SharedSet(['a', {} as never], { heap, name: 'y' })),
      'ERR_VALUE_TYPE',
      'object',
    )
    expect([[...map], [...set], heap.names().sort()]).toEqual([[['old', 1]], ['old'], ['x', 'y']])
    expect([...new SharedMap([['new', 2]], { heap, name: 'x' })].sort()).toEqual([
      ['new', 2],
      ['old', 1],
    ])
    expect([...new SharedSet(['new'], { heap, name: 'y' })].sort()).toEqual(['new', 'old'])
    heap.check()
  })

  it('says how many entries it has set in a map that was there', () => {
    const heap = new SharedHeap({ maxBytes: 2 * LEAST_BYTES })
    const map = heap.map<number, string>('x', { key: 'number', value: 'string' })
    map.set(0, 'old')
    const message = refusal(() => new SharedMap(ENTRIES, { heap, name: 'x', key: 'number', value: 'string' }))
    expect(counted(message, /The first (\d+) of 20000 entries were set/)).toBe(map.size)
    expect([map.get(0), heap.names()]).toEqual(['value 0', ['x']])
    heap.check()
  })

  it('leaves a map that another thread has opened meanwhile', () => {
    const heap = new SharedHeap()
    const joined = other.SharedHeap.attach(heap.handle)
    let theirs: SharedMap<string, number> | undefined
    function* entries(): Generator<[string, number]> {
      yield ['a', 1]
      theirs = joined.map<string, number>('x') as SharedMap<string, number>
      theirs.set('theirs', 2)
      throw new RangeError('enough')
    }
    expect(thrownBy(() => new SharedMap(entries(), { heap, name: 'x' }))).toBeInstanceOf(RangeError)
    expect([...theirs!].sort()).toEqual([
      ['a', 1],
      ['theirs', 2],
    ])
    expect(heap.names()).toEqual(['x'])
    heap.check()
  })

  it('does not delete a map that has the name by then', () => {
    const heap = new SharedHeap()
    function* entries(): Generator<[string, number]> {
      yield ['a', 1]
      heap.delete('x')
      heap.map<string, number>('x').set('another', 1)
      yield ['b', 2]
    }
    expectError(
      thrownBy(() => new SharedMap(entries(), { heap, name: 'x' })),
      'ERR_DISPOSED',
      'deleted',
    )
    expect([...heap.map('x')]).toEqual([['another', 1]])
    heap.check()
  })

  it("uses a derived class's own set, as ever", () => {
    class Doubling extends SharedMap<string, number> {
      override set(key: string, value: number): this {
        return super.set(key, 2 * value)
      }
    }
    const heap = new SharedHeap()
    for (const _ of [1, 2]) expect([...new Doubling([['a', 1]], { heap, name: 'x' } as never)]).toEqual([['a', 2]])
  })
})

/** Fills a map to the last byte: with values of 60,000 bytes, then of 1,000, then numbers. */
function fill(map: SharedMap<string, any>): void {
  for (let n = 0; !tried(() => map.set(`large ${n}`, 'x'.repeat(60_000))); n++);
  for (let n = 0; !tried(() => map.set(`middle ${n}`, 'x'.repeat(1000))); n++);
  for (let n = 0; !tried(() => map.set(`small ${n}`, n)); n++);
}

/** What is thrown, if anything. */
function tried(action: () => unknown): unknown {
  try {
    action()
    return undefined
  } catch (error) {
    expectError(error, 'ERR_OUT_OF_MEMORY', 'The heap has no room left')
    return error
  }
}
