// Sequences of operations on a cache, against a plain reference; time passes when the test says so.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SharedCache, type WriteTimes } from 'tophash'
import { sized } from '../support/size.js'

/** What a cache would have if nothing was ever evicted. */
class Reference {
  readonly entries = new Map<string, { value: number; end: number }>()
  now = 0
  ttl = Infinity

  live(key: string): { value: number; end: number } | undefined {
    const entry = this.entries.get(key)
    return entry && entry.end > this.now ? entry : undefined
  }

  set(key: string, value: number, ttl = this.ttl): void {
    this.entries.set(key, { value, end: this.now + ttl })
  }

  write(key: string, value: number, { ttl, keepTtl = false }: WriteTimes = {}): void {
    const live = this.live(key)
    if (live && keepTtl) live.value = value
    else this.set(key, value, ttl)
  }
}

interface World {
  readonly cache: SharedCache<string, number>
  readonly reference: Reference
  readonly isRoomy: boolean
}

type Step = (world: World) => void

/** The reference's entry; in a cache that evicts it may be gone, which the reference is told. */
function expected({ cache, reference, isRoomy }: World, key: string): number | undefined {
  const live = reference.live(key)
  if (live && !isRoomy && !cache.has(key)) reference.entries.delete(key)
  return reference.live(key)?.value
}

const key = fc.nat(40).map((n) => `key ${n}`)
const value = fc.integer({ min: -5, max: 5 })
const times = fc.option(fc.record({ ttl: fc.integer({ min: 1, max: 50 }), keepTtl: fc.boolean() }, { requiredKeys: [] }), {
  nil: undefined,
})
const ttl = fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined })

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(key, value, times).map(
    ([key, value, times]): Step =>
      (world) => {
        expected(world, key)
        world.cache.set(key, value, times)
        world.reference.write(key, value, times)
      },
  ),
  key.map(
    (key): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.get(key)).toBe(was)
      },
  ),
  key.map(
    (key): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.peek(key)).toBe(was)
      },
  ),
  key.map(
    (key): Step =>
      (world) => {
        expected(world, key)
        const { cache, reference } = world
        const live = reference.live(key)
        expect(cache.remaining(key)).toBe(live && live.end - reference.now)
      },
  ),
  key.map(
    (key): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.delete(key)).toBe(was !== undefined)
        world.reference.entries.delete(key)
      },
  ),
  key.map(
    (key): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.take(key)).toBe(was)
        world.reference.entries.delete(key)
      },
  ),
  fc.tuple(key, value, ttl).map(
    ([key, by, ttl]): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.increment(key, by, ttl === undefined ? undefined : { ttl })).toBe((was ?? 0) + by)
        const { reference } = world
        if (was === undefined) reference.set(key, by, ttl)
        else reference.live(key)!.value = was + by
      },
  ),
  fc.tuple(key, value, ttl).map(
    ([key, value, ttl]): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.getOrInsert(key, value, ttl === undefined ? undefined : { ttl })).toBe(was ?? value)
        if (was === undefined) world.reference.set(key, value, ttl)
      },
  ),
  fc.tuple(key, value, times).map(
    ([key, value, times]): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.exchange(key, value, times)).toBe(was)
        world.reference.write(key, value, times)
      },
  ),
  fc.tuple(key, value, value, times).map(
    ([key, seen, value, times]): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.compareAndSet(key, seen, value, times)).toBe(was === seen)
        if (was === seen) world.reference.write(key, value, times)
      },
  ),
  fc.tuple(key, value).map(
    ([key, seen]): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.compareAndDelete(key, seen)).toBe(was === seen)
        if (was === seen) world.reference.entries.delete(key)
      },
  ),
  fc.tuple(key, value, times).map(
    ([key, value, times]): Step =>
      (world) => {
        const was = expected(world, key)
        const decide = (current: number | undefined, exists: boolean): number => {
          expect([current, exists]).toEqual([was, was !== undefined])
          return value
        }
        world.cache.update(key, decide, times)
        world.reference.write(key, value, times)
      },
  ),
  fc.tuple(key, ttl).map(
    ([key, ttl]): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.touch(key, ttl)).toBe(was !== undefined)
        if (was !== undefined) world.reference.set(key, was, ttl)
      },
  ),
  fc.integer({ min: 1, max: 40 }).map(
    (ms): Step =>
      ({ reference }) =>
        void (reference.now += ms),
  ),
  fc.constant<Step>(({ cache, reference }) => {
    const before = cache.size
    const swept = cache.sweep()
    expect(cache.size).toBe(before - swept)
    for (const [key, { end }] of reference.entries) if (end <= reference.now) reference.entries.delete(key)
  }),
  fc.constant<Step>((world) => {
    const { cache, reference, isRoomy } = world
    const found = new Map(cache)
    for (const [key, value] of found) expect(reference.live(key)?.value).toBe(value)
    if (isRoomy) for (const key of reference.entries.keys()) expect(found.has(key)).toBe(reference.live(key) !== undefined)
  }),
  fc.constant<Step>(({ cache }) => cache.check()),
)

const RUNS = sized(60, 600)
const options = { numRuns: Number(process.env.RUNS ?? RUNS), ...(process.env.SEED ? { seed: Number(process.env.SEED) } : {}) }

describe.each([
  ['with room for all', { max: 100 }, true],
  ['of seven entries', { max: 7 }, false],
  ['of 300 bytes', { maxBytes: 300 }, false],
] as const)('a cache %s', (_, bounds, isRoomy) => {
  it.each([Infinity, 30])('and a time of %d ms is as the reference says', (ttl) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const reference = new Reference()
        reference.ttl = ttl
        const cache = new SharedCache<string, number>({
          key: 'string',
          value: 'number',
          ...bounds,
          ...(ttl < Infinity ? { ttl } : {}),
          now: () => reference.now,
        })
        for (const run of steps) {
          run({ cache, reference, isRoomy })
          const { size, max, bytes, maxBytes } = cache.stats()
          expect(size).toBeLessThanOrEqual(max)
          expect(bytes ?? 0).toBeLessThanOrEqual(maxBytes)
        }
        cache.check()
        cache.dispose()
      }),
      options,
    )
  })
})
