// Views of memory reach as far as memory did when they were made. What lies behind, because memory has grown since (here, or
// in another thread), is read and written all the same. Another copy of the library stands for another thread.
import { describe, expect, it, vi } from 'vitest'
import { SharedMap } from 'tophash'
import { anotherCopy } from '../support/copies.js'

const long = (unit: string): string => unit.repeat(3_000_000)

describe('memory that has grown', () => {
  it('is written to where this thread has made it grow', () => {
    const map = new SharedMap<string, string>(null, { key: 'string', value: 'string' })
    for (const unit of ['a', 'ä', '\u3042']) map.set(unit, long(unit))
    for (const unit of ['a', 'ä', '\u3042']) expect(map.get(unit) === long(unit)).toBe(true)
    map.dispose()
  })

  it('is read where another thread has made it grow', async () => {
    const map = new SharedMap<string, unknown>(null, { key: 'string', value: 'any' })
    const other = (await anotherCopy('views')).SharedMap.attach<string, unknown>(map.handle)
    other.set('text', long('a'))
    expect(map.get('text') === long('a')).toBe(true)
    other.set('bytes', new Uint8Array(3_000_000).fill(7))
    expect((map.get('bytes') as Uint8Array).every((byte) => byte === 7)).toBe(true)
    other.dispose()
    map.dispose()
  })

  it('is visited where another thread has made it grow', async () => {
    const map = new SharedMap<string, string>(null, { key: 'string', value: 'string' })
    const other = (await anotherCopy('views')).SharedMap.attach<string, string>(map.handle)
    other.set('a', long('a'))
    expect([...map].map(([key, value]) => [key, value === long('a')])).toEqual([['a', true]])
    other.dispose()
    map.dispose()
  })

  // The stack ends there, and no frame on the way back has enough of it to say that the block is nobody's.
  it('has no block left in it if views of it cannot be made', async () => {
    const map = new SharedMap<string, string>(null, { key: 'string', value: 'string' })
    for (const unit of ['a', 'b', 'c']) {
      expect(() => atTheEndOfTheStack(() => map.set(unit, long(unit)))).toThrow('call stack')
      await null
      map.check()
      expect(map.size).toBe(0)
    }
    map.set('a', long('a'))
    expect(map.get('a') === long('a')).toBe(true)
    map.dispose()
  })
})

/** From the first view that is made on, nothing can be called. */
function atTheEndOfTheStack(action: () => void): void {
  const { then } = Promise.prototype
  let isOver = false
  const overflow = (): never => {
    isOver = true
    throw new RangeError('Maximum call stack size exceeded')
  }
  vi.stubGlobal(
    'Float64Array',
    class {
      constructor() {
        overflow()
      }
    },
  )
  vi.spyOn(Promise.prototype, 'then').mockImplementation(function (this: Promise<unknown>, ...given) {
    return isOver ? overflow() : then.apply(this, given)
  })
  try {
    action()
  } finally {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  }
}
