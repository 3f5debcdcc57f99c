// Keys that all have the same hash: one long chain, in which only a look at the keys themselves tells them apart.
import { describe, expect, it } from 'vitest'
import type { Kind, SharedMapHandle } from 'tophash'
import { Reference } from '../support/reference.js'
import { ALL_KINDS, type Kinds, newMap } from '../support/untyped.js'
import { numbered, same, short } from '../support/values.js'
import { keysOf } from './hashes.js'
import { apply, sameEntries } from './operations.js'

const HASH = 0x89abcdef
/** So many that an iteration has to bring out more than fits into the scratch page. */
const COUNT = 2000
const SLOTS_PER_BUCKET = 8
/** One key more or less in a chain costs a walk of all of it: the kinds of values that take part in that. */
const SLOW: readonly Kind[] = ['number', 'any']

describe.each(ALL_KINDS)('%s keys of one hash, with %s values,', (...kinds: Kinds) => {
  it('are kept apart, in one chain, however large the table is', () => {
    const { map, model, keys, others } = filled(kinds)
    expect(map.stats().approximateOverflowBuckets).toBe(COUNT / SLOTS_PER_BUCKET - 1)
    map.reserve(10 * COUNT)
    sameEntries(map, model)
    for (const key of others) same('get, has, delete, take', [map.get(key), map.has(key), map.delete(key), map.take(key)], [undefined, false, false, undefined])
    for (const key of keys) map.set(key, model.get(key))
    expect([map.size, map.stats().approximateOverflowBuckets]).toEqual([COUNT, COUNT / SLOTS_PER_BUCKET - 1])
    map.check()
  })

  it.runIf(SLOW.includes(kinds[1]))('go one by one from anywhere in the chain, which shrinks', () => {
    const { map, model, keys } = filled(kinds)
    for (let n = 0; n < COUNT; n += 2) {
      same('delete', map.delete(keys[n]), model.delete(keys[n]))
    }
    sameEntries(map, model)
    map.check()
    expect(map.stats().approximateOverflowBuckets).toBe(COUNT / 2 / SLOTS_PER_BUCKET - 1)
    for (const key of keys) same('take', map.take(key), model.take(key))
    expect([map.size, map.stats().approximateOverflowBuckets]).toEqual([0, 0])
    map.check()
  })

  it('are visited together with all others, retained by twos, and cleared', () => {
    const { map, model } = filled(kinds)
    apply({ do: 'fill', from: 0, count: 1000, atOnce: true }, map, model, kinds)
    sameEntries(map, model)
    map.check()
    let asked = 0
    const removed = map.retain(() => asked++ % 2 === 0)
    same('retain', [asked, removed, map.size], [COUNT + 1000, COUNT / 2 + 500, COUNT / 2 + 500])
    map.check()
    map.clear()
    expect([map.size, [...map]]).toEqual([0, []])
    map.check()
  })
})

describe.each(['number', 'string', 'bigint', 'bytes', 'any'] as const)('%s keys whose hashes lie at the edges of buckets', (key) => {
  it.each([1, 52, 500])('are all visited, with a capacity of %d', (capacity) => {
    const kinds: Kinds = [key, 'number']
    const map = newMap(kinds, { capacity })
    const model = new Reference(...kinds)
    for (let bucket = 0; bucket < 1024; bucket++) {
      // The first and the last place of the bucket in the order of iteration, at every depth that it can have.
      for (const hash of [bucket, bucket | 0xffff_fc00]) model.set(firstOf(key, hash >>> 0, map.handle), hash)
    }
    for (const [one, hash] of model) {
      map.set(one, hash)
      if (map.size % 100 === 0) same('iterated', [...map].length, map.size)
    }
    sameEntries(map, model)
    map.check()
  })
})

function firstOf(kind: Kind, hash: number, handle: SharedMapHandle): unknown {
  for (const key of keysOf(kind, hash, handle)) return key
  throw new Error(`There is no key of the hash ${short(hash)}.`)
}

/** A map of keys of one hash and what it must equal, and keys of the same hash that are not in it. */
function filled(kinds: Kinds) {
  const map = newMap(kinds, { capacity: 1 })
  const model = new Reference(...kinds)
  const all: unknown[] = []
  for (const one of keysOf(kinds[0], HASH, map.handle)) if (all.push(one) === COUNT + 50) break
  const keys = all.slice(0, COUNT)
  keys.forEach((key, n) => model.set(key, numbered(kinds[1], n)))
  for (const [key, value] of model) map.set(key, value)
  return { map, model, keys, others: all.slice(COUNT) }
}
