// Plain values, which the default codec writes in a format of its own: random ones against structuredClone, and where the
// format ends. What all values have in common is in structured.test.ts.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MARK } from '../../src/codecs/plain-format.js'
import { structuredCodec } from '../../src/codecs/structured.js'
import { TophashError } from '../../src/core/errors.js'
import { difference } from '../support/difference.js'
import { tries } from './settings.js'

const { encode, decode } = structuredCodec

const isPlain = (bytes: Uint8Array): boolean => bytes[0] === MARK

const text = fc.oneof(
  fc.constantFrom('', 'a', '\0', '\xff', '\u0100', '\ud800', '😀', 'x'.repeat(300), 'é'.repeat(2000), '€'.repeat(700)),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 60 }),
)
const number = fc.oneof(
  fc.constantFrom(0, -0, NaN, 2 ** 23 - 1, 2 ** 23, -(2 ** 23), -(2 ** 23) - 1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 32),
  fc.integer(),
  fc.double(),
)
const date = fc.oneof(fc.date(), fc.constant(new Date(NaN)))
const key = fc.oneof(
  fc.constantFrom('', 'a', 'b', '0', '17', 'constructor', 'toString', 'length', 'then', '\ud800', 'é', 'k'.repeat(100)),
  fc.string({ unit: 'binary', maxLength: 6 }).filter((name) => name !== '__proto__'),
)

/** Values that no object is in twice; `fc.letrec` makes each anew. */
const { value } = fc.letrec((tie) => ({
  leaf: fc.oneof(
    number,
    text,
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    date.map((one) => new Date(one)),
  ),
  object: fc.array(fc.tuple(key, tie('any')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  array: fc.array(tie('any'), { maxLength: 6 }),
  any: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('object'), tie('array')),
  value: fc.oneof(tie('object'), tie('array')) as fc.Arbitrary<object>,
}))

function copy<T>(given: T): T {
  return decode(new Uint8Array(encode(given))) as T
}

describe('a plain value', () => {
  it('comes back as structuredClone copies it, and its copy has the same bytes', () => {
    const property = fc.property(value, (given) => {
      const bytes = new Uint8Array(encode(given))
      if (!isPlain(bytes)) throw new Error('It was not taken for a plain one.')
      const result = decode(bytes)
      const found = difference(result, structuredClone(given))
      if (found) throw new Error(found)
      if (!Buffer.from(bytes).equals(encode(result))) throw new Error('The bytes of the copy are others.')
    })
    fc.assert(property, tries(5_000))
  })

  it('makes, if its bytes are damaged, another value or an error that says so, and nothing else', () => {
    const damage = fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }), { maxLength: 3 })
    const property = fc.property(value, damage, fc.nat({ max: 9 }), (given, places, missing) => {
      const whole = new Uint8Array(encode(given))
      const bytes = whole.slice(0, Math.max(1, whole.length - missing))
      for (const { at, byte } of places) bytes[at % bytes.length] = byte
      try {
        decode(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(TophashError)
        expect(error).toMatchObject({ code: 'ERR_VALUE_TYPE' })
      }
      expect(Object.keys(Object.prototype)).toEqual([])
    })
    fc.assert(property, tries(5_000))
  })

  it('has the same bytes whatever was written before it', () => {
    const shapes = Array.from({ length: 3000 }, (_, i) => ({ [`first ${i % 50}`]: 1, [`second ${i}`]: { [i]: 2 } }))
    const before = shapes.map((shape) => Buffer.from(encode(shape)))
    const again = shapes.toReversed().map((shape) => Buffer.from(encode(shape)))
    expect(again.toReversed().every((bytes, i) => bytes.equals(before[i]!))).toBe(true)
    expect(before.every((bytes, i) => difference(decode(bytes), shapes[i]) === undefined)).toBe(true)
  })

  it('has its own texts, whatever texts like them were read before', () => {
    const units = Array.from({ length: 256 }, (_, unit) => String.fromCharCode(unit))
    const repeated = units.flatMap((unit) => Array.from({ length: 17 }, (_, more) => unit.repeat(more + 1)))
    const likes = [4, 5, 8, 9, 12, 13, 16].flatMap((length) =>
      Array.from({ length }, (_, i) => units.map((unit) => 'x'.repeat(i) + unit + 'x'.repeat(length - i - 1))).flat(),
    )
    const wrong = [...repeated, ...likes].filter((text) => [1, 2, 3].some(() => copy([text])[0] !== text))
    expect(wrong).toEqual([])
  })

  it('has its own names when it was read often, beside many others that were', () => {
    const given = Array.from({ length: 60 }, (_, i) => ({
      [`often ${i}`]: i,
      common: [i],
      [`${i}`]: { [`inner ${i % 7}`]: 'x' },
    }))
    const found = Array.from({ length: 50 }, () => given.map((one) => difference(copy(one), one))).flat()
    expect(found.filter((one) => one !== undefined)).toEqual([])
  })

  it('can be in a place where one of another make was', () => {
    const bare = (entries: object): object => Object.assign(Object.create(null) as object, entries)
    const inner = [{ x: 1 }, bare({ x: 1 }), {}, { y: [{ x: 1 }, bare({})] }, bare({ x: 1, y: 2 }), { x: { x: 1 }, y: 2 }]
    for (const one of [...inner, ...inner]) {
      expect(difference(copy({ place: one }), { place: one })).toBeUndefined()
    }
    expect(difference(copy(inner), inner)).toBeUndefined()
  })

  it.each([
    ['many properties', Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`k${i}`, i]))],
    ['long names', { ['n'.repeat(70)]: 1, ['é€'.repeat(40_000 / 2)]: 2, ['\u0100'.repeat(65_535)]: 3 }],
    ['many items', Array.from({ length: 20_000 }, (_, i) => (i % 3 ? i * 1.5 : { i }))],
    ['long texts', { a: 'x'.repeat(100_000), b: ['y', 'z'.repeat(5000)] }],
    ['texts of one byte a character before one of two', { a: 'xyz', b: '\u0100', c: ['', 'é'] }],
    ['long ones before a long one of two', { a: 'é'.repeat(50), b: '€'.repeat(50), c: 'x'.repeat(50) }],
    ['no prototype', Object.assign(Object.create(null), { a: Object.create(null), b: {} })],
  ])('can have %s', (_, given) => {
    expect(isPlain(encode(given))).toBe(true)
    expect(difference(copy(given), given)).toBeUndefined()
    expect(difference(copy(given), given)).toBeUndefined() // when its names have been met before
  })

  it('is what it was when a getter of it was read, although something in it is not plain', () => {
    let reads = 0
    const given = {
      get first() {
        return { number: ++reads }
      },
      list: Object.defineProperty([0], '0', { get: () => ++reads, enumerable: true }),
      get a__proto__() {
        return ++reads
      },
      last: new Map(),
    }
    expect(difference(copy(given), { first: { number: 1 }, list: [3], a__proto__: 2, last: new Map() })).toBeUndefined()
    expect(reads).toBe(3)
  })

  it('is so, too, if a getter further in has another value written', () => {
    let reads = 0
    const inner = {
      get list() {
        return [...encode(new Map([[1, { two: 3 }]]))].slice(0, 1)
      },
    }
    const given = {
      map: new Map([['inner', inner]]),
      get last() {
        return ++reads
      },
    }
    const known = {
      get first() {
        return ++reads
      },
      given,
    }
    expect(difference(copy(known), { first: 1, given: { map: new Map([['inner', { list: [91] }]]), last: 2 } })).toBeUndefined()
    expect(reads).toBe(2)
  })

  it('does not get properties that Object.prototype has', () => {
    Object.defineProperty(Object.prototype, 'inherited', { value: 1, enumerable: true, writable: true, configurable: true })
    let copies: object[]
    try {
      copies = [copy({ own: 1 }), copy({})]
    } finally {
      delete (Object.prototype as { inherited?: unknown }).inherited
    }
    expect(copies.map((object) => Object.keys(object))).toEqual([['own'], []])
  })

  it.each([
    ['that nobody may write', { value: 'theirs', writable: false }],
    ['with a setter', { set: (): void => undefined }],
  ])('has its own properties, although Object.prototype has one of the same name %s', (_, theirs) => {
    const name = `own${Object.keys(theirs).join('')}` // one that no thread has met before
    const value = { [name]: 'own', inside: new Map([[1, { [name]: 1 }]]), list: [{ [name]: [2] }] }
    const toString = { toString: 'own', [name]: 3 }
    Object.defineProperty(Object.prototype, name, { ...theirs, configurable: true })
    let copies: object[]
    try {
      copies = [copy({ [name]: 'own' }), copy(value), copy(toString)]
    } finally {
      delete (Object.prototype as Record<string, unknown>)[name]
    }
    expect(copies.map((found, i) => difference(found, [{ [name]: 'own' }, value, toString][i]))).toEqual(
      copies.map(() => undefined),
    )
  })

  it('may be encoded by a getter of another one, and decoded by a setter', () => {
    const inner = { text: 'inner', list: [1.5] }
    const outer = {
      before: 'outer',
      get between() {
        return copy(inner)
      },
      after: ['outer'],
    }
    const expected = { before: 'outer', between: inner, after: ['outer'] }
    copy(inner) // what serves one value is kept for the next
    expect(difference(copy(outer), expected)).toBeUndefined()
    const bytes = encode(expected)
    Object.defineProperty(Object.prototype, 'before', { set: () => copy([1, 'x']), configurable: true })
    try {
      expect(difference(decode(bytes), { between: inner, after: ['outer'] })).toBeUndefined()
    } finally {
      delete (Object.prototype as { before?: unknown }).before
    }
  })

  it('is forgotten: nothing of it is left behind a getter that throws, or an end of the stack', () => {
    const broken = {
      a: 'some text',
      get b() {
        throw new RangeError('mine')
      },
    }
    expect(() => encode(broken)).toThrow('mine')
    expect(difference(copy({ a: 1 }), { a: 1 })).toBeUndefined()
    let depth = 0
    const deep = (): void => {
      depth++
      try {
        deep()
      } catch (error) {
        if (depth-- % 7 === 0) copyOrThrow(error)
        throw error
      }
    }
    const copyOrThrow = (error: unknown): void => {
      if (difference(copy({ b: ['c'] }), { b: ['c'] }) !== undefined) throw new Error('another value', { cause: error })
    }
    expect(deep).toThrow(/stack|nested too deeply/)
    expect(difference(copy({ a: ['some text'] }), { a: ['some text'] })).toBeUndefined()
  })
})

const nested = (levels: number): object => (levels === 0 ? {} : { value: nested(levels - 1) })
const twice = { a: 1 }
const cycle: unknown[] = []
cycle.push(cycle)

describe('not a plain value, but kept:', () => {
  it.each<[what: string, given: unknown]>([
    ['an object in two places', [twice, twice]],
    ['one in two places among many', [...Array.from({ length: 30 }, () => [[]]), twice, [twice]]],
    ['the first of many a second time', ((all: object[]) => [...all, all[0]])(Array.from({ length: 60 }, () => ({})))],
    ['the first of few a second time', ((all: object[]) => [...all, all[0]])(Array.from({ length: 20 }, () => ({})))],
    ['a cycle', cycle],
    ['a date in two places', ((day: Date) => [day, day])(new Date(0))],
    ['a hole', [1, , 3]],
    ['a hole at the end', [1, ,]],
    ['many holes behind texts that look like names of items', Object.assign(['0', '1', '10'], { 1000: '2' })],
    ['a property named __proto__', JSON.parse('{"a":{"__proto__":{"x":1}}}')],
    ['a bigint', { a: [1n] }],
    ['a Map in it', { a: [{ b: new Map([[1, { c: 2 }]]) }] }],
    ['bytes in it', { a: new Uint8Array([1, 2]) }],
    ['an error without the prototype of one', { a: Object.assign(new Error('x'), { stack: undefined }) }],
    ['65 levels', nested(65)],
  ])('%s', (_, given) => {
    expect(isPlain(encode(given))).toBe(false)
    expect(difference(copy(given), given)).toBeUndefined()
  })

  it('60 levels are still plain', () => {
    expect(isPlain(encode(nested(60)))).toBe(true)
    expect(difference(copy(nested(60)), nested(60))).toBeUndefined()
  })
})

/** Words as bytes, and a text behind them. */
function words(...numbers: number[]): Uint8Array {
  return new Uint8Array(new Int32Array(numbers).buffer)
}

describe('bytes of the plain format that nobody wrote:', () => {
  const begin = (count: number, isUtf16 = 0): number => MARK | (isUtf16 << 8) | (count << 9)
  const [SMALL, STRING, ARRAY, OBJECT] = [4, 8, 9, 10]

  it.each<[what: string, bytes: Uint8Array]>([
    ['nothing but the mark', new Uint8Array([MARK])],
    ['fewer words than said', words(begin(9), ARRAY)],
    ['more words than used', words(begin(3), ARRAY, SMALL)],
    ['no object', words(begin(2), SMALL)],
    ['a long array', words(begin(2), ARRAY | ((2 ** 23) << 8))],
    ['a tag that is none', words(begin(2), 99)],
    ['a text beyond the end', words(begin(3), ARRAY | (1 << 8), STRING | (5 << 8))],
    ['text that nobody has', words(begin(2), ARRAY, 0x41414141)],
    ['half a character', new Uint8Array([...words(begin(2, 1), ARRAY), 1])],
    ['names beyond the end', words(begin(4), OBJECT | (1 << 8), 0, 1000)],
    ['fewer names than said', words(begin(6), OBJECT | (2 << 8), 0, 2 << 1, 0x6101, SMALL)],
    ['a name beyond the text', words(begin(6), OBJECT | (1 << 8), 0, 2 << 1, 0x6109, SMALL)],
    ['a prototype', words(begin(8), OBJECT | (1 << 8), 0, 10 << 1, 0x705f5f09, 0x6f746f72, 0x5f5f, ARRAY)],
    ['too many levels', words(begin(101), ...new Array(99).fill(ARRAY | (1 << 8)), ARRAY)],
  ])('%s', (_, bytes) => {
    expect(() => decode(bytes)).toThrow(/^The bytes of a value are not what the codec 'structured' writes \(.+\)\. /)
    expect(Object.prototype).not.toHaveProperty('polluted')
    expect(difference(copy({ a: ['after'] }), { a: ['after'] })).toBeUndefined()
  })
})
