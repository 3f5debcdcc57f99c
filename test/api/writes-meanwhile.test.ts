// What a thread writes while it goes over a map: to that map, through whatever object, or to others, which is no concern of the iteration.
import { describe, expect, it } from 'vitest'
import { SharedCache, SharedHeap, SharedMap, SharedSet } from 'tophash'
import { anotherCopy } from '../support/copies.js'

const other = await anotherCopy('other')
/** More than fit into one batch. */
const MANY = 1000
/** As many as fit into one. */
const FEW = 50

type Map = SharedMap<any, any>

const KINDS = [
  ['numbers', 'number', (n: number): unknown => n],
  ['strings', 'string', (n: number): unknown => `key ${n}`],
] as const

/** Ways to go over a map; each tells the numbers of the values, or of the keys. */
const WAYS: readonly (readonly [string, (map: Map, visit: (n: number) => void) => void])[] = [
  ['values', (map, visit) => tell(map.values(), visit)],
  ['keys', (map, visit) => tell(map.keys(), visit)],
  ['entries', (map, visit) => tell(map.entries(), visit)],
  ['forEach', (map, visit) => map.forEach((_value, key) => visit(numberOf(key)))],
  ['retain', (map, visit) => map.retain((_value, key) => [visit(numberOf(key)), true][1])],
]

function tell(items: Iterable<unknown>, visit: (n: number) => void): void {
  for (const item of items) visit(numberOf(Array.isArray(item) ? item[0] : item))
}

function numberOf(item: unknown): number {
  return Number(String(item).replace('key ', ''))
}

/** Writes to something else, in turn. */
function elsewhere(heap: SharedHeap): () => void {
  const cache = new SharedCache<number, number>({ max: 10 })
  const numbers = heap.map<number, number>('numbers')
  const set = new SharedSet<number>()
  let n = 0
  const writes = [
    () => numbers.set(1, n),
    () => numbers.increment(2),
    () => set.add(n),
    () => set.delete(n - 4),
    () => numbers.setMany([[3, n]]),
    () => cache.set(n, n),
    () => numbers.clear(),
    () => numbers.update(4, () => n),
  ]
  return () => void writes[n++ % writes.length]!()
}

describe.each(KINDS)('a loop over a map with keys of %s', (_, key, keyOf) => {
  const newMap = (heap: SharedHeap, count: number): Map => {
    const map = heap.map<any, any>('map', { key, value: 'number' })
    for (let n = 0; n < count; n++) map.set(keyOf(n), n)
    return map
  }

  it.each(WAYS)('by %s sees what it writes through another object of the same map, whatever it writes elsewhere', (_, go) => {
    const heap = new SharedHeap()
    const map = newMap(heap, MANY)
    const write = elsewhere(heap)
    const theirs = SharedMap.attach<any, any>(map.handle)
    const visited = new Set<number>()
    let wrong = 0
    go(map, (n) => {
      if (visited.has(n) || visited.has(n ^ 1)) wrong++
      visited.add(n)
      write()
      theirs.delete(keyOf(n ^ 1))
      write()
    })
    expect([visited.size, wrong, map.size]).toEqual([MANY / 2, 0, MANY / 2])
    heap.check()
  })

  it.each(['values', 'entries', 'forEach'] as const)('by %s sees values that it changes so, once, late and again', (way) => {
    const heap = new SharedHeap()
    const map = newMap(heap, MANY)
    const write = elsewhere(heap)
    const theirs = SharedMap.attach<any, any>(map.handle)
    const found: number[] = []
    const visit = (value: number): void => {
      found.push(value)
      write()
      if (found.length === 10 || found.length === 20) {
        for (let n = 0; n < MANY; n++) theirs.set(keyOf(n), n + found.length * MANY)
      }
      write()
    }
    if (way === 'values') for (const value of map.values()) visit(value)
    else if (way === 'entries') for (const [, value] of map.entries()) visit(value)
    else map.forEach(visit)
    expect(found.map((value) => Math.floor(value / MANY))).toEqual(
      Array.from({ length: MANY }, (_, i) => (i < 10 ? 0 : i < 20 ? 10 : 20)),
    )
    expect(new Set(found.map((value) => value % MANY)).size).toBe(MANY)
  })

  it.each(WAYS.slice(0, 4))('by %s does not look at its entries again because of what it writes elsewhere', (_, go) => {
    const heap = new SharedHeap()
    const map = newMap(heap, FEW)
    const write = elsewhere(heap)
    const theirs = other.SharedMap.attach<any, any>(map.handle) // as another thread: nothing tells of its writes
    let visits = 0
    go(map, () => {
      if (visits++ === 0) theirs.clear()
      write()
    })
    expect([visits, map.size]).toEqual([FEW, 0])
  })
})

describe('retain', () => {
  const filled = () => {
    const map = new SharedMap<number, number>(null, { key: 'number', value: 'number' })
    for (let n = 0; n < MANY; n++) map.set(n, n)
    return { map, theirs: SharedMap.attach<number, number>(map.handle), write: elsewhere(new SharedHeap()) }
  }

  it.each([
    ['and removes nothing', [] as number[], [] as number[]],
    ['after it has removed something', [1, 2], [] as number[]],
    ['and removes that entry', [] as number[], [3]],
    ['and all along', [1, 2], [3, 4, 5]],
  ])('shows values as its predicate has left them: it writes %s', (_, before, after) => {
    const { map, theirs, write } = filled()
    const found: number[] = []
    map.retain((value) => {
      const call = found.push(value)
      write()
      if (call === 3) for (const key of map.keys()) theirs.update(key, (value = 0) => value + MANY)
      write()
      return !before.includes(call) && !after.includes(call)
    })
    expect(found.map((value) => value >= MANY)).toEqual(Array.from({ length: MANY }, (_, i) => i >= 3))
    expect(map.size).toBe(MANY - before.length - after.length)
  })

  it('does not read entries again because of what its predicate writes elsewhere, and what it removes itself', () => {
    const { map, write } = filled()
    const theirs = other.SharedMap.attach<number, number>(map.handle)
    let asked = 0
    map.retain((value) => {
      write()
      if (++asked === 3) for (let n = 0; n < MANY; n++) if (n !== value) theirs.set(n, n + MANY) // to be seen only where a batch is read later
      if (asked > 3 && asked < FEW) expect(value).toBeLessThan(MANY)
      return asked > 2
    })
    expect([asked, map.size]).toEqual([MANY, MANY])
  })
})
