// Keys that all have the same hash: one long chain, in which only a look at the keys themselves tells them apart.
import { describe, expect, it } from 'vitest'
import { type Kind, SharedMap } from 'tophash'
import { numbersOf, textsOf } from './hashes.js'
import { ALL_KINDS, type AnyMap, type Kinds, type Scalar, apply, same, sameEntries } from './operations.js'

const HASH = 0x89abcdef
/** So many that an iteration has to bring out more than fits into the scratch page. */
const COUNTS = { number: 4000, string: 2000 } as const
const SLOTS_PER_BUCKET = 8

describe.each(ALL_KINDS)('%s keys of one hash, with %s values,', (...kinds: Kinds) => {
  const count = COUNTS[kinds[0]]

  it('are kept apart, in one chain, however large the table is', () => {
    const { map, model, keys, others } = filled(kinds)
    expect(map.stats().approximateOverflowBuckets).toBe(count / SLOTS_PER_BUCKET - 1)
    map.reserve(10 * count)
    sameEntries(map, model)
    for (const key of others) same('get, has, delete', `${map.get(key)} ${map.has(key)} ${map.delete(key)}`, 'undefined false false')
    for (const key of keys) map.set(key, model.get(key)!)
    expect([map.size, map.stats().approximateOverflowBuckets]).toEqual([count, count / SLOTS_PER_BUCKET - 1])
    map.check()
  })

  it('go one by one from anywhere in the chain, which shrinks', () => {
    const { map, model, keys } = filled(kinds)
    for (let n = 0; n < count; n += 2) {
      same('delete', map.delete(keys[n]!), model.delete(keys[n]!))
    }
    sameEntries(map, model)
    map.check()
    expect(map.stats().approximateOverflowBuckets).toBe(count / 2 / SLOTS_PER_BUCKET - 1)
    for (const key of keys) same('delete', map.delete(key), model.delete(key))
    expect([map.size, map.stats().approximateOverflowBuckets]).toEqual([0, 0])
    map.check()
  })

  it('are visited together with all others, and cleared', () => {
    const { map, model } = filled(kinds)
    apply({ do: 'fill', from: 0, count: 1000 }, map, model, kinds)
    sameEntries(map, model)
    map.check()
    map.clear()
    expect([map.size, [...map]]).toEqual([0, []])
    map.check()
  })
})

describe.each(['number', 'string'] as const)('%s keys whose hashes lie at the edges of buckets', (key) => {
  it.each([1, 52, 500])('are all visited, with a capacity of %d', (capacity) => {
    const map: AnyMap = new SharedMap<Scalar, Scalar>(null, { key, value: 'number', capacity })
    const model = new Map<Scalar, Scalar>()
    for (let bucket = 0; bucket < 1024; bucket++) {
      // The first and the last place of the bucket in the order of iteration, at every depth that it can have.
      for (const hash of [bucket, bucket | 0xffff_fc00]) model.set(firstOf(keysOf(key, hash, map)), hash)
    }
    for (const [one, hash] of model) {
      map.set(one, hash)
      if (map.size % 100 === 0) same('iterated', [...map].length, map.size)
    }
    sameEntries(map, model)
    map.check()
  })
})

function keysOf(kind: Kind, hash: number, map: AnyMap): Iterable<Scalar> {
  return kind === 'number' ? numbersOf(hash >>> 0, map.handle) : textsOf(hash >>> 0, map.handle)
}

function firstOf<T>(values: Iterable<T>): T {
  for (const value of values) return value
  throw new Error('There is none.')
}

/** A map of keys of one hash and what it must equal, and keys of the same hash that are not in it. */
function filled([key, value]: Kinds) {
  const map: AnyMap = new SharedMap<Scalar, Scalar>(null, { key, value, capacity: 1 })
  const all: Scalar[] = []
  for (const one of keysOf(key, HASH, map)) if (all.push(one) === COUNTS[key] + 50) break
  const keys = all.slice(0, COUNTS[key])
  const model = new Map(keys.map((one, n): [Scalar, Scalar] => [one, value === 'number' ? n : `value ${n}`]))
  for (const [one, its] of model) map.set(one, its)
  return { map, model, keys, others: all.slice(COUNTS[key]) }
}
