// Who waits for a key sleeps on the lock word of its chain. No interleaving of a look with a write loses the wake-up, at whichever step
// the one comes into the other; nor does a death, of who writes, at any step, or of who waits. Whether somebody was woken is asked of
// Atomics.notify, which says how many still sleep: no test here waits.
import { describe, expect, it } from 'vitest'
import { SCRATCH, STATUS, TYPE } from '../../src/core/layout.js'
import {
  CACHED,
  CASES,
  NUMBERS,
  type Sleep,
  TEXTS,
  absent,
  first,
  inFlagged,
  interrupt,
  prepared,
  sceneOf,
  unlessLocked,
} from './scene.js'

describe('who sleeps', () => {
  it.each(CASES)('is woken by $change.name, in $of', ({ kind, change }) => {
    const scene = prepared(kind)
    const sleep = scene.waiter.watch(change.watched(kind))!
    expect(scene.waiter.sleeps(sleep)).toBe(true)
    expect(inFlagged(scene.waiter, sleep)).toBe(true)
    change.act(scene, kind)
    expect(scene.waiter.isAsleep(sleep)).toBe(false)
    expect(inFlagged(scene.waiter, sleep)).toBe(false)
    expect(scene.waiter.watch(change.watched(kind))).toBe(undefined)
  })

  it.each(CASES)('is woken by $change.name that comes at any step of the look, or does not sleep, in $of', ({ kind, change }) => {
    for (let at = 0; ; at++) {
      const scene = prepared(kind)
      const when = interrupt(scene.waiter, at, () => change.act(scene, kind))
      const sleep = scene.waiter.watch(change.watched(kind))
      if (!when.hasCome()) {
        expect(at).toBeGreaterThan(3)
        break
      }
      scene.waiter.hook = () => {}
      if (sleep) expect(scene.waiter.sleeps(sleep), when.place()).toBe(false)
    }
  })

  it.each(CASES)('is woken by $change.name if it has looked at any step of that, in $of', ({ kind, change }) => {
    let slept = 0
    for (let at = 0; ; at++) {
      const scene = prepared(kind)
      const { waiter, writer } = scene
      waiter.core.detachThread() // comes again as one that only looks for locks
      waiter.attach(false).open(scene.table)
      let sleep: Sleep | undefined
      const when = interrupt(writer, at, () => {
        sleep = unlessLocked(waiter, () => waiter.watch(change.watched(kind)))
        if (sleep && !waiter.sleeps(sleep)) throw new Error('the word is another')
      })
      change.act(scene, kind)
      writer.hook = () => {}
      if (!when.hasCome()) break
      if (!sleep) continue
      slept++
      expect(waiter.isAsleep(sleep), when.place()).toBe(false)
    }
    expect(slept).toBeGreaterThan(0)
  })

  it('is not told of a change that is none: its key moves to another bucket at any step of the look', () => {
    for (let key = 0; key < 6; key++) {
      for (let at = 0, isOver = false; !isOver; at++) {
        const { waiter, writer } = sceneOf(NUMBERS)
        for (let i = 0; i < 6; i++) writer.set(i, i)
        const when = interrupt(waiter, at, () => expect(writer.core.reserve(writer.stripe, 100)).toBe(0))
        expect(waiter.watch({ key, seen: key }), when.place()).toBeDefined()
        isOver = !when.hasCome()
      }
    }
  })

  it('is woken when its collection is deleted, and finds that it is', () => {
    const { waiter, writer, table } = prepared(NUMBERS)
    const sleeps = [first(NUMBERS), absent(NUMBERS)].map((watched) => waiter.watch(watched)!)
    for (const sleep of sleeps) expect(waiter.sleeps(sleep)).toBe(true)
    expect(writer.core.deleteCollection(table, 1)).toBe(STATUS.removed)
    for (const sleep of sleeps) expect(waiter.isAsleep(sleep)).toBe(false)
    expect(() => waiter.watch(first(NUMBERS))).toThrow(`${STATUS.deleted}`)
  })

  it('is woken when its head goes back with the segments of a table that is emptied', () => {
    const { waiter, writer } = sceneOf(NUMBERS)
    writer.leave()
    for (let i = 0; i < 3000; i++) waiter.set(i, i)
    for (let i = 1; i < 3000; i++) waiter.remove(i)
    const all = Array.from({ length: 500 }, (_, i) => ({
      watched: { key: -1 - i, seen: undefined },
      ...waiter.watch({ key: -1 - i, seen: undefined })!,
    }))
    for (const { index } of all) expect(waiter.sleeps({ index, word: Atomics.load(waiter.words(), index) })).toBe(true)
    waiter.remove(0) // the last
    for (const sleep of all) {
      if (!waiter.isAsleep(sleep)) continue
      const again = waiter.watch(sleep.watched)!
      expect(again.index).toBe(sleep.index) // at home there still
    }
    expect(waiter.core.checkHeap()).toBe(0)
  })

  it('of a cache is told how long the entry lives, and sees no more of it then', () => {
    const { waiter, writer } = sceneOf(CACHED)
    writer.core.setTimes(writer.stripe, 50, NaN, false)
    writer.set('key 1', 'value 1')
    const sleep = waiter.watch({ key: 'key 1', seen: 'value 1' })
    expect(sleep).toBeDefined()
    const left = waiter.view().getFloat64(waiter.scratch + SCRATCH.word, true)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(50)
    for (let looks = 0; looks < 100; looks++) waiter.core.remaining(waiter.stripe) // each look takes a millisecond
    expect(waiter.watch({ key: 'key 1', seen: 'value 1' })).toBe(undefined)
    expect(waiter.watch({ key: 'key 1', seen: undefined })).toBeDefined()
    expect(waiter.view().getFloat64(waiter.scratch + SCRATCH.word, true)).toBe(Infinity)
  })

  it('of a cache is woken when its entry is evicted', () => {
    const { waiter, writer } = sceneOf(CACHED)
    writer.set('key 1', 'value 1')
    for (let i = 100, sleep = waiter.watch({ key: 'key 1', seen: 'value 1' }); sleep; i++) {
      const isAsleep = waiter.sleeps(sleep)
      writer.set(`key ${i}`, 'another')
      const again = waiter.watch({ key: 'key 1', seen: 'value 1' })
      if (!again) expect(isAsleep && waiter.isAsleep(sleep)).toBe(false)
      else waiter.isAsleep(sleep)
      sleep = again
      expect(i).toBeLessThan(200)
    }
  })

  it('of a kind that can be undefined sees such a value and none as the same', () => {
    const { waiter, writer } = sceneOf(TEXTS)
    const look = (): number => {
      const at = waiter.scratch + SCRATCH.expectedOperand
      waiter.stage(SCRATCH.expectedOperand, SCRATCH.expected, undefined)
      expect(waiter.view().getUint32(at, true)).toBe(TYPE.word)
      waiter.stage(SCRATCH.keyOperand, SCRATCH.key, 'key')
      return waiter.core.watch(waiter.stripe, true, true)
    }
    expect(look()).toBe(STATUS.matched)
    writer.set('key', undefined)
    expect(look()).toBe(STATUS.matched)
    writer.set('key', 'text')
    expect(look()).toBe(0)
  })
})

it('a look is refused what it must not touch', () => {
  const { waiter } = prepared(NUMBERS)
  expect(waiter.core.watch(waiter.stripe + 8, false, true)).toBe(STATUS.invalid)
})
