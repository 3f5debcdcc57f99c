// Options that are refused, row by row, for maps, sets and heaps: by which error and in which words.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, SharedSet } from 'tophash'
import { expectError, thrownBy } from '../support/errors.js'
import { LEAST_BYTES } from '../support/memory.js'

const make = {
  SharedMap: (options: unknown) => new SharedMap(null, options as never),
  SharedSet: (options: unknown) => new SharedSet(null, options as never),
  SharedHeap: (options: unknown) => new SharedHeap(options as never),
  'heap.map': (options: unknown) => heap().map('name', options as never),
  'heap.set': (options: unknown) => heap().set('name', options as never),
} as const

type Maker = keyof typeof make

const ALL: readonly Maker[] = ['SharedMap', 'SharedSet', 'SharedHeap', 'heap.map', 'heap.set']
const TABLES: readonly Maker[] = ['SharedMap', 'SharedSet', 'heap.map', 'heap.set']
const MAPS: readonly Maker[] = ['SharedMap', 'heap.map']
const OWN: readonly Maker[] = ['SharedMap', 'SharedSet', 'SharedHeap']

describe('options', () => {
  it.each([
    ['null', null, 'got null'],
    ['a string', 'string', 'got the string "string"'],
    ['a number', 1, 'got the number 1'],
    ['a function', () => {}, 'got a function'],
  ])('cannot be %s', (_, options, got) => {
    for (const maker of ALL) expectNone(maker, options, got)
  })

  it('can be left out', () => {
    expect([new SharedMap().size, new SharedSet().size, new SharedMap(null).size, new SharedSet([1, 1]).size]).toEqual([
      0, 0, 0, 1,
    ])
    expect([...new SharedHeap().names()]).toEqual([])
  })

  it('can be undefined where they have a default', () => {
    const options = {
      key: undefined,
      value: undefined,
      capacity: undefined,
      maxBytes: undefined,
      heap: undefined,
      name: undefined,
      codec: undefined,
    }
    expect(new SharedMap([[1, 'x']], options as never).get(1 as never)).toBe('x')
    const { key, codec, ...ofSets } = options
    void [key, codec]
    expect(new SharedSet([1, 'x'], ofSets as never).size).toBe(2)
    expect([...new SharedHeap({ maxBytes: undefined, initialBytes: undefined }).names()]).toEqual([])
  })
})

/** One row: where, the option, its value, and what the message says. */
const ROWS: readonly (readonly [makers: readonly Maker[], option: string, value: unknown, message: string])[] = [
  [MAPS, 'key', 'String', 'got the string "String"'],
  [MAPS, 'key', null, 'got null'],
  [MAPS, 'key', String, 'got a function (String)'],
  [MAPS, 'key', ['number'], 'got an object ([object Array])'],
  [MAPS, 'key', 'toString', 'got the string "toString"'],
  [MAPS, 'key', '__proto__', 'got the string "__proto__"'],
  [MAPS, 'key', 'none', 'got the string "none"'],
  [TABLES, 'value', 'object', 'got the string "object"'],
  [TABLES, 'value', 'none', 'got the string "none"'],
  [TABLES, 'value', 5, 'got the number 5'],
  [['SharedSet', 'heap.set'], 'key', 'string', 'There is no option "key"'],
  [TABLES, 'capacity', -1, 'capacity must be a whole number of entries from 0 to '],
  [TABLES, 'capacity', 1.5, 'got the number 1.5'],
  [TABLES, 'capacity', NaN, 'got the number NaN'],
  [TABLES, 'capacity', Infinity, 'got the number Infinity'],
  [TABLES, 'capacity', 2 ** 31, 'got the number 2147483648'],
  [TABLES, 'capacity', '10', 'got the string "10"'],
  [TABLES, 'capacity', 10n, 'got the bigint 10'],
  [TABLES, 'capacity', null, 'got null'],
  [OWN, 'maxBytes', 0, `maxBytes must be a whole number of bytes from ${LEAST_BYTES} to 4294967296; got the number 0.`],
  [OWN, 'maxBytes', LEAST_BYTES - 1, `got the number ${LEAST_BYTES - 1}`],
  [OWN, 'maxBytes', 2 ** 32 + 1, 'got the number 4294967297'],
  [OWN, 'maxBytes', '1e6', 'got the string "1e6"'],
  [OWN, 'maxBytes', NaN, 'got the number NaN'],
  [['SharedHeap'], 'initialBytes', -1, 'got the number -1'],
  [['SharedHeap'], 'initialBytes', '1', 'got the string "1"'],
  [['SharedHeap'], 'initialBytes', 2 ** 32 + 1, 'got the number 4294967297'],
  [['SharedHeap'], 'capacity', 10, 'There is no option "capacity"'],
  [['heap.map', 'heap.set'], 'maxBytes', 1 << 20, 'maxBytes'],
  [['SharedMap', 'SharedSet'], 'heap', {}, 'got an object ([object Object])'],
  [['SharedMap', 'SharedSet'], 'heap', null, 'got null'],
  [['SharedMap', 'SharedSet'], 'heap', new SharedHeap().handle, 'SharedHeap'],
  [['SharedMap', 'SharedSet'], 'name', 'lonely', 'heap'],
  [MAPS, 'codec', {}, 'codec'],
  [MAPS, 'codec', 'json', 'codec'],
  [MAPS, 'codec', { name: 'json', encode: 1, decode: () => 1 }, 'codec'],
  [MAPS, 'codec', { encode: () => new Uint8Array(), decode: () => 1 }, 'codec'],
  [TABLES, 'Capacity', 10, 'There is no option "Capacity"'],
  [ALL, 'maxbytes', 10, 'There is no option "maxbytes"'],
  [ALL, '__proto__x', undefined, 'There is no option "__proto__x"'],
]

describe.each(ROWS)('of %s, %s', (makers, option, value, message) => {
  it(`cannot be what it is given here (${message})`, () => {
    for (const maker of makers) expectNone(maker, { [option]: value }, message)
  })
})

describe('a name', () => {
  it.each([1, null, {}, Symbol('x')])('cannot be %o', (name) => {
    const shared = heap()
    expectError(
      thrownBy(() => new SharedMap(null, { heap: shared, name } as never)),
      'ERR_OPTIONS',
      'name',
    )
    expectError(
      thrownBy(() => shared.map(name as never)),
      'ERR_OPTIONS',
      'name',
    )
    expectError(
      thrownBy(() => shared.set(name as never)),
      'ERR_OPTIONS',
      'name',
    )
    expect([...shared.names()]).toEqual([])
    shared.check()
  })

  it('cannot go with options that contradict each other', () => {
    const shared = heap()
    expectError(
      thrownBy(() => new SharedMap(null, { heap: shared, maxBytes: 1 << 20 } as never)),
      'ERR_OPTIONS',
      'maxBytes',
    )
    expect([...shared.names()]).toEqual([])
  })

  it('opens what was made with it, and nothing of other kinds', () => {
    const shared = heap()
    const made = shared.map('scores', { key: 'string', value: 'number' }).set('ann', 1)
    for (const [action, said] of [
      [() => shared.map('scores', { key: 'number', value: 'number' }), 'key'],
      [() => shared.map('scores', { key: 'string', value: 'string' }), 'value'],
      [() => shared.map('scores'), 'any'],
      [() => shared.set('scores', { value: 'string' }), 'map'],
      [() => new SharedMap(null, { heap: shared, name: 'scores', key: 'bytes', value: 'number' }), 'bytes'],
      [() => new SharedSet(null, { heap: shared, name: 'scores' }), 'map'],
    ] as const) {
      const error = thrownBy(action as () => unknown)
      expectError(error, 'ERR_OPTIONS', said)
      expectError(error, 'ERR_OPTIONS', 'scores')
      expect([...made]).toEqual([['ann', 1]])
      shared.check()
    }
  })
})

describe('arguments that count', () => {
  const map = (): SharedMap<any, any> =>
    new SharedMap(
      [
        [1, 1],
        [2, 4],
      ] as never,
      { key: 'number', value: 'number' },
    ) as SharedMap<any, any>

  it.each([undefined, null, -1, 0.5, NaN, Infinity, '10', 10n, 2 ** 31])('reserve does not take %o', (entries) => {
    expectRefused(map(), (one) => one.reserve(entries as number), 'reserve(n): n must be a whole number of entries from 0 to ')
  })

  it.each([null, -1, 0.5, NaN, '0', 0n, 2 ** 32])('scan does not take %o for a cursor', (cursor) => {
    expectRefused(map(), (one) => one.scan(cursor as number), 'cursor')
  })

  it.each([null, 0, -1, 0.5, NaN, '1', 1n, Infinity])('scan does not take %o for a limit', (limit) => {
    expectRefused(map(), (one) => one.scan(0, limit as number), 'limit')
  })

  it.each([
    [2, 2],
    [-1, 2],
    [0, 0],
    [0.5, 2],
    ['0', 2],
    [0, '2'],
    [0, -1],
    [0, 1.5],
    [0, NaN],
    [NaN, 2],
    [undefined, undefined],
    [0, undefined],
    [0n, 2n],
  ])('partition does not take %o of %o', (part, parts) => {
    expectRefused(map(), (one) => one.partition(part as number, parts as number), 'partition')
  })
})

describe('a capacity that memory cannot hold', () => {
  it('makes no map', () => {
    for (const options of [
      { capacity: 1_000_000, maxBytes: 1 << 20 },
      { capacity: 100_000_000, maxBytes: 1 << 30 },
    ]) {
      expectError(
        thrownBy(() => new SharedMap(null, options)),
        'ERR_OUT_OF_MEMORY',
        `it may have ${options.maxBytes} bytes`,
      )
    }
  })

  it('makes no map in a heap, whose memory it gives back', () => {
    const shared = heap()
    shared.map('there').set('a', 1)
    const { heapBytes } = shared.stats() as unknown as { heapBytes: number }
    for (let n = 0; n < 100; n++) {
      expectError(
        thrownBy(() => shared.map('large', { capacity: 1_000_000 })),
        'ERR_OUT_OF_MEMORY',
        'it may have',
      )
      shared.check()
    }
    expect([...shared.names()]).toEqual(['there'])
    expect((shared.stats() as unknown as { heapBytes: number }).heapBytes).toBeLessThanOrEqual(heapBytes + 65_536)
  })
})

function heap(): SharedHeap {
  return new SharedHeap({ maxBytes: 1 << 20 })
}

/** Expects that nothing can be made with these options. */
function expectNone(maker: Maker, options: unknown, message: string): void {
  expectError(
    thrownBy(() => make[maker](options)),
    'ERR_OPTIONS',
    message,
  )
}

function expectRefused(map: SharedMap<any, any>, action: (map: SharedMap<any, any>) => unknown, message: string): void {
  expectError(
    thrownBy(() => action(map)),
    'ERR_OPTIONS',
    message,
  )
  expect(new Map(map)).toEqual(
    new Map([
      [1, 1],
      [2, 4],
    ]),
  )
  map.check()
  map.dispose()
}
