// Keys and values that are refused, row by row, for each kind and each operation: by which error, in which words, and
// that the map is then as it was.
import { describe, expect, it } from 'vitest'
import { type Kind, TophashError, type TophashErrorCode } from 'tophash'
import { expectError, thrownBy } from '../support/errors.js'
import { type Kinds, type TestMap, newMap } from '../support/untyped.js'
import { numbered, same } from '../support/values.js'
import { some } from '../support/size.js'
import { byKey } from '../model/operations.js'

/** Values of every type that JavaScript has, how messages name them, and the kinds of keys that take them. */
const VALUES: readonly (readonly [named: string, value: unknown, kinds: readonly Kind[]])[] = [
  ['the number 1', 1, ['number', 'any']],
  ['the number NaN', NaN, ['number', 'any']],
  ['the string "1"', '1', ['string', 'any']],
  ['the string ""', '', ['string', 'any']],
  [`the string "${'x'.repeat(40)}…"`, 'x'.repeat(100_000), ['string', 'any']],
  ['the bigint 1', 1n, ['bigint', 'any']],
  ['the bigint 9223372036854775808', 2n ** 63n, ['any']],
  ['the bigint -9223372036854775809', -(2n ** 63n) - 1n, ['any']],
  ['a bigint of more than 128 bits', 2n ** 5000n, ['any']],
  ['the boolean true', true, ['any']],
  ['null', null, ['any']],
  ['undefined', undefined, ['any']],
  ['an object ([object Uint8Array])', new Uint8Array([1]), ['bytes', 'any']],
  ['an object ([object Uint8Array])', Buffer.from('1'), ['bytes', 'any']],
  ['an object ([object Uint8Array])', new Uint8Array(new SharedArrayBuffer(2)), ['bytes', 'any']],
  ['an object ([object Uint16Array])', new Uint16Array([1]), []],
  ['an object ([object Uint8ClampedArray])', new Uint8ClampedArray([1]), []],
  ['an object ([object ArrayBuffer])', new ArrayBuffer(1), []],
  ['an object ([object DataView])', new DataView(new ArrayBuffer(1)), []],
  ['a symbol', Symbol('secret'), []],
  ['a function (named)', function named() {}, []],
  ['a function', () => {}, []],
  ['an object ([object Object])', {}, []],
  ['an object ([object Object])', Object.create(null), []],
  ['an object ([object Object])', Object.create(Uint8Array.prototype), []],
  ['an object ([object Array])', [1], []],
  ['an object ([object Date])', new Date(0), []],
  ['an object ([object Number])', Object(1), []],
  ['an object ([object String])', Object('1'), []],
  ['an object ([object BigInt])', Object(1n), []],
]

/** What no map takes for a value, in an object or alone. */
const NO_VALUES: readonly (readonly [named: string, value: unknown])[] = [
  ['a symbol', Symbol('secret')],
  ['a function', () => {}],
  ['a function', class {}],
  ['WeakMap', new WeakMap()],
  ['WeakSet', new WeakSet()],
  ['WeakRef', new WeakRef({})],
  ['Promise', Promise.resolve(1)],
]

/** How messages say what was expected. */
const EXPECTED: Readonly<Record<Kind, string>> = {
  any: 'string',
  number: 'numbers',
  bigint: 'bigints of 64 bits',
  string: 'strings',
  bytes: 'Uint8Array',
}

const KINDS = Object.keys(EXPECTED) as Kind[]
const NEVER = (): never => {
  throw new Error('must not be called')
}

type Action = (map: TestMap, key: unknown, value: unknown) => unknown

/** Every operation that takes a key. The many-at-once calls get it in the middle of good ones. */
const BY_KEY: readonly (readonly [name: string, action: Action])[] = [
  ['get', (map, key) => map.get(key)],
  ['has', (map, key) => map.has(key)],
  ['set', (map, key, value) => map.set(key, value)],
  ['delete', (map, key) => map.delete(key)],
  ['take', (map, key) => map.take(key)],
  ['exchange', (map, key, value) => map.exchange(key, value)],
  ['getOrInsert', (map, key, value) => map.getOrInsert(key, value)],
  ['getOrInsertComputed', (map, key) => map.getOrInsertComputed(key, NEVER)],
  ['compareAndSet', (map, key, value) => map.compareAndSet(key, value, value)],
  ['compareAndDelete', (map, key, value) => map.compareAndDelete(key, value)],
  ['wait', (map, key, value) => map.wait(key, value, { timeout: 0 })],
  ['update', (map, key) => map.update(key, NEVER)],
  ['getMany', (map, key) => map.getMany([keyOf(map, 1), key, keyOf(map, 2)])],
  [
    'setMany',
    (map, key, value) =>
      map.setMany([
        [keyOf(map, 1), value],
        [key, value],
        [keyOf(map, 99), value],
      ]),
  ],
  [
    'getOrInsertMany',
    (map, key, value) =>
      map.getOrInsertMany([
        [keyOf(map, 99), value],
        [key, value],
      ]),
  ],
  ['deleteMany', (map, key) => map.deleteMany([keyOf(map, 1), key, keyOf(map, 2)])],
]

/** Every operation that takes a value, or gets one from a callback. */
const BY_VALUE: readonly (readonly [name: string, action: Action])[] = [
  ['set', (map, key, value) => map.set(key, value)],
  ['exchange', (map, key, value) => map.exchange(key, value)],
  ['getOrInsert', (map, key, value) => map.getOrInsert(key, value)],
  ['getOrInsertComputed', (map, _, value) => map.getOrInsertComputed(keyOf(map, 99), () => value)],
  ['compareAndSet', (map, key, value) => map.compareAndSet(key, map.get(keyOf(map, 1)), value)],
  ['update', (map, key, value) => map.update(key, () => value)],
  [
    'setMany',
    (map, key, value) =>
      map.setMany([
        [keyOf(map, 2), map.get(keyOf(map, 1))],
        [key, value],
      ]),
  ],
  [
    'getOrInsertMany',
    (map, key, value) =>
      map.getOrInsertMany([
        [keyOf(map, 99), map.get(keyOf(map, 1))],
        [key, value],
      ]),
  ],
]

describe.each(some(KINDS, 3))('a map whose keys are of kind %s', (kind) => {
  const wrong = VALUES.filter(([, , kinds]) => !kinds.includes(kind))

  it.each(BY_KEY)('is left as it was by %s of every wrong key', (_, action) => {
    for (const valueKind of ['number', 'any'] as const) {
      const map = filled([kind, valueKind])
      for (const [named, key] of wrong) {
        const error = expectRefusal(map, () => action(map, key, numbered(valueKind, 7)), 'ERR_KEY_TYPE', `got ${named}`)
        expect(error.message).toContain(EXPECTED[kind])
      }
      map.dispose()
    }
  })
})

describe.each(some(KINDS, 3))('a map whose values are of kind %s', (kind) => {
  const wrong = kind === 'any' ? NO_VALUES : [...NO_VALUES, ...VALUES.filter(([, , kinds]) => !kinds.includes(kind))]

  it.each(BY_VALUE)('is left as it was by %s of every wrong value', (_, action) => {
    for (const keyKind of ['number', 'string', 'any'] as const) {
      const map = filled([keyKind, kind])
      for (const [named, value] of wrong) {
        for (const key of [keyOf(map, 1), keyOf(map, 99)]) {
          const error = expectRefusal(map, () => action(map, key, value), 'ERR_VALUE_TYPE', named)
          if (kind !== 'any') expect(error.message).toContain(EXPECTED[kind])
        }
      }
      map.dispose()
    }
  })
})

describe('an object that cannot be copied', () => {
  const cannot = NO_VALUES.flatMap(([named, value]): [string, unknown][] => [
    [`${named} in an object`, { good: 1, bad: value }],
    [`${named} in an array`, [1, [value]]],
    [`${named} in a Map`, new Map([[1, { value }]])],
    [`${named} in a Set`, new Set([value])],
  ])

  it.each(cannot)('is no value: %s', (_, value) => {
    const map = filled(['string', 'any'])
    for (const [, action] of BY_VALUE) expectRefusal(map, () => action(map, 'key 1', value), 'ERR_VALUE_TYPE', '')
    map.dispose()
  })

  it('is no value if it throws when it is read, and the error says why', () => {
    const map = filled(['string', 'any'])
    const value = {
      get bad() {
        throw new RangeError('not for you')
      },
    }
    const error = thrownBy(() => map.set('key 1', value))
    expect([error, (error as Error).cause].some((one) => one instanceof RangeError && one.message === 'not for you')).toBe(true)
    expectWhole(map, ['string', 'any'])
  })
})

describe('increment', () => {
  it.each<readonly [Kind, unknown, string]>([
    ['number', 1n, 'the bigint 1'],
    ['number', '1', 'the string "1"'],
    ['number', null, 'null'],
    ['number', {}, 'an object ([object Object])'],
    ['bigint', 1, 'the number 1'],
    ['bigint', '1', 'the string "1"'],
    ['bigint', 2n ** 63n, 'the bigint 9223372036854775808'],
    ['any', '1', 'the string "1"'],
    ['any', null, 'null'],
    ['any', true, 'the boolean true'],
    ['any', {}, 'an object ([object Object])'],
  ])('of values of kind %s does not take %o', (kind, by, named) => {
    const map = filled(['string', kind])
    for (const key of ['key 1', 'absent']) expectRefusal(map, () => map.increment(key, by), 'ERR_VALUE_TYPE', named)
    map.dispose()
  })

  it.each(['string', 'bytes'] as const)('cannot be done to values of kind %s', (kind) => {
    const map = filled(['string', kind])
    for (const key of ['key 1', 'absent']) {
      const error = expectRefusal(map, () => map.increment(key), 'ERR_VALUE_TYPE', 'increment')
      expect(error.message).toContain(`'${kind}'`)
    }
    map.dispose()
  })

  it('of a value of another sort than what is added leaves it as it is', () => {
    const map = newMap(['string', 'any'])
    const values = {
      text: 'x',
      nothing: null,
      undef: undefined,
      truth: true,
      list: [1],
      bytes: new Uint8Array(1),
      big: 1n,
      number: 1,
    }
    for (const [key, value] of Object.entries(values)) map.set(key, value)
    for (const [key, value] of Object.entries(values)) {
      if (typeof value !== 'number') expectSame(map, () => map.increment(key), 'ERR_VALUE_TYPE', '')
      if (typeof value !== 'bigint') expectSame(map, () => map.increment(key, 1n), 'ERR_VALUE_TYPE', '')
    }
    map.dispose()
  })

  it.each([
    [2n ** 63n - 1n, 1n],
    [-(2n ** 63n), -1n],
    [2n ** 62n, 2n ** 62n],
    [-1n, -(2n ** 63n)],
  ])('of the 64-bit number %d by %d overflows, and leaves it as it is', (value, by) => {
    const map = newMap(['string', 'bigint']).set('a', value)
    expectSame(map, () => map.increment('a', by), 'ERR_VALUE_TYPE', '64')
    same('one less is no overflow', map.increment('a', by < 0n ? by + 1n : by - 1n), value + (by < 0n ? by + 1n : by - 1n))
    map.dispose()
  })
})

describe('what is to be called back, or iterated over, but cannot be', () => {
  const BAD: readonly unknown[] = [undefined, null, 1, 'x', {}, Symbol.iterator]
  it.each<readonly [string, (map: TestMap, bad: any) => unknown, TophashErrorCode, string]>([
    ['forEach', (map, bad) => map.forEach(bad), 'ERR_OPTIONS', 'function'],
    ['update', (map, bad) => map.update('key 1', bad), 'ERR_OPTIONS', 'function'],
    ['update of an absent key', (map, bad) => map.update('absent', bad), 'ERR_OPTIONS', 'function'],
    ['getOrInsertComputed of an absent key', (map, bad) => map.getOrInsertComputed('absent', bad), 'ERR_OPTIONS', 'function'],
    ['getOrInsertComputed', (map, bad) => map.getOrInsertComputed('key 1', bad), 'ERR_OPTIONS', 'function'],
    ['retain', (map, bad) => map.retain(bad), 'ERR_OPTIONS', 'function'],
  ])('is refused by %s', (_, action, code, fragment) => {
    const map = filled(['string', 'string'])
    for (const bad of BAD) expectRefusal(map, () => action(map, bad), code, fragment)
    map.dispose()
  })

  it.each<readonly [string, (map: TestMap, bad: any) => unknown]>([
    ['getMany', (map, bad) => map.getMany(bad)],
    ['setMany', (map, bad) => map.setMany(bad)],
    ['getOrInsertMany', (map, bad) => map.getOrInsertMany(bad)],
    ['deleteMany', (map, bad) => map.deleteMany(bad)],
  ])('is refused by %s', (_, action) => {
    const map = filled(['string', 'string'])
    for (const bad of [undefined, null, 1, {}, Symbol.iterator])
      expectRefusal(map, () => action(map, bad), 'ERR_OPTIONS', 'iterable')
    map.dispose()
  })

  it.each([1, 'ab', null, undefined, true])('is refused by setMany for a pair: %o', (pair) => {
    const map = filled(['string', 'string'])
    expectRefusal(map, () => map.setMany([['key 1', 'x'], pair]), 'ERR_OPTIONS', '[key, value] pairs')
    map.dispose()
  })
})

describe('Float64Arrays', () => {
  it.each<readonly [string, (map: TestMap) => unknown]>([
    ['setMany of arrays that are not of one length', (map) => map.setMany(new Float64Array(3), new Float64Array(2))],
    ['setMany without values', (map) => map.setMany(new Float64Array(3))],
    ['getOrInsertMany without values', (map) => map.getOrInsertMany(new Float64Array(3))],
    [
      'getOrInsertMany into too little',
      (map) => map.getOrInsertMany(new Float64Array(3), new Float64Array(3), new Float64Array(2)),
    ],
    ['getMany into too little', (map) => map.getMany(new Float64Array(3), new Float64Array(2))],
    ['getMany into something else', (map) => map.getMany(new Float64Array(3), [] as never)],
    ['setMany of something else', (map) => map.setMany(new Float64Array(3), [1, 2, 3] as never)],
  ])('are refused: %s', (_, action) => {
    const map = filled(['number', 'number'])
    expectRefusal(map, () => action(map), 'ERR_OPTIONS', 'Float64Array')
    map.dispose()
  })
})

describe('TophashError', () => {
  it('is what a program can make and recognise', () => {
    const error = new TophashError('ERR_OPTIONS', 'Message.')
    expect([error.name, error.code, error.message, String(error)]).toEqual([
      'TophashError',
      'ERR_OPTIONS',
      'Message.',
      'TophashError: Message.',
    ])
    expect([error instanceof TophashError, error instanceof Error, error instanceof TypeError]).toEqual([true, true, false])
    expect(error.stack).toContain('errors.test')
  })

  it.each([new Error('ERR_OPTIONS'), new TypeError(), { code: 'ERR_OPTIONS' }, null, undefined, 'ERR_OPTIONS'])(
    'is not %o',
    (value) => {
      expect((value as unknown) instanceof TophashError).toBe(false)
    },
  )
})

describe('a key that resists being named', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const tagged = {
    get [Symbol.toStringTag]() {
      throw new Error('not for you')
    },
  }
  const named = Object.defineProperty(() => {}, 'name', { value: Symbol('name') })

  it.each([
    ['a revoked proxy', { key: proxy }],
    ['an object with a tag that throws', { key: tagged }],
    ['a function with a name that is no string', { key: named }],
  ])('is refused by the same error: %s', (_, { key }) => {
    for (const kind of KINDS) {
      const map = filled([kind, 'string'])
      for (const [, action] of BY_KEY) expectRefusal(map, () => action(map, key, 'x'), 'ERR_KEY_TYPE', EXPECTED[kind])
      map.dispose()
    }
  })
})

/** Expects an action on a filled map to fail so, and the map to be as it was. */
function expectRefusal(map: TestMap, action: () => unknown, code: TophashErrorCode, fragment: string): TophashError {
  const { heapBytes } = map.stats()
  const error = expectSame(map, action, code, fragment)
  expect(map.stats().heapBytes - heapBytes).toBeLessThanOrEqual(65_536) // at most a page that is kept for next time
  return error
}

function expectSame(map: TestMap, action: () => unknown, code: TophashErrorCode, fragment: string): TophashError {
  const before = byKey(map)
  const error = thrownBy(action)
  expectError(error, code, fragment)
  same('entries', byKey(map), before)
  expect(map.size).toBe(before.length)
  map.check()
  return error as TophashError
}

const FILLED = 3

function filled(kinds: Kinds): TestMap {
  const map = newMap(kinds, { maxBytes: 1 << 20 })
  for (let n = 1; n <= FILLED; n++) map.set(numbered(kinds[0], n), numbered(kinds[1], n))
  return map
}

function expectWhole(map: TestMap, kinds: Kinds): void {
  const entries = Array.from(
    { length: FILLED },
    (_, n) => [numbered(kinds[0], n + 1), numbered(kinds[1], n + 1)] as [unknown, unknown],
  )
  same('entries', byKey(map), byKey(entries))
  map.check()
}

/** The n-th key of the map: one that is there for n up to 3. */
function keyOf(map: TestMap, n: number): unknown {
  return numbered(map.handle.key, n)
}
