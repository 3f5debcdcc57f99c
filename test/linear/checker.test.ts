// The checker: histories known to be right and known to be wrong, and a comparison with the definition itself.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLinearizable } from './brute-force.js'
import { findContradiction } from '../harness/histories/checker.js'
import { ABSENT, type Operation, REFUSED, byKey, countOverlapping } from '../harness/histories/history.js'
import { changedHistories, operation as op, rightHistories } from './made-up.js'
import { DOOMED, UNKNOWN, step } from '../harness/structures/hashmap/model.js'

const [YES, NO] = [1, 0]

const blamed = (history: readonly Operation[]): Operation | undefined => findContradiction(history, step, [ABSENT])

describe('histories that are right', () => {
  it.each<[string, Operation[]]>([
    ['nothing at all', []],
    [
      'one after the other',
      [op('set', 1, 2, { given: 5 }), op('get', 3, 4, { got: 5 }), op('delete', 5, 6, { got: YES }), op('get', 7, 8)],
    ],
    [
      'a read that overlaps with a write sees the old value',
      [op('set', 1, 2, { given: 5 }), op('set', 3, 6, { given: 7 }), op('get', 4, 5, { got: 5 })],
    ],
    [
      'a read that overlaps with a write sees the new value',
      [op('set', 1, 2, { given: 5 }), op('set', 3, 6, { given: 7 }), op('get', 4, 5, { got: 7 })],
    ],
    [
      'writes that overlap, in either order',
      [op('set', 1, 4, { given: 5 }), op('set', 2, 3, { given: 7 }), op('get', 5, 6, { got: 5 }), op('get', 7, 8, { got: 5 })],
    ],
    [
      'a write that takes effect after one that was called later',
      [op('set', 1, 9, { given: 5 }), op('set', 2, 3, { given: 7 }), op('get', 4, 5, { got: 7 }), op('get', 10, 11, { got: 5 })],
    ],
    [
      'two deletes, one of which is too late',
      [op('set', 1, 2, { given: 5 }), op('delete', 3, 6, { got: YES }), op('delete', 4, 5, { got: NO })],
    ],
    [
      'two deletes with an insert between them',
      [
        op('set', 1, 2, { given: 5 }),
        op('delete', 3, 6, { got: YES }),
        op('delete', 3, 6, { got: YES }),
        op('set', 3, 6, { given: 7 }),
      ],
    ],
    [
      'an insert that another one won',
      [op('getOrInsert', 1, 4, { given: 5, got: 7 }), op('getOrInsertComputed', 2, 3, { given: 7, got: 7 })],
    ],
    [
      'increments one within the other',
      [op('increment', 1, 6, { given: 2, got: 5 }), op('increment', 2, 5, { given: 3, got: 3 })],
    ],
    ['a write that never returned and was seen', [op('set', 1, Infinity, { given: 5 }), op('get', 8, 9, { got: 5 })]],
    ['a write that never returned and was not', [op('set', 1, Infinity, { given: 5 }), op('get', 8, 9)]],
    [
      'an entry that was removed as it was shown',
      [op('set', 1, 2, { given: 5 }), op('sift', 3, 9, { expected: 5 }), op('get', 4, 5, { got: 5 }), op('get', 10, 11)],
    ],
    ['work on a collection until it is deleted', [op('set', 1, 6, { given: 5 }), op('doom', 2, 5)]],
    [
      'a collection that was gone before it could be seen',
      [
        op('open', 1, 2, { got: UNKNOWN }),
        op('open', 3, 4, { got: 77 }),
        op('close', 5, 6, { got: YES }),
        op('open', 7, 8, { got: 78 }),
      ],
    ],
  ])('%s', (_, history) => {
    expect(blamed(history)).toBe(undefined)
    expect(isLinearizable(history, step, ABSENT)).toBe(true)
  })
})

describe('histories that are wrong', () => {
  it.each<[string, Operation[]]>([
    [
      'a stale read after a write that had returned',
      [op('set', 1, 2, { given: 5 }), op('set', 3, 4, { given: 7 }), op('get', 5, 6, { got: 5 })],
    ],
    ['an entry that is not there after it was set', [op('set', 1, 2, { given: 5 }), op('get', 3, 4)]],
    [
      'an entry that is there after it was deleted',
      [op('set', 1, 2, { given: 5 }), op('delete', 3, 4, { got: YES }), op('has', 5, 6, { got: YES })],
    ],
    ['a value that nobody wrote', [op('set', 1, 9, { given: 5 }), op('get', 2, 3, { got: 8 })]],
    ['a value that was read before it was written', [op('get', 1, 2, { got: 5 }), op('set', 3, 4, { given: 5 })]],
    ['a lost update', [op('update', 1, 4, { given: 5, got: 5 }), op('update', 2, 3, { given: 7, got: 7 })]],
    ['an increment that was lost', [op('increment', 1, 4, { given: 1, got: 1 }), op('increment', 2, 3, { given: 1, got: 1 })]],
    [
      'two deletes of one entry',
      [op('set', 1, 2, { given: 5 }), op('delete', 3, 6, { got: YES }), op('delete', 4, 5, { got: YES })],
    ],
    ['two takes of one entry', [op('set', 1, 2, { given: 5 }), op('take', 3, 6, { got: 5 }), op('take', 4, 5, { got: 5 })]],
    [
      'reads from new to old during one write',
      [op('set', 1, 2, { given: 5 }), op('set', 3, 9, { given: 7 }), op('get', 4, 5, { got: 7 }), op('get', 6, 7, { got: 5 })],
    ],
    [
      'two threads that see two writes in different orders',
      [op('set', 1, 2, { given: 5 }), op('set', 1, 2, { given: 7 }), op('get', 3, 4, { got: 5 }), op('get', 5, 6, { got: 7 })],
    ],
    [
      'a compareAndSet that is not atomic',
      [
        op('set', 1, 2, { given: 5 }),
        op('compareAndSet', 3, 6, { expected: 5, given: 7, got: YES }),
        op('compareAndSet', 4, 5, { expected: 5, given: 8, got: YES }),
      ],
    ],
    [
      'a compareAndSet that refused what was there',
      [op('set', 1, 2, { given: 5 }), op('compareAndSet', 3, 4, { expected: 5, given: 7, got: NO })],
    ],
    ['two winners of one insert', [op('getOrInsert', 1, 4, { given: 5, got: 5 }), op('getOrInsert', 2, 3, { given: 7, got: 7 })]],
    [
      'a value that two were handed',
      [op('set', 1, 2, { given: 5 }), op('exchange', 3, 6, { given: 7, got: 5 }), op('exchange', 4, 5, { given: 8, got: 5 })],
    ],
    ['a number that was refused as none', [op('set', 1, 2, { given: 5 }), op('increment', 3, 4, { given: 1, got: REFUSED })]],
    [
      'an entry that stays though it was refused',
      [op('set', 1, 2, { given: 5 }), op('sift', 3, 4, { expected: 5 }), op('get', 5, 6, { got: 5 })],
    ],
    ['an entry that survives a clear', [op('set', 1, 2, { given: 5 }), op('wipe', 3, 4), op('get', 5, 6, { got: 5 })]],
    ['success in a collection that was deleted', [op('doom', 1, 2), op('get', 3, 4)]],
    ['two collections of one name', [op('open', 1, 4, { got: 77 }), op('open', 2, 3, { got: 78 })]],
    [
      'a name that was deleted twice',
      [op('open', 1, 2, { got: 77 }), op('close', 3, 6, { got: YES }), op('close', 4, 5, { got: YES })],
    ],
  ])('%s', (_, history) => {
    expect(blamed(history)).toBeDefined()
    expect(isLinearizable(history, step, ABSENT)).toBe(false)
  })

  it('blames the operation at whose return it is clear', () => {
    const right = [op('set', 1, 2, { given: 5 }), op('get', 3, 4, { got: 5 })]
    const history = [...right, op('get', 5, 6), op('get', 7, 8, { got: 9 })]
    expect(blamed(history)).toBe(history[2])
  })

  it('are not wrong in whatever state they could have begun', () => {
    const history = [op('get', 1, 2, { got: 5 }), op('take', 3, 4, { got: 5 }), op('get', 5, 6)]
    expect(findContradiction(history, step, [ABSENT, 7, DOOMED])).toBe(history[0])
    expect(findContradiction(history, step, [ABSENT, 5])).toBe(undefined)
  })
})

describe('made-up histories', () => {
  it('are right if they come from one thread, however wide their operations are', () => {
    fc.assert(
      fc.property(rightHistories(40), (history) => blamed(history) === undefined),
      { numRuns: 500 },
    )
  })

  it('are right or wrong by the definition', () => {
    let wrong = 0
    const agrees = (history: readonly Operation[]): boolean => {
      const isRight = isLinearizable(history, step, ABSENT)
      if (!isRight) wrong++
      return isRight === (blamed(history) === undefined)
    }
    fc.assert(fc.property(changedHistories(7), agrees), { numRuns: 4000 })
    expect(wrong, 'of 4000').toBeGreaterThan(400)
    expect(wrong, 'of 4000').toBeLessThan(3600)
  })
})

describe('histories of several keys', () => {
  it('are taken apart by key and collection', () => {
    const history = [op('get', 1, 2), op('get', 3, 4, { key: 1 }), op('get', 5, 6, { place: 1 }), op('set', 7, 8, { key: 1 })]
    expect(byKey(history)).toEqual([[history[0]], [history[1], history[3]], [history[2]]])
  })

  it('tell how many operations overlapped with one of another thread', () => {
    const both = [op('get', 1, 4), op('get', 2, 3, { thread: 1 })]
    const history = [...both, op('get', 5, 8), op('get', 6, 7), op('get', 9, 10, { thread: 1 })]
    expect(countOverlapping(history)).toBe(2)
  })
})
