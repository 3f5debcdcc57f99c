// Keys that collide: one long chain, in which only a look at the keys themselves tells them apart.
import { describe, expect, it } from 'vitest'
import { type Kind, SharedMap } from 'tophash'
import { hashedTexts, useKnownSecrets } from '../support/hashes.js'
import { Reference } from '../support/reference.js'
import { ALL_KINDS, type Kinds, newMap } from '../support/untyped.js'
import { numbered, same } from '../support/values.js'
import { some } from '../support/size.js'
import { keysOf } from './hashes.js'
import { apply, sameEntries } from './operations.js'

const HASH = 0x89abcdef
/** So many that an iteration has to bring out more than fits into the scratch page. */
const COUNT = 2000
const SLOTS_PER_BUCKET = 8
/** One key more or less in a chain costs a walk of all of it: the kinds of values that take part in that. */
const SLOW: readonly Kind[] = ['number', 'any']

describe.each(some(ALL_KINDS, 5))('%s keys that collide, with %s values,', (...kinds: Kinds) => {
  it('are kept apart, in one chain, however large the table is', () => {
    const { map, model, keys, others } = filled(kinds)
    expect(map.stats().approximateOverflowBuckets).toBe(COUNT / SLOTS_PER_BUCKET - 1)
    map.reserve(10 * COUNT)
    sameEntries(map, model)
    for (const key of others)
      same(
        'get, has, delete, take',
        [map.get(key), map.has(key), map.delete(key), map.take(key)],
        [undefined, false, false, undefined],
      )
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

describe.each(some(['number', 'string', 'bigint', 'bytes', 'any'] as const, 3))(
  '%s keys whose hashes lie at the edges of buckets',
  (key) => {
    it.each(some([52, 1, 500], 1))('are all visited, with a capacity of %d', (capacity) => {
      const kinds: Kinds = [key, 'number']
      const map = newMap(kinds, { capacity })
      useKnownSecrets(map.handle)
      const model = new Reference(...kinds)
      for (const [n, one] of keysAtEdges(key).entries()) model.set(one, n)
      for (const [one, hash] of model) {
        map.set(one, hash)
        if (map.size % 100 === 0) same('iterated', [...map].length, map.size)
      }
      sameEntries(map, model)
      map.check()
    })
  },
)

describe('texts of one hash', () => {
  it('are told apart by what they are, in the map and in blocks of bytes', () => {
    const alike = pairsOfOneHash(2 ** 18)
    expect(alike.length).toBeGreaterThan(4) // each two of them have one chance in 2^32: some eight pairs are to be expected
    using texts = new SharedMap(null, { key: 'string', value: 'number' })
    using blocks = new SharedMap(null, { key: 'bytes', value: 'number' })
    for (const { handle } of [texts, blocks]) useKnownSecrets(handle)
    const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
    for (const [n, [one, other]] of alike.entries()) {
      texts.set(one, n)
      blocks.set(bytesOf(one), n)
      expect([texts.get(other), texts.delete(other), blocks.get(bytesOf(other))]).toEqual([undefined, false, undefined])
      texts.set(other, -n)
      blocks.set(bytesOf(other), -n)
    }
    for (const [n, [one, other]] of alike.entries()) {
      expect([texts.get(one), texts.get(other)]).toEqual([n, -n])
      expect([blocks.get(bytesOf(one)), blocks.get(bytesOf(other))]).toEqual([n, -n])
    }
    expect([texts.size, blocks.size]).toEqual([2 * alike.length, 2 * alike.length])
    texts.check()
    blocks.check()
  })
})

/** Pairs of texts that have all 32 bits of their hashes in common. */
function pairsOfOneHash(count: number): [string, string][] {
  const before = new Map<number, string>()
  const pairs: [string, string][] = []
  for (const [text, hash] of hashedTexts(count)) {
    const other = before.get(hash)
    if (other === undefined) before.set(hash, text)
    else pairs.push([other, text])
  }
  return pairs
}

/**
 * Two keys for each of 1024 buckets, at its first and last place in the order of iteration, whatever depth it has. Words can
 * be made for any place; of texts, those that come next to it, of some 128 for each bucket.
 */
function keysAtEdges(kind: Kind): unknown[] {
  const places = Array.from({ length: 1024 }, (_, bucket) => [bucket, (bucket | 0xffff_fc00) >>> 0]).flat()
  if (kind !== 'string' && kind !== 'bytes') {
    return places.map((hash) => keysOf(kind === 'any' ? 'number' : kind, hash).next().value as unknown)
  }
  const edges = new Map<number, [low: [string, number], high: [string, number]]>()
  for (const [text, hash] of hashedTexts(2 ** 17)) {
    const order = reversed(hash)
    const edge = edges.get(hash & 1023)
    if (!edge)
      edges.set(hash & 1023, [
        [text, order],
        [text, order],
      ])
    else if (order < edge[0][1]) edge[0] = [text, order]
    else if (order > edge[1][1]) edge[1] = [text, order]
  }
  const texts = [...edges.values()].flatMap(([[low], [high]]) => [low, high])
  return kind === 'bytes' ? texts.map((text) => new Uint8Array(Buffer.from(text, 'latin1'))) : texts
}

/** A hash's place in the order of iteration: its bits reversed. */
function reversed(hash: number): number {
  let order = 0
  for (let bit = 0; bit < 32; bit++) order = (order << 1) | ((hash >>> bit) & 1)
  return order >>> 0
}

/** A map of keys that collide and what it must equal, and keys that collide with them and are not in it. */
function filled(kinds: Kinds) {
  const map = newMap(kinds, { capacity: 1 })
  useKnownSecrets(map.handle)
  const model = new Reference(...kinds)
  const all: unknown[] = []
  for (const one of keysOf(kinds[0], HASH)) if (all.push(one) === COUNT + 50) break
  const keys = all.slice(0, COUNT)
  keys.forEach((key, n) => model.set(key, numbered(kinds[1], n)))
  for (const [key, value] of model) map.set(key, value)
  return { map, model, keys, others: all.slice(COUNT) }
}
