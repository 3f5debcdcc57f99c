// Strings that a map is asked for again and again are remembered by this thread (src/codecs/hot-strings.ts). Whatever it remembers,
// a map is a map: here are those of which few strings are wanted often, in several heaps, and by maps that come and go.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SharedCache, SharedHeap, SharedMap, SharedSet } from 'tophash'
import { collectGarbage } from '../support/garbage.js'
import { sized } from '../support/size.js'

/** They differ only where the places of a string are not chosen by, and in their lengths; some are beyond Latin-1. */
const TEXTS = Array.from({ length: 12 }, (_, i) => `key-${'abcd'[i % 4]}-0123456789${'='.repeat(8 * (i >> 2))}é`)
TEXTS.push('', 'ab', 'Ключ-0123456789', 'y'.repeat(500), 'ÿ'.repeat(24))

/** Another object of the same text. */
const anew = (text: string): string => `${text}.`.slice(0, -1)

type Step = readonly [verb: 'get' | 'has' | 'set' | 'delete' | 'increment' | 'clear', map: number, text: number, isNew: boolean]

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('get', 'get', 'has', 'set', 'set', 'delete', 'increment', 'clear'),
  fc.nat(3),
  fc.nat(TEXTS.length - 1),
  fc.boolean(),
)

describe('maps of strings that are asked for again', () => {
  it('hold what a Map holds, in one heap and in others', () => {
    const heaps = [new SharedHeap(), new SharedHeap()]
    fc.assert(
      fc.property(fc.array(step, { minLength: 200, maxLength: 400 }), (steps) => {
        const maps = [0, 1, 2, 3].map(
          (i) => new SharedMap<string, number>(null, { key: 'string', value: 'number', heap: heaps[i % 2]! }),
        )
        const models = maps.map(() => new Map<string, number>())
        for (const [at, one] of steps.entries()) run(maps[one[1]]!, models[one[1]]!, one, at)
        maps.forEach((map, i) => expect(new Map(map)).toEqual(models[i]))
        for (const map of maps) map.dispose()
      }),
      { numRuns: sized(20, 200) },
    )
    for (const heap of heaps) heap.check()
  })

  it('have another hash in each heap', () => {
    const maps = Array.from({ length: 20 }, () => new SharedMap<string, number>(null, { key: 'string', value: 'number' }))
    for (const map of maps) {
      for (const text of TEXTS) for (let i = 1; i <= 3; i++) expect(map.increment(text)).toBe(i)
      expect(map.size).toBe(TEXTS.length)
      map.check()
    }
    for (const map of maps) map.dispose()
  })

  it('are found by other ways, too, and find what those have set', () => {
    const map = new SharedMap()
    for (let round = 0; round < 5; round++) {
      for (const text of TEXTS) {
        map.set(text, round)
        expect(map.getOrInsert(text, -1)).toBe(round)
        expect(map.update(text, (value) => (value as number) + 0.5)).toBe(round + 0.5)
        expect([map.get(anew(text)), map.has(text), map.take(text), map.get(text)]).toEqual([
          round + 0.5,
          true,
          round + 0.5,
          undefined,
        ])
      }
    }
    map.check()
  })

  it('are values of a set as well', () => {
    const set = new SharedSet<string>(null, { value: 'string' })
    for (let round = 0; round < 5; round++) for (const text of TEXTS) expect(set.add(text).has(anew(text))).toBe(true)
    expect(new Set(set)).toEqual(new Set(TEXTS))
  })
})

describe('keys of a cache that are asked for again', () => {
  const COUNTS = { key: 'string', value: 'number' } as const

  it('are what those of a Map are', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 200, maxLength: 400 }), (steps) => {
        using cache = new SharedCache<string, number>({ ...COUNTS, max: 1000 })
        const model = new Map<string, number>()
        for (const [at, one] of steps.entries()) run(cache, model, one, at)
        expect(new Map(cache)).toEqual(model)
        cache.check()
      }),
      { numRuns: sized(20, 200) },
    )
  })

  it('end when their entries do, and count each of its reads once', () => {
    let time = 1000
    using cache = new SharedCache<string, number>({ ...COUNTS, max: 1000, ttl: 100, now: () => time })
    using other = SharedCache.attach<string, number>(cache.handle)
    const key = 'session:0123456789'
    let [hits, misses] = [0, 0]
    const read = (wanted: number | undefined): void => {
      for (let i = 0; i < 10; i++) expect(cache.get(key)).toBe(wanted)
      if (wanted === undefined) misses += 10
      else hits += 10
      expect(cache.stats()).toMatchObject({ hits, misses })
    }
    for (let round = 0; round < 5; round++) {
      cache.set(key, round)
      read(round)
      if (round % 2) time += 100
      else other.delete(key) // which is nothing that the strings of the first hear of
      read(undefined)
    }
  })

  it('are told apart when one is evicted for another, which gets its block', () => {
    using cache = new SharedCache<string, number>({ ...COUNTS, max: 50 })
    for (let i = 0; i < 5000; i++) {
      const key = `session:${String(i % 200).padStart(8, '0')}`
      const value = cache.get(key)
      if (value === undefined) cache.set(key, i % 200)
      else expect(value).toBe(i % 200)
    }
    cache.check()
  })
})

const PARENT_BYTES = 2 ** 24

/** Sets and gets a key that is a part of a text of PARENT_BYTES, and holds on to all of it. */
function askForPart(map: SharedMap<string, number>, end: string): void {
  const key = `${'x'.repeat(PARENT_BYTES)}${end}`.slice(-40)
  for (let i = 0; i < 5; i++) expect(map.set(key, i).get(key)).toBe(i)
}

/** Whether as much as the text is held beyond what was before. */
function isHeld(before: number): boolean {
  collectGarbage()
  return process.memoryUsage().heapUsed - before > PARENT_BYTES / 2
}

describe('a map of strings that are asked for again', () => {
  const newMap = (): SharedMap<string, number> => new SharedMap<string, number>(null, { key: 'string', value: 'number' })

  const REMOVALS: Readonly<Record<string, (map: SharedMap<string, number>, key: string) => unknown>> = {
    delete: (map, key) => map.delete(key),
    take: (map, key) => map.take(key) === 4,
    compareAndDelete: (map, key) => map.compareAndDelete(key, 4),
    deleteMany: (map, key) => map.deleteMany([key, 'another']) === 1,
    update: (map, key) => map.update(key, () => SharedMap.remove) === undefined,
    clear: (map) => map.clear() === undefined,
    'delete within a callback': (map, key) => map.getOrInsertComputed('other', () => Number(map.delete(key))) === 1,
  }

  it.each(Object.entries(REMOVALS))('does not hold on to a string whose entry was removed by %s', (_, remove) => {
    const map = newMap()
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    askForPart(map, 'of an entry')
    expect(isHeld(before)).toBe(true)
    expect(remove(map, `${'x'.repeat(40)}of an entry`.slice(-40))).toBe(true)
    expect(isHeld(before)).toBe(false)
  })

  it('does not hold on to a string that was set once', () => {
    const map = newMap()
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    map.set(`${'x'.repeat(PARENT_BYTES)}of a new entry`.slice(-40), 1)
    expect(isHeld(before)).toBe(false)
  })

  it('does not hold on to the strings of a map that is closed', () => {
    const map = newMap()
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    askForPart(map, 'of a map')
    expect(isHeld(before)).toBe(true)
    map.dispose()
    expect(isHeld(before)).toBe(false)
  })
})

function run(
  map: SharedMap<string, number> | SharedCache<string, number>,
  model: Map<string, number>,
  [verb, , index, isNew]: Step,
  at: number,
): void {
  const text = isNew ? anew(TEXTS[index]!) : TEXTS[index]!
  switch (verb) {
    case 'set':
      map.set(text, at)
      model.set(text, at)
      break
    case 'increment':
      model.set(text, (model.get(text) ?? 0) + at)
      expect(map.increment(text, at)).toBe(model.get(text))
      break
    case 'clear':
      if (at % 10 > 0) break
      map.clear()
      model.clear()
      break
    default:
      expect(map[verb](text)).toBe(model[verb](text))
  }
}
