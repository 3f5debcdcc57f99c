// ECMA-262: set methods whose set is changed by their argument meanwhile, in the same thread.
import { expect, it } from 'vitest'
import { expectValues } from '../support/expect.js'
import { samples } from '../support/samples.js'
import { setLike } from '../support/set-like.js'
import { type SetLike, type SetSubject, describeMethod } from '../support/subject.js'

/** Runs `change` when `step` comes for the first time. */
function once(step: string, change: () => void): (at: string) => void {
  let isDone = false
  return (at) => {
    if (at !== step || isDone) return
    isDone = true
    change()
  }
}

export function setChanges(subject: SetSubject): void {
  copies(subject)
  intersections(subject)
  relations(subject)
}

/** union, difference and symmetricDifference copy their set: at what moment? */
function copies(subject: SetSubject): void {
  const { Class, kind } = subject
  const [a, b, c, d, e] = samples(kind, 5)
  const make = (): SetLike => new Class([a, b, c])
  const swap = (set: SetLike) => () => {
    set.delete(a)
    set.add(d)
  }

  describeMethod(subject, 'union', () => {
    it.each(['size', 'has', 'keys', 'keys()', 'next'])('sees what changes at the step %s', (step) => {
      const set = make()
      expectValues(set.union(setLike([e], { on: once(step, swap(set)) })), [b, c, d, e])
    })

    it('does not see what changes when the values come', () => {
      const set = make()
      expectValues(set.union(setLike([e], { on: once('next()', swap(set)) })), [a, b, c, e])
      expectValues(set, [b, c, d])
    })
  })

  describeMethod(subject, 'difference', () => {
    it.each(['size', 'has', 'keys'])('sees what changes at the step %s', (step) => {
      for (const size of [2, 3]) {
        const set = make()
        expectValues(set.difference(setLike([b], { size, on: once(step, swap(set)) })), [c, d])
      }
    })

    it.each(['keys()', 'next', 'next()'])('does not see what changes at the step %s', (step) => {
      const set = make()
      expectValues(set.difference(setLike([b], { size: 2, on: once(step, swap(set)) })), [a, c])
    })

    it('asks has about all values that it had, whatever changes meanwhile', () => {
      const set = make()
      const other = setLike([b], { size: 3, on: once('has()', () => set.clear()) })
      expectValues(set.difference(other), [a, c])
      expect(other.log.filter((step) => step === 'has()')).toHaveLength(3)
    })

    it('compares sizes after the argument was looked at', () => {
      const set = make()
      const other = setLike([b], { size: 3, on: once('keys', () => set.add(d)) })
      expectValues(set.difference(other), [a, c, d])
      expect(other.log).toContain('keys()')
    })
  })

  describeMethod(subject, 'symmetricDifference', () => {
    it.each(['size', 'has', 'keys', 'keys()', 'next'])('sees what changes at the step %s', (step) => {
      const set = make()
      expectValues(set.symmetricDifference(setLike([b, e], { on: once(step, swap(set)) })), [c, d, e])
    })

    it('asks its set about each value when it comes', () => {
      const set = make()
      const result = set.symmetricDifference(setLike([a, d, e], { on: once('next()', swap(set)) }))
      expectValues(result, [a, b, c, e]) // a is not in the set any more, and d is, when they come
    })
  })
}

function intersections(subject: SetSubject): void {
  const { Class, kind } = subject
  const [a, b, c, d] = samples(kind, 4)
  const make = (): SetLike => new Class([a, b, c])

  describeMethod(subject, 'intersection', () => {
    it('asks its set about each value when it comes', () => {
      const set = make()
      const change = (): void => {
        set.delete(a)
        set.add(d)
      }
      expectValues(set.intersection(setLike([a, b, d], { size: 2, on: once('next()', change) })), [b, d])
    })

    it('does not ask has about values that were deleted before their turn', () => {
      const set = make()
      const other = setLike([a, b, c], { on: once('has()', () => set.clear()) })
      expect(set.intersection(other).size).toBe(1)
      expect(other.log.filter((step) => step === 'has()')).toHaveLength(1)
    })

    it('has a value once that was deleted and added again', () => {
      const set = make()
      const again = (): void => {
        for (const value of [a, b, c]) {
          set.delete(value)
          set.add(value)
        }
      }
      expectValues(set.intersection(setLike([a, b, c], { on: once('has()', again) })), [a, b, c])
    })

    it('compares sizes after the argument was looked at', () => {
      const set = make()
      const other = setLike([a], { size: 2, on: once('keys', () => set.delete(b)) })
      expectValues(set.intersection(other), [a])
      expect(other.log).toContain('has()')
    })
  })
}

function relations(subject: SetSubject): void {
  const { Class, kind } = subject
  const [a, b, c, d] = samples(kind, 4)
  const make = (): SetLike => new Class([a, b, c])

  describeMethod(subject, 'isSubsetOf', () => {
    it('does not ask about values that were deleted before their turn', () => {
      const set = make()
      const other = setLike([a, b, c], {
        on: once('has()', () => set.clear()),
      })
      expect(set.isSubsetOf(other)).toBe(true)
      expect(other.log.filter((step) => step === 'has()')).toHaveLength(1)
    })
  })

  describeMethod(subject, 'isSupersetOf', () => {
    it('asks its set about each value when it comes', () => {
      const set = make()
      expect(set.isSupersetOf(setLike([a, d], { on: once('next()', () => set.add(d)) }))).toBe(true)
      expect(set.isSupersetOf(setLike([a, d], { on: once('next()', () => set.delete(a)) }))).toBe(false)
    })
  })

  describeMethod(subject, 'isDisjointFrom', () => {
    it('does not ask has about values that were deleted before their turn', () => {
      const set = make()
      const other = setLike([], { size: 3, on: once('has()', () => set.clear()) })
      expect(set.isDisjointFrom(other)).toBe(true)
      expect(other.log.filter((step) => step === 'has()')).toHaveLength(1)
    })

    it('asks its set about each value when it comes', () => {
      const set = make()
      expect(set.isDisjointFrom(setLike([a], { on: once('next()', () => set.delete(a)) }))).toBe(true)
      set.add(a)
      expect(set.isDisjointFrom(setLike([d], { on: once('next()', () => set.add(d)) }))).toBe(false)
    })
  })
}
