// What ECMA-262 demands of Map and Set, test262 checks, and SharedMap and SharedSet do otherwise: all of it, each with
// the reason. The tests show that the difference is there, so this list cannot outlive it.
//
// Not here, and not in the suites either, because nothing can be seen of it in a program that works:
// - attributes of properties, the realms that prototypes come from, Symbol.species (no method of Map or Set uses it);
// - whether the library calls methods of built-in prototypes that a program has replaced.
import { describe, expect, it } from 'vitest'
import { SharedMap, SharedSet, TophashError } from 'tophash'
import { thrownBy } from './support/expect.js'

const COUNT = 200
const numbers = (): number[] => Array.from({ length: COUNT }, (_, n) => n)

describe('order', () => {
  // All threads write at once: there is no one order of insertions, and to keep one all would have to take turns.
  it('of iteration is that of hashes, not that of insertion', () => {
    expect([...new Set(numbers())]).toEqual(numbers())
    expect([...new SharedSet(numbers())]).not.toEqual(numbers())
    expect([...new SharedMap(numbers().map((n) => [n, n] as const)).keys()]).not.toEqual(numbers())
  })

  // The place of an entry follows from its key: what was visited is behind the cursor, and stays there.
  it('of hashes is why what was visited, deleted and added again is not visited again', () => {
    const visits = (set: Set<number> | SharedSet<number>): number => {
      let count = 0
      set.forEach((value: number) => {
        if (count++ > 0) return
        set.delete(value)
        set.add(value)
      })
      return count
    }
    expect(visits(new Set(numbers()))).toBe(COUNT + 1)
    expect(visits(new SharedSet(numbers()))).toBe(COUNT)
  })

  // As above: what is added in front of the cursor is visited, what is added behind it is not.
  it('of hashes is why an iteration ends although every step of it adds an entry', () => {
    const map = new SharedMap(numbers().map((n) => [n, 0] as const))
    let visits = 0
    map.forEach(() => {
      if (++visits > 100 * COUNT) throw new Error('It goes on and on.')
      map.set(COUNT + visits, 0)
    })
    expect(visits).toBeGreaterThanOrEqual(COUNT)
    expect(map.size).toBe(COUNT + visits)
  })
})

describe('objects', () => {
  // Another thread cannot have the same object, so there is no identity that a key could be found by.
  it('cannot be keys, nor in a set; functions and symbols neither', () => {
    for (const key of [{}, [], () => undefined, Symbol('key'), new Date(0), new Map()]) {
      expect(new Map([[key, 1]]).get(key)).toBe(1)
      const [map, set] = [new SharedMap(), new SharedSet()]
      for (const method of ['set', 'get', 'has', 'delete'] as const) {
        expectCode(() => map[method](key as never, 1), 'ERR_KEY_TYPE')
      }
      for (const method of ['add', 'has', 'delete'] as const) {
        expectCode(() => set[method](key as never), 'ERR_VALUE_TYPE')
      }
    }
  })

  // Bytes have an obvious equality that needs no identity.
  it('of bytes can be keys, and are compared by content', () => {
    const bytes = Uint8Array.of(1, 2)
    expect(new Map([[bytes, 1]]).get(Uint8Array.of(1, 2))).toBe(undefined)
    expect(new SharedMap([[bytes, 1]]).get(Uint8Array.of(1, 2))).toBe(1)
  })

  // What is in shared memory is bytes, not references.
  it('that are values come back as copies, a new one each time', () => {
    const value = { list: [1] }
    const map = new SharedMap([['key', value]])
    const [first, second] = [map.get('key'), map.get('key')]
    expect([first, second]).toEqual([value, value])
    expect([first === value, first === second]).toEqual([false, false])
    expect(new Map([['key', value]]).get('key')).toBe(value)
  })

  // There is no way to bring them to another thread.
  it('that cannot be copied cannot be values: functions, symbols, weak collections', () => {
    for (const value of [() => undefined, Symbol('value'), new WeakMap(), [() => undefined]]) {
      expectCode(() => new SharedMap().set('key', value as never), 'ERR_VALUE_TYPE')
    }
  })

  // A group is an array, and that a value.
  it('are copied by groupBy, too: a group is an array of copies', () => {
    const item = {}
    const [group] = SharedMap.groupBy([item], () => 1).values()
    expect(group).toEqual([item])
    expect((group as unknown[])[0] === item).toBe(false)
  })
})

describe('memory', () => {
  // It is reserved for the map, and shared memory cannot be asked for without end.
  it('can be used up, which throws and leaves the map as it was', () => {
    const map = new SharedMap(null, { maxBytes: 1 << 20 })
    expectCode(() => map.set('key', 'x'.repeat(1 << 21)), 'ERR_OUT_OF_MEMORY')
    expect([...map]).toEqual([])
  })
})

function expectCode(action: () => unknown, code: string): void {
  const error = thrownBy(action)
  expect(error).toBeInstanceOf(TophashError)
  expect(error).toMatchObject({ code })
}
