// Errors as somebody reads them who has not seen the docs: what was given, what was expected, what to do; and that doing it
// helps.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, SharedSet, type TophashErrorCode } from 'tophash'
import { expectError, thrownBy } from '../support/errors.js'

type Case = readonly [
  what: string,
  wrong: () => unknown,
  code: TophashErrorCode,
  fragments: readonly string[],
  advice: () => unknown,
]

const anything = SharedMap as unknown as new (...given: unknown[]) => SharedMap
const any = (value: unknown): never => value as never

describe('what helps', () => {
  it.each<Case>([
    [
      'options in place of entries',
      () => new anything({ key: 'string' }),
      'ERR_OPTIONS',
      ['an iterable of [key, value] pairs, or null', "new SharedMap(null, { key: 'string' })"],
      () => new SharedMap(null, { key: 'string' }),
    ],
    [
      'the properties of an object',
      () => new anything({ ann: 1 }),
      'ERR_OPTIONS',
      ['Object.entries(object)'],
      () => new SharedMap(Object.entries({ ann: 1 })),
    ],
    [
      'options of a set',
      () => new SharedSet(any({ value: 'string' })),
      'ERR_OPTIONS',
      ["new SharedSet(null, { value: 'string' })"],
      () => new SharedSet(null, { value: 'string' }),
    ],
    [
      'a handle in place of entries',
      () => new anything(new SharedMap().handle),
      'ERR_OPTIONS',
      ['attach(handle)'],
      () => SharedMap.attach(new SharedMap().handle),
    ],
    [
      'entries that are no pairs',
      () => new anything('ab'),
      'ERR_OPTIONS',
      ['[key, value] pairs', 'the string "a"'],
      () => new SharedMap([['a', 'b']]),
    ],
    [
      'a heap that is none',
      () => new SharedMap(null, { heap: any(new SharedHeap().handle) }),
      'ERR_OPTIONS',
      ['must be a SharedHeap', 'SharedHeap.attach(handle)'],
      () => new SharedMap(null, { heap: SharedHeap.attach(new SharedHeap().handle) }),
    ],
    [
      'a name without a heap',
      () => new SharedMap(null, { name: 'x' }),
      'ERR_OPTIONS',
      ['the option heap'],
      () => new SharedMap(null, { name: 'x', heap: new SharedHeap() }),
    ],
    [
      'an option that is none',
      () => new anything(null, { keys: 'string' }),
      'ERR_OPTIONS',
      ['There is no option "keys"', 'key, value, capacity'],
      () => new SharedMap(null, { key: 'string' }),
    ],
    [
      'a number of keys in place of them',
      () => new SharedMap().getMany(any(5)),
      'ERR_OPTIONS',
      ['an iterable of keys, such as an array'],
      () => new SharedMap().getMany([5]),
    ],
    [
      'a class that attach has lost',
      () => Reflect.apply(SharedMap.attach, undefined, [new SharedMap().handle]),
      'ERR_OPTIONS',
      ['SharedMap.attach(handle)'],
      () => SharedMap.attach(new SharedMap().handle),
    ],
  ])('against %s', (_, wrong, code, fragments, advice) => {
    const error = thrownBy(wrong)
    for (const fragment of fragments) expectError(error, code, fragment)
    advice()
  })
})

describe('increment names the key and what it has', () => {
  const map = new SharedMap<any, any>([
    ['text', 'x'.repeat(1000)],
    ['big', 1n],
    ['number', 1],
    ['object', { a: 1 }],
  ])

  it.each([
    ['text', undefined, ['"text"', 'the string "xxxx', 'update(key, fn)'], () => map.update('text', () => 1)],
    ['big', undefined, ['"big"', 'the bigint 1', '1n'], () => map.increment('big', any(1n))],
    ['number', 1n, ['"number"', 'the number 1', 'Add a number, such as 1'], () => map.increment('number', 1)],
    ['object', 1n, ['"object"', 'an object', 'Set the key to a number first'], () => map.set('object', 1)],
  ] as const)('%s by %s', (key, by, fragments, advice) => {
    const error = thrownBy(() => map.increment(key, any(by)))
    for (const fragment of fragments) expectError(error, 'ERR_VALUE_TYPE', fragment)
    expect((error as Error).message.length).toBeLessThan(300)
    advice()
  })
})

describe('views whose bytes are gone', () => {
  const detached = <T extends Uint8Array | Float64Array>(view: T): T => {
    structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] })
    return view
  }
  const shrunk = (offset?: number): Uint8Array => {
    const buffer = new (
      ArrayBuffer as unknown as new (
        length: number,
        options: object,
      ) => ArrayBuffer & { resize(length: number): void }
    )(16, { maxByteLength: 32 })
    const view = new Uint8Array(buffer, 8, offset)
    buffer.resize(4)
    return view
  }
  const gone: [string, () => Uint8Array][] = [
    ['transferred', () => detached(new Uint8Array(8))],
    ['shrunk', () => shrunk(8)],
    ['shrunk, of no fixed length', () => shrunk()],
  ]

  it.each(gone)('are refused with a code, wherever they come: %s', (_, make) => {
    const bytes = new SharedMap<any, any>([[new Uint8Array(), 'empty']], { key: 'bytes' })
    const values = new SharedMap<any, any>([['a', 1]])
    for (const use of [
      (key: unknown) => bytes.get(key),
      (key: unknown) => bytes.set(key, 1),
      (key: unknown) => bytes.delete(key),
      (key: unknown) => bytes.getMany([key]),
      (key: unknown) => bytes.take(key),
    ]) {
      expectError(
        thrownBy(() => use(make())),
        'ERR_KEY_TYPE',
        'transferred to another thread, or has shrunk',
      )
    }
    for (const use of [
      (value: unknown) => values.set('a', value),
      (value: unknown) => values.update('a', () => value),
      (value: unknown) => values.exchange('a', value),
      (value: unknown) => values.set('a', { value }),
      (value: unknown) => new SharedSet().add(value),
      (value: unknown) => new SharedMap<any, any>(null, { value: 'bytes' }).set('a', value),
      (value: unknown) =>
        new SharedMap<any, any>([['a', {}]], { codec: { name: 'x', encode: () => value as Uint8Array, decode: (it) => it } }),
    ])
      expectError(
        thrownBy(() => use(make())),
        'ERR_VALUE_TYPE',
        'transferred to another thread, or has shrunk',
      )
    expect([bytes.get(new Uint8Array()), bytes.size, values.get('a')]).toEqual(['empty', 1, 1])
  })

  it('are refused as numbers of many at once', () => {
    const map = new SharedMap([[1, 1]], { key: 'number', value: 'number' })
    for (const use of [
      () => map.getMany(detached(new Float64Array(3))),
      () => map.setMany(detached(new Float64Array(3)), new Float64Array()),
    ]) {
      expectError(thrownBy(use), 'ERR_OPTIONS', 'transferred to another thread, or has shrunk')
    }
    expectError(
      thrownBy(() => map.getMany(new Float64Array([1]), detached(new Float64Array(3)))),
      'ERR_OPTIONS',
      'at least 1 numbers; got one of 0',
    )
    expect([...map]).toEqual([[1, 1]])
  })
})

describe('properties of their own that lie', () => {
  const LIES = {
    length: 99,
    byteLength: 77,
    byteOffset: 5,
    buffer: new ArrayBuffer(2),
    resizable: true,
    growable: true,
    [Symbol.toStringTag]: 'Map',
  }
  const lying = <T extends object>(object: T): T =>
    Object.defineProperties(
      object,
      Object.fromEntries(
        Reflect.ownKeys(LIES).map((name) => [
          name,
          {
            get: () => {
              if (name === 'growable') throw new Error('a lie')
              return LIES[name as 'length']
            },
          },
        ]),
      ),
    )

  it('do not matter', () => {
    const map = new SharedMap<any, any>()
    const bytes = (): Uint8Array => lying(new Uint8Array([1, 2, 3]))
    const onLyingBuffer = (): Uint8Array => new Uint8Array(lying(new Uint8Array([1, 2, 3]).buffer))
    for (const make of [bytes, onLyingBuffer]) {
      map.set('bytes', make()).set('inside', { it: make() }).set(make(), 'found')
      expect([map.get('bytes'), map.get('inside').it, map.get(make())]).toEqual([
        new Uint8Array([1, 2, 3]),
        new Uint8Array([1, 2, 3]),
        'found',
      ])
      map.clear()
    }
    const view = lying(new DataView(new Uint8Array([1, 2, 3]).buffer, 1))
    expect(map.set('view', view).get('view').getUint8(0)).toBe(2)
    const numbers = new SharedMap([[1, 10]], { key: 'number', value: 'number' })
    expect(numbers.getMany(lying(new Float64Array([1])))).toEqual(new Float64Array([10]))
    expect(numbers.setMany(lying(new Float64Array([1])), lying(new Float64Array([11]))).get(1)).toBe(11)
    expectError(
      thrownBy(() => numbers.getMany(new Float64Array(3), lying(new Float64Array(1)))),
      'ERR_OPTIONS',
      'got one of 1',
    )
  })
})
