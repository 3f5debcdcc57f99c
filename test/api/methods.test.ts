// The methods that SharedMap has in common with Map, and increment: what they return and what they leave.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'

const NAMES = ['get', 'set', 'has', 'delete', 'clear', 'forEach', 'entries', 'keys', 'values'] as const

describe('the class', () => {
  it('is named, and names its maps', () => {
    expect(SharedMap.name).toBe('SharedMap')
    expect(Object.prototype.toString.call(scores())).toBe('[object SharedMap]')
    expect(scores()[Symbol.toStringTag]).toBe('SharedMap')
  })

  it.each(NAMES)('has %s as Map has it', (name) => {
    const { value: expected, ...like } = Object.getOwnPropertyDescriptor(Map.prototype, name)!
    const { value: method, ...given } = Object.getOwnPropertyDescriptor(SharedMap.prototype, name)!
    expect(given).toEqual(like)
    expect(method.name).toBe(expected.name)
  })

  it('has size as a getter that cannot be set', () => {
    const { get, set, enumerable } = Object.getOwnPropertyDescriptor(SharedMap.prototype, 'size')!
    expect([typeof get, set, enumerable]).toEqual(['function', undefined, false])
    expect(() => Object.assign(scores(), { size: 1 })).toThrow(TypeError)
  })

  it.each([...NAMES, 'increment', 'reserve', 'stats', 'check', 'dispose'] as const)('has %s for maps only', (name) => {
    const method = SharedMap.prototype[name] as (...args: unknown[]) => unknown
    for (const receiver of [undefined, {}, new Map(), SharedMap.prototype]) {
      expect(() => [...(method.call(receiver, 1, 1) as Iterable<unknown>)]).toThrow(TypeError)
    }
  })

  it('shows no entries as properties, but for the one by which tools print and compare it', () => {
    expect(Reflect.ownKeys(scores().set('ann', 1)).map(String)).toEqual(['Symbol(entries)'])
  })
})

describe('set and get', () => {
  it('keep what they are given', () => {
    const map = scores()
    expect(map.set('ann', 1)).toBe(map)
    expect(map.set('bob', 2).set('cid', 3)).toBe(map)
    expect([map.get('ann'), map.get('bob'), map.get('cid'), map.size]).toEqual([1, 2, 3, 3])
  })

  it('replace the value of a key that is there', () => {
    const map = scores().set('ann', 1)
    expect(map.set('ann', 2)).toBe(map)
    expect([map.get('ann'), map.size]).toEqual([2, 1])
  })

  it('know no value for a key that is not there', () => {
    expect(scores().get('ann')).toBe(undefined)
    expect(scores().set('ann', 1).get('anna')).toBe(undefined)
    expect(new SharedMap(null, { key: 'string', value: 'string' }).get('ann')).toBe(undefined)
    expect(new SharedMap(null, { key: 'number', value: 'string' }).get(0)).toBe(undefined)
    expect(new SharedMap(null, { key: 'number', value: 'number' }).get(0)).toBe(undefined)
  })

  it('ignore further arguments, as Map does', () => {
    const map = scores()
    const set = map.set.bind(map) as (...args: unknown[]) => unknown
    expect(set('ann', 1, 'more')).toBe(map)
    expect([...map]).toEqual([['ann', 1]])
  })
})

describe('has and delete', () => {
  it('tell whether there is an entry', () => {
    const map = scores().set('ann', 0).set('', NaN)
    expect([map.has('ann'), map.has(''), map.has('bob')]).toEqual([true, true, false])
    expect([map.delete('ann'), map.delete('ann'), map.delete('bob')]).toEqual([true, false, false])
    expect([map.has('ann'), map.get('ann'), map.size]).toEqual([false, undefined, 1])
    expect(map.set('ann', 5).get('ann')).toBe(5)
  })

  it('are about entries, not values: undefined is not one, an empty string is', () => {
    const map = new SharedMap(null, { key: 'number', value: 'string' }).set(1, '')
    expect([map.has(1), map.get(1), map.delete(1), map.has(1)]).toEqual([true, '', true, false])
  })
})

describe('clear and size', () => {
  it('take all entries away, and count what is there', () => {
    const map = scores()
    expect([map.size, map.clear()]).toEqual([0, undefined])
    for (let n = 0; n < 500; n++) map.set(`key ${n}`, n)
    expect(map.size).toBe(500)
    expect([map.clear(), map.size, map.get('key 1'), map.has('key 2'), map.delete('key 3')]).toEqual([
      undefined,
      0,
      undefined,
      false,
      false,
    ])
    expect(map.set('key 1', 7).size).toBe(1)
    map.check()
  })
})

describe('increment', () => {
  it('adds to the number of a key, 1 unless told, and returns the new one', () => {
    const map = scores().set('ann', 40)
    expect([map.increment('ann'), map.increment('ann', undefined), map.increment('ann', -2.5)]).toEqual([41, 42, 39.5])
    expect([map.get('ann'), map.size]).toEqual([39.5, 1])
  })

  it('counts an absent key from 0', () => {
    const map = scores()
    expect([map.increment('ann'), map.increment('bob', 5), map.increment('cid', -1)]).toEqual([1, 5, -1])
    expect([map.get('ann'), map.get('bob'), map.get('cid'), map.size]).toEqual([1, 5, -1, 3])
    map.delete('ann')
    expect(map.increment('ann', 3)).toBe(3)
  })

  it('adds as numbers are added', () => {
    const map = scores().set('ann', 0.1).set('max', Number.MAX_SAFE_INTEGER).set('inf', Infinity)
    expect(map.increment('ann', 0.2)).toBe(0.1 + 0.2)
    expect(map.increment('max', 2)).toBe(Number.MAX_SAFE_INTEGER + 2)
    expect([map.increment('inf', -Infinity), map.get('inf'), map.increment('inf', 1)]).toEqual([NaN, NaN, NaN])
    expect([map.increment('new', NaN), map.has('new'), map.get('new')]).toEqual([NaN, true, NaN])
    expect(map.size).toBe(4)
  })

  it('counts an absent key from 0 even if -0 is added: 0 + -0 is 0', () => {
    expect(scores().increment('ann', -0)).toBe(0)
  })

  it('is there for number keys too', () => {
    const map = new SharedMap(null, { key: 'number', value: 'number' })
    expect([map.increment(-0), map.increment(0), map.increment(NaN), map.increment(NaN)]).toEqual([1, 2, 1, 2])
    expect(map.size).toBe(2)
  })
})

function scores() {
  return new SharedMap(null, { key: 'string', value: 'number' })
}
