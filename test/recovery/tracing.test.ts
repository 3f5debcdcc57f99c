// Writers of events that stand still or die in the middle of one, while others write and read: instances of the checked core,
// each a thread.
import { describe, expect, it } from 'vitest'
import { EVENT, EVENT_BYTES, EVENT_KIND, LIMITS, RINGS_AT, SCRATCH, STATUS } from '../../src/core/layout.js'
import type { Checkpoint } from '../../src/core/hooks.checked.js'
import { RANDOM } from '../support/hashes.js'
import { Actor } from '../harness/core/actor.js'
import { CHECKPOINTS, Death, Thread } from '../harness/core/thread.js'

const ROOM = 16

/** A heap with two threads, of which the first traces: room for 16 events. */
function traced(): { reader: Actor; writer: Actor; memory: WebAssembly.Memory } {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 256, shared: true })
  const reader = new Actor(memory)
  reader.core.initializeHeap(256, 1, 2, ...RANDOM)
  reader.attach()
  const table = reader.core.createCollection(1, 1, 1, 1000, 0, false) >>> 0
  reader.core.keepCollection()
  const writer = new Actor(memory).attach().open(table)
  reader.open(table)
  expect(reader.core.beginTrace(ROOM, 1)).toBe(0)
  return { reader, writer, memory }
}

/** One event: that there was room for so many entries. */
function write({ core, stripe }: Actor, entries: number): void {
  core.reserve(stripe, entries)
}

/** Those that are whole: each one's number, and the entries that it names. */
function read(reader: Actor): [number: number, entries: number][] {
  const count = reader.core.readTrace(0)
  expect(count).toBeGreaterThanOrEqual(0)
  const view = reader.view()
  const events = Array.from({ length: count }, (_, i) => reader.scratch + SCRATCH.value + i * EVENT_BYTES)
  const reserves = events.filter((at) => view.getUint8(at + EVENT.what) === EVENT_KIND.reserve)
  return reserves.map((at) => [Number(view.getBigUint64(at + EVENT.number, true)), view.getUint32(at + EVENT.first, true)])
}

/** Has something happen when the thread comes to a step for the first time. */
function at(thread: Thread, step: Checkpoint, action: () => void): void {
  let isFirst = true
  thread.hook = (id) => {
    if (CHECKPOINTS[id] !== step || !isFirst) return
    isFirst = false
    action()
  }
}

function die(thread: Actor, step: Checkpoint, action: () => void): void {
  at(thread, step, () => {
    throw new Death(step)
  })
  expect(action).toThrow(Death)
}

/** Words of the header that name rings. */
function rings(reader: Actor): number[] {
  return [LIMITS.ring, RINGS_AT].map((at) => reader.view().getUint32(at, true))
}

/** Counts up from 1. */
const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1)

describe('an event that is being written', () => {
  it.each(['EventClaimed', 'EventFilled'] as const)('is none for who reads meanwhile (%s), and whole afterwards', (step) => {
    const { reader, writer } = traced()
    write(writer, 1)
    let seen: unknown
    at(writer, step, () => (seen = read(reader)))
    write(writer, 2)
    expect(seen).toEqual([[0, 1]])
    expect(read(reader)).toEqual([
      [0, 1],
      [1, 2],
    ])
  })

  it.each(['RecordingBegun', 'EventClaimed', 'EventFilled'] as const)(
    'is lost if others go once around meanwhile (%s), and only it',
    (step) => {
      const { reader, writer } = traced()
      write(writer, 1)
      at(writer, step, () => upTo(ROOM + 3).forEach((n) => write(reader, 100 + n)))
      write(writer, 2)
      // What it claimed was overwritten, or what would have come to its place was dropped; or it claimed only then.
      const numbers = {
        RecordingBegun: upTo(ROOM).map((n) => 4 + n),
        EventClaimed: upTo(ROOM).map((n) => 4 + n),
        EventFilled: [] as number[],
      }
      numbers.EventFilled = numbers.EventClaimed.filter((number) => number !== 1 + ROOM)
      expect(read(reader).map(([number]) => number)).toEqual(numbers[step])
      expect(read(reader).map(([, entries]) => entries > 100)).toEqual(
        numbers[step].map((number) => step !== 'RecordingBegun' || number < 4 + ROOM),
      )
      upTo(2 * ROOM).forEach((n) => write(reader, 200 + n))
      expect(read(reader).map(([, entries]) => entries)).toEqual(upTo(ROOM).map((n) => 200 + ROOM + n))
    },
  )

  it.each(['RecordingBegun', 'EventClaimed', 'EventFilled', 'EventPublished'] as const)(
    'is whole or none if its writer dies (%s)',
    (step) => {
      const { reader, writer, memory } = traced()
      write(writer, 1)
      die(writer, step, () => write(writer, 2))
      const isWhole = step === 'EventPublished'
      const before = [[0, 1], ...(isWhole ? [[1, 2]] : [])]
      expect(read(reader)).toEqual(before)
      upTo(ROOM).forEach((n) => write(reader, 100 + n))
      reader.markDead(writer.id)
      expect(new Thread(memory).core.recover(writer.id, reader.id)).toBe(1)
      upTo(2 * ROOM).forEach((n) => write(reader, 200 + n))
      expect(read(reader).map(([, entries]) => entries)).toEqual(upTo(ROOM).map((n) => 200 + ROOM + n))
      expect(reader.core.endTrace()).toBe(0)
      expect(rings(reader)).toEqual([0, 0])
      expect(reader.core.checkHeap()).toBe(0)
    },
  )
})

describe('a ring', () => {
  it.each(['RecordingBegun', 'EventClaimed', 'EventFilled'] as const)(
    'is not freed while a thread may write to it (%s)',
    (step) => {
      const { reader, writer } = traced()
      const [ring] = rings(reader)
      at(writer, step, () => {
        expect(reader.core.endTrace()).toBe(0)
        expect(rings(reader)).toEqual([0, ring])
        expect(reader.core.checkHeap()).toBe(0)
        expect(reader.core.beginTrace(ROOM, 1)).toBe(0) // another one
        expect(rings(reader)).toEqual([expect.not.stringMatching(`${ring}`), ring])
      })
      write(writer, 1)
      expect(reader.core.endTrace()).toBe(0)
      expect(rings(reader)).toEqual([0, 0])
      expect(reader.core.checkHeap()).toBe(0)
    },
  )

  it('waits for the recovery of a thread that died while it was writing', () => {
    const { reader, writer, memory } = traced()
    const [ring] = rings(reader)
    die(writer, 'EventFilled', () => write(writer, 1))
    expect(reader.core.endTrace()).toBe(0)
    expect(rings(reader)).toEqual([0, ring])
    reader.markDead(writer.id)
    expect(new Thread(memory).core.recover(writer.id, reader.id)).toBe(1)
    expect(rings(reader)).toEqual([0, 0])
    expect(reader.core.checkHeap()).toBe(0)
  })

  it('stays as long as one thread traces, and goes with a tracer that is recovered', () => {
    const { reader, writer, memory } = traced()
    expect([writer.core.beginTrace(ROOM, 1), writer.core.beginTrace(ROOM, 1), reader.core.endTrace()]).toEqual([0, 0, 0])
    expect(reader.core.endTrace()).toBe(STATUS.invalid)
    expect(rings(reader)[0]).not.toBe(0)
    write(reader, 1)
    expect(reader.core.readTrace(0)).toBe(STATUS.invalid)
    reader.markDead(writer.id)
    expect(new Thread(memory).core.recover(writer.id, reader.id)).toBe(1)
    expect(rings(reader)).toEqual([0, 0])
    expect(reader.core.checkHeap()).toBe(0)
  })
})
