// A queue that two threads have open, one of which dies at each step of what it does; the other recovers it and goes on.
import { expect } from 'vitest'
import { KIND_CODES, RECORD, STATUS } from '../../src/core/layout.js'
import { QUEUE_ID } from '../../src/queue/layout.js'
import { dyingAt } from '../harness/core/deaths.js'
import { Death, Thread } from '../harness/core/thread.js'
import { type Batch, type Item, drain, pop, popMany, push, pushMany, receive } from '../harness/structures/queue/ends.js'
import { RANDOM } from '../support/hashes.js'

export const CAPACITY = 8

export class Member extends Thread {
  stripe = 0

  /** Pushes items one by one. Returns how many. */
  push(...items: Item[]): number {
    return items.filter((item) => push(this, item)).length
  }

  pushMany(...items: Item[]): number {
    return pushMany(this, items)
  }

  pop(): Item | undefined {
    return pop(this)
  }

  popMany(most: number): Item[] {
    return popMany(this, most)
  }

  receive(most: number): Batch {
    return receive(this, most)
  }

  drain(): Item[] {
    return drain(this)
  }
}

interface Play {
  readonly survivor: Member
  readonly victim: Member
  readonly record: number
  readonly generation: number
}

export function play(kind: number = KIND_CODES.any): Play {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 64, shared: true })
  const survivor = new Member(memory)
  survivor.core.initializeHeap(64, 1, 2, ...RANDOM)
  survivor.attach()
  const record = survivor.core.createCollection(QUEUE_ID, KIND_CODES.number, kind, CAPACITY, 0, false) >>> 0
  survivor.core.keepCollection()
  const generation = survivor.view().getUint32(record + RECORD.generation, true)
  const victim = new Member(memory).attach()
  for (const member of [survivor, victim]) member.stripe = member.core.openCollection(record, generation) >>> 0
  return { survivor, victim, record, generation }
}

/** Has the victim die at each step of an action; `then` is told what is left, when the victim is recovered. Returns the steps. */
export function dieEverywhere<T>(
  prepare: (scene: Play) => T,
  act: (victim: Member, prepared: T, done: (Item | undefined)[]) => void,
  then: (scene: Play, done: (Item | undefined)[]) => void,
  kind?: number,
): number {
  for (let step = 0; ; step++) {
    const scene = play(kind)
    const prepared = prepare(scene)
    const done: (Item | undefined)[] = []
    const death = dyingAt(step)
    scene.victim.hook = death.hook
    let isOver = false
    try {
      act(scene.victim, prepared, done)
      isOver = true
    } catch (error) {
      if (!(error instanceof Death)) throw new Error(`in step ${step}`, { cause: error })
    }
    if (isOver) return step
    try {
      recover(scene, scene.victim, step)
      expect(scene.survivor.core.checkHeap(), 'check after recovery').toBe(0)
      then(scene, done)
      goOn(scene, kind)
    } catch (error) {
      throw new Error(`died at ${death.place()}: ${(error as Error).message}`, { cause: error })
    }
  }
}

/** Recovers a dead thread; who does so dies as well, at every step by and by. */
function recover({ survivor }: Play, victim: Member, step: number): void {
  survivor.markDead(victim.id)
  const second = new Thread(survivor.memory)
  second.hook = dyingAt(step % 23).hook
  try {
    second.core.recover(victim.id, survivor.id)
  } catch (error) {
    if (!(error instanceof Death)) throw error
    survivor.markDead(victim.id)
  }
  if (survivor.kindOf(victim.id) !== 0) expect(new Thread(survivor.memory).core.recover(victim.id, survivor.id)).toBe(1)
}

/** The queue works on, both ends; all of its memory is given back when it is deleted. */
function goOn({ survivor, record, generation }: Play, kind: number = KIND_CODES.any): void {
  survivor.drain()
  const items = kind === KIND_CODES.any ? [1, 'two', 3] : [1, 2, 3]
  expect([survivor.push(...items), survivor.drain()]).toEqual([3, items])
  expect(survivor.core.checkHeap()).toBe(0)
  expect(survivor.core.closeCollection(survivor.stripe)).toBe(0)
  expect(survivor.core.deleteCollection(record, generation)).toBe(STATUS.removed)
  expect(survivor.core.checkHeap()).toBe(0)
}
