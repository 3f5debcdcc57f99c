// What each operation does when the heap is at its maxBytes, one by one.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { textsOf, useKnownSecrets } from '../support/hashes.js'
import { expectError, thrownBy } from '../support/errors.js'
import { LEAST_BYTES } from '../support/memory.js'
import { type TestMap, newMap } from '../support/untyped.js'
import { same } from '../support/values.js'

const LEAST = { maxBytes: LEAST_BYTES }

describe('a full map', () => {
  it('is not grown by reserve, and says so', () => {
    using map = newMap(['number', 'number'], LEAST)
    map.set(1, 1)
    expectError(
      thrownBy(() => map.reserve(1_000_000)),
      'ERR_OUT_OF_MEMORY',
      `${LEAST_BYTES} bytes`,
    )
    map.check()
    expect([...map]).toEqual([[1, 1]])
    const { level } = map.stats()
    expect(level).toBeGreaterThan(3) // what was grown stays
    for (let n = 0; n < 500; n++) map.set(n, n)
    expect(map.stats().level).toBe(level)
    map.check()
  })

  it('takes a value that is too large for it for what it is, and then one that fits', () => {
    using map = newMap(['string', 'string'], LEAST)
    for (const length of [400_000, 200_000, 131_072]) {
      expectError(
        thrownBy(() => map.set('key', 'x'.repeat(length))),
        'ERR_OUT_OF_MEMORY',
        'larger maxBytes',
      )
      expect(map.has('key')).toBe(false)
      map.check()
    }
    map.set('key', 'x'.repeat(50_000))
    map.check()
    expect(map.get('key')).toBe('x'.repeat(50_000))
  })

  it('brings out a value of over 56 KiB although there is no room for a copy', () => {
    using map = newMap(['string', 'string'], LEAST)
    map.set('key', 'x'.repeat(60_000))
    expect(map.get('key')).toBe('x'.repeat(60_000))
    expect(map.getMany(['none', 'key', 'key'])).toEqual([undefined, 'x'.repeat(60_000), 'x'.repeat(60_000)])
    expect([map.has('key'), map.size]).toEqual([true, 1])
    map.check()
    map.set('key', 'short')
    expect([...map]).toEqual([['key', 'short']])
  })

  it('gets the memory back that a large value took on its way out', () => {
    using map = newMap(['string', 'string'], { maxBytes: 11 * 65_536 }) // 5 pages are in use
    const large = 'x'.repeat(100_000) // 2 pages
    map.set('first', large)
    for (let n = 0; n < 10; n++) {
      expect(map.get('first')).toBe(large)
      expect([...map]).toEqual([['first', large]])
    }
    map.set('second', large).set('third', large)
    expect([map.get('first'), map.get('third')]).toEqual([large, large])
    expect(map.take('second')).toBe(large)
    map.set('second', large)
    map.check()
  })

  it('takes no memory for a long key that it has no bucket for', () => {
    using map = newMap(['string', 'number'], { capacity: 800, ...LEAST })
    useKnownSecrets(map.handle)
    const long = ['a', 'b', 'c', 'd'].map((unit) => unit.repeat(5000))
    const spread = Array.from({ length: 400 }, (_, n) => `sixteen chars ${n}`.slice(-16))
    for (const key of [...long, ...spread]) map.set(key, 1)
    const colliding = textsOf(1, 10) // eight of them take a bucket, of 16 characters as the others
    exhaust(map, colliding)
    for (const key of [...long, ...spread]) map.delete(key)
    exhaust(map, colliding) // now blocks for keys are left over, short and long, but no bucket
    const keys = new Set(map.keys())
    for (const action of [() => map.set('e'.repeat(5000), 1), () => map.increment('f'.repeat(5000))]) {
      expectError(thrownBy(action), 'ERR_OUT_OF_MEMORY', `${LEAST_BYTES} bytes`)
      map.check()
    }
    expect(new Set(map.keys())).toEqual(keys)
  })

  it.each([
    ['number', 1, 5],
    ['bigint', 1n, 5n],
    ['any', 1, 5],
  ] as const)('counts on: an increment of a %s that is there needs no memory, one of a new key fails', (value, one, five) => {
    using map = newMap(['number', value], LEAST)
    expectOutOfMemory(() => {
      for (let n = 0; ; n++) map.set(n, one)
    })
    const count = map.size
    expect(map.increment(7, five)).toBe(typeof one === 'bigint' ? 6n : 6)
    expectOutOfMemory(() => map.increment(count, one))
    expect([map.has(count), map.size]).toEqual([false, count])
    map.check()
  })
})

/** Operations that would set something that there is no room for: of a key that is there, and of one that is not. */
const SETTING: readonly (readonly [
  name: string,
  action: (map: TestMap, key: string, value: string) => unknown,
  insertsOnly: boolean,
])[] = [
  ['set', (map, key, value) => map.set(key, value), false],
  ['exchange', (map, key, value) => map.exchange(key, value), false],
  ['compareAndSet', (map, key, value) => map.compareAndSet(key, map.get(key) ?? '', value) || map.set(key, value), false],
  ['update', (map, key, value) => map.update(key, () => value), false],
  ['setMany', (map, key, value) => map.setMany([[key, value]]), false],
  ['getOrInsert', (map, key, value) => map.getOrInsert(key, value), true],
  ['getOrInsertComputed', (map, key, value) => map.getOrInsertComputed(key, () => value), true],
  ['getOrInsertMany', (map, key, value) => map.getOrInsertMany([[key, value]]), true],
]

describe.each([
  ['string', 'x'],
  ['any', 'x'],
  ['string', '€'],
  ['any', '€'],
] as const)('with %s keys and values of %s, a map that has no room', (kind, unit) => {
  it.each(SETTING)('is left as it was by %s', (_, action, insertsOnly) => {
    using map = newMap([kind, kind], LEAST)
    const long = 'long '.repeat(2000)
    map.set('there', 'x').set(long, 'y')
    exhaust(map, numberedKeys(), 'z'.repeat(50))
    const before = new Map(map)
    for (const value of [unit.repeat(1000), unit.repeat(9000), unit.repeat(28_668), unit.repeat(70_000)]) {
      for (const key of insertsOnly ? ['absent'] : ['there', 'absent', long]) {
        expectOutOfMemory(() => action(map, key, value))
        map.check()
      }
    }
    expectOutOfMemory(() => action(map, 'absent '.repeat(2000), 'x'))
    same('entries', new Map(map), before)
    same('what is there is found', [map.getOrInsert('there', 'other'), map.getOrInsertComputed(long, () => 'other')], ['x', 'y'])
    same(
      'and removed',
      [map.take('there'), map.compareAndDelete(long, 'y'), map.update('0', () => SharedMap.remove)],
      ['x', true, undefined],
    )
    map.check()
    for (let n = 1; n < 400; n++) map.delete(String(n))
    action(map, 'absent', unit.repeat(1000))
    expect(map.get('absent')).toBe(unit.repeat(1000))
    map.check()
  })
})

describe('a full map with values of several pages', () => {
  it.each(['string', 'bytes', 'any'] as const)('reads, takes and replaces them: %s', (kind) => {
    using map = newMap(['string', kind], { maxBytes: 2 << 20 })
    const made = (n: number, length: number): unknown =>
      kind === 'bytes' ? new Uint8Array(length).fill(n) : String.fromCharCode(97 + n).repeat(length)
    const keys = ['a', 'b'.repeat(8057), 'c'.repeat(50_000), 'd'.repeat(3000), '€'.repeat(20_000)]
    keys.forEach((key, n) => map.set(key, made(n, 200_000)))
    for (let n = 0; !isFull(() => map.set(`more ${n}`, made(n, 30_000))); n++);
    for (let n = 0; !isFull(() => map.set(`small ${n}`, made(n, 20))); n++);
    keys.forEach((key, n) => same(`get of key ${n}`, [map.has(key), map.get(key)], [true, made(n, 200_000)]))
    same(
      'getMany',
      map.getMany(keys),
      keys.map((_, n) => made(n, 200_000)),
    )
    map.check()
    same('take', map.take(keys[2]), made(2, 200_000))
    same('exchange', map.exchange(keys[0], made(9, 200_000)), made(0, 200_000))
    same('delete', [map.delete(keys[1]), map.delete(keys[1]), map.delete(keys[4])], [true, false, true])
    same('get', [map.get(keys[0]), map.get(keys[3])], [made(9, 200_000), made(3, 200_000)])
    map.check()
    map.set(keys[2], made(5, 190_000))
    same('there is room again', map.get(keys[2]), made(5, 190_000))
    map.check()
  })
})

describe('setMany of more than there is room for', () => {
  it('sets the first ones, as many as fit, and none of the others', () => {
    using map = newMap(['number', 'string'], LEAST)
    const entries = Array.from({ length: 20_000 }, (_, n): [number, string] => [n, `value ${n}`])
    expectOutOfMemory(() => map.setMany(entries))
    const { size } = map
    expect(size).toBeGreaterThan(500)
    same(
      'keys',
      [...map.keys()].map(Number).sort((a, b) => a - b),
      Array.from({ length: size }, (_, n) => n),
    )
    same(
      'values',
      map.getMany([...map.keys()]),
      [...map.keys()].map((n) => `value ${Number(n)}`),
    )
    map.check()
    expect(map.deleteMany(entries.map(([n]) => n))).toBe(size)
    map.check()
  })
})

function* numberedKeys(): Generator<string> {
  for (let n = 0; ; n++) yield String(n)
}

/** Sets key after key until there is no memory. */
function exhaust(map: TestMap, keys: Iterator<string>, value: string | number = 1): void {
  expectOutOfMemory(() => {
    for (;;) map.set(keys.next().value, value)
  })
}

function isFull(action: () => unknown): boolean {
  try {
    action()
    return false
  } catch (error) {
    expectError(error, 'ERR_OUT_OF_MEMORY', 'The heap has no room left')
    return true
  }
}

function expectOutOfMemory(action: () => unknown): void {
  expectError(thrownBy(action), 'ERR_OUT_OF_MEMORY', 'The heap has no room left')
}
