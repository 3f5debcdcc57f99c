// The minimiser: what is left still proves that the history is wrong, and all of it is needed.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findContradiction } from '../harness/histories/checker.js'
import { ABSENT, type Operation } from '../harness/histories/history.js'
import { changedHistories, operation as op } from './made-up.js'
import { minimise } from '../harness/histories/minimise.js'
import { isRead, stateAfter, step } from '../harness/structures/hashmap/model.js'
import { tell } from '../harness/histories/timeline.js'
import { MAP } from '../harness/structures/hashmap/histories.js'

const isRight = (history: readonly Operation[], before: readonly number[] = [ABSENT]): boolean =>
  findContradiction(history, step, before) === undefined

describe('a history that is wrong', () => {
  it('is cut down to the operations that show it', () => {
    const noise = Array.from({ length: 100 }, (_, i) => op('set', 10 * i, 10 * i + 8, { thread: 1, given: 100 + i }))
    const reads = noise.map(({ call, given }) => op('get', call + 1, call + 2, { thread: 2, got: given }))
    const stale = [op('set', 2000, 2001, { given: 7 }), op('get', 2002, 2003, { got: 130, thread: 3 })]
    const later = [op('get', 2004, 2005, { got: 7 }), op('get', 2006, 2007, { got: 7 })]
    expect(minimise([...later, ...noise, ...stale, ...reads], MAP)?.operations).toEqual(stale)
  })

  it('is one read and all that it could have seen, if nobody wrote what it saw', () => {
    const right = [op('set', 1, 2, { given: 5 }), op('get', 3, 4, { got: 5 })]
    const wrong = op('get', 5, 6, { got: 99 })
    const history = [...right, wrong, op('get', 7, 8, { got: 5 })]
    expect(minimise(history, MAP)).toEqual({ operations: [wrong], before: [ABSENT, 5], blamed: wrong })
  })

  it('is shown as a table, with the stamps, who did what, and what is to blame', () => {
    const unit = 16 * 2 ** 20
    const history = [
      op('set', 1, 2, { given: 9 * unit }),
      op('compareAndSet', 3, 6, { thread: 1, expected: 9 * unit, given: unit, got: 1 }),
      op('compareAndSet', 4, 5, { thread: 2, expected: 9 * unit, given: 2 * unit + 3, got: 1 }),
      op('get', 7, 8, { got: unit }),
    ]
    expect(tell(minimise(history, MAP)!).split('\n')).toEqual([
      'Not linearizable: collection 0, key 0. Values are named writer.write+added.',
      'Before it there was nothing or 0.8.',
      'thread 1              3..6  [==]  compareAndSet(saw 0.8, 0.0) -> true   <-- nothing explains this',
      'thread 2              4..5   []   compareAndSet(saw 0.8, 0.1+3) -> true',
    ])
  })
})

describe('made-up histories that are wrong', () => {
  it('remain so, of any state there can have been, and every read that is left is needed', () => {
    let cut = 0
    fc.assert(
      fc.property(changedHistories(30), (history) => {
        const least = minimise(history, MAP)
        if (!least) return isRight(history)
        const { operations, before } = least
        cut += history.length - operations.length
        if (isRight(operations, before) || !operations.every((one) => history.includes(one))) return false
        return operations.filter(isRead).every((one) =>
          isRight(
            operations.filter((other) => other !== one),
            before,
          ),
        )
      }),
      { numRuns: 1000 },
    )
    expect(cut, 'operations left out').toBeGreaterThan(1000)
  })
})

describe('what an operation leaves behind', () => {
  it('is what the specification says', () => {
    fc.assert(
      fc.property(changedHistories(1), fc.constantFrom(ABSENT, 1, 2, 3), ([one], state) => {
        const next = one && step(state, one)
        if (!one || next === undefined) return true
        return isRead(one) ? next === state : next === stateAfter(one)
      }),
      { numRuns: 5000 },
    )
  })
})
