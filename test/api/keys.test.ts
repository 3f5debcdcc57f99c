// Which keys are the same, and that values come back as they were: SameValueZero, as in Map.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'

const TEXTS = [
  '',
  ' ',
  '0',
  '\0',
  '\0\0',
  'a',
  'a\0',
  '\0a',
  'A',
  'é',
  'e\u0301',
  'ÿ',
  'Ā',
  '\x80',
  '€',
  '😀',
  '\ud83d',
  '\ude00',
  '\ude00\ud83d',
  '\ufeff',
  '\uffff',
  '__proto__',
  'constructor',
  'x'.repeat(40),
  'x'.repeat(41),
  'x'.repeat(40) + '€',
  'x'.repeat(4060),
  'x'.repeat(4061),
  'x'.repeat(4060) + '€',
  'x'.repeat(8121),
  '€'.repeat(4061),
  'x'.repeat(28_669),
  '€'.repeat(28_669),
  'x'.repeat(32_761),
  'x'.repeat(200_000),
]
const NUMBERS = [
  0,
  1,
  -1,
  1.5,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  -5e-324,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  Number.MAX_VALUE,
]

describe('number keys', () => {
  it('are what Map takes them for: all NaN are one, and 0 is -0', () => {
    const [quiet, negative] = new Float64Array(new BigUint64Array([0x7ff8_0000_0000_0001n, 0xfff8_0000_0000_0000n]).buffer)
    const map = new SharedMap(null, { key: 'number', value: 'string' })
    map.set(NaN, 'nan').set(-0, 'zero')
    expect([map.get(NaN), map.get(quiet!), map.get(negative!), map.get(0), map.get(-0)]).toEqual([
      'nan',
      'nan',
      'nan',
      'zero',
      'zero',
    ])
    map.set(0, 'null').set(negative!, 'none')
    expect(map.size).toBe(2)
    expect([map.get(-0), map.get(NaN)]).toEqual(['null', 'none'])
    expect([map.delete(-0), map.has(0), map.delete(quiet!), map.has(NaN), map.size]).toEqual([true, false, true, false, 0])
  })

  it('come out as 0 when -0 was put in', () => {
    const map = new SharedMap(null, { key: 'number', value: 'number' }).set(-0, 1)
    expect([...map.keys()]).toEqual([0])
    expect(Object.is([...map.keys()][0], 0)).toBe(true)
  })

  it('that differ are different keys', () => {
    expectDistinct(NUMBERS, 'number')
  })
})

describe('string keys', () => {
  it('that differ in any code unit are different keys', () => {
    expectDistinct(TEXTS, 'string')
  })

  it('are the same however the engine came by them', () => {
    const map = new SharedMap(null, { key: 'string', value: 'number' })
    const parts = ['tophash ', 'is a map of several ', 'threads']
    map.set(parts.join(''), 1)
    const wide = Buffer.from(parts.join(''), 'utf16le').toString('utf16le')
    const sliced = `€${parts.join('')}€`.slice(1, -1)
    const joined = parts[0]! + parts[1]! + parts[2]!
    for (const key of [wide, sliced, joined, JSON.parse(JSON.stringify(joined)) as string]) expect(map.get(key)).toBe(1)
    expect(map.set(sliced, 2).size).toBe(1)
    expect([...map]).toEqual([[joined, 2]])
  })
})

describe('values', () => {
  it('that are numbers come back as they are, -0 and NaN too', () => {
    const map = new SharedMap(null, { key: 'number', value: 'number' })
    const values = [...NUMBERS, -0]
    values.forEach((value, key) => map.set(key, value))
    values.forEach((value, key) => expect(map.get(key)).toBe(value))
    for (const [key, value] of map) expect(value).toBe(values[key])
    expect([map.has(4), map.get(4)]).toEqual([true, NaN])
  })

  it('that are strings come back code unit by code unit', () => {
    const map = new SharedMap(null, { key: 'number', value: 'string' })
    TEXTS.forEach((text, key) => map.set(key, text))
    TEXTS.forEach((text, key) => expect(map.get(key) === text, `text ${key}`).toBe(true))
    for (const [key, value] of map) expect(value === TEXTS[key], `text ${key}`).toBe(true)
    map.check()
  })
})

/** Sets each key to its index and expects to find all of them, and to be rid of each alone. */
function expectDistinct(keys: readonly (number | string)[], kind: 'number' | 'string'): void {
  const map = new SharedMap<number | string, number>(null, { key: kind, value: 'number' })
  keys.forEach((key, index) => map.set(key, index))
  expect(map.size).toBe(keys.length)
  keys.forEach((key, index) => expect(map.get(key)).toBe(index))
  expect(new Map(map)).toEqual(new Map(keys.map((key, index) => [key, index])))
  keys.forEach((key, index) => {
    expect([map.delete(key), map.has(key), map.size]).toEqual([true, false, keys.length - index - 1])
  })
  map.check()
}
