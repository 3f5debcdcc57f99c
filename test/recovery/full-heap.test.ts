// A heap without any room: a thread can attach all the same, with what is kept for it, and recover one that has died
// there. It can also die at every step of that, and so can one that asks the others for memory.
import { describe, expect, it } from 'vitest'
import { KIND_CODES, STATUS } from '../../src/core/layout.js'
import { HASH_MAP } from '../../src/table/layout.js'
import type { Checkpoint } from '../../src/core/hooks.checked.js'
import { sized } from '../support/size.js'
import { counting, dyingAt } from '../harness/core/deaths.js'
import { Actor } from '../harness/core/actor.js'
import { CHECKPOINTS, Death, Failure, type Hook } from '../harness/core/thread.js'

const PAGES = 8

interface Full {
  readonly memory: WebAssembly.Memory
  readonly owner: Actor
  readonly table: number
}

/** A heap that one thread has filled to the last unit; by then nobody else has ever been there. */
function full(): Full {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true })
  const owner = new Actor(memory)
  owner.core.initializeHeap(PAGES, 1, 2, 3, 4, 5, 6)
  owner.attach()
  owner.core.createDirectory()
  const table = owner.core.createCollection(HASH_MAP, KIND_CODES.number, KIND_CODES.string, 1, 0, false) >>> 0
  owner.core.keepCollection()
  owner.open(table)
  for (const length of [30_000, 9_000, 5_000, 900, 20]) fill(owner, length)
  return { memory, owner, table }
}

function fill(actor: Actor, length: number): void {
  try {
    for (let n = 0; ; n++) actor.run(actor.core.set, actor.stripe, n * 100_000 + length, { of: 'x'.repeat(length) })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    expect(error.status).toBe(STATUS.outOfMemory)
  }
}

/** What somebody does in a full heap that was never there before. */
function visit({ memory, table }: Full, hook: Hook): Actor {
  const newcomer = new Actor(memory)
  newcomer.hook = hook
  newcomer.attach().open(table)
  newcomer.leave()
  return newcomer
}

function expectWhole({ owner }: Full, place: string): void {
  expect(owner.core.checkHeap(), place).toBe(0)
}

describe('a thread that comes to a full heap', () => {
  it('has a scratch page and a stripe there', () => {
    const heap = full()
    const passed = new Set<Checkpoint>()
    visit(heap, (id) => void passed.add(CHECKPOINTS[id]!))
    expect([...passed]).toEqual(expect.arrayContaining(['SpareTaken', 'StripeMade', 'CollectionOpened']))
    expectWhole(heap, 'afterwards')
  })

  it('may die at every step of it, and another one recovers it', () => {
    const { hook, passed } = counting()
    visit(full(), hook)
    for (let step = 0; step < passed(); step += sized(3, 1)) {
      const heap = full()
      const death = dyingAt(step)
      expect(() => visit(heap, death.hook)).toThrow(Death)
      heap.owner.markDead(2)
      expect(new Actor(heap.memory).core.recover(2, heap.owner.id), death.place()).toBe(1)
      expectWhole(heap, death.place())
      visit(heap, () => {})
      expectWhole(heap, `${death.place()}, and somebody comes again`)
    }
    expect(passed()).toBeGreaterThan(20)
  })

  it('recovers the one that filled it and died in the middle of a removal', () => {
    const heap = full()
    const { owner, memory, table } = heap
    const death = dyingAt(9)
    owner.hook = death.hook
    expect(() => owner.run(owner.core.remove, owner.stripe, 30_000)).toThrow(Death)
    owner.markDead(owner.id)
    const newcomer = new Actor(memory).attach()
    expect(new Actor(memory).core.recover(owner.id, newcomer.id), death.place()).toBe(1)
    newcomer.open(table)
    expect(newcomer.core.checkHeap()).toBe(0)
    expect(newcomer.run(newcomer.core.take, newcomer.stripe, 130_000)).toBe(STATUS.found)
  })
})

describe('a thread that asks the others for memory', () => {
  /** Another thread has all of the heap's free blocks at hand, and gives them back when it is asked. */
  function play(hook: (heap: Full, other: Actor) => Hook): { heap: Full; other: Actor } {
    const heap = full()
    const { owner, memory, table } = heap
    for (let n = 0; n < 20; n++) owner.run(owner.core.remove, owner.stripe, n * 100_000 + 900)
    const other = new Actor(memory).attach().open(table)
    for (let n = 0; n < 60; n++) other.run(other.core.remove, other.stripe, n * 100_000 + 20)
    owner.hook = hook(heap, other)
    return { heap, other }
  }

  const ask = ({ owner }: Full): void => {
    for (let n = 0; n < 40; n++) {
      try {
        owner.run(owner.core.set, owner.stripe, 7 + n, { of: 'y'.repeat(500) })
      } catch (error) {
        if (!(error instanceof Failure)) throw error
      }
    }
  }

  it('may die while it waits, and the other one while it gives back', () => {
    const steps: Checkpoint[] = []
    const relieving =
      (_: Full, other: Actor): Hook =>
      (id) => {
        steps.push(CHECKPOINTS[id]!)
        if (CHECKPOINTS[id] === 'OthersCalled') other.core.trim()
      }
    const { heap } = play(relieving)
    ask(heap)
    expect(steps).toContain('OthersCalled')
    expectWhole(heap, 'when all live')

    for (const step of ['OthersCalled', 'Relieved', 'BlockReturned', 'RunGiven', 'HintsLowered'] as const) {
      const { heap, other } = play((_, other) => (id) => {
        if (CHECKPOINTS[id] !== 'OthersCalled') return
        if (step === 'OthersCalled') throw new Death(step)
        other.hook = (theirs) => {
          if (CHECKPOINTS[theirs] === step) throw new Death(step)
        }
        try {
          other.core.trim()
        } catch (error) {
          if (!(error instanceof Death)) throw error
          other.markDead(other.id)
          expect(new Actor(heap.memory).core.recover(other.id, heap.owner.id), step).toBe(1)
        }
      })
      try {
        ask(heap)
      } catch (error) {
        if (!(error instanceof Death)) throw error
        heap.owner.markDead(heap.owner.id)
        expect(new Actor(heap.memory).core.recover(heap.owner.id, other.id)).toBe(1)
        expect(other.core.checkHeap(), step).toBe(0)
        continue
      }
      expectWhole(heap, step)
    }
  })
})
