// The default codec, thing by thing: what comes back as it was, and what comes back as something plainer. For what it
// refuses see structured-refusals.test.ts, for random values test/model/structured.test.ts.
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { structuredCodec } from '../../src/codecs/structured.js'
import { difference } from '../support/difference.js'

const { encode, decode } = structuredCodec

/** A copy by way of bytes, as another thread gets it: in memory of its own. */
function copy<T>(value: T): T {
  return decode(new Uint8Array(encode(value))) as T
}

function expectCopy(value: unknown, expected: unknown): void {
  const bytes = Buffer.from(encode(value))
  const result = decode(new Uint8Array(bytes))
  expect(difference(result, expected)).toBeUndefined()
  expect(bytes.equals(encode(result)), 'the bytes of the copy').toBe(true) // compareAndSet finds out by them
  expect(Object.prototype).not.toHaveProperty('polluted')
}

const bytesOf = (...bytes: number[]) => new Uint8Array(bytes).buffer

function nested(depth: number): object {
  let value = {}
  for (let i = 0; i < depth; i++) value = { value }
  return value
}

type Row = [what: string, make: () => unknown]

const PRIMITIVES: Row[] = [
  ['undefined as a property', () => ({ a: undefined })],
  ['undefined in an array', () => [undefined, 1, undefined]],
  ['undefined in a Map and a Set', () => [new Map([[undefined, undefined]]), new Set([undefined])]],
  ['null, true, false', () => [null, true, false, { null: null }]],
  ['NaN and the infinities', () => [NaN, Infinity, -Infinity, new Map([[NaN, NaN]]), new Set([-Infinity])]],
  ['-0 beside 0', () => ({ a: -0, b: 0, c: [0, -0], d: new Map([[0, -0]]) })],
  ['numbers of all sizes', () => [0.1, 1 / 3, 5e-324, Number.MAX_VALUE, 2 ** 53, -(2 ** 31), 2 ** 32, 1e21]],
  ['bigints of all sizes', () => [0n, -1n, 2n ** 63n, -(2n ** 64n), 2n ** 5000n + 1n, -(7n ** 2000n)]],
  ['a bigint beside its number and its text', () => [1, 1n, '1', new Set<unknown>([1, 1n, '1'])]],
  ['boxed primitives', () => [1, -0, NaN, '', 'text', true, false, 5n].map(Object)],
  ['empty strings', () => ['', { '': '' }, new Map([['', '']])]],
  ['control characters', () => ['\0', '\n\r\t\b\f\x7f', '\u2028\u2029', '\ufeff']],
  ['characters that mean something elsewhere', () => ['"\\/', '<script>', '${x}', '[1]']],
  ['characters of all lengths', () => ['a', 'é', '€', '😀', 'x'.repeat(70_000), '€'.repeat(70_000)]],
  ['lone surrogates', () => ['\ud800', 'a\udfffb', '\udc00\ud800', new Map([['\udbff', ['\ud83d'.repeat(300)]]])]],
  ['lone surrogates in the names of properties', () => ({ '\ud800': { '\udfff': 1 }, ['\udc00'.repeat(100)]: 2 })],
]

const OBJECTS: Row[] = [
  ['empty objects', () => [{}, [], new Map(), new Set(), Object.create(null)]],
  ['the order of properties', () => ({ z: 1, a: 2, m: 3, 2: 4, 1: 5 })],
  ['objects without a prototype', () => Object.assign(Object.create(null), { a: Object.create(null), b: {} })],
  ['properties named __proto__', () => JSON.parse('{"__proto__":{"polluted":1},"~__proto__":2,"a__proto__":3,"a":4}')],
  ['such, without a prototype', () => Object.assign(Object.create(null), { ['__proto__']: 1 })],
  ['properties named like methods', () => ({ constructor: 1, toString: 2, valueOf: 3, toJSON: 4, then: 5, length: 6 })],
  ['odd names of properties', () => ({ ' ': 1, '\0': 2, 1: 3, '01': 4, '-1': 5, 4294967295: 6, 'a.b': 7, '~': 8 })],
  ['objects that look like the format', () => [{ type: 'Error' }, ['Date', '0'], ['ArrayBuffer', 1], [-1, -2, -7]]],
  ['many properties', () => Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`key ${i}`, i]))],
  ['1,000 levels', () => nested(1_000)],
  [
    'holes',
    () => [
      [, 1],
      [1, , 2],
      [1, ,],
      [, undefined, ,],
    ],
  ],
  ['sparse arrays', () => [Object.assign([], { 100_000: 1, 3: 2 }), new Array(1_000_000)]],
  ['a Date', () => [new Date(0), new Date(-1), new Date(1.7e12 + 123), new Date(8.64e15), new Date(-8.64e15)]],
  ['an invalid Date', () => new Date(NaN)],
  ['a RegExp and its flags', () => [/a\/b"/dgimsuy, new RegExp(''), /\ud800|[\n]/, new RegExp('[[a-z]--b]', 'v')]],
  [
    'a Map',
    () =>
      new Map<unknown, unknown>([
        ['b', 1],
        ['a', 2],
        [1, 'n'],
        [null, 'null'],
        [{ key: 1 }, 'object'],
      ]),
  ],
  ['a Set', () => new Set<unknown>(['b', 'a', 1, null, { x: 1 }])],
  ['nested Maps and Sets', () => new Map([[new Map([[1, new Set([new Map()])]]), new Map([[[], new Set()]])]])],
  ['a URL and its parameters', () => [new URL('https://a.example/?b=c#d'), new URLSearchParams('a=1&a=2')]],
]

const BYTES: Row[] = [
  ['typed arrays of 8 bits', () => [new Int8Array([-1]), new Uint8Array([255]), new Uint8ClampedArray([7])]],
  ['typed arrays of 16 bits', () => [new Int16Array([-2]), new Uint16Array([65535])]],
  ['typed arrays of 32 bits', () => [new Int32Array([-3]), new Uint32Array([2 ** 31])]],
  ['typed arrays of bigints', () => [new BigInt64Array([-1n]), new BigUint64Array([2n ** 63n])]],
  ['typed arrays of fractions', () => [new Float32Array([1.5, NaN, -0]), new Float64Array([Math.PI, -0])]],
  ['empty typed arrays', () => [new Uint8Array(), new Float64Array(), new ArrayBuffer(0)]],
  ['a DataView', () => new DataView(bytesOf(1, 2, 3))],
  ['an ArrayBuffer', () => bytesOf(0, 0, 1, 0)],
  ['parts of buffers', () => [new Uint16Array(bytesOf(1, 2, 3, 4), 2, 1), new DataView(bytesOf(1, 2, 3), 1)]],
  ['views that share a buffer', () => ((b) => [b, new Uint8Array(b), new Int32Array(b)])(bytesOf(1, 2, 3, 4))],
]

const ERRORS: Row[] = [
  ['an Error', () => new Error('message')],
  ['an Error without a message, and with an empty one', () => [new Error(), new Error('')]],
  ['an Error without a stack', () => Object.assign(new Error('x'), { stack: undefined })],
  ['the classes of errors', () => [new TypeError('t'), new RangeError('\ud800'), new SyntaxError()]],
  ['the other classes of errors', () => [new ReferenceError('r'), new EvalError('e'), new URIError('u')]],
  ['the name of an error', () => Object.assign(new RangeError('x'), { name: 'TooFarError' })],
  ['the cause of an error', () => new Error('a', { cause: new TypeError('b', { cause: { deep: [1n] } }) })],
  ['a cause that is undefined', () => [new Error('a', { cause: undefined }), new Error('a')]],
  ['the errors of an AggregateError', () => new AggregateError([new Error('a'), 1, undefined], 'all')],
]

const REFERENCES: Row[] = [
  ['an object in several places', () => ((o) => [o, o, { o }, new Map([[o, o]]), new Set([o])])({ a: 1 })],
  ['an array, a Map and a Set in two places', () => twice([], new Map(), new Set())],
  ['a Date, a RegExp, an Error, a boxed number in two places', () => twice(new Date(), /x/, new Error(), Object(1))],
  ['buffers and views in two places', () => twice(bytesOf(1), new Uint8Array(2), new Uint8Array(bytesOf(1, 2), 1))],
  ['equal objects that are not one', () => [{ a: 1 }, { a: 1 }, [], [], new Date(1), new Date(1), /x/, /x/]],
  ['equal buffers that are not one', () => [new Uint8Array(1), new Uint8Array(1), bytesOf(1), bytesOf(1)]],
  ['a cycle of objects', () => ((o) => Object.assign(o, { self: o, deep: { o } }))({})],
  ['a cycle of arrays', () => ((a: unknown[]) => (a.push(a, [a]), a))([])],
  ['a cycle through a Map', () => ((m: Map<unknown, unknown>) => m.set('m', m).set(m, [m]))(new Map())],
  ['a cycle through a Set', () => ((s: Set<unknown>) => s.add(s).add([s]))(new Set())],
  ['a cycle through a cause', () => ((e) => [Object.assign(e, { cause: { e } }), e])(new Error('a'))],
  ['a cycle through errors', () => ((e) => (e.errors.push(e, new Error('', { cause: e })), e))(new AggregateError([]))],
]

function twice(...objects: object[]): object {
  return objects.flatMap((object) => [object, { object }])
}

describe('structured keeps', () => {
  it.each([...PRIMITIVES, ...OBJECTS, ...BYTES, ...ERRORS, ...REFERENCES])('%s', (_, make) => {
    const value = make()
    expectCopy(value, value)
  })
})

class Point {
  x = 1
  #y = 2
  get y() {
    return this.#y
  }
  then() {}
}

class List extends Array {}

class Day extends Date {
  override valueOf() {
    return 7
  }
  override toISOString() {
    return 'today'
  }
}

class Table extends Map<number, number> {
  override get size() {
    return 0
  }
  override [Symbol.iterator](): never {
    throw new Error('not iterable')
  }
}

class Bag extends Set<number> {
  override values(): never {
    throw new Error('not iterable')
  }
}

const getting = {
  get now() {
    return [1]
  },
}
const hiding = Object.defineProperty({ a: 1 }, 'b', { value: 2 })

function argumentsOf(..._: number[]): IArguments {
  return arguments
}

function quiet<T extends object>(error: Error, properties: T): Error & T {
  return Object.assign(error, { stack: 'at' }, properties)
}

const FOREIGN = '[{ a: [1] }, new Map([[1, 2]]), new Set([1]), /x/g, new Date(1), new Uint8Array([1])]'

const PLAINER: [what: string, make: () => unknown, expected: () => unknown][] = [
  ['instances of classes: plain objects', () => new Point(), () => ({ x: 1 })],
  ['getters: what they return', () => getting, () => ({ now: [1] })],
  ['symbols as keys: left out', () => ({ [Symbol.iterator]: 1, a: 2 }), () => ({ a: 2 })],
  ['properties that are not enumerable: left out', () => hiding, () => ({ a: 1 })],
  ['inherited properties: left out', () => Object.create({ a: 1 }), () => ({})],
  ['properties of arrays that are no elements: left out', () => Object.assign([1], { x: 1 }), () => [1]],
  ['properties of Maps and Dates: left out', () => Object.assign(new Map(), { x: 1 }), () => new Map()],
  ['properties of errors: left out', () => quiet(new Error(), { code: 1 }), () => quiet(new Error(), {})],
  ['frozen objects: not frozen', () => Object.freeze({ a: 1 }), () => ({ a: 1 })],
  ['arguments: a plain object', () => argumentsOf(1, 2), () => ({ 0: 1, 1: 2 })],
  ['subclasses of Array and Date', () => [new List(), new Day(5)], () => [[], new Date(5)]],
  ['subclasses of Map and Set', () => [new Table([[1, 2]]), new Bag([1])], () => [new Map([[1, 2]]), new Set([1])]],
  ['the place in a RegExp: its start', () => Object.assign(/a/g, { lastIndex: 3 }), () => /a/g],
  ['a Buffer: a Uint8Array', () => [Buffer.from('a'), Buffer.alloc(9)], () => [Uint8Array.of(97), new Uint8Array(9)]],
  ['a view of shared memory', () => new Uint8Array(new SharedArrayBuffer(1)), () => new Uint8Array(1)],
  ['views of parts of one buffer', () => halves(bytesOf(1, 2)), () => [new Uint8Array([1]), new Uint8Array([2])]],
  ['a Proxy of an object: a plain object', () => new Proxy({ a: 1 }, {}), () => ({ a: 1 })],
  ['plain objects that name themselves', () => ({ [Symbol.toStringTag]: 'Map', a: 1 }), () => ({ a: 1 })],
  ['objects of another realm: of this one', () => runInNewContext(FOREIGN), () => evaluate(FOREIGN)],
]

function halves(buffer: ArrayBuffer): Uint8Array[] {
  return [new Uint8Array(buffer, 0, 1), new Uint8Array(buffer, 1)]
}

function evaluate(code: string): unknown {
  return new Function(`return ${code}`)()
}

describe('structured makes plainer', () => {
  it.each(PLAINER)('%s', (_, make, expected) => {
    expectCopy(make(), expected())
  })

  it('errors of a class of its own: the nearest standard class, with the name', () => {
    class LimitError extends RangeError {
      override name = 'LimitError'
    }
    const result = copy(new LimitError('too far'))
    expect(Object.getPrototypeOf(result)).toBe(RangeError.prototype)
    expect(String(result)).toBe('LimitError: too far')
  })

  it('errors of another realm, and DOMExceptions', () => {
    const [foreign, dom] = copy([runInNewContext('new TypeError("a")'), new DOMException('b', 'AbortError')])
    expect(foreign).toBeInstanceOf(TypeError)
    expect(Object.getPrototypeOf(dom)).toBe(Error.prototype)
    expect(`${foreign}, ${dom}`).toBe('TypeError: a, AbortError: b')
  })
})
