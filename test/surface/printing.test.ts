// What printers and tools that compare see of maps, sets, heaps and traces, whatever has become of them. The tools are those
// that this project has: Node's util and assert, chai, vitest.
import assert from 'node:assert'
import { inspect } from 'node:util'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, type SharedMapHandle, SharedSet, TophashError } from 'tophash'
import { thrownBy } from '../support/errors.js'
import { wordsOf } from '../support/memory.js'
import { LOCK } from '../../src/core/layout.js'
import { DIRECTORY_AT } from '../../src/table/layout.js'

const NODE = Symbol.for('nodejs.util.inspect.custom')
const DENO = Symbol.for('Deno.customInspect')

describe('util.inspect, and so console.log, shows', () => {
  it('class, kinds, size and entries of a map', () => {
    expect(inspect(new SharedMap([['ann', { age: 7 }]]))).toBe("SharedMap(1) { 'ann' => { age: 7 } }")
    expect(inspect(new SharedMap([[1, 'x']], { key: 'number', value: 'string' }))).toBe(
      "SharedMap<number, string>(1) { 1 => 'x' }",
    )
    expect(inspect(new SharedMap())).toBe('SharedMap(0) {}')
  })

  it('those of a set, and of what inherits from either', () => {
    class Cache extends SharedMap<string, number> {}
    expect(inspect(new SharedSet([1n], { value: 'bigint' }))).toBe('SharedSet<bigint>(1) { 1n }')
    expect(inspect(new Cache([['a', 1]]))).toBe("Cache(1) [SharedMap] { 'a' => 1 }")
  })

  it('names and kinds of what is in a heap', () => {
    const heap = new SharedHeap()
    heap.map('sessions', { key: 'string' })
    heap.set('seen')
    expect(inspect(heap)).toBe("SharedHeap(2) { 'seen' => SharedSet, 'sessions' => SharedMap<string, any> }")
  })

  it('what a trace is about', () => {
    const trace = new SharedMap().trace({ events: 16 })
    expect(inspect(trace)).toBe('Trace { isRecording: true, lost: 0, capacity: 16 }')
    trace.stop()
    expect(inspect(trace)).toBe('Trace { isRecording: false, lost: 0, capacity: 16 }')
  })

  it.each([
    [100, undefined],
    [3, 3],
    [0, 0],
    [250, null],
  ])('%d entries of many, as of a Map, if maxArrayLength is %s', (shown, maxArrayLength) => {
    const entries = Array.from({ length: 250 }, (_, n) => [n, `value ${n}`] as const)
    const options = maxArrayLength === undefined ? {} : { maxArrayLength }
    const text = inspect(new SharedMap(entries), options)
    expect(text.match(/=>/g) ?? []).toHaveLength(shown)
    const [, rest] = /(\.\.\. \d+ more items)/.exec(inspect(new Map(entries), options)) ?? []
    if (rest) expect(text).toContain(rest)
    else expect(text).not.toContain('more item')
  })

  it('one entry more as one', () => {
    expect(inspect(new SharedSet([1, 2]), { maxArrayLength: 1 })).toMatch(/^SharedSet\(2\) \{ [12], \.\.\. 1 more item \}$/)
  })

  it('no more than the depth asks for, inside other things too', () => {
    const map = new SharedMap([['a', { b: { c: { d: { e: 1 } } } }]])
    expect(inspect(map, { depth: 1 })).toBe("SharedMap(1) { 'a' => { b: [Object] } }")
    expect(inspect({ x: { y: { z: map } } }, { depth: 1 })).toBe('{ x: { y: [Object] } }')
    expect(inspect({ x: map }, { depth: 0 })).toBe('{ x: [SharedMap] }')
    expect(inspect(map, { depth: null })).toContain('e: 1')
  })

  it('many lines as lines, in place', () => {
    const map = new SharedMap([['key', 'x'.repeat(80)]])
    expect(inspect({ a: { map } })).toBe(`{\n  a: {\n    map: SharedMap(1) {\n      'key' => '${'x'.repeat(80)}'\n    }\n  }\n}`)
  })
})

describe('what cannot be read is printed all the same:', () => {
  it('a map that was disposed of, or deleted', () => {
    const heap = new SharedHeap()
    const [gone, deleted] = [
      new SharedMap<any, any>(null, { heap, name: 'gone' }),
      new SharedMap(null, { heap, name: 'deleted', key: 'string' }),
    ]
    gone.dispose()
    heap.delete('deleted')
    expect([inspect(gone), inspect(deleted)]).toEqual(['SharedMap { <disposed> }', 'SharedMap<string, any> { <disposed> }'])
    heap.dispose()
    expect(inspect(heap)).toBe('SharedHeap { <disposed> }')
  })

  it('values that the codec cannot decode, among those that it can', () => {
    const broken = {
      name: 'broken',
      encode: () => new Uint8Array(1),
      decode: () => {
        throw new Error('no such class')
      },
    }
    const map = new SharedMap<any, any>([['a', {}]], { codec: broken })
    expect(inspect(map)).toBe("SharedMap(1) { 'a' => [unreadable: no such class] }")
    expect(inspect(map.set('b', 1))).toContain("'b' => 1")
    expect(thrownBy(() => assert.deepStrictEqual(map, new SharedMap()))).toBeInstanceOf(assert.AssertionError)
  })

  it('objects that cannot be printed', () => {
    const hostile = {
      name: 'hostile',
      encode: () => new Uint8Array(1),
      decode: () => ({
        [NODE]() {
          throw new Error('not for you')
        },
      }),
    }
    expect(inspect(new SharedMap<any, any>([['a', {}]], { codec: hostile }))).toBe(
      "SharedMap(1) { 'a' => an object ([object Object]) }",
    )
  })

  it('a heap whose words are garbage', () => {
    const map = new SharedMap(Array.from({ length: 100 }, (_, n) => [n, { n }] as const))
    const set = new SharedSet(['a', 'b'], { heap: new SharedHeap() })
    const words = wordsOf(map.handle)
    for (const { handle } of [map, set] as const) wordsOf(handle).fill(-1, handle.table / 4, handle.table / 4 + 32)
    for (const it of [map, set, { map }]) expect(inspect(it)).toContain('Shared')
    words.fill(0x7fff_fff8, 196_608 / 4)
    expect(inspect(map)).toContain('SharedMap')
  })

  it('a map of which another thread holds a lock, without waiting for it', () => {
    const map = new SharedMap([['ann', 1]], { key: 'string', value: 'number', capacity: 1 })
    const { unlock } = lockFirst(map.handle)
    const began = performance.now()
    expect(inspect(map)).toBe('SharedMap<string, number>(1) { <unreadable: ERR_OWNER_UNRESPONSIVE> }')
    expect(thrownBy(() => assert.deepStrictEqual(map, new SharedMap()))).toBeInstanceOf(assert.AssertionError)
    expect(performance.now() - began).toBeLessThan(9000) // an operation waits for 10 seconds
    unlock()
    expect(inspect(map)).toContain("'ann' => 1")
  })

  it('and later operations wait as long as ever', async () => {
    const map = new SharedMap([['ann', 1]], { key: 'string', value: 'number', capacity: 1 })
    inspect(map)
    const { memory, lock, before } = lockFirst(map.handle)
    const began = performance.now()
    const unlocker = new Worker(UNLOCK, { eval: true, workerData: { memory, lock, before } })
    expect(map.get('ann')).toBe(1) // who is in a hurry gives up before
    expect(performance.now() - began).toBeGreaterThan(1000)
    await unlocker.terminate()
  })

  it('anything, at the end of the stack', () => {
    const map = new SharedMap([['ann', { a: 1 }]])
    const texts = new Set<string>()
    const walk = (depth: number): void => {
      try {
        walk(depth + 1)
      } finally {
        if (depth % 7 === 0) texts.add(quietly(() => inspect(map)))
      }
    }
    quietly(() => walk(0))
    expect(texts).toContain("SharedMap(1) { 'ann' => { a: 1 } }")
    expect(map.set('bob', { a: 2 }).size).toBe(2)
  })
})

describe('printers that do not know the symbol', () => {
  it('call inspect(depth, options), and get a text', () => {
    const map = new SharedMap([['ann', 1]])
    const printer = map as unknown as { inspect(depth: number | null, options: object, print?: unknown): unknown }
    expect(printer.inspect(2, {})).toBe("SharedMap(1) { 'ann' => 1 }")
    expect(printer.inspect(null, {}, (value: unknown) => `<${String(value)}>`)).toBe('SharedMap(1) { <ann> => <1> }')
    expect(map.inspect().entries).toBe(1)
    expect(thrownBy(() => map.inspect(2 as never))).toMatchObject({ code: 'ERR_OPTIONS' })
  })

  it('get the same in Deno, indented', () => {
    const map = new SharedMap([['key', 'x'.repeat(80)]]) as unknown as Record<symbol, (print: unknown, options: object) => string>
    expect(map[DENO]!(inspect, { indentationLvl: 4 })).toBe(`SharedMap(1) {\n      'key' => '${'x'.repeat(80)}'\n    }`)
  })
})

const same = (): SharedMap<any, any> =>
  new SharedMap<any, any>([
    ['a', 1],
    ['b', { deep: [1, new Date(0)] }],
    [3, new Uint8Array(2)],
  ])
const other = (): SharedMap<any, any> => same().set('a', 2)

describe('assert.deepStrictEqual', () => {
  it('of maps and sets is about their contents', () => {
    for (let times = 0; times < 10; times++) assert.deepStrictEqual(same(), same())
    assert.deepStrictEqual(new SharedSet([1, 2, 3]), new SharedSet([3, 2, 1]))
    assert.notDeepStrictEqual(same(), other())
    assert.notDeepStrictEqual(same(), same().set('c', 1))
    assert.notDeepStrictEqual(new SharedSet([1, 2]), new SharedSet([1, 3]))
    assert.notDeepStrictEqual(same(), new Map(same()))
    assert.notDeepStrictEqual({ map: same() }, { map: other() })
  })

  it('of heaps is about whether they are the same', () => {
    const heap = new SharedHeap()
    assert.deepStrictEqual(SharedHeap.attach(heap.handle), heap)
    assert.notDeepStrictEqual(heap, new SharedHeap())
  })

  it('says what is different', () => {
    const { message } = thrownBy(() => assert.deepStrictEqual(same(), other())) as Error
    expect(message).toMatch(/\+ .*'a' => 1/)
    expect(message).toMatch(/- .*'a' => 2/)
  })
})

describe('vitest and chai', () => {
  const failures: [string, () => void][] = [
    ['toEqual', () => expect(same()).toEqual(other())],
    ['toStrictEqual', () => expect(same()).toStrictEqual(other())],
    ['toBe', () => expect(same()).toBe(5)],
    ['toContain', () => expect([1]).toContain(same())],
    ['toBeUndefined', () => expect(same()).toBeUndefined()],
    ['chai', () => expect(same()).to.deep.equal(other())],
  ]

  it.each(failures)('say what is wrong when it is a map: %s', (_, fail) => {
    const error = thrownBy(fail) as Error
    expect(error.name).toBe('AssertionError')
    expect(error).not.toBeInstanceOf(TophashError)
  })

  it('name the map in a failure, as much of it as there is room for', () => {
    expect((thrownBy(failures[0]![1]) as Error).message).toMatch(
      /expected SharedMap\(3\) \{ .* \} to deeply equal SharedMap\(3\) \{/,
    )
  })

  it('find different what is different, and equal what is equal if it is copied', () => {
    expect(same()).not.toEqual(other())
    expect(new SharedSet([1])).not.toEqual(new SharedSet([2]))
    expect(new Map(same())).toEqual(new Map(same()))
    expect(new Set(new SharedSet([1, 2]))).toEqual(new Set([2, 1]))
    for (let times = 0; times < 10; times++) expect(same()).to.deep.equal(same()) // chai's own, in any order
  })
})

describe('what shows the contents', () => {
  it('is one property of its own, which is a symbol and is read when it is looked at', () => {
    const map = new SharedMap([
      ['b', 1],
      ['a', 2],
    ])
    const [name, ...more] = Object.getOwnPropertySymbols(map)
    expect([Object.keys(map), more, String(name)]).toEqual([[], [], 'Symbol(entries)'])
    map.set('c', 3)
    expect([...(map as unknown as Record<symbol, Map<string, number>>)[name!]!]).toEqual([
      ['a', 2],
      ['b', 1],
      ['c', 3],
    ])
    expect({ ...(Object.create(map) as object) }).toEqual({})
    expect(Reflect.get(Object.create(map) as object, name!)).toBeUndefined()
  })
})

/** A thread that unlocks after a while. */
const UNLOCK = `
  const { memory, lock, before } = require('node:worker_threads').workerData
  setTimeout(() => Atomics.store(new Int32Array(memory.buffer), lock, before), 1500)`

/** Locks the first bucket of a map in the name of a thread that is not there. Returns how to unlock it. */
function lockFirst(handle: SharedMapHandle): { memory: unknown; lock: number; before: number; unlock(): void } {
  const words = wordsOf(handle)
  const lock = words[(handle.table + DIRECTORY_AT) / 4]! / 4
  const before = words[lock]!
  Atomics.store(words, lock, (77 << LOCK.fieldShift) | (before & LOCK.live) | LOCK.locked)
  return { memory: handle.memory, lock, before, unlock: () => void Atomics.store(words, lock, before) }
}

function quietly<T>(action: () => T): T | string {
  try {
    return action()
  } catch {
    return 'an overflow'
  }
}
