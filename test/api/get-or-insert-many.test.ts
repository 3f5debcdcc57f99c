// getOrInsertMany: what it answers, whatever there is to be answered with. That it is as many getOrInsert, test/model says of all
// kinds, and that one of several threads wins, test/stress.
import { SharedCache, SharedMap, type ObjectCodec } from 'tophash'
import { describe, expect, it } from 'vitest'
import { expectError, thrownBy } from '../support/errors.js'

const NUMBERS = { key: 'number', value: 'number' } as const

describe('getOrInsertMany', () => {
  it('answers with what is there, or else with what it sets', () => {
    const map = new SharedMap([['a', 1]], { key: 'string', value: 'number' })
    const answer = map.getOrInsertMany([
      ['a', 2],
      ['b', 3],
      ['b', 4],
    ])
    expect(answer).toEqual([1, 3, 3])
    expect(Object.fromEntries(map)).toEqual({ a: 1, b: 3 })
    expect(map.getOrInsertMany([])).toEqual([])
    map.check()
  })

  it('answers with long values, and with more of them than one crossing has room for', () => {
    const long = (n: number, length: number): string => `${n} ${'x'.repeat(length)}`
    for (const length of [10, 1000, 20_000, 33_000, 70_000]) {
      const map = new SharedMap<string, string>(null, { key: 'string', value: 'string' })
      const keys = Array.from({ length: 50 }, (_, n) => `key ${n}`)
      for (const [n, key] of keys.entries()) if (n % 3) map.set(key, long(n, length))
      const expected = keys.map((_, n) => (n % 3 ? long(n, length) : `short ${n}`))
      expect(map.getOrInsertMany(keys.map((key, n) => [key, `short ${n}`]))).toEqual(expected)
      expect(map.getOrInsertMany(keys.map((key) => [key, 'y'.repeat(length)]))).toEqual(expected)
      expect(map.getMany(keys)).toEqual(expected)
      map.check()
    }
  })

  it('gives back what it has got as a value that was stored: a copy', () => {
    const map = new SharedMap<string, unknown>([['old', { n: 1 }]])
    const given = { n: 2 }
    const [old, made] = map.getOrInsertMany([
      ['old', given],
      ['new', given],
    ])
    expect([old, made, map.get('new')]).toEqual([{ n: 1 }, { n: 2 }, { n: 2 }])
    expect(made).not.toBe(given)
  })

  it('has set all values when one cannot be decoded', () => {
    const codec: ObjectCodec = {
      name: 'brittle',
      encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
      decode: () => {
        throw new RangeError('not today')
      },
    }
    const map = new SharedMap<string, unknown>([['bad', {}]], { codec })
    expect(() =>
      map.getOrInsertMany([
        ['a', 1],
        ['bad', 2],
        ['b', 3],
      ]),
    ).toThrow(new RangeError('not today'))
    expect([map.get('a'), map.get('b'), map.size]).toEqual([1, 3, 3])
  })

  it('of a cache evicts like any other write', () => {
    const cache = new SharedCache<number, number>({ ...NUMBERS, max: 100 })
    const keys = new Float64Array(1000).map((_, n) => n)
    expect(cache.getOrInsertMany(keys, keys)).toEqual(keys)
    expect(cache.size).toBeLessThanOrEqual(100)
    cache.check()
  })
})

describe('getOrInsertMany of numbers', () => {
  it('fills a Float64Array: a new one, or the one of the keys or of the values', () => {
    const keys = new Float64Array(5000).map((_, n) => (n * 7) % 4000)
    const values = keys.map((_, n) => n / 2)
    const first = new Map<number, number>()
    const expected = keys.map((key, n) => {
      if (!first.has(key)) first.set(key, values[n]!)
      return first.get(key)!
    })
    const map = new SharedMap<number, number>(null, NUMBERS)
    expect(map.getOrInsertMany(keys, values)).toEqual(expected)
    expect(map.size).toBe(4000)
    for (const into of [keys.slice(), values.slice(), new Float64Array(6000).fill(-1)]) {
      const given = [into.length === 6000 ? keys : into, into.length === 6000 ? values : into] as const
      const own = new SharedMap<number, number>(null, NUMBERS)
      const wanted = own.getOrInsertMany(...given)
      own.clear()
      expect(own.getOrInsertMany(...given, into)).toBe(into)
      expect(into.subarray(0, 5000)).toEqual(wanted)
      expect(into.subarray(5000).every((n) => n === -1)).toBe(true)
    }
    map.check()
  })

  it('tells NaN that is there from none', () => {
    const map = new SharedMap<number, number>([[1, NaN]], NUMBERS)
    const answer = map.getOrInsertMany(Float64Array.of(1, 2, NaN, -0, 2), Float64Array.of(5, NaN, -0, 7, 8))
    expect([...answer]).toEqual([NaN, NaN, -0, 7, NaN])
    expect(map.getMany([1, 2, NaN, 0])).toEqual([NaN, NaN, -0, 7])
  })

  it('goes through maps of kind any, too, and says what is no number', () => {
    const map = new SharedMap<number, any>([[1, 'text']])
    expect([...map.getOrInsertMany(Float64Array.of(2, 3), Float64Array.of(4, 5))]).toEqual([4, 5])
    const error = thrownBy(() => map.getOrInsertMany(Float64Array.of(1, 6), Float64Array.of(4, 5)))
    expectError(error, 'ERR_VALUE_TYPE', 'takes values that are numbers; got the string "text"')
    expect([map.get(1), map.get(6)]).toEqual(['text', 5])
  })
})
