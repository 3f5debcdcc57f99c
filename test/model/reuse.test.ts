// Memory that was something else before, or another thread's: it is used again, and nothing of what it was shows.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { Reference } from '../support/reference.js'
import { newMap } from '../support/untyped.js'
import { sameEntries } from './operations.js'

const other = await anotherCopy('other')

describe('memory of a large value', () => {
  it.each(['ÿ', '\uffff', '\x03'])('becomes buckets, and nothing is left of its %j', (unit) => {
    const map = newMap(['string', 'string'], { capacity: 1, maxBytes: 8 << 20 })
    map.set('large', unit.repeat(2_000_000))
    const { memoryBytes } = map.stats()
    map.delete('large')
    map.reserve(8000)
    expect(map.stats().memoryBytes).toBe(memoryBytes) // the buckets are where the value was
    map.check()
    const model = new Reference('string', 'string')
    for (let n = 0; n < 8000; n++) model.set(`key ${n}`, `value ${n}`)
    for (const [key, value] of model) map.set(key, value)
    sameEntries(map, model)
    map.check()
  })

  it('becomes that of many small ones', () => {
    const map = newMap(['string', 'string'], { capacity: 1000, maxBytes: 2 << 20 })
    map.set('large', '\uffff'.repeat(500_000))
    const { memoryBytes } = map.stats()
    map.delete('large')
    const model = new Reference('string', 'string')
    for (let n = 0; n < 1000; n++) model.set(`key ${n}`, 'x'.repeat(n % 500))
    for (const [key, value] of model) map.set(key, value)
    expect(map.stats().memoryBytes).toBe(memoryBytes)
    sameEntries(map, model)
    map.check()
  })
})

describe('memory of a value that does not become the entry', () => {
  it('is given back', () => {
    const map = newMap(['string', 'string'], { capacity: 1, maxBytes: 4 << 20 })
    map.set('a', 'the first')
    const lengths = [40_000, 100_000, 500_000] // beyond the scratch page: blocks, of a class and of whole pages
    for (let n = 0; n < 200; n++) {
      const length = lengths[n % 3]!
      expect(map.getOrInsert('a', 'x'.repeat(length))).toBe('the first')
      expect(map.compareAndSet('a', 'another', 'y'.repeat(length))).toBe(false)
    }
    map.check()
    expect(map.size).toBe(1)
  })
})

describe('memory that a thread freed before it left', () => {
  it.each([100, 1000, 10_000, 30_000])('is there for the others, to the last block: values of %d characters', (length) => {
    // So many buckets that no entry needs one more: all that is short is memory for values.
    const map = new SharedMap<number, string>(null, { key: 'number', value: 'string', capacity: 20_000, maxBytes: 17 * 65_536 })
    const theirs = other.SharedMap.attach<number, string>(map.handle)
    let count = 0
    expectError(
      thrownBy(() => {
        for (; ; count++) map.set(count, 'x'.repeat(length))
      }),
      'ERR_OUT_OF_MEMORY',
      '1114112 bytes',
    )
    for (let n = 1; n < count; n++) theirs.delete(n)
    theirs.dispose()
    for (let n = 1; n < count; n++) map.set(n, 'y'.repeat(length))
    expect([count > 2, map.size, map.get(count - 1)]).toEqual([true, count, 'y'.repeat(length)])
    map.check()
  })
})
