// The comparison that the tests of the codec trust.
import { describe, expect, it } from 'vitest'
import { difference } from '../support/difference.js'

const one = { a: 1 }
const bytes = new Uint8Array([1, 2])

function cycle(length: number): unknown[] {
  const first: unknown[] = []
  let last = first
  for (let i = 1; i < length; i++) last = [last]
  first.push(last)
  return first
}

const DIFFERENT: [what: string, given: unknown, expected: unknown][] = [
  ['0 and -0', [0], [-0]],
  ['NaN and undefined', { a: NaN }, { a: undefined }],
  ['a number and its bigint', [1], [1n]],
  ['null and an object', [null], [{}]],
  ['a hole and undefined', [, 1], [undefined, 1]],
  ['arrays of other lengths', [1], [1, ,]],
  ['undefined and nothing', { a: undefined }, {}],
  ['other orders of properties', { a: 1, b: 2 }, { b: 2, a: 1 }],
  [
    'other orders of a Map',
    new Map([
      [1, 1],
      [2, 2],
    ]),
    new Map([
      [2, 2],
      [1, 1],
    ]),
  ],
  ['other values of a Map', new Map([[1, { a: 1 }]]), new Map([[1, { a: 2 }]])],
  ['a Set with more', new Set([1, 2]), new Set([1])],
  ['an object without a prototype', Object.create(null), {}],
  ['a Buffer and a Uint8Array', Buffer.from(bytes), bytes],
  ['a property that is not enumerable', Object.defineProperty({}, 'a', { value: 1 }), { a: 1 }],
  ['what is one object here and two there', [one, one], [{ a: 1 }, { a: 1 }]],
  ['what is two objects here and one there', [{ a: 1 }, { a: 1 }], [one, one]],
  ['other objects shared', [one, { a: 1 }, one], [one, { a: 1 }, { a: 1 }]],
  ['cycles of other lengths', cycle(2), cycle(3)],
  ['Dates', new Date(1), new Date(2)],
  ['Dates, valid and not', new Date(NaN), new Date(0)],
  ['flags of a RegExp', /a/g, /a/],
  ['boxed numbers', Object(0), Object(-0)],
  ['a boxed number and a boxed string', Object(1), Object('1')],
  ['bytes', new Uint8Array([1, 2]), new Uint8Array([1, 3])],
  ['bytes of buffers', new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
  ['a part and a whole', new Uint8Array([2]), bytes.subarray(0, 1)],
  ['views of one buffer and of two', [bytes, new DataView(bytes.buffer)], [bytes, new DataView(bytes.slice().buffer)]],
  ['classes of errors', new TypeError('a'), new RangeError('a')],
  ['messages', quiet(new Error('a')), quiet(new Error('b'))],
  ['names of errors', quiet(Object.assign(new Error('a'), { name: 'b' })), quiet(new Error('a'))],
  ['causes', quiet(new Error('a', { cause: 1 })), quiet(new Error('a', { cause: 2 }))],
  ['a cause and none', quiet(new Error('a', { cause: undefined })), quiet(new Error('a'))],
  ['stacks', new Error('a'), quiet(new Error('a'))],
]

function quiet(error: Error): Error {
  return Object.assign(error, { stack: 'at' })
}

describe('difference', () => {
  it.each(DIFFERENT)('sees %s', (_, given, expected) => {
    expect(difference(given, expected)).toEqual(expect.any(String))
    expect(difference(expected, given)).toEqual(expect.any(String))
    expect(difference(given, given)).toBeUndefined()
  })

  it('says where', () => {
    expect(difference({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] })).toBe('.a.1.b: 2, expected 3')
  })

  it('sees no difference between equal things that are made alike', () => {
    const make = () => ((o) => [o, o, cycle(3), new Map([[o, quiet(new Error('x', { cause: o }))]])])({ a: -0 })
    expect(difference(make(), make())).toBeUndefined()
  })
})
