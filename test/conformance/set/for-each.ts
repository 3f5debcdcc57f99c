// ECMA-262: Set.prototype.forEach ( callback [ , thisArg ] ).
import { describe, expect, it, vi } from 'vitest'
import { expectValues, same, text, thrownBy } from '../support/expect.js'
import { MANY, UNCALLABLE, sample, samples } from '../support/samples.js'
import type { SetSubject } from '../support/subject.js'

export function setForEach(subject: SetSubject): void {
  const { Class, kind } = subject
  const values = samples(kind, MANY)

  describe('forEach', () => {
    it('calls back once for each value with value, value and set, and returns undefined', () => {
      const set = new Class(values)
      const seen: unknown[] = []
      const result = set.forEach(function (...args: unknown[]) {
        expect(args).toHaveLength(3)
        if (args[2] !== set) expect.fail('The third argument is not the set.')
        expect(args[1]).toBe(args[0])
        seen.push(args[0])
        return 'ignored'
      })
      expect(result).toBe(undefined)
      expectValues(new Class(seen), values)
      expect(seen).toHaveLength(MANY)
    })

    it('calls back for nothing in an empty set', () => {
      const callback = vi.fn()
      expect(new Class().forEach(callback)).toBe(undefined)
      expect(callback).not.toHaveBeenCalled()
    })

    it.each([undefined, null, 0, 'this', {}, Symbol('this')])('calls back with %o for this', (thisArg) => {
      const seen: unknown[] = []
      function note(this: unknown): void {
        seen.push(this)
      }
      new Class(values.slice(0, 2)).forEach(note, thisArg)
      expect(seen).toHaveLength(2)
      for (const self of seen) expect(self).toBe(thisArg)
    })

    it('calls back with undefined for this if there is no second argument', () => {
      const seen: unknown[] = []
      new Class(values.slice(0, 1)).forEach(function (this: unknown) {
        seen.push(this)
      })
      expect(seen).toEqual([undefined])
    })

    it.each(UNCALLABLE)('throws a TypeError for the callback %o, even if there is nothing', (callback) => {
      for (const set of [new Class(), new Class(values.slice(0, 1))]) {
        expect(() => set.forEach(callback as never)).toThrow(TypeError)
      }
    })

    it('ends with what the callback throws, and goes no further', () => {
      const set = new Class(values)
      const error = new Error('enough')
      let calls = 0
      const thrown = thrownBy(() =>
        set.forEach(() => {
          if (++calls === 3) throw error
        }),
      )
      expect([thrown, calls]).toEqual([error, 3])
      expectValues(set, values)
    })

    it('agrees with the iterators about the order', () => {
      const set = new Class(values)
      const seen: unknown[] = []
      set.forEach((value) => seen.push(value))
      expect(seen).toEqual([...set])
    })
  })

  setForEachChanges(subject)
}

/** The set changes while forEach visits it, in the same thread. */
function setForEachChanges({ Class, kind }: SetSubject): void {
  const values = samples(kind, MANY)

  /** Runs `change` at the first visit; returns what was visited. */
  function visit(set: InstanceType<typeof Class>, change: (first: unknown) => void): unknown[] {
    const visited: unknown[] = []
    set.forEach((value) => {
      visited.push(value)
      if (visited.length === 1) change(value)
    })
    return visited
  }

  describe('forEach, of a set that changes meanwhile,', () => {
    it('does not visit values that were deleted before their turn', () => {
      const set = new Class(values)
      const visited = visit(set, (first) => {
        for (const other of [...set]) if (!same(other, first)) set.delete(other)
      })
      expect(visited).toHaveLength(1)
      expectValues(set, visited)
    })

    it('may lose the value that it is at', () => {
      const set = new Class(values)
      let visits = 0
      set.forEach((value) => {
        visits++
        expect(set.delete(value)).toBe(true)
      })
      expect([visits, set.size]).toEqual([MANY, 0])
    })

    it('ends when the set is cleared', () => {
      const set = new Class(values)
      expect(visit(set, () => set.clear())).toHaveLength(1)
      expect(set.size).toBe(0)
    })

    it('visits what was deleted before its turn and added again once', () => {
      const set = new Class(values)
      const visited = visit(set, (first) => {
        for (const other of [...set]) {
          if (same(other, first)) continue
          set.delete(other)
          set.add(other)
        }
      })
      expect(visited).toHaveLength(MANY)
      expectValues(new Class(visited), values)
    })

    it('visits what is there from the beginning to the end once, what is added at most once, and ends', () => {
      const set = new Class(values.slice(0, 50))
      const visits = new Map<string, number>()
      let next = 50
      set.forEach((value) => {
        visits.set(text(value), (visits.get(text(value)) ?? 0) + 1)
        for (let n = 0; n < 10 && next < 950; n++, next++) set.add(sample(kind, next))
      })
      expect(set.size).toBe(next)
      for (let n = 0; n < 50; n++) expect(visits.get(text(sample(kind, n)))).toBe(1)
      expect([...visits.values()].every((count) => count === 1)).toBe(true)
    })
  })
}
