// What is refused, row by row: by which error, and that the map is then as it was.
import { describe, expect, it } from 'vitest'
import { SharedMap, TophashError, type TophashErrorCode } from 'tophash'
import { expectError, thrownBy } from '../support/errors.js'

type Numbers = SharedMap<number, number>
type Texts = SharedMap<string, string>

/** Values of every type that JavaScript has, and how messages name them. */
const VALUES: readonly (readonly [named: string, value: unknown])[] = [
  ['the number 1', 1],
  ['the string "1"', '1'],
  [`the string "${'x'.repeat(40)}…"`, 'x'.repeat(100_000)],
  ['the bigint 1', 1n],
  ['the boolean true', true],
  ['null', null],
  ['undefined', undefined],
  ['a symbol', Symbol('secret')],
  ['a function (named)', function named() {}],
  ['a function', () => {}],
  ['an object ([object Object])', {}],
  ['an object ([object Object])', Object.create(null)],
  ['an object ([object Array])', [1]],
  ['an object ([object Date])', new Date(0)],
  ['an object ([object Number])', Object(1)],
  ['an object ([object String])', Object('1')],
]
const NO_NUMBERS = VALUES.filter(([, value]) => typeof value !== 'number')
const NO_STRINGS = VALUES.filter(([, value]) => typeof value !== 'string')

describe('a map of numbers', () => {
  it.each(NO_NUMBERS)('does not take %s for a key', (named, key) => {
    for (const method of [
      (map: Numbers) => map.get(key as number),
      (map: Numbers) => map.has(key as number),
      (map: Numbers) => map.set(key as number, 1),
      (map: Numbers) => map.delete(key as number),
      (map: Numbers) => map.increment(key as number),
    ]) expectRefusal(numbers(), method, 'ERR_KEY_TYPE', `The keys of this map are numbers; got ${named}.`)
  })

  it.each(NO_NUMBERS)('does not take %s for a value', (named, value) => {
    for (const key of [1, 99]) {
      const message = `The values of this map are numbers; got ${named}.`
      expectRefusal(numbers(), (map) => map.set(key, value as number), 'ERR_VALUE_TYPE', message)
      if (value !== undefined) expectRefusal(numbers(), (map) => map.increment(key, value as number), 'ERR_VALUE_TYPE', message)
    }
  })
})

describe('a map of strings', () => {
  it.each(NO_STRINGS)('does not take %s for a key', (named, key) => {
    for (const method of [
      (map: Texts) => map.get(key as string),
      (map: Texts) => map.has(key as string),
      (map: Texts) => map.set(key as string, 'x'),
      (map: Texts) => map.set(key as string, 'x'.repeat(30_000)),
      (map: Texts) => map.delete(key as string),
    ]) expectRefusal(texts(), method, 'ERR_KEY_TYPE', `The keys of this map are strings; got ${named}.`)
  })

  it.each(NO_STRINGS)('does not take %s for a value', (named, value) => {
    for (const key of ['ann', 'new', 'x'.repeat(10_000)]) {
      const message = `The values of this map are strings; got ${named}.`
      expectRefusal(texts(), (map) => map.set(key, value as string), 'ERR_VALUE_TYPE', message)
    }
  })

  it('cannot be incremented', () => {
    const increment = (map: Texts): unknown => (map as unknown as SharedMap<string, number>).increment('ann')
    expectRefusal(texts(), increment, 'ERR_VALUE_TYPE', "increment needs a map whose values are numbers; these are of kind 'string'.")
  })
})

describe('the options', () => {
  it.each([
    ['nothing', undefined, 'got undefined'],
    ['null', null, 'got null'],
    ['a string', 'string', 'got the string "string"'],
    ['a function', () => {}, 'got a function'],
  ])('cannot be %s', (_, options, got) => {
    expectNone(options, `The second argument of SharedMap must be options that declare the kinds`)
    expectNone(options, got)
  })

  it.each([
    [{}, "The option key must be 'number' or 'string'; got undefined."],
    [{ key: 'string' }, "The option value must be 'number' or 'string'; got undefined."],
    [{ value: 'string' }, "The option key must be 'number' or 'string'; got undefined."],
    [{ key: 'any', value: 'string' }, 'The option key must be \'number\' or \'string\'; got the string "any".'],
    [{ key: 'String', value: 'string' }, 'got the string "String"'],
    [{ key: String, value: 'string' }, 'got a function (String)'],
    [{ key: 'string', value: 'bytes' }, 'The option value must be \'number\' or \'string\'; got the string "bytes".'],
    [{ key: 'toString', value: 'string' }, 'got the string "toString"'],
    [{ key: 'string', value: ['number'] }, 'got an object ([object Array])'],
    [[], 'The option key must be'],
  ])('%o lack a kind', (options, message) => {
    expectNone(options, message)
  })

  it.each([
    ['capacity', -1, 'capacity must be a whole number of entries from 0 to 109051904; got the number -1.'],
    ['capacity', 1.5, 'got the number 1.5'],
    ['capacity', NaN, 'got the number NaN'],
    ['capacity', Infinity, 'got the number Infinity'],
    ['capacity', 109_051_905, 'got the number 109051905'],
    ['capacity', '10', 'got the string "10"'],
    ['capacity', 10n, 'got the bigint 10'],
    ['capacity', null, 'got null'],
    ['maxBytes', 0, 'maxBytes must be a whole number of bytes from 327680 to 4294967296; got the number 0.'],
    ['maxBytes', 327_679, 'got the number 327679'],
    ['maxBytes', 2 ** 32 + 1, 'got the number 4294967297'],
    ['maxBytes', '1e6', 'got the string "1e6"'],
    ['maxBytes', NaN, 'got the number NaN'],
    ['Capacity', 10, 'There is no option "Capacity"; there are key, value, capacity, maxBytes.'],
    ['heap', {}, 'There is no option "heap"'],
    ['__proto__x', undefined, 'There is no option "__proto__x"'],
  ])('cannot have %s: %o', (name, value, message) => {
    expectNone({ key: 'string', value: 'number', [name]: value }, message)
  })

  it('can have undefined where they have a default', () => {
    const options = { key: 'string', value: 'number', capacity: undefined, maxBytes: undefined } as const
    expect(new SharedMap(null, options).size).toBe(0)
  })
})

describe('reserve', () => {
  it.each([undefined, null, -1, 0.5, NaN, Infinity, '10', 10n, 109_051_905])('does not take %o', (entries) => {
    const message = 'reserve(n): n must be a whole number of entries from 0 to 109051904; got '
    expectRefusal(numbers(), (map) => map.reserve(entries as number), 'ERR_OPTIONS', message)
  })
})

describe('a capacity that memory cannot hold', () => {
  it('makes no map', () => {
    const make = (): unknown => new SharedMap(null, { key: 'number', value: 'number', capacity: 1_000_000, maxBytes: 1 << 20 })
    expectError(thrownBy(make), 'ERR_OUT_OF_MEMORY', 'it may have 1048576 bytes')
  })
})

describe('TophashError', () => {
  it('is what a program can make and recognise', () => {
    const error = new TophashError('ERR_OPTIONS', 'Message.')
    expect([error.name, error.code, error.message, String(error)]).toEqual(['TophashError', 'ERR_OPTIONS', 'Message.', 'TophashError: Message.'])
    expect([error instanceof TophashError, error instanceof Error, error instanceof TypeError]).toEqual([true, true, false])
    expect(error.stack).toContain('errors.test')
  })

  it.each([new Error('ERR_OPTIONS'), new TypeError(), { code: 'ERR_OPTIONS' }, null, undefined, 'ERR_OPTIONS'])('is not %o', (value) => {
    expect((value as unknown) instanceof TophashError).toBe(false)
  })
})

describe('a value that resists being named', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const tagged = { get [Symbol.toStringTag]() { throw new Error('not for you') } }
  const named = Object.defineProperty(() => {}, 'name', { value: Symbol('name') })

  it.each([
    ['a revoked proxy', { key: proxy }],
    ['an object with a tag that throws', { key: tagged }],
    ['a function with a name that is no string', { key: named }],
  ])('is refused by the same error: %s', (_, { key }) => {
    expectRefusal(numbers(), (map) => map.get(key as unknown as number), 'ERR_KEY_TYPE', 'The keys of this map are numbers')
  })
})

/** Expects an action to fail so, and the map to have the entries that it had. */
function expectRefusal<K extends number | string, V extends number | string>(
  map: SharedMap<K, V>,
  action: (map: SharedMap<K, V>) => unknown,
  code: TophashErrorCode,
  message: string,
): void {
  const before = [...map]
  const { heapBytes } = map.stats()
  expectError(thrownBy(() => action(map)), code, message)
  expect([...map]).toEqual(before)
  expect(map.size).toBe(before.length)
  expect(map.stats().heapBytes - heapBytes).toBeLessThanOrEqual(65_536) // at most a page that is kept for next time
  map.check()
  map.dispose()
}

/** Expects that no map can be made with these options. */
function expectNone(options: unknown, message: string): void {
  expectError(thrownBy(() => new SharedMap(null, options as never)), 'ERR_OPTIONS', message)
}

function numbers() {
  return new SharedMap([[1, 1], [2, 4], [3, 9]], { key: 'number', value: 'number', maxBytes: 1 << 20 })
}

function texts() {
  return new SharedMap([['ann', 'Ann'], ['bob', 'Bob'], ['x'.repeat(5000), 'Long']], { key: 'string', value: 'string', maxBytes: 1 << 20 })
}
