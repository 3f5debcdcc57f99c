// Objects as values: the codec that is there by default, one that the program brings, and none.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type ObjectCodec, SharedHeap, SharedMap, TophashError } from 'tophash'
import * as lite from 'tophash/lite'
import { expectError, thrownBy } from '../support/errors.js'

const json: ObjectCodec = {
  name: 'json',
  encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
  decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
}

describe('without a codec of its own', () => {
  it("a map of 'tophash' copies objects", () => {
    const map = new SharedMap<string, object>()
    const value = { list: [1, { deep: new Set(['x']) }] }
    expect(map.set('ann', value).get('ann')).toEqual(value)
    expect(map.get('ann')).not.toBe(value)
    expect(map.handle.codec).toBe('structured')
  })

  it('a map of other values has none', () => {
    for (const value of ['number', 'bigint', 'string', 'bytes'] as const)
      expect(new SharedMap(null, { value }).handle.codec).toBe(null)
  })
})

describe("'tophash/lite'", () => {
  it('has the same classes', () => {
    expect([lite.SharedMap, lite.SharedHeap, lite.TophashError]).toEqual([SharedMap, SharedHeap, TophashError])
  })

  it('alone takes no objects, and opens no map that may have some', () => {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(`${FOLDER}lite.mjs`, ALONE) // inside the package, so that it finds 'tophash' by its name
    const messages = JSON.parse(execFileSync(process.execPath, [`${FOLDER}lite.mjs`], { encoding: 'utf8' })) as string[]
    expect(messages).toEqual([
      expect.stringMatching(
        /^ERR_VALUE_TYPE The values of this map can be objects only with a codec; got an object .*Import 'tophash'/,
      ) as string,
      expect.stringMatching(/^ERR_VALUE_TYPE The values of this map are primitives and .*; got a function\.$/) as string,
      'works',
      expect.stringMatching(/^ERR_OPTIONS This map was made with no codec, but this thread has "structured"\./) as string,
      expect.stringMatching(/^ERR_OPTIONS This map was made with the codec "structured", but this thread has none\./) as string,
    ])
  })
})

const FOLDER = fileURLToPath(new URL('../../build/test/', import.meta.url))

/** A program that begins with 'tophash/lite', and loads another copy of the library, which has a codec. */
const ALONE = `
import { cpSync, rmSync } from 'node:fs'
import { SharedMap } from 'tophash/lite'

const copy = new URL('./lite-copy/', import.meta.url)
cpSync(new URL('../../dist/', import.meta.url), copy, { recursive: true })
const full = await import(new URL('index.js', copy).href)
rmSync(copy, { recursive: true })

const map = new SharedMap([['ann', 1], ['bob', null], ['cid', new Uint8Array(3)]])
const tell = (action) => {
  try {
    return action()
  } catch ({ code, message }) {
    return code + ' ' + message
  }
}
const messages = [
  tell(() => map.set('ann', { n: 1 })),
  tell(() => map.set('ann', () => {})),
  tell(() => (map.size === 3 && map.get('bob') === null && map.get('cid').length === 3 ? 'works' : 'fails')),
  tell(() => full.SharedMap.attach(map.handle)),
  tell(() => SharedMap.attach(new full.SharedMap([['ann', { n: 1 }]]).handle)),
]
console.log(JSON.stringify(messages))
`

describe('a codec', () => {
  it('turns objects into bytes and back, and is asked for nothing else', () => {
    const [encoded, decoded]: [unknown[], number[]] = [[], []]
    const noting: ObjectCodec = {
      name: 'noting',
      encode: (value) => (encoded.push(value), json.encode(value)),
      decode: (bytes) => (decoded.push(bytes.length), json.decode(bytes)),
    }
    const map = new SharedMap<string, unknown>(null, { codec: noting })
    const plain = [1, 'x', 1n, null, undefined, true, new Uint8Array([1])]
    plain.forEach((value, n) => map.set(`plain ${n}`, value))
    const list = [1, 2]
    map.set('list', list)
    expect([encoded, decoded]).toEqual([[list], []])
    expect([map.get('list'), [...map.values()].length, map.get('plain 6')]).toEqual([list, 8, new Uint8Array([1])])
    expect(decoded).toEqual([5, 5])
  })

  it('may use its bytes again, and keep those that it is given', () => {
    const buffer = new Uint8Array(100)
    const kept: Uint8Array[] = []
    const reusing: ObjectCodec = {
      name: 'reusing',
      encode: (value) => buffer.fill((value as { n: number }).n).subarray(0, 10),
      decode: (bytes) => ({ n: bytes.fill(bytes[0]!)[9], kept: kept.push(bytes) > 0 }),
    }
    const map = new SharedMap<number, object>(null, { codec: reusing })
    map.setMany([1, 2, 3].map((n) => [n, { n }]))
    map.compareAndSet(1, { n: 1 }, { n: 7 })
    expect([1, 2, 3].map((n) => map.get(n))).toEqual([7, 2, 3].map((n) => ({ n, kept: true })))
    for (const bytes of kept) bytes.fill(99)
    expect(map.get(2)).toEqual({ n: 2, kept: true })
  })

  it('lets what it throws through, and the map is as it was', () => {
    const failing: ObjectCodec = {
      ...json,
      encode: () => {
        throw new RangeError('not today')
      },
    }
    const map = new SharedMap<string, unknown>([['ann', 1]], { codec: failing })
    for (const action of [
      () => map.set('ann', {}),
      () => map.update('ann', () => ({})),
      () =>
        map.setMany([
          ['bob', 1],
          ['ann', {}],
        ]),
    ]) {
      expect(action).toThrow(new RangeError('not today'))
    }
    expect([...map]).toEqual([['ann', 1]])
  })

  it('must make bytes', () => {
    const map = new SharedMap<string, unknown>(null, { codec: { ...json, encode: () => 'text' as never } })
    expectError(
      thrownBy(() => map.set('ann', {})),
      'ERR_VALUE_TYPE',
      `The codec 'json' must encode to a Uint8Array; got the string "text".`,
    )
  })

  it('may use the map, and even let go of it', () => {
    const map: SharedMap<string, unknown> = new SharedMap<string, unknown>(null, {
      codec: {
        name: 'greedy',
        encode: (value) => (map.set('encoded', 'x'.repeat(10_000)), json.encode(value)),
        decode: (bytes) => (map.set('decoded', 'y'.repeat(10_000)), json.decode(bytes)),
      },
    })
    map.set('ann', { list: [1] }).set('bob', { list: [2] })
    expect([...map.entries()].filter(([key]) => key.length === 3).sort()).toEqual([
      ['ann', { list: [1] }],
      ['bob', { list: [2] }],
    ])
    expect([map.exchange('ann', [3]), map.take('bob'), map.getMany(['ann'])]).toEqual([{ list: [1] }, { list: [2] }, [[3]]])
    map.check()
    const before = [...map.keys()].sort()
    const handle = map.handle
    const leaving = {
      get x() {
        return map.dispose()
      },
    }
    expectError(
      thrownBy(() => map.set('ann', leaving)),
      'ERR_DISPOSED',
      'disposed of',
    )
    using again = SharedMap.attach(handle, { codec: { ...json, name: 'greedy' } })
    expect([...again.keys()].sort()).toEqual(before)
    again.check()
  })

  it('has to be the same in all threads', () => {
    const heap = new SharedHeap({ maxBytes: 1 << 20 })
    const map = heap.map<string, unknown>('map', { codec: json }).set('ann', { n: 1 })
    expect([map.handle.codec, SharedMap.attach(map.handle, { codec: json }).get('ann')]).toEqual(['json', { n: 1 }])
    expect(heap.map('map', { codec: { ...json } }).get('ann')).toEqual({ n: 1 })
    const other = { ...json, name: 'JSON' }
    expectError(
      thrownBy(() => SharedMap.attach(map.handle)),
      'ERR_OPTIONS',
      'made with the codec "json", but this thread has "structured"',
    )
    expectError(
      thrownBy(() => SharedMap.attach(map.handle, { codec: other })),
      'ERR_OPTIONS',
      'but this thread has "JSON"',
    )
    expectError(
      thrownBy(() => heap.map('map')),
      'ERR_OPTIONS',
      'made with another codec than "structured"',
    )
    expectError(
      thrownBy(() => heap.map('map', { codec: other })),
      'ERR_OPTIONS',
      'made with another codec than "JSON"',
    )
    expectError(
      thrownBy(() => SharedMap.attach(heap.map('plain').handle, { codec: json })),
      'ERR_OPTIONS',
      'made with the codec "structured"',
    )
    heap.check()
  })

  it('is for values that can be objects', () => {
    for (const value of ['number', 'string', 'bigint', 'bytes'] as const) {
      expectError(
        thrownBy(() => new SharedMap(null, { value, codec: json })),
        'ERR_OPTIONS',
        `these are of kind '${value}'`,
      )
    }
    const { handle } = new SharedMap(null, { value: 'number' })
    expectError(
      thrownBy(() => SharedMap.attach(handle, { codec: json })),
      'ERR_OPTIONS',
      `these are of kind 'number'`,
    )
    expectError(
      thrownBy(() => SharedMap.attach(handle, { coedc: json } as never)),
      'ERR_OPTIONS',
      'There is no option "coedc"; there are codec.',
    )
  })
})
