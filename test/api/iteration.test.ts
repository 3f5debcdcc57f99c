// forEach, entries, keys, values and for-of: the protocol, and what is visited when the map changes meanwhile.
import { describe, expect, it, vi } from 'vitest'
import { SharedMap } from 'tophash'
import { expectError, thrownBy } from '../support/errors.js'
import { hashedTexts, numbersOfLow, useKnownSecrets } from '../support/hashes.js'

/** More than fit into one batch, so that iteration goes on behind its end. */
const MANY = 1000

describe('forEach', () => {
  it('calls back with value, key and map, once for each entry, and returns nothing', () => {
    const map = squares(MANY)
    const seen = new Map<number, number>()
    let wrong = 0
    const result = map.forEach((value, key, ...rest) => {
      wrong += Number(seen.has(key) || rest.length !== 1 || rest[0] !== map)
      seen.set(key, value)
    })
    expect([result, wrong]).toEqual([undefined, 0])
    expect(seen).toEqual(new Map(Array.from({ length: MANY }, (_, n) => [n, n * n])))
  })

  it('gives the callback its second argument as this', () => {
    const self = {}
    const seen: unknown[] = []
    function callback(this: unknown): void {
      seen.push(this)
    }
    squares(1).forEach(callback, self)
    squares(1).forEach(callback)
    expect(seen).toEqual([self, undefined])
  })

  it('does not call back when there is nothing', () => {
    const callback = vi.fn()
    squares(0).forEach(callback)
    expect(callback).not.toHaveBeenCalled()
  })

  it.each([undefined, null, 1, 'x', {}])('throws a TypeError if it is to call %o, even if there is nothing', (callback) => {
    for (const map of [squares(0), squares(3)]) {
      expectError(
        thrownBy(() => map.forEach(callback as never)),
        'ERR_OPTIONS',
        'forEach takes a function',
      )
    }
  })

  it('ends with what the callback throws, and the map goes on', () => {
    const map = squares(MANY)
    let calls = 0
    const action = (): void =>
      map.forEach(() => {
        if (++calls === 3) throw new RangeError('enough')
      })
    expect(action).toThrow(new RangeError('enough'))
    expect([calls, map.size, [...map].length]).toEqual([3, MANY, MANY])
    map.check()
  })
})

describe('the iterators', () => {
  it('hand out entries, keys and values', () => {
    const map = new SharedMap(
      [
        ['ann', 1],
        ['bob', 2],
      ],
      { key: 'string', value: 'number' },
    )
    expect([...map].sort()).toEqual([
      ['ann', 1],
      ['bob', 2],
    ])
    expect([...map.entries()].sort()).toEqual([
      ['ann', 1],
      ['bob', 2],
    ])
    expect([...map.keys()].sort()).toEqual(['ann', 'bob'])
    expect([...map.values()].sort()).toEqual([1, 2])
    expect(new Map(map)).toEqual(
      new Map([
        ['ann', 1],
        ['bob', 2],
      ]),
    )
    expect(Object.fromEntries(map)).toEqual({ ann: 1, bob: 2 })
  })

  it.each(['entries', 'keys', 'values'] as const)('of %s keep to the protocol', (method) => {
    const iterator: IterableIterator<unknown> = squares(2)[method]()
    expect(iterator[Symbol.iterator]()).toBe(iterator)
    const results = [iterator.next(), iterator.next()]
    expect(results.map(({ done }) => done)).toEqual([false, false])
    expect([iterator.next(), iterator.next()]).toEqual([
      { value: undefined, done: true },
      { value: undefined, done: true },
    ])
  })

  it('agree about the order', () => {
    const map = squares(MANY)
    const keys = [...map].map(([key]) => key)
    expect([...map.keys()]).toEqual(keys)
    expect([...map.values()]).toEqual(keys.map((key) => key * key))
  })

  it("hand out entries that are the caller's own", () => {
    const map = squares(1)
    const [entry] = map
    entry![1] = 7
    expect([...map]).toEqual([[0, 0]])
  })

  it('are independent of each other', () => {
    const map = squares(200)
    let pairs = 0
    for (const outer of map.keys()) for (const inner of map.keys()) pairs += Number(outer !== inner)
    expect(pairs).toBe(200 * 199)
  })

  it.each(['entries', 'keys', 'values'] as const)('of %s can be left early, and taken up again', (method) => {
    const map = squares(MANY)
    const iterator: IterableIterator<unknown> = map[method]()
    for (const _ of iterator) break
    expect([...iterator]).toHaveLength(MANY - 1)
    expect([...map]).toHaveLength(MANY)
  })

  it('stay at their end when entries come later', () => {
    const map = squares(1)
    const iterator = map.entries()
    iterator.next()
    expect(iterator.next().done).toBe(true)
    map.set(1, 1)
    expect(iterator.next().done).toBe(true)
  })

  it('begin when they are first asked', () => {
    const map = squares(0)
    const iterator = map.keys()
    map.set(5, 25)
    expect(iterator.next()).toEqual({ value: 5, done: false })
  })
})

describe('a map that changes while it is iterated over, in the same thread,', () => {
  it('does not show an entry that was deleted before its turn', () => {
    const map = squares(MANY)
    const visited = new Set<number>()
    for (const [key] of map) {
      visited.add(key)
      expect(map.has(key)).toBe(true)
      map.delete(key ^ 1) // of each pair the one that comes second
    }
    expect([visited.size, map.size]).toEqual([MANY / 2, MANY / 2])
    expect(new Set(map.keys())).toEqual(visited)
  })

  it('shows the new value of an entry whose turn has not come', () => {
    const map = squares(MANY)
    const visited = new Map<number, number>()
    map.forEach((value, key) => {
      visited.set(key, value)
      if (visited.size === 1) for (const other of map.keys()) map.set(other, -other)
    })
    const [first] = visited.keys()
    for (const [key, value] of visited) expect(value).toBe(key === first ? key * key : -key)
    expect(visited.size).toBe(MANY)
  })

  it('shows what is there throughout exactly once, while it grows', () => {
    const map = squares(50)
    const visits = new Map<number, number>()
    const { level } = map.stats()
    for (const key of map.keys()) {
      visits.set(key, (visits.get(key) ?? 0) + 1)
      if (key < 50) for (let n = 0; n < 100; n++) map.set(1000 + key * 100 + n, n)
    }
    expect(map.stats().level).toBeGreaterThan(level + 3)
    for (let key = 0; key < 50; key++) expect(visits.get(key)).toBe(1)
    for (const count of visits.values()) expect(count).toBe(1)
    expect(map.size).toBe(50 + 50 * 100)
  })

  it('ends at once when it is cleared', () => {
    const map = squares(MANY)
    let visited = 0
    for (const _ of map) {
      visited++
      map.clear()
    }
    expect([visited, map.size]).toEqual([1, 0])
  })

  it('may get an entry back that was deleted, and shows it once at most', () => {
    const map = squares(MANY)
    const visits = new Map<number, number>()
    for (const key of map.keys()) {
      visits.set(key, (visits.get(key) ?? 0) + 1)
      map.delete(key)
      map.set(key, 1)
    }
    expect([...visits.values()].every((count) => count === 1)).toBe(true)
    expect([visits.size, map.size]).toEqual([MANY, MANY])
  })

  it('shows changes that were made by another handle of this thread, and by increment', () => {
    const map = squares(MANY)
    using other = SharedMap.attach<number, number>(map.handle)
    const entries = map.entries()
    const [first] = entries.next().value!
    for (let key = 0; key < MANY; key++) {
      if (key % 2) other.delete(key)
      else other.increment(key, 0.5)
    }
    const rest = [...entries]
    expect(rest.map(([key]) => key).sort((a, b) => a - b)).toEqual(evens().filter((key) => key !== first))
    for (const [key, value] of rest) expect(value).toBe(key * key + 0.5)
  })
})

// values() reads no keys, unless this thread writes: then it has to know which entry each value is of.
describe.each([
  ['numbers', { key: 'number', value: 'number' }, (n: number) => n],
  ['strings', { key: 'string', value: 'number' }, (n: number) => `key ${n}`],
  ['strings with strings', { key: 'string', value: 'string' }, (n: number) => `${n}`.padEnd(n % 40)],
  ['anything', undefined, (n: number) => [n, `${n}`, -n / 3, `\u1234${n}`, 'x'.repeat(n % 200) + n, BigInt(n) << 70n][n % 6]],
] as const)('the values of a map with keys of %s', (_, kinds, keyOf) => {
  const valueOf = (n: number): unknown => (kinds?.value === 'string' ? `value ${n}` : n)
  const numbered = (count = MANY) => {
    const map = new SharedMap<any, any>(null, kinds as object)
    for (let n = 0; n < count; n++) map.set(keyOf(n), valueOf(n))
    return map
  }
  const numberOf = (value: unknown): number => Number(String(value).replace('value ', ''))

  it('are those of all entries', () => {
    const seen = [...numbered().values()].map(numberOf)
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: MANY }, (_, n) => n))
  })

  it('are not shown of what this thread has deleted meanwhile', () => {
    const map = numbered()
    const visited = new Set<number>()
    let twice = 0
    for (const value of map.values()) {
      const n = numberOf(value)
      twice += Number(visited.has(n) || visited.has(n ^ 1))
      visited.add(n)
      map.delete(keyOf(n ^ 1))
    }
    expect([visited.size, twice, map.size]).toEqual([MANY / 2, 0, MANY / 2])
  })

  it('are shown as this thread has left them, from any moment on', () => {
    const map = numbered()
    const visited: number[] = []
    for (const value of map.values()) {
      visited.push(numberOf(value))
      if (visited.length === 150) for (let n = 0; n < MANY; n++) map.set(keyOf(n), valueOf(MANY + n))
    }
    const fresh = visited.slice(150)
    expect(fresh.every((n) => n >= MANY)).toBe(true)
    expect(new Set(visited.map((n) => n % MANY)).size).toBe(MANY)
  })

  it('are shown of what this thread has removed and set again', () => {
    const map = numbered()
    const visited: number[] = []
    for (const value of map.values()) {
      visited.push(numberOf(value))
      if (visited.length > 1) continue
      for (let n = 0; n < MANY; n++) map.delete(keyOf(n))
      for (let n = 0; n < MANY; n++) map.set(keyOf(n), valueOf(MANY + n)) // in the blocks of other keys
    }
    expect(visited.slice(1).every((n) => n >= MANY)).toBe(true)
    expect(visited.length).toBeLessThanOrEqual(MANY)
    expect(new Set(visited.map((n) => n % MANY)).size).toBeGreaterThanOrEqual(MANY - 1) // should one have the hash of the first, nearly
  })

  it('are shown once at most, in whatever blocks their keys come to lie', () => {
    const map = numbered()
    const visited = new Set<number>()
    let twice = 0
    for (const value of map.values()) {
      const n = numberOf(value)
      twice += Number(visited.has(n))
      visited.add(n)
      map.delete(keyOf(n))
      map.delete(keyOf(n ^ 1))
      map.set(keyOf(n), valueOf(n)) // where the other key was
    }
    expect([visited.size, twice, map.size]).toEqual([MANY / 2, 0, MANY / 2])
  })
})

it('a value whose turn has been is not shown again as that of a key with a hash that is hardly another', () => {
  const map = new SharedMap<string, number>(null, { key: 'string', value: 'number' })
  useKnownSecrets(map.handle)
  const [one, other] = similarTexts()
  map.set(one, 1).set(other, 2)
  const visited: number[] = []
  for (const value of map.values()) {
    visited.push(value)
    if (visited.length > 1) continue
    map.delete(one)
    map.delete(other)
    for (let n = 0; n < 10; n++) map.set(`filler ${n}`.padEnd(16), 3) // where they were
    map.set(value === 1 ? one : other, 4)
  }
  expect(visited).toHaveLength(1)
})

it('the values of a chain that fits into no scratch page are kept up to date as well', () => {
  const map = new SharedMap<number, string>(null, { key: 'number', value: 'string', capacity: 1 })
  useKnownSecrets(map.handle)
  const keys = numbersOfLow(0x12345, 10)
  for (const key of keys) map.set(key, String(key).padEnd(20_000))
  const visited = new Set<string>()
  for (const value of map.values()) {
    visited.add(value.trim())
    for (const key of keys) if (!visited.has(String(key))) map.set(key, `${key} `)
    expect(value.length > 10_000).toBe(visited.size === 1)
  }
  expect(visited).toEqual(new Set(keys.map(String)))
})

function squares(count: number) {
  const map = new SharedMap(null, { key: 'number', value: 'number' })
  for (let n = 0; n < count; n++) map.set(n, n * n)
  return map
}

/** Two texts whose hashes have the same low 22 bits, which are those that the words of keys have. */
function similarTexts(): [string, string] {
  const known = new Map<number, string>()
  for (const [text, hash] of hashedTexts(1 << 15)) {
    const other = known.get(hash & 0x3fffff)
    if (other !== undefined) return [other, text]
    known.set(hash & 0x3fffff, text)
  }
  throw new Error('There are none.')
}

function evens(): number[] {
  return Array.from({ length: MANY / 2 }, (_, n) => 2 * n)
}
