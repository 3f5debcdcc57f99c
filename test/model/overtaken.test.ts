// What another thread writes while a callback runs is not lost. The other thread is a second copy of the library in this one, so
// that it comes in time.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { type Kinds, type TestMap, attach, newMap } from '../support/untyped.js'
import { alike, numbered, same } from '../support/values.js'

const other = await anotherCopy('other')

const KINDS: readonly Kinds[] = [
  ['string', 'string'],
  ['string', 'number'],
  ['string', 'bytes'],
  ['any', 'any'],
]

describe('what another thread writes while a callback runs', () => {
  it.each(KINDS)('makes update ask again: %s keys and %s values', (...kinds: Kinds) => {
    const values = [1, 2, 3].map((n) => numbered(kinds[1], 100 + 4 * n))
    const [first, second, third] = values
    withTwo(kinds, (map, theirs) => {
      const writes: (() => unknown)[] = [
        () => theirs.set('a', first),
        () => theirs.delete('a'),
        () => theirs.set('a', second),
        () => theirs.set('a', second),
      ]
      const calls: unknown[] = []
      const result = map.update('a', (current, exists) => {
        calls.push([current, exists])
        writes.shift()?.()
        return third
      })
      same('result', [result, map.get('a'), theirs.get('a')], [third, third, third])
      same(
        'calls',
        calls,
        [
          [undefined, false],
          [first, true],
          [undefined, false],
          [second, true],
          [second, true],
        ].slice(0, calls.length),
      )
      expect(calls.length).toBeGreaterThanOrEqual(4) // the last write sets what is there: it may count as none
    })
  })

  it('is not lost by an update that appends', () => {
    withTwo(['any', 'any'], (map, theirs) => {
      let tries = 0
      const append = (to: TestMap, name: string) =>
        to.update('log', (log) => {
          if (to === map && ++tries < 4) append(theirs, `theirs ${tries}`)
          return [...((log as string[] | undefined) ?? []), name]
        })
      same('log', append(map, 'ours'), ['theirs 1', 'theirs 2', 'theirs 3', 'ours'])
      same('log', theirs.get('log'), ['theirs 1', 'theirs 2', 'theirs 3', 'ours'])
    })
  })

  it('is not removed by an update that has seen what was there before', () => {
    withTwo(['string', 'number'], (map, theirs) => {
      map.set('a', 1)
      const result = map.update('a', (current) =>
        current === 1 ? [theirs.set('a', 2), SharedMap.remove][1] : (current as number) * 10,
      )
      same('result', [result, map.get('a')], [20, 20])
    })
  })

  it.each(KINDS)('wins over getOrInsertComputed, and is what that returns: %s keys and %s values', (...kinds: Kinds) => {
    withTwo(kinds, (map, theirs) => {
      const [ours, first] = [numbered(kinds[1], 4), numbered(kinds[1], 8)]
      same(
        'result',
        map.getOrInsertComputed('a', () => [theirs.set('a', first), ours][1]),
        first,
      )
      same('value', [map.get('a'), theirs.get('a')], [first, first])
      same(
        'result',
        map.getOrInsertComputed('b', () => [theirs.set('b', first), theirs.delete('b'), ours][2]),
        ours,
      )
      same('value', [map.get('b'), theirs.get('b')], [ours, ours])
    })
  })

  it.each(KINDS)('is what retain asks about again, and keeps if it is good: %s keys and %s values', (...kinds: Kinds) => {
    withTwo(kinds, (map, theirs) => {
      const [bad, good] = [numbered(kinds[1], 4), numbered(kinds[1], 8)]
      for (let n = 0; n < 50; n++) map.set(`key ${n}`, bad)
      const asked: unknown[] = []
      const removed = map.retain((value, key) => {
        asked.push(value)
        if (asked.length % 2 && alike(value, bad)) theirs.set(key, good)
        return alike(value, good)
      })
      const kept = [...map.values()]
      same(
        'kept',
        kept.every((value) => alike(value, good)),
        true,
      )
      expect(kept.length).toBeGreaterThan(20)
      expect(removed + kept.length).toBe(50)
      expect(asked.length).toBe(50 + kept.length)
    })
  })

  it('is not removed by retain if it was deleted and set anew', () => {
    withTwo(['number', 'string'], (map, theirs) => {
      for (let n = 0; n < 20; n++) map.set(n, 'old')
      const removed = map.retain((value, key) => {
        if (value === 'old' && theirs.delete(key)) theirs.set(key, 'new')
        return value === 'new'
      })
      same('entries', [removed, new Set(map.values()), map.size], [0, new Set(['new']), 20])
    })
  })

  it('and removes is not put back by retain, nor counted', () => {
    withTwo(['number', 'string'], (map, theirs) => {
      for (let n = 0; n < 20; n++) map.set(n, 'old')
      same(
        'removed',
        map.retain((_, key) => !theirs.delete(key)),
        0,
      )
      same('size', [map.size, theirs.size], [0, 0])
    })
  })
})

/** A map as two threads have it. */
function withTwo(kinds: Kinds, action: (map: TestMap, theirs: TestMap) => void): void {
  using map = newMap(kinds)
  using theirs = attach(map.handle, other.SharedMap)
  action(map, theirs)
  map.check()
}
