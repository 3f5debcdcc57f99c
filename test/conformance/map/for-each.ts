// ECMA-262: Map.prototype.forEach ( callback [ , thisArg ] ).
import { describe, expect, it, vi } from 'vitest'
import { expectEntries, same, text, thrownBy } from '../support/expect.js'
import { MANY, UNCALLABLE, sample, sampleEntries, sampleValue } from '../support/samples.js'
import type { MapSubject } from '../support/subject.js'

export function mapForEach(subject: MapSubject): void {
  const { Class, kind, valueKind } = subject
  const entries = sampleEntries(kind, valueKind, MANY)

  describe('forEach', () => {
    it('calls back once for each entry with value, key and map, and returns undefined', () => {
      const map = new Class(entries)
      const seen: [unknown, unknown][] = []
      const result = map.forEach(function (...args: unknown[]) {
        expect(args).toHaveLength(3)
        if (args[2] !== map) expect.fail('The third argument is not the map.')
        seen.push([args[1], args[0]])
        return 'ignored'
      })
      expect(result).toBe(undefined)
      expectEntries(new Class(seen), entries)
      expect(seen).toHaveLength(MANY)
    })

    it('calls back for nothing in an empty map', () => {
      const callback = vi.fn()
      expect(new Class().forEach(callback)).toBe(undefined)
      expect(callback).not.toHaveBeenCalled()
    })

    it.each([undefined, null, 0, 'this', {}, Symbol('this')])('calls back with %o for this', (thisArg) => {
      const seen: unknown[] = []
      function note(this: unknown): void {
        seen.push(this)
      }
      new Class(entries.slice(0, 2)).forEach(note, thisArg)
      expect(seen).toHaveLength(2)
      for (const self of seen) expect(self).toBe(thisArg)
    })

    it('calls back with undefined for this if there is no second argument', () => {
      const seen: unknown[] = []
      new Class(entries.slice(0, 1)).forEach(function (this: unknown) {
        seen.push(this)
      })
      expect(seen).toEqual([undefined])
    })

    it.each(UNCALLABLE)('throws a TypeError for the callback %o, even if there is nothing', (callback) => {
      for (const map of [new Class(), new Class(entries.slice(0, 1))]) {
        expect(() => map.forEach(callback as never)).toThrow(TypeError)
      }
    })

    it('ends with what the callback throws, and goes no further', () => {
      const map = new Class(entries)
      const error = new Error('enough')
      let calls = 0
      const thrown = thrownBy(() =>
        map.forEach(() => {
          if (++calls === 3) throw error
        }),
      )
      expect(thrown).toBe(error)
      expect(calls).toBe(3)
      expectEntries(map, entries)
    })

    it('agrees with the iterators about the order', () => {
      const map = new Class(entries)
      const seen: unknown[] = []
      map.forEach((value, key) => seen.push([key, value]))
      expect(seen).toEqual([...map])
    })
  })

  mapForEachChanges(subject)
}

/** The map changes while forEach visits it, in the same thread. */
function mapForEachChanges({ Class, kind, valueKind }: MapSubject): void {
  const key = (n: number): unknown => sample(kind, n)
  const value = (n: number): unknown => sampleValue(valueKind, n)
  const entries = sampleEntries(kind, valueKind, MANY)

  /** Runs `change` at the first visit; returns what was visited, the first entry first. */
  function visit(map: InstanceType<typeof Class>, change: (first: unknown) => void): [unknown, unknown][] {
    const visited: [unknown, unknown][] = []
    map.forEach((value, key) => {
      visited.push([key, value])
      if (visited.length === 1) change(key)
    })
    return visited
  }

  describe('forEach, of a map that changes meanwhile,', () => {
    it('does not visit entries that were deleted before their turn', () => {
      const map = new Class(entries)
      const visited = visit(map, (first) => {
        for (const other of [...map.keys()]) if (!same(other, first)) map.delete(other)
      })
      expect(visited).toHaveLength(1)
      expectEntries(map, visited)
    })

    it('may lose the entry that it is at', () => {
      const map = new Class(entries)
      let visits = 0
      map.forEach((_, key) => {
        visits++
        expect(map.delete(key)).toBe(true)
      })
      expect([visits, map.size]).toEqual([MANY, 0])
    })

    it('ends when the map is cleared', () => {
      const map = new Class(entries)
      expect(visit(map, () => map.clear())).toHaveLength(1)
      expect(map.size).toBe(0)
    })

    it('visits what was deleted before its turn and set again once, with the new value', () => {
      const map = new Class(entries)
      const visited = visit(map, (first) => {
        for (const other of [...map.keys()]) {
          if (same(other, first)) continue
          map.delete(other)
          map.set(other, value(1))
        }
      })
      expect(visited).toHaveLength(MANY)
      expect(new Map(visited.slice(1))).toEqual(new Map([...map].filter(([k]) => !same(k, visited[0]![0]))))
      expect(visited.slice(1).every(([, v]) => same(v, value(1)))).toBe(true)
    })

    it('visits the new value of an entry that was set before its turn', () => {
      const map = new Class(entries)
      const visited = visit(map, (first) => {
        for (const other of [...map.keys()]) if (!same(other, first)) map.set(other, value(2))
      })
      expect(visited).toHaveLength(MANY)
      for (const [, v] of visited.slice(1)) expect(v).toEqual(value(2))
    })

    it('visits what is there from the beginning to the end once, what is added at most once, and ends', () => {
      const map = new Class(entries.slice(0, 50))
      const visits = new Map<string, number>()
      let next = 50
      map.forEach((_, k) => {
        visits.set(text(k), (visits.get(text(k)) ?? 0) + 1)
        for (let n = 0; n < 10 && next < 950; n++, next++) map.set(key(next), value(1))
      })
      expect(map.size).toBe(next)
      for (let n = 0; n < 50; n++) expect(visits.get(text(key(n)))).toBe(1)
      expect([...visits.values()].every((count) => count === 1)).toBe(true)
    })

    it('may be visited by another forEach at each entry', () => {
      const map = new Class(entries.slice(0, 70))
      let pairs = 0
      map.forEach(() => map.forEach(() => pairs++))
      expect(pairs).toBe(70 * 70)
    })
  })
}
