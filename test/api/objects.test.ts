// Objects as values on their way into a map and out of it, where short ones take a way of their own.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { difference } from '../support/difference.js'

/** An object whose bytes are about so many. */
function ofBytes(length: number, unit: string): object {
  return { text: unit.repeat(Math.max(0, unit > '\xff' ? length >> 1 : length)), more: [1.5, { a: 'b' }] }
}

describe('an object', () => {
  const around = (length: number) => Array.from({ length: 80 }, (_, i) => length - 72 + i)

  it.each(['x', '€'])('comes back whole, whatever its length: of %s', (unit) => {
    const map = new SharedMap<number, object>()
    const lengths = [...around(72), ...around(1024), 5000, ...around(57_336), 200_000]
    for (const length of lengths) map.set(length, ofBytes(length, unit))
    for (const length of lengths) {
      expect(difference(map.get(length), ofBytes(length, unit)), `${length}`).toBeUndefined()
    }
    expect(map.check()).toBeUndefined()
  })

  it('is the expected one of compareAndSet, whichever way it was set', () => {
    const map = new SharedMap<string, object>()
    const value = (i: number) => ({ i, name: 'Ann', tags: ['a', 'b'] })
    map.set('set', value(1))
    map.setMany([['setMany', value(1)]])
    map.getOrInsert('getOrInsert', value(1))
    map.exchange('exchange', value(1))
    map.update('update', () => value(1))
    for (const key of ['set', 'setMany', 'getOrInsert', 'exchange', 'update']) {
      expect(map.compareAndSet(key, value(2), value(3)), key).toBe(false)
      expect(map.compareAndSet(key, value(1), value(3)), key).toBe(true)
      expect(difference(map.get(key), value(3)), key).toBeUndefined()
    }
  })

  it('may have a getter that uses its map', () => {
    const map = new SharedMap<string, object | number>()
    map.set('other', { text: 'before '.repeat(20) })
    const value = {
      first: 'first',
      get inner() {
        map.set('other', { text: 'after '.repeat(20), list: [map.get('other')] })
        return map.get('other')
      },
      last: 'last',
    }
    map.set('key', value)
    const inner = { text: 'after '.repeat(20), list: [{ text: 'before '.repeat(20) }] }
    expect(difference(map.get('other'), inner)).toBeUndefined()
    expect(difference(map.get('key'), { first: 'first', inner, last: 'last' })).toBeUndefined()
  })

  it('is not set if a getter of it disposes of the map', () => {
    const map = new SharedMap<string, object>()
    const value = {
      get a() {
        map.dispose()
        return 1
      },
    }
    expect(() => map.set('key', value)).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }))
  })
})
