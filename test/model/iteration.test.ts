// Iterations of every sort that are interrupted by writes, of this thread and of others: what stays is visited exactly
// once, and nothing twice.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { numbersOfLow, useKnownSecrets } from '../support/hashes.js'
import { Reference } from '../support/reference.js'
import { ALL_KINDS, type Entry, type Kinds, type TestMap, type UntypedMap, attach, newMap } from '../support/untyped.js'
import { alike, nameOf, numbered, same, short } from '../support/values.js'
import { some } from '../support/size.js'
import { keysOf } from './hashes.js'
import { type Operation, apply, operationsOn, scanned } from './operations.js'
import { tries } from './settings.js'

const other = await anotherCopy('other')
/** Through how many partitions one walk goes. */
const PARTS = 3

/** Writes that come after so many more entries, or batches of them, have been visited. */
interface Interruption {
  readonly after: number
  readonly operation: Operation
}

/** The ways to go over all entries, as batches that are brought out at one moment each. */
const WAYS: Readonly<Record<string, (map: UntypedMap, limit: number) => Iterable<Entry[]>>> = {
  *entries(map) {
    for (const entry of map.entries()) yield [entry]
  },
  *partitions(map) {
    for (let part = 0; part < PARTS; part++) for (const entry of map.partition(part, PARTS)) yield [entry]
  },
  *scan(map, limit) {
    for (let cursor = 0; ; ) {
      const step = map.scan(cursor, limit)
      yield step.entries
      cursor = step.cursor
      if (cursor === 0) return
    }
  },
}

describe.each(some(ALL_KINDS, 5))('%s keys and %s values', (...kinds: Kinds) => {
  const interruption = fc.record({ after: fc.nat(30), operation: operationsOn(kinds) })
  const runs = fc.array(interruption, { maxLength: 12 })
  const limits = fc.constantFrom(1, 2, 10, 64)

  it.each(Object.keys(WAYS))('that stay are visited exactly once by %s, whatever this thread writes', (way) => {
    fc.assert(
      fc.property(fc.nat(150), limits, runs, (entries, limit, run) => visit(kinds, way, entries, limit, run, SharedMap)),
      tries(12),
    )
  })

  it.each(Object.keys(WAYS))('that stay are visited exactly once by %s, whatever another thread writes', (way) => {
    fc.assert(
      fc.property(fc.nat(150), limits, runs, (entries, limit, run) => visit(kinds, way, entries, limit, run, other.SharedMap)),
      tries(12),
    )
  })
})

describe.each(some(ALL_KINDS, 5))('a map of %s keys and %s values that nobody changes', (...kinds: Kinds) => {
  it.each([1, 2, 3, 7, 64, 1000])('falls into %d parts that are disjoint and complete', (parts) => {
    using map = filled(kinds, 300)
    const entries = Array.from({ length: parts }, (_, part) => [...map.partition(part, parts)]).flat()
    expectAllOnce(entries, map)
  })

  it.each([undefined, 1, 5, 299, 100_000])('is brought out by scan with a limit of %o', (limit) => {
    using map = filled(kinds, 300)
    expectAllOnce(scanned(map, limit), map)
    if (limit === undefined || limit > 5) return
    const { cursor, entries } = map.scan(0, limit)
    same('the first step stops at its limit', [cursor !== 0, entries.length], [true, limit])
  })
})

describe('the limit of a scan', () => {
  it('is kept in a chain that is far longer', () => {
    using map = newMap(['number', 'number'], { capacity: 1 })
    useKnownSecrets(map.handle)
    const keys = numbersOfLow(0x12345, 2000) // one chain, and a place of its own for each
    for (const key of keys) map.set(key, 1)
    const met: unknown[] = []
    let steps = 0
    for (let cursor = 0; steps === 0 || cursor !== 0; steps++) {
      const step = map.scan(cursor, 30)
      if (step.cursor !== 0) expect(step.entries.length).toBe(30)
      for (const [key] of step.entries) met.push(key)
      cursor = step.cursor
    }
    expect([steps, met.length, new Set(met)]).toEqual([Math.ceil(2000 / 30), 2000, new Set(keys)])
  })

  it('is exceeded by keys of one and the same hash only, which a cursor cannot tell apart', () => {
    using map = newMap(['number', 'number'], { capacity: 1 })
    useKnownSecrets(map.handle)
    const alike = keysOf('number', 0x12345678)
    for (let n = 0; n < 50; n++) map.set(alike.next().value, n)
    const others = numbersOfLow(0x45678, 40)
    for (const key of others) map.set(key, 1)
    const lengths: number[] = []
    for (let cursor = 0; lengths.length === 0 || cursor !== 0; ) {
      const step = map.scan(cursor, 7)
      lengths.push(step.entries.length)
      cursor = step.cursor
    }
    const longer = lengths.filter((length) => length > 7)
    expect([longer.length, longer[0]! >= 50, longer[0]! < 50 + 7]).toEqual([1, true, true])
    expect(lengths.reduce((sum, length) => sum + length)).toBe(90)
  })

  it('is kept in a full heap, where values have to be decoded as they lie', () => {
    using map = newMap(['number', 'string'], { capacity: 1, maxBytes: 21 * 65_536 })
    useKnownSecrets(map.handle)
    const keys = numbersOfLow(0x12345, 100)
    let count = 0
    try {
      for (; count < 100; count++) map.set(keys[count], 'x'.repeat(60_000))
    } catch {
      // full
    }
    const met: unknown[] = []
    for (let cursor = 0; met.length === 0 || cursor !== 0; ) {
      const step = map.scan(cursor, 2)
      expect(step.entries.length).toBeLessThanOrEqual(2)
      for (const [key, value] of step.entries) if (met.push(key)) expect((value as string).length).toBe(60_000)
      cursor = step.cursor
    }
    expect([met.length, new Set(met).size, count > 5]).toEqual([count, count, true])
    map.check()
  })
})

describe('the cursor of a scan', () => {
  it('is good in another thread, and after the map has grown', () => {
    using map = filled(['number', 'string'], 100)
    using theirs = attach(map.handle, other.SharedMap)
    const seen = new Map<unknown, number>()
    for (let cursor = 0, turn = 0; ; turn++) {
      const step = (turn % 2 ? theirs : map).scan(cursor, 3)
      for (const [key] of step.entries) seen.set(key, (seen.get(key) ?? 0) + 1)
      if (turn < 30) for (let n = 0; n < 100; n++) map.set(1000 + turn * 100 + n, 'later')
      cursor = step.cursor
      if (cursor === 0) break
    }
    for (let n = 0; n < 100; n++) same(`visits of ${n}`, seen.get(n), 1)
    for (const [key, visits] of seen) same(`visits of ${short(key)}`, visits, 1)
  })
})

function visit(
  kinds: Kinds,
  way: string,
  entries: number,
  limit: number,
  interruptions: readonly Interruption[],
  writer: typeof SharedMap,
): void {
  using map = filled(kinds, entries)
  using writing = attach(map.handle, writer)
  const model = new Reference(...kinds)
  for (let n = 0; n < entries; n++) model.set(numbered(kinds[0], n), numbered(kinds[1], -n))
  const walk = new Walk(WAYS[way]!(map, limit), model, writer === SharedMap)
  for (const { after, operation } of interruptions) {
    walk.go(after)
    apply(operation, writing, model, kinds)
    walk.note()
  }
  walk.finish()
  map.check()
  const key = numbered(kinds[0], -1)
  same('a new key can be set after all that', map.set(key, numbered(kinds[1], -1)).has(key), true)
}

/** An iteration, what it has visited, and what there was to be visited. Keys go by their names. */
class Walk {
  readonly #batches: Iterator<Entry[]>
  readonly #model: Reference
  /** Whether the iteration must show every change at once, as in a Map. */
  readonly #isExact: boolean
  readonly #visited = new Set<string>()
  readonly #stayed: Set<string>
  /** Every value that a key has had since the iteration began. */
  readonly #values = new Map<string, unknown[]>()

  constructor(batches: Iterable<Entry[]>, model: Reference, isExact: boolean) {
    this.#batches = batches[Symbol.iterator]()
    this.#model = model
    this.#isExact = isExact
    this.#stayed = new Set(Array.from(model.keys(), nameOf))
    this.note()
  }

  /** Visits up to `count` batches. False: there are no more. */
  go(count: number): boolean {
    for (let n = 0; n < count; n++) {
      const { value: batch, done } = this.#batches.next()
      if (done) return false
      for (const entry of batch) this.#visit(entry)
    }
    return true
  }

  #visit([key, value]: Entry): void {
    const name = nameOf(key)
    same(`${short(key)} is visited twice`, this.#visited.has(name), false)
    if (this.#isExact) {
      same(`visited ${short(key)} is there`, this.#model.has(key), true)
      same(`value of ${short(key)}`, value, this.#model.get(key))
    } else {
      const had = this.#values.get(name) ?? []
      same(
        `value of ${short(key)} is one that it had`,
        had.some((one) => alike(one, value)),
        true,
      )
    }
    this.#visited.add(name)
  }

  /** Takes note of a write to the model. */
  note(): void {
    const entries = [...this.#model]
    const names = new Set(entries.map(([key]) => nameOf(key)))
    for (const name of this.#stayed) if (!names.has(name)) this.#stayed.delete(name)
    for (const [key, value] of entries) {
      const had = this.#values.get(nameOf(key))
      if (!had) this.#values.set(nameOf(key), [value])
      else if (!alike(had.at(-1), value)) had.push(value)
    }
  }

  finish(): void {
    while (this.go(1));
    for (const name of this.#stayed) same(`${short(name)}, which stayed, is visited`, this.#visited.has(name), true)
  }
}

/** A map of so many entries, which has grown. */
function filled(kinds: Kinds, count: number): TestMap {
  const map = newMap(kinds, { capacity: 1 })
  for (let n = 0; n < count; n++) map.set(numbered(kinds[0], n), numbered(kinds[1], -n))
  return map
}

function expectAllOnce(entries: readonly Entry[], map: TestMap): void {
  same('entries', entries.length, map.size)
  same('keys', new Set(entries.map(([key]) => nameOf(key))).size, map.size)
  for (const [key, value] of entries) same(`value of ${short(key)}`, value, map.get(key))
}
