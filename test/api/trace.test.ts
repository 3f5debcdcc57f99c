// trace(): what all threads do to a table, provoked, and seen with the right numbers.
import { afterEach, describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, SharedSet, type TraceEvent, type TraceEventName } from 'tophash'
import { SharedMap as CheckedMap, onCheckpoint } from 'tophash/checked'
import { anotherCopy } from '../support/copies.js'
import { untilRecovered } from '../support/ended.js'
import { expectError, thrownBy } from '../support/errors.js'
import { untilCollected } from '../support/garbage.js'
import { LEAST_BYTES, wordsOf } from '../support/memory.js'
import { type Spawned, spawn } from '../support/workers.js'
import type { Task } from './trace.worker.js'
import { LIMITS, RINGS_AT } from '../../src/core/layout.js'

/** As another thread, with nothing in between. */
const other = await anotherCopy('other')

const started: Spawned<number>[] = []

function start(task: Task): Spawned<number> {
  started.push(spawn<number>('api/trace', task))
  return started.at(-1)!
}

afterEach(async () => {
  onCheckpoint(undefined)
  await Promise.all(started.splice(0).map(({ worker }) => worker.terminate()))
})

function numbers(capacity?: number): SharedMap<number, number> {
  return new SharedMap<number, number>(null, { key: 'number', value: 'number', ...(capacity && { capacity }) })
}

function fill(map: { set(key: number, value: number): unknown }, count: number, from = 0): void {
  for (let n = from; n < from + count; n++) map.set(n, n)
}

function named<N extends TraceEventName>(events: readonly TraceEvent[], name: N): Extract<TraceEvent, { name: N }>[] {
  return events.filter((event): event is Extract<TraceEvent, { name: N }> => event.name === name)
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)

/** Overflow buckets taken, less those given back. */
function overflowIn(events: readonly TraceEvent[]): number {
  const single = named(events, 'overflow').map(({ args }) => args.taken - args.givenBack)
  const ofSplits = named(events, 'evacuation').map(({ args }) => args.overflowTaken - args.overflowGivenBack)
  return total(single) + total(ofSplits)
}

describe('a trace records', () => {
  it('each level that was raised, in order, and every bucket that was split', () => {
    using map = numbers()
    using trace = map.trace()
    fill(map, 20_000)
    const { level } = map.stats()
    const growths = named(trace.events(), 'growth')
    expect(growths.map(({ args }) => args.level)).toEqual(Array.from({ length: level - 3 }, (_, i) => 4 + i))
    for (const { args, thread, duration, category } of growths) {
      expect([args.buckets, thread, category]).toEqual([2 ** args.level, 1, 'growth'])
      expect(args.approximateSize).toBeGreaterThan(6.5 * 2 ** (args.level - 1))
      expect(duration).toBeGreaterThan(0)
    }
    const steps = named(trace.events(), 'evacuation')
    for (let done = 4; done < level; done++) {
      const ofLevel = steps.filter(({ args }) => args.level === done)
      expect(total(ofLevel.map(({ args }) => args.buckets))).toBe(2 ** (done - 1))
      expect(ofLevel.at(-1)!.args).toMatchObject({ approximateEvacuated: 2 ** (done - 1), children: 2 ** (done - 1) })
      expect(ofLevel.every(({ duration }) => duration! > 0)).toBe(true)
    }
    expect(trace.lost).toBe(0)
  })

  it('overflow buckets that were taken, and those that were given back', () => {
    using map = numbers()
    using trace = map.trace({ events: 200_000 })
    fill(map, 10_000)
    expect(map.stats().approximateOverflowBuckets).toBeGreaterThan(10)
    expect(overflowIn(trace.events())).toBe(map.stats().approximateOverflowBuckets)
    expect(total(named(trace.events(), 'evacuation').map(({ args }) => args.overflowGivenBack))).toBeGreaterThan(0)
    for (let n = 0; n < 9_000; n++) map.delete(n)
    expect(overflowIn(trace.events())).toBe(map.stats().approximateOverflowBuckets)
    fill(map, 8_500)
    map.clear()
    expect(overflowIn(trace.events())).toBe(0)
  })

  it('how long a lock was waited for, and whose it was', async () => {
    using map = numbers(1)
    using trace = map.trace()
    const holder = await start({ handle: map.handle, do: 'hold', holdMs: 1000 }).message()
    map.set(1, 1)
    const waits = named(trace.events(), 'lock wait')
    expect(waits.map(({ args }) => args)).toEqual([{ lock: 'chain', owner: holder, gaveUp: false }])
    expect(waits[0]!.duration).toBeGreaterThan(29)
    expect(map.stats().approximateLockWaits).toBe(1)
  })

  it('how long a read waited for a writer', async () => {
    using map = numbers(1)
    map.set(1, 1)
    using trace = map.trace()
    const holder = await start({ handle: map.handle, do: 'hold', holdMs: 1000 }).message()
    expect(map.get(1)).toBe(1)
    const retries = named(trace.events(), 'read retry')
    expect(retries.map(({ args }) => args)).toEqual([{ owner: holder }])
    expect(retries[0]!.duration).toBeGreaterThan(29)
  })

  it('reads that started over because a write came in between', () => {
    using map = new CheckedMap<number, number>([[1, 0]], { key: 'number', value: 'number', capacity: 1 })
    using writer = other.SharedMap.attach<number, number>(map.handle)
    using trace = map.trace()
    let left = 3 // the first time it is the short way, which nobody counts
    onCheckpoint((step) => {
      if (step === 'KeySeen' && left-- > 0) writer.set(1, left)
    })
    expect(map.get(1)).toBe(0)
    onCheckpoint(undefined)
    const retries = named(trace.events(), 'read retry')
    expect(retries.map(({ args, duration, thread }) => [args.owner, duration, thread])).toEqual([
      [0, undefined, 1],
      [0, undefined, 1],
    ])
    expect(map.stats().approximateReadRetries).toBe(2)
  })

  it('what other threads do, on one clock', async () => {
    using map = numbers()
    using theirs = other.SharedMap.attach<number, number>(map.handle)
    const began = performance.timeOrigin + performance.now()
    using trace = map.trace()
    fill(theirs, 500)
    const thread = await start({ handle: map.handle, do: 'fill' }).message()
    const ended = performance.timeOrigin + performance.now()
    const events = trace.events()
    expect([...new Set(events.map((event) => event.thread))].sort()).toEqual([2, thread])
    for (const { start } of events) {
      expect(start).toBeGreaterThan(began - 0.01)
      expect(start).toBeLessThan(ended + 0.01)
    }
    expect(events.map(({ start }) => start)).toEqual(events.map(({ start }) => start).sort((a, b) => a - b))
  })

  it('growth of memory, and reserve()', () => {
    using heap = new SharedHeap({ initialBytes: LEAST_BYTES })
    using map = heap.map('numbers', { key: 'number', value: 'number' })
    using trace = map.trace({ events: 2000 })
    const { memoryBytes } = heap.stats()
    map.reserve(100_000)
    const [reserve, ...more] = named(trace.events(), 'reserve')
    expect([reserve!.args, more]).toEqual([{ entries: 100_000, done: true }, []])
    const growths = named(trace.events(), 'memory growth')
    expect(growths.length).toBeGreaterThan(1)
    expect([memoryBytes, ...growths.map(({ args }) => args.to)]).toEqual([
      ...growths.map(({ args }) => args.from),
      heap.stats().memoryBytes,
    ])
    for (const { start, duration } of [...growths, ...named(trace.events(), 'growth')]) {
      expect(start).toBeGreaterThanOrEqual(reserve!.start)
      expect(start + duration!).toBeLessThanOrEqual(reserve!.start + reserve!.duration! + 0.001)
    }
    const evacuated = named(trace.events(), 'evacuation').map(({ args }) => args.buckets)
    expect(total(evacuated)).toBe(2 ** map.stats().level - 8)
  })

  it.runIf(process.platform === 'linux')('the recovery of a dead thread, whose own trace is ended', async () => {
    using map = numbers()
    using trace = map.trace({ events: 100 })
    const tracer = start({ handle: map.handle, do: 'trace' })
    const dead = await tracer.message()
    await tracer.worker.terminate()
    await untilRecovered(map)
    const recoveries = named(trace.events(), 'recovery')
    expect(recoveries.map(({ args, thread }) => [args, thread])).toEqual([[{ dead, done: true }, 1]])
    trace.stop()
    expectNoRing(map)
  })

  it('only what concerns its collection, or the heap; that of a heap all, by name', () => {
    using heap = new SharedHeap()
    using ann = heap.map('ann', { key: 'number', value: 'number' })
    using bob = heap.set('bob', { value: 'number' })
    using all = heap.trace()
    using ofAnn = ann.trace()
    using ofBob = bob.trace()
    fill(ann, 200)
    for (let n = 0; n < 100; n++) bob.add(n)
    const count = (trace: { events(): TraceEvent[] }): number => named(trace.events(), 'growth').length
    expect([count(ofAnn), count(ofBob), count(all)]).toEqual([2, 1, 3])
    expect(named(all.events(), 'growth').map(({ collection }) => collection)).toEqual(['ann', 'ann', 'bob'])
    all.stop()
    expect(named(all.events(), 'growth').map(({ collection }) => collection)).toEqual(['ann', 'ann', 'bob'])
  })
})

describe('a trace', () => {
  it('that is off records nothing, and its memory is given back', () => {
    using map = numbers()
    const { approximateUsedBytes } = map.stats()
    const trace = map.trace()
    expect(map.stats().approximateUsedBytes).toBe(approximateUsedBytes + 4097 * 1024)
    map.check()
    trace.stop()
    fill(map, 1000)
    expect([trace.events(), trace.lost, trace.isRecording]).toEqual([[], 0, false])
    trace.stop()
    expectNoRing(map)
    expect(map.stats().approximateReusableBytes).toBeGreaterThan(4_000_000)
  })

  it('keeps what was there when it was stopped', () => {
    using map = numbers()
    const trace = map.trace()
    fill(map, 1000)
    const events = trace.events()
    trace.stop()
    fill(map, 1000, 1000)
    expect(trace.events()).toEqual(events)
    expect(trace.events(events[3]!.index).length).toBe(events.filter(({ index }) => index >= events[3]!.index).length)
    expect(trace.toChrome().traceEvents.length).toBeGreaterThan(events.length)
  })

  it('overwrites the oldest events, and says how many were lost', () => {
    using map = numbers()
    using trace = map.trace({ events: 10 })
    expect(trace.capacity).toBe(16)
    const reserve = (from: number, to: number): void => {
      for (let n = from; n < to; n++) map.reserve(n)
    }
    reserve(0, 40)
    expect(trace.lost).toBe(24)
    expect(named(trace.events(), 'reserve').map(({ args }) => args.entries)).toEqual(Array.from({ length: 16 }, (_, i) => 24 + i))
    reserve(0, 10)
    expect(trace.lost).toBe(24)
    expect(trace.events(40).map(({ index }) => index)).toEqual(Array.from({ length: 10 }, (_, i) => 40 + i))
    reserve(0, 20)
    expect(trace.lost).toBe(28)
    expect(trace.events().length).toBe(16)
    expect(trace.lost).toBe(28)
    trace.stop()
    expect([trace.lost, trace.events().length]).toEqual([28, 16])
  })

  it('shares the ring with others, in whatever thread, and begins with nothing', () => {
    using map = numbers()
    using theirs = other.SharedMap.attach<number, number>(map.handle)
    const mine = map.trace({ events: 100 })
    map.reserve(1)
    const second = theirs.trace({ events: 5000 })
    expect([mine.capacity, second.capacity]).toEqual([128, 128])
    map.reserve(2)
    expect([mine.events().length, second.events().length]).toEqual([2, 1])
    mine.stop()
    map.reserve(3)
    expect([mine.events().length, second.events().length]).toEqual([2, 2])
    expect(wordsOf(map.handle)[LIMITS.ring / 4]).not.toBe(0)
    second.stop()
    expectNoRing(map)
  })

  it('goes on when the map is disposed of', () => {
    const map = numbers()
    const theirs = other.SharedMap.attach<number, number>(map.handle)
    const trace = map.trace()
    map.dispose()
    fill(theirs, 100)
    expect(named(trace.events(), 'growth').length).toBe(1)
    expect(theirs.stats().threads).toBe(2)
    trace.stop()
    expect(theirs.stats().threads).toBe(1)
    expectNoRing(theirs)
    theirs.dispose()
  })

  it('that is dropped is ended when it is collected', async () => {
    using map = numbers()
    ;(() => void map.trace())()
    await untilCollected(() => wordsOf(map.handle)[LIMITS.ring / 4] === 0)
    expectNoRing(map)
  })

  it('of a full heap cannot begin, and leaves it as it was', () => {
    using map = new SharedMap<number, number>([[1, 1]], { key: 'number', value: 'number', maxBytes: LEAST_BYTES })
    const before = map.stats()
    expectError(
      thrownBy(() => map.trace()),
      'ERR_OUT_OF_MEMORY',
      'no room left',
    )
    expect(map.stats()).toEqual(before)
    map.check()
    expectNoRing(map)
    using trace = map.trace({ events: 100 })
    expect(trace.events()).toEqual([])
  })

  it.each([
    [{ events: 0 }, 'events must be'],
    [{ events: 2 ** 22 + 1 }, 'events must be'],
    [{ event: 1 }, 'no option "event"'],
    [1, 'must be an object'],
  ])('refuses %j', (options, message) => {
    using map = numbers()
    expectError(
      thrownBy(() => map.trace(options as object)),
      'ERR_OPTIONS',
      message,
    )
    expectNoRing(map)
  })

  it('can be had of what is open only', () => {
    const set = new SharedSet<number>()
    set.dispose()
    expectError(
      thrownBy(() => set.trace()),
      'ERR_DISPOSED',
      'was disposed of',
    )
  })
})

/** Neither a ring that is written to, nor one that waits to be freed; and no byte is lost. */
function expectNoRing(map: { readonly handle: { memory: WebAssembly.Memory }; check(): void }): void {
  const words = wordsOf(map.handle as never)
  expect([words[LIMITS.ring / 4], words[RINGS_AT / 4]]).toEqual([0, 0])
  map.check()
}
