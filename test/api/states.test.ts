// Wrong handles for every class, and every use of what was disposed of or deleted: by which error, and that nothing
// else is touched.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, SharedSet, type TophashErrorCode } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'

const other = (await anotherCopy('other')) as unknown as {
  SharedMap: typeof SharedMap
  SharedSet: typeof SharedSet
  SharedHeap: typeof SharedHeap
}

/** What the three classes have in common. */
interface Attaching {
  attach(handle: unknown): unknown
}

type Use = readonly [name: string, use: (one: any) => unknown]

/** Everything that can be asked of a map. */
const OF_MAPS: readonly Use[] = [
  ['get', (map) => map.get('a')],
  ['get of a long key', (map) => map.get('x'.repeat(10_000))],
  ['has', (map) => map.has('a')],
  ['set', (map) => map.set('a', 'x')],
  ['set of a long value', (map) => map.set('a', 'x'.repeat(100_000))],
  ['set of a long key', (map) => map.set('x'.repeat(10_000), 'x')],
  ['delete', (map) => map.delete('a')],
  ['take', (map) => map.take('a')],
  ['exchange', (map) => map.exchange('a', 'x')],
  ['getOrInsert', (map) => map.getOrInsert('a', 'x')],
  ['getOrInsertComputed', (map) => map.getOrInsertComputed('a', () => 'x')],
  ['compareAndSet', (map) => map.compareAndSet('a', 1, 2)],
  ['compareAndDelete', (map) => map.compareAndDelete('a', 1)],
  ['wait', (map) => map.wait('a', 1)],
  ['wait for a value', (map) => map.wait('a', undefined)],
  ['increment', (map) => map.increment('a')],
  ['update', (map) => map.update('a', () => 'x')],
  ['getMany', (map) => map.getMany(['a', 'b'])],
  ['setMany', (map) => map.setMany([['a', 'x']])],
  ['getOrInsertMany', (map) => map.getOrInsertMany([['a', 'x']])],
  ['getOrInsertMany of none', (map) => map.getOrInsertMany([])],
  ['values', (map) => map.values()],
]

/** What maps and sets have in common. */
const OF_BOTH: readonly Use[] = [
  ['deleteMany', (one) => one.deleteMany(['a'])],
  ['deleteMany of none', (one) => one.deleteMany([])],
  ['clear', (one) => one.clear()],
  ['size', (one) => one.size],
  ['forEach', (one) => one.forEach(() => {})],
  ['entries', (one) => one.entries()],
  ['keys', (one) => one.keys()],
  ['for-of', (one) => [...one]],
  ['scan', (one) => one.scan(0)],
  ['partition', (one) => [...one.partition(0, 2)]],
  ['retain', (one) => one.retain(() => true)],
  ['reserve', (one) => one.reserve(10)],
  ['handle', (one) => one.handle],
  ['stats', (one) => one.stats()],
  ['check', (one) => one.check()],
]

/** Everything that can be asked of a set. */
const OF_SETS: readonly Use[] = [
  ['has', (set) => set.has('a')],
  ['add', (set) => set.add('b')],
  ['add of a long value', (set) => set.add('x'.repeat(100_000))],
  ['delete', (set) => set.delete('a')],
  ['addMany', (set) => set.addMany(['a', 'b'])],
  ['hasMany', (set) => set.hasMany(['a', 'b'])],
  ['union', (set) => set.union(new Set(['b']))],
  ['intersection', (set) => set.intersection(new Set(['a']))],
  ['difference', (set) => set.difference(new Set(['b']))],
  ['symmetricDifference', (set) => set.symmetricDifference(new Set(['b']))],
  ['isSubsetOf', (set) => set.isSubsetOf(new Set(['a']))],
  ['isSupersetOf', (set) => set.isSupersetOf(new Set(['a']))],
  ['isDisjointFrom', (set) => set.isDisjointFrom(new Set(['b']))],
]

const OF_HEAPS: readonly Use[] = [
  ['map', (heap) => heap.map('map')],
  ['set', (heap) => heap.set('set')],
  ['names', (heap) => [...heap.names()]],
  ['delete', (heap) => heap.delete('map')],
  ['delete of none', (heap) => heap.delete('none')],
  ['handle', (heap) => heap.handle],
  ['stats', (heap) => heap.stats()],
  ['check', (heap) => heap.check()],
]

describe('a map that was disposed of', () => {
  it.each([...OF_MAPS, ...OF_BOTH])('refuses %s', (_, use) => {
    const map = new SharedMap([['a', 1]], { maxBytes: 1 << 20 })
    expectEnded(map, use, (handle) => expect([...SharedMap.attach(handle)]).toEqual([['a', 1]]))
  })
})

describe('a set that was disposed of', () => {
  it.each([...OF_SETS, ...OF_BOTH])('refuses %s', (_, use) => {
    const set = new SharedSet(['a'], { maxBytes: 1 << 20 })
    expectEnded(set, use, (handle) => expect([...SharedSet.attach(handle)]).toEqual(['a']))
  })
})

describe('a heap that was disposed of', () => {
  it.each(OF_HEAPS)('refuses %s', (_, use) => {
    const heap = new SharedHeap({ maxBytes: 1 << 20 })
    heap.map('map').set('a', 1)
    expectEnded(heap, use, (handle) => expect([...SharedHeap.attach(handle).map('map')]).toEqual([['a', 1]]))
  })
})

describe.each([
  ['this thread', SharedHeap],
  ['another thread', other.SharedHeap],
])('a collection that %s has deleted', (_, Heap) => {
  it.each([...OF_MAPS, ...OF_BOTH].filter(([name]) => name !== 'handle'))('refuses %s, if it is a map', (_, use) => {
    const heap = new SharedHeap({ maxBytes: 2 << 20 })
    const [map, kept] = [heap.map('gone').set('a', 1), heap.map('kept').set('a', 1)]
    using theirs = Heap.attach(heap.handle)
    expect([theirs.delete('gone'), theirs.delete('gone')]).toEqual([true, false])
    for (let n = 0; n < 3; n++)
      expectError(
        thrownBy(() => use(map)),
        'ERR_DISPOSED',
        'deleted',
      )
    expect([[...kept], [...heap.names()]]).toEqual([[['a', 1]], ['kept']])
    expect([...heap.map('gone')]).toEqual([]) // another one of the same name
    expectError(
      thrownBy(() => use(map)),
      'ERR_DISPOSED',
      'deleted',
    )
    map.dispose()
    heap.check()
  })

  it.each([...OF_SETS, ...OF_BOTH].filter(([name]) => name !== 'handle'))('refuses %s, if it is a set', (_, use) => {
    const heap = new SharedHeap({ maxBytes: 2 << 20 })
    const set = heap.set('gone').add('a')
    using theirs = Heap.attach(heap.handle)
    theirs.delete('gone')
    for (let n = 0; n < 3; n++)
      expectError(
        thrownBy(() => use(set)),
        'ERR_DISPOSED',
        'deleted',
      )
    heap.check()
  })

  it('ends the iterations over it, and callbacks that were running', () => {
    const heap = new SharedHeap({ maxBytes: 2 << 20 })
    using theirs = Heap.attach(heap.handle)
    for (const use of [
      (map: SharedMap<any, any>) => {
        for (const _ of map) theirs.delete('gone')
      },
      (map: SharedMap<any, any>) => map.forEach(() => theirs.delete('gone')),
      (map: SharedMap<any, any>) => map.update(1, () => [theirs.delete('gone'), 2][1]),
      (map: SharedMap<any, any>) => map.getOrInsertComputed(-1, () => [theirs.delete('gone'), 2][1]),
      (map: SharedMap<any, any>) => map.retain(() => theirs.delete('gone') && false),
    ]) {
      const map = heap.map('gone') as SharedMap<any, any>
      for (let n = 0; n < 5000; n++) map.set(n, n)
      expectError(
        thrownBy(() => use(map)),
        'ERR_DISPOSED',
        'deleted',
      )
      heap.check()
    }
  })
})

describe('attach', () => {
  const heap = new SharedHeap({ maxBytes: 1 << 20 })
  const handles = { SharedMap: heap.map('map').handle, SharedSet: heap.set('set').handle, SharedHeap: heap.handle }
  const classes: Readonly<Record<keyof typeof handles, Attaching>> = { SharedMap, SharedSet, SharedHeap }
  const others: Readonly<Record<keyof typeof handles, Attaching>> = other
  const names = Object.keys(classes) as (keyof typeof classes)[]
  const bad: readonly (readonly [string, unknown, string])[] = [
    ['nothing', undefined, 'got undefined'],
    ['null', null, 'got null'],
    ['a number', 196_608, 'got the number 196608'],
    ['a string', 'SharedMap', 'got the string "SharedMap"'],
    ['an empty object', {}, 'got an empty object'],
    ['an array', [], 'got an object'],
    ['the memory alone', heap.handle.memory, 'got an object ([object WebAssembly.Memory])'],
  ]

  it.each(names)('of %s refuses what is no handle', (name) => {
    for (const [, handle, got] of bad) expectRefused(name, handle, 'ERR_BAD_HANDLE', got)
  })

  it.each(names)('of %s refuses handles of the other classes', (name) => {
    for (const of of names) if (of !== name) expectRefused(name, handles[of], 'ERR_BAD_HANDLE', name)
  })

  it.each(names)('of %s refuses a handle without its memory', (name) => {
    const handle = handles[name]
    for (const memory of [undefined, null, {}, handle.memory.buffer, new WebAssembly.Memory({ initial: 16, maximum: 16 })]) {
      expectRefused(name, { ...handle, memory }, 'ERR_BAD_HANDLE', 'no shared memory')
    }
    expectRefused(name, JSON.parse(JSON.stringify(handle)), 'ERR_BAD_HANDLE', 'no shared memory')
    const strange = new WebAssembly.Memory({ initial: 4, maximum: 16, shared: true })
    expectRefused(name, { ...handle, memory: strange }, 'ERR_BAD_HANDLE', 'holds no tophash heap')
  })

  it.each(['SharedMap', 'SharedSet'] as const)('of %s refuses a handle that was changed', (name) => {
    const handle = handles[name] as unknown as Record<string, unknown>
    for (const field of Object.keys(handle).filter((one) => one !== 'memory')) {
      for (const value of [undefined, null, -1, 1.5, NaN, 65_536, 2 ** 40, 'x', {}]) {
        expectRefused(name, { ...handle, [field]: value }, 'ERR_BAD_HANDLE', '')
      }
    }
    expect((classes[name].attach(handle) as { readonly size: number }).size).toBe(0)
  })

  it.each(['SharedMap', 'SharedSet'] as const)(
    'of %s refuses the handle of a collection that was deleted, and of another in its place',
    (name) => {
      const own = new SharedHeap({ maxBytes: 1 << 20 })
      const { handle } = name === 'SharedMap' ? own.map('one') : own.set('one')
      own.delete('one')
      for (let n = 0; n < 2; n++) {
        for (const Class of [classes[name], others[name]])
          expectError(
            thrownBy(() => Class.attach(handle)),
            'ERR_DISPOSED',
            'deleted',
          )
        if (name === 'SharedMap') own.map('one')
        else own.set('one')
      }
      own.check()
    },
  )

  function expectRefused(name: keyof typeof classes, handle: unknown, code: TophashErrorCode, message: string): void {
    for (const Class of [classes[name], others[name]])
      expectError(
        thrownBy(() => Class.attach(handle)),
        code,
        message,
      )
    expect((heap.stats() as unknown as { threads: number }).threads).toBe(1)
  }
})

/** Expects that something refuses a use after dispose(), which touches no memory, and that the rest is whole. */
function expectEnded<H extends { readonly memory: WebAssembly.Memory }>(
  one: { dispose(): void; readonly handle: H },
  use: (one: any) => unknown,
  expectWhole: (handle: H) => void,
): void {
  const { handle } = one
  one.dispose()
  const before = Buffer.from(new Uint8Array(handle.memory.buffer))
  expectError(
    thrownBy(() => use(one)),
    'ERR_DISPOSED',
    'disposed of in this thread',
  )
  expect(Buffer.from(handle.memory.buffer).equals(before)).toBe(true)
  expectWhole(handle)
}
