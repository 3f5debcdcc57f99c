// What is left of a thread that dies, or is thrown out, while others wait for what it writes, or while it waits.
import { describe, expect, it } from 'vitest'
import { dyingAt } from '../harness/core/deaths.js'
import { Death, Thread } from '../harness/core/thread.js'
import { CASES, NUMBERS, first, inFlagged, prepared } from './scene.js'

describe('who writes', () => {
  it('to another key of the chain wakes once who sleeps there, and nobody if nobody does', () => {
    const { waiter, writer } = prepared(NUMBERS)
    const sleep = waiter.watch(first(NUMBERS))!
    expect(waiter.sleeps(sleep)).toBe(true)
    writer.set(2, 2)
    expect(waiter.isAsleep(sleep)).toBe(false)
    const again = waiter.watch(first(NUMBERS))!
    expect(again.index).toBe(sleep.index)
    expect(waiter.sleeps(again)).toBe(true)
    expect(waiter.isAsleep(again)).toBe(true)
  })

  it('finds a flag that nobody sleeps by once: whoever died while it waited costs nothing afterwards', () => {
    for (let at = 0; ; at++) {
      const { waiter, writer } = prepared(NUMBERS)
      const place = writer.watch(first(NUMBERS))!
      writer.set(1, 1) // takes its own flag away
      const death = dyingAt(at)
      waiter.hook = death.hook
      try {
        waiter.watch(first(NUMBERS))
        expect(at).toBeGreaterThan(3)
        break
      } catch (error) {
        if (!(error instanceof Death)) throw error
      }
      writer.markDead(waiter.id)
      expect(new Thread(writer.memory).core.recover(waiter.id, writer.id)).toBe(1)
      writer.set(1, 1)
      expect(inFlagged(writer, place), death.place()).toBe(false)
      writer.set(1, 2)
      expect([writer.core.checkHeap(), inFlagged(writer, place)], death.place()).toEqual([0, false])
    }
  })

  it.each(CASES)(
    'and dies at any step of $change.name, in $of, has woken who sleeps, or who recovers it does',
    ({ kind, change }) => {
      for (let at = 0; ; at++) {
        const scene = prepared(kind)
        const { waiter, writer } = scene
        const sleep = waiter.watch(change.watched(kind))!
        expect(waiter.sleeps(sleep)).toBe(true)
        const death = dyingAt(at)
        writer.hook = death.hook
        try {
          change.act(scene, kind)
          expect(at).toBeGreaterThan(3)
          break
        } catch (error) {
          if (!(error instanceof Death)) throw error
        }
        waiter.markDead(writer.id)
        const second = new Thread(waiter.memory)
        second.hook = dyingAt(at % 7).hook // who recovers it may die as well
        try {
          second.core.recover(writer.id, waiter.id)
        } catch (error) {
          if (!(error instanceof Death)) throw error
          waiter.markDead(writer.id)
        }
        if (waiter.kindOf(writer.id) !== 0) expect(new Thread(waiter.memory).core.recover(writer.id, waiter.id)).toBe(1)
        const again = waiter.watch(change.watched(kind))
        const isAtHome = again?.index === sleep.index && again.word === sleep.word
        if (!isAtHome) expect(waiter.isAsleep(sleep), death.place()).toBe(false)
      }
    },
  )

  it('and is thrown out of a write wakes who sleeps when it is mended', () => {
    for (let at = 0; ; at++) {
      const { waiter, writer } = prepared(NUMBERS)
      const sleep = waiter.watch(first(NUMBERS))!
      expect(waiter.sleeps(sleep)).toBe(true)
      const death = dyingAt(at)
      writer.hook = death.hook
      try {
        writer.set(1, 9)
        break
      } catch (error) {
        if (!(error instanceof Death)) throw error
      }
      writer.hook = () => {}
      expect(writer.core.mend()).toBe(0)
      if (!waiter.watch(first(NUMBERS))) expect(waiter.isAsleep(sleep), death.place()).toBe(false)
    }
  })
})
