// Values that cannot be decoded: by a codec that throws, for lack of stack, or for lack of memory. What fails to hand such a
// value out leaves it where it is; what fails to hand out what it was about to put in puts nothing in.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type ObjectCodec, SharedMap, type SharedMapHandle } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { spawn } from '../support/workers.js'
import type { Nested } from './nested.js'

const other = await anotherCopy('other')

type Action = (map: SharedMap<string, any>) => unknown

const FAILURE = new RangeError('cannot be decoded')
/** What decode refuses: true, for the objects that say so. */
const isBad = (value: unknown): boolean => (value as { bad?: boolean } | null)?.bad === true
/** A codec that can encode more than it can decode. */
const brittle: ObjectCodec = {
  name: 'json',
  encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
  decode: (bytes) => {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as unknown
    if (isBad(value)) throw FAILURE
    return value
  },
}
const sound: ObjectCodec = { ...brittle, decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown }

/** Everything that returns, or shows to a callback, what was there. */
const OUT: readonly (readonly [name: string, action: Action])[] = [
  ['take', (map) => map.take('bad')],
  ['exchange for an object', (map) => map.exchange('bad', { fine: 1 })],
  ['exchange for a number', (map) => map.exchange('bad', 1)],
  ['update', (map) => map.update('bad', () => 1)],
  ['update that removes', (map) => map.update('bad', () => SharedMap.remove)],
  ['getOrInsert of an object', (map) => map.getOrInsert('bad', { fine: 1 })],
  ['getOrInsert of a number', (map) => map.getOrInsert('bad', 1)],
  ['getOrInsertComputed', (map) => map.getOrInsertComputed('bad', () => 1)],
  ['retain', (map) => map.retain(() => false)],
  ['get', (map) => map.get('bad')],
  ['getMany', (map) => map.getMany(['bad'])],
  ['iteration', (map) => [...map]],
  ['scan', (map) => map.scan(0)],
]

/** Everything that returns what it has put in. */
const IN: readonly (readonly [name: string, action: Action])[] = [
  ['getOrInsert', (map) => map.getOrInsert('absent', { bad: true })],
  ['getOrInsertComputed', (map) => map.getOrInsertComputed('absent', () => ({ bad: true }))],
  ['update of an absent key', (map) => map.update('absent', () => ({ bad: true }))],
  ['update of a key that is there', (map) => map.update('there', () => ({ bad: true }))],
]

afterEach(() => void vi.restoreAllMocks())

describe.each([
  ['short', 10],
  ['long', 70_000],
])('a %s object whose codec throws', (_, length) => {
  const text = 'x'.repeat(length)

  it.each(OUT)('stays where it is: %s', (_, action) => {
    const { map, theirs } = both()
    map.set('bad', { bad: true, text })
    for (let n = 0; n < 50; n++) expect(thrownBy(() => action(map))).toBe(FAILURE)
    expect([theirs.get('bad'), map.size]).toEqual([{ bad: true, text }, 1])
    map.check()
    expect([theirs.take('bad'), map.size]).toEqual([{ bad: true, text }, 0])
    map.check()
  })

  it.each(IN)('is not put in: %s', (_, action) => {
    const { map, theirs } = both()
    map.set('there', { text })
    for (let n = 0; n < 50; n++) expect(thrownBy(() => action(map))).toBe(FAILURE)
    expect(new Map(theirs)).toEqual(new Map([['there', { text }]]))
    map.check()
  })

  it('can be replaced and removed by what need not decode it', () => {
    const { map } = both()
    const bad = { bad: true, text }
    map.set('a', bad).set('b', bad).set('c', bad).set('d', bad)
    expect([map.compareAndSet('a', bad, 1), map.compareAndDelete('b', bad), map.delete('c'), map.deleteMany(['d', 'e'])]).toEqual(
      [true, true, true, 1],
    )
    expect([...map]).toEqual([['a', 1]])
    map.check()
  })

  it('comes out by take and exchange when the codec has come round', () => {
    const { map, theirs } = both()
    map.set('a', { text, n: 1 })
    expect([map.exchange('a', { text, n: 2 }), theirs.exchange('a', 'plain'), map.exchange('a', { n: 3 })]).toEqual([
      { text, n: 1 },
      { text, n: 2 },
      'plain',
    ])
    expect([map.take('a'), map.take('a'), map.exchange('a', { text, n: 4 }), map.take('a')]).toEqual([
      { n: 3 },
      undefined,
      undefined,
      { text, n: 4 },
    ])
    map.check()
  })
})

describe('what another thread does while a value is decoded', () => {
  it.each([
    ['take', undefined],
    ['exchange', { new: 1 }],
  ] as const)('is what %s hands out', (_, value) => {
    let meanwhile: (() => void)[] = []
    const decode = (bytes: Uint8Array): unknown => [sound.decode(bytes), meanwhile.shift()?.()][0]
    const map = new SharedMap<string, any>(null, { key: 'string', codec: { ...sound, decode } })
    const theirs = other.SharedMap.attach<string, any>(map.handle, { codec: sound })
    map.set('a', { n: 1 })
    meanwhile = [() => theirs.set('a', { n: 2 }), () => theirs.set('a', { n: 3 }), () => theirs.set('b', 1)]
    expect(value ? map.exchange('a', value) : map.take('a')).toEqual({ n: 3 })
    expect(map.get('a')).toEqual(value)
    map.set('a', { n: 4 })
    meanwhile = [() => theirs.delete('a')]
    expect(value ? map.exchange('a', value) : map.take('a')).toBe(undefined)
    expect(map.get('a')).toEqual(value)
    map.set('a', { n: 5 })
    meanwhile = [() => theirs.set('a', 6)]
    expect(value ? map.exchange('a', value) : map.take('a')).toBe(6)
    map.check()
  })

  it.each([
    ['take', undefined],
    ['exchange', 1],
  ] as const)('is what %s hands out in a full heap, which has no room for what is compared', (_, value) => {
    let meanwhile: (() => void) | undefined
    const decode = (bytes: Uint8Array): unknown => [sound.decode(bytes), meanwhile?.()][0]
    const map = new SharedMap<string, any>(null, { key: 'string', codec: { ...sound, decode }, maxBytes: 16 * 65_536 })
    const theirs = other.SharedMap.attach<string, any>(map.handle, { codec: sound })
    map.set('large', { text: 'x'.repeat(60_000) })
    for (const length of [60_000, 30_000, 9_000, 1000, 1]) fill(map, length)
    meanwhile = () => {
      meanwhile = undefined
      theirs.set('large', 7)
      for (const length of [60_001, 30_001, 9_001, 1001, 2]) fill(theirs, length)
    }
    expect(value ? map.exchange('large', value) : map.take('large')).toBe(7)
    expect([map.get('large'), map.size]).toEqual([value, [...map.keys()].length])
    map.check()
  })

  it('makes getOrInsert return what came first', () => {
    let meanwhile: (() => void) | undefined
    const decode = (bytes: Uint8Array): unknown => [sound.decode(bytes), meanwhile?.()][0]
    const map = new SharedMap<string, any>(null, { key: 'string', codec: { ...sound, decode } })
    const theirs = other.SharedMap.attach<string, any>(map.handle, { codec: sound })
    meanwhile = () => theirs.set('a', { theirs: 1 })
    expect(map.getOrInsert('a', { ours: 1 })).toEqual({ theirs: 1 })
    expect(theirs.get('a')).toEqual({ theirs: 1 })
    map.check()
  })
})

describe('a value that is nested more deeply than the stack of this thread allows', () => {
  it('stays where it is, and a thread with a larger stack takes it', async () => {
    const map = new SharedMap<string, any>()
    map.set('list', [1])
    const gate = new Int32Array(new SharedArrayBuffer(4))
    const deep = spawn<number>('model/nested', { handle: map.handle, gate } satisfies Nested)
    expect(await deep.message()).toBe(4000)
    for (const action of [
      () => map.take('job'),
      () => map.exchange('job', 1),
      () => map.update('job', () => 1),
      () => map.getOrInsert('job', {}),
      () => map.getOrInsertComputed('job', () => 1),
      () => map.retain((_, key) => key !== 'job'),
      () => map.get('job'),
    ])
      expectError(thrownBy(action), 'ERR_VALUE_TYPE', 'nested too deeply')
    expect([map.has('job'), map.size]).toEqual([true, 2])
    map.check()
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
    expect(await deep.message(), 'taken by the other thread').toBe(4000)
    expect([...map]).toEqual([['list', [1]]])
  })
})

describe('a value that JavaScript has no memory for', () => {
  it('stays where it is', () => {
    const map = new SharedMap<string, Uint8Array>(null, { key: 'string', value: 'bytes' })
    map.set('large', new Uint8Array(100_000).fill(7))
    const refusing = vi.spyOn(Uint8Array.prototype, 'slice').mockImplementation(() => {
      throw new RangeError('Array buffer allocation failed')
    })
    for (const action of [() => map.take('large'), () => map.exchange('large', new Uint8Array(1))]) {
      expect(thrownBy(action)).toBeInstanceOf(RangeError)
    }
    refusing.mockRestore()
    expect([map.size, map.take('large')]).toEqual([1, new Uint8Array(100_000).fill(7)])
    map.check()
  })
})

/** Sets values of a length until there is no room for one more. */
function fill(map: SharedMap<string, any>, length: number): void {
  const error = thrownBy(() => {
    for (let n = 0; ; n++) map.set(`${length}: ${n}`, 'x'.repeat(length))
  })
  expectError(error, 'ERR_OUT_OF_MEMORY', 'no room left')
}

/** A map as two threads have it, of which only the other can decode everything. */
function both(): { map: SharedMap<string, any>; theirs: SharedMap<string, any> } {
  const map = new SharedMap<string, any>(null, { key: 'string', codec: brittle })
  return { map, theirs: other.SharedMap.attach<string, any>(map.handle as SharedMapHandle, { codec: sound }) }
}
