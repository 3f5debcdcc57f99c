// Sequences of operations on a cache, against a plain reference; time passes when the test says so.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SharedCache, type WriteTimes } from 'tophash'
import { sized } from '../support/size.js'

interface Entry {
  value: number
  end: number
  idle: number
  used: number
}

/** What a cache would have if nothing was ever evicted. */
class Reference {
  readonly entries = new Map<string, Entry>()
  now = 0
  ttl = Infinity
  /** Shorter than 16 ms: such times are exact. */
  idle = Infinity

  live(key: string): Entry | undefined {
    const entry = this.entries.get(key)
    return entry && this.left(entry) > 0 ? entry : undefined
  }

  left({ end, used, idle }: Entry): number {
    return Math.min(end, used + idle) - this.now
  }

  /** The value of a key, which is used by that. */
  use(key: string): number | undefined {
    const live = this.live(key)
    if (live) live.used = this.now
    return live?.value
  }

  set(key: string, value: number, ttl = this.ttl, idle = this.idle): void {
    this.entries.set(key, { value, end: this.now + ttl, idle, used: this.now })
  }

  write(key: string, value: number, { ttl, idle, keepTtl = false }: WriteTimes = {}): void {
    const live = this.live(key)
    if (live && keepTtl) Object.assign(live, { value, used: this.now })
    else this.set(key, value, ttl, idle)
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
  fc.tuple(key, value, fc.integer({ min: 1, max: 15 })).map(
    ([key, value, idle]): Step =>
      ({ cache, reference }) => {
        const own = reference.idle < Infinity ? { idle } : undefined
        cache.set(key, value, own)
        reference.write(key, value, own)
      },
  ),
  key.map(
    (key): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.get(key)).toBe(was)
        world.reference.use(key)
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
        expect(cache.remaining(key)).toBe(live && reference.left(live))
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
        world.reference.write(key, (was ?? 0) + by, { ttl, keepTtl: true })
      },
  ),
  fc.tuple(key, value, ttl).map(
    ([key, value, ttl]): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.getOrInsert(key, value, ttl === undefined ? undefined : { ttl })).toBe(was ?? value)
        if (world.reference.use(key) === undefined) world.reference.set(key, value, ttl)
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
        world.reference.use(key)
        world.reference.write(key, value, times)
      },
  ),
  fc.tuple(key, ttl).map(
    ([key, ttl]): Step =>
      (world) => {
        const was = expected(world, key)
        expect(world.cache.touch(key, ttl)).toBe(was !== undefined)
        if (was !== undefined) world.reference.set(key, was, ttl, world.reference.live(key)!.idle)
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
    for (const [key, entry] of reference.entries) if (reference.left(entry) <= 0) reference.entries.delete(key)
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
  it.each([
    [Infinity, Infinity],
    [30, Infinity],
    [Infinity, 12],
    [40, 15],
  ])('and a time of %d ms, of %d ms unused, is as the reference says', (ttl, idle) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const reference = new Reference()
        reference.ttl = ttl
        reference.idle = idle
        const cache = new SharedCache<string, number>({
          key: 'string',
          value: 'number',
          ...bounds,
          ...(ttl < Infinity ? { ttl } : {}),
          ...(idle < Infinity ? { idle } : {}),
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
