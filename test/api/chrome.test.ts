// toChrome(): the Chrome trace-event format, as Perfetto reads it.
import { describe, expect, it } from 'vitest'
import { type ChromeTraceEvent, SharedHeap, SharedMap } from 'tophash'
import { expectError, thrownBy } from '../support/errors.js'

/** A measure or mark as performance.getEntries() has them, so many milliseconds from now. */
function entry(name: string, entryType: string, from: number, duration: number) {
  return { name, entryType, startTime: performance.now() + from, duration, detail: null }
}

/** What the format asks of each event. @returns the event */
function checked(event: ChromeTraceEvent): ChromeTraceEvent {
  expect(event.name).not.toBe('')
  expect([Number.isInteger(event.pid), Number.isInteger(event.tid)]).toEqual([true, true])
  expect(event.ts).toBeGreaterThanOrEqual(0)
  if (event.ph === 'X') expect(event.dur).toBeGreaterThanOrEqual(0)
  else expect(event.dur).toBe(undefined)
  if (event.ph === 'i') expect(event.s).toBe('t')
  if (event.ph === 'C') expect(Object.values(event.args!).every((value) => typeof value === 'number')).toBe(true)
  expect('XiCM').toContain(event.ph)
  return event
}

/** Whether spans of one track that overlap lie one in the other: else Perfetto drops some. */
function areNested(events: readonly ChromeTraceEvent[]): boolean {
  const open = new Map<number, number[]>()
  return events
    .filter(({ ph }) => ph === 'X')
    .every(({ tid, ts, dur }) => {
      const ends = open.get(tid) ?? []
      open.set(tid, ends)
      while (ends.length > 0 && ends.at(-1)! <= ts) ends.pop()
      const isInside = ends.length === 0 || ends.at(-1)! >= ts + dur! - 1e-3
      ends.push(ts + dur!)
      return isInside
    })
}

describe('toChrome', () => {
  it('has spans, moments, counters and names, in order of time', () => {
    using map = new SharedMap<number, number>(null, { key: 'number', value: 'number' })
    using trace = map.trace()
    for (let n = 0; n < 5000; n++) map.set(n, n)
    map.reserve(20_000)
    const chrome = trace.toChrome()
    expect(JSON.parse(JSON.stringify(chrome)).displayTimeUnit).toBe('ms')
    expect(chrome.otherData).toEqual({ producer: 'tophash', lostEvents: 0 })
    const events = chrome.traceEvents.map(checked)
    const of = (ph: string): ChromeTraceEvent[] => events.filter((event) => event.ph === ph)
    const recorded = trace.events()
    expect(of('X').length).toBe(recorded.filter(({ duration }) => duration !== undefined).length)
    expect(of('i').length).toBe(recorded.filter(({ duration }) => duration === undefined).length)
    expect(of('M').map(({ name, args }) => [name, args])).toEqual([
      ['process_name', { name: 'tophash' }],
      ['thread_name', { name: 'thread 1 (this one)' }],
      ['thread_sort_index', { sort_index: 1 }],
    ])
    const levels = of('C')
      .filter(({ name }) => name === 'level')
      .map(({ args }) => (args as { level: number }).level)
    expect(levels).toEqual(Array.from({ length: map.stats().level - 2 }, (_, i) => 3 + i))
    const shares = of('C')
      .filter(({ name }) => name === 'evacuation')
      .map(({ args }) => (args as { share: number }).share)
    expect([shares[0], shares.at(-1), Math.max(...shares), Math.min(...shares)]).toEqual([1, 1, 1, 0])
    const times = events.filter(({ ph }) => ph !== 'M').map(({ ts }) => ts)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(areNested(events)).toBe(true)
    const [first] = recorded.filter(({ name }) => name === 'growth')
    const [span] = of('X').filter(({ name }) => name === 'growth')
    expect(span!.dur).toBeCloseTo(first!.duration! * 1000, 3)
  })

  it('has the marks and measures of the user beside them, and nothing else of theirs', () => {
    using map = new SharedMap<number, number>(null, { key: 'number', value: 'number' })
    using trace = map.trace()
    const entries = [
      entry('early', 'mark', -2, 0),
      entry('outer', 'measure', 0, 10),
      entry('inner', 'measure', 2, 3),
      entry('across', 'measure', 4, 9),
      entry('loading', 'resource', 0, 5),
    ]
    map.reserve(1000)
    const events = trace.toChrome({ entries }).traceEvents.map(checked)
    const user = events.filter(({ cat }) => cat === 'user')
    expect(user.map(({ name, ph, tid }) => [name, ph, tid])).toEqual([
      ['early', 'i', 1000],
      ['outer', 'X', 1000],
      ['inner', 'X', 1000],
      ['across', 'X', 1001],
    ])
    expect(user[0]!.ts).toBe(0) // times begin with what came first
    expect(user.map(({ ts }) => Math.round(ts / 100) / 10)).toEqual([0, 2, 4, 6])
    expect(user[1]!.dur).toBe(10_000)
    expect(areNested(events)).toBe(true)
    const reserve = events.find(({ name }) => name === 'reserve')!
    const gap = performance.timeOrigin + entries[0]!.startTime - trace.events().find(({ name }) => name === 'reserve')!.start
    expect(reserve.ts / 1000).toBeCloseTo(-gap, 2)
    const names = events.filter(({ name }) => name === 'thread_name').map(({ args }) => (args as { name: string }).name)
    expect(names).toEqual(['thread 1 (this one)', 'performance entries', 'performance entries 2'])
    expectError(
      thrownBy(() => trace.toChrome({ entry: [] } as object)),
      'ERR_OPTIONS',
      'no option "entry"',
    )
  })

  it('names the counters of the collections of a heap', () => {
    using heap = new SharedHeap()
    using ann = heap.map('ann', { key: 'number', value: 'number' })
    using trace = heap.trace()
    for (let n = 0; n < 100; n++) ann.set(n, n)
    const counters = trace
      .toChrome()
      .traceEvents.filter(({ ph }) => ph === 'C')
      .map(({ name }) => name)
    expect([...new Set(counters)].sort()).toEqual(['evacuation of ann', 'level of ann'])
  })
})
