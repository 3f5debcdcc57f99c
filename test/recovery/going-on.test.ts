// An exception comes out of an operation, and before that is mended the thread goes on with something else: another collection,
// of another kind, or another operation. Each is done, or refused and has done nothing; in the end nothing is lost or leaked.
import { describe, expect, it } from 'vitest'
import { JOURNAL_LOCK, KIND_CODES, SCRATCH, SLOTS_AT, SLOT_BYTES, STATUS, RECORD } from '../../src/core/layout.js'
import { HASH_MAP } from '../../src/table/layout.js'
import { randomOf, seedOf } from '../stress/random.js'
import { sized } from '../support/size.js'
import { at, dyingAt, listPassed } from '../harness/core/deaths.js'
import type { Actor } from '../harness/core/actor.js'
import { type Play, Scene } from '../harness/core/scene.js'
import type { Scenario } from '../harness/structures/hashmap/scenarios.js'
import { OTHERS, SCENARIOS } from '../harness/structures/hashmap/scenarios.js'
import { IN_TWO_PLACES, attempt } from './exceptions.js'
import { CHECKPOINTS, Death, Failure, type Value } from '../harness/core/thread.js'

const seed = seedOf()
const random = randomOf(seed)
/** Of each checkpoint that a scenario passes, so many passings are tried. */
const PASSINGS = sized(1, 4)

/** What the thread goes on with: with another collection, which it has open by this stripe. */
type FollowUp = (thread: Actor, other: Play, stripe: number) => void

/** Whether an operation that may be refused was done. Anything but a refusal in the thread's own name is a fault. */
function isDone(thread: Actor, operation: () => number | void): boolean {
  let status: number
  try {
    status = operation() ?? 0
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    status = error.status
  }
  if (status >= 0) return true
  const isOwn = thread.result(SCRATCH.owner) === thread.id
  thread.view().setUint32(thread.scratch + SCRATCH.owner, 0, true) // as failure.ts does
  const isRefusal = status === STATUS.ownerUnresponsive || status === STATUS.outOfMemory
  if (!isRefusal || !isOwn) throw new Error(`status ${status}, with ${isOwn ? 'itself' : 'nobody'} to blame`)
  return false
}

const valueOf = (other: Play, i: number): { of: Value } | undefined => {
  const { value } = other.scenario.options as Scenario['options']
  return value === 'none' ? undefined : { of: value === 'number' ? i : `value ${i}` }
}
const keyOf = (other: Play, i: number): Value => (other.scenario.options.key === 'number' ? i : `text ${i}`)

const setKey =
  (i: number): FollowUp =>
  (thread, other, stripe) => {
    const [key, value] = [keyOf(other, i), valueOf(other, i + 1)]
    if (isDone(thread, () => thread.run(thread.core.set, stripe, key, value))) other.model.set(key, value?.of)
  }

const removeKey =
  (i: number): FollowUp =>
  (thread, other, stripe) => {
    const key = keyOf(other, i)
    if (isDone(thread, () => thread.run(thread.core.remove, stripe, key))) other.model.delete(key)
  }

const FOLLOW_UPS: Readonly<Record<string, FollowUp>> = {
  'set a key that is there': setKey(3),
  'set a new key': setKey(1000),
  'remove a key': removeKey(5),
  'remove another key': removeKey(6),
  take: (thread, other, stripe) => {
    const key = keyOf(other, 7)
    if (isDone(thread, () => thread.run(thread.core.take, stripe, key))) other.model.delete(key)
    thread.core.dropResult()
  },
  'set many new keys': (thread, other, stripe) => {
    for (let i = 2000; i < 2030; i++) setKey(i)(thread, other, stripe)
  },
  'read all': (thread, other, stripe) => {
    for (const [key, value] of other.model) {
      const read = (): number => thread.run(thread.core.get, stripe, key)
      if (isDone(thread, read) && read() !== STATUS.found) throw new Error(`lost: ${String(key)}, ${String(value)}`)
    }
  },
  clear: (thread, other, stripe) => {
    if (isDone(thread, () => thread.core.clear(stripe))) other.model.clear()
  },
  reserve: (thread, _other, stripe) => void isDone(thread, () => thread.core.reserve(stripe, 500)),
  hold: (thread, other, stripe) => {
    isDone(thread, () => thread.run(thread.core.pin, stripe, keyOf(other, 3)))
    thread.core.unpin()
  },
  trace: (thread) => {
    if (isDone(thread, () => thread.core.beginTrace(16, 1))) attempt(() => thread.core.endTrace())
  },
  'open and close': (thread, other) => {
    const stripe = thread.core.openCollection(other.table, 1) >>> 0
    if (stripe !== 0) isDone(thread, () => thread.core.closeCollection(stripe))
  },
  'make a collection and delete it': (thread) => void makeAndDelete(thread),
}

function makeAndDelete(thread: Actor): boolean {
  const table = thread.core.createCollection(HASH_MAP, KIND_CODES.string, KIND_CODES.string, 1, 0, false) >>> 0
  if (table === 0) return false
  const generation = thread.view().getUint32(table + RECORD.generation, true)
  const isDeleted = isDone(thread, () => thread.core.deleteCollection(table, generation))
  if (isDeleted) thread.core.keepCollection()
  return isDeleted
}

describe(`a thread that goes on with another collection before it is mended (seed ${seed})`, () => {
  for (const scenario of SCENARIOS.filter(({ maxPages }) => !maxPages)) {
    it(`loses nothing: ${scenario.name}`, () => {
      let tried = 0
      for (const number of sample(scenario))
        for (const other of othersOf(number)) tried += Number(goOn(scenario, number, other, tried))
      if (scenario.name !== 'opening and leaving') expect(tried).toBeGreaterThan(0) // which may have left wherever it is looked at
    }, 120_000)
  }
})

/** What it can go on with: for `npm test` one of them, by turns. */
function othersOf(number: number): readonly Scenario[] {
  return sized([OTHERS[number % OTHERS.length]!], OTHERS)
}

/** Passings of checkpoints, from 0: some of each. */
function sample(scenario: Scenario): number[] {
  const passings = new Map<number, number[]>()
  listPassed(scenario).forEach((id, number) => passings.set(id, [...(passings.get(id) ?? []), number]))
  return [...passings].flatMap(([id, numbers]) => {
    if (IN_TWO_PLACES.includes(CHECKPOINTS[id]!)) return []
    if (numbers.length <= PASSINGS) return numbers
    return Array.from({ length: PASSINGS }, () => numbers[random(numbers.length)]!)
  })
}

/** All that it can go on with, beginning with the `begin`-th. Whether the scenario was interrupted. */
function goOn(scenario: Scenario, number: number, kind: Scenario, begin: number): boolean {
  const scene = new Scene([scenario, kind])
  const [play, other] = scene.plays as [Play, Play]
  const { victim } = play
  const stripe = victim.core.openCollection(other.table, 1) >>> 0
  const death = dyingAt(number)
  victim.hook = death.hook
  if (play.act()) return false // it has less to do with another collection open
  victim.hook = () => {}
  if (victim.core.size(stripe) === STATUS.invalid) return false // it had left the heap
  if (IN_TWO_PLACES.some((name) => death.place().startsWith(name))) return false
  const mending = begin % 2 ? interruptMending(victim) : ''
  if (IN_TWO_PLACES.some((name) => mending.startsWith(name))) return false
  let doing = ''
  at(
    `${scenario.name}: thrown out at ${death.place()}, in step ${play.done}${mending && `, and of mending at ${mending}`}; then ${kind.name}`,
    () => {
      const names = Object.keys(FOLLOW_UPS)
      for (let i = 0; i < names.length && victim.scratch !== 0; i++) {
        doing = names[(begin + i) % names.length]!
        at(doing, () => FOLLOW_UPS[doing]!(victim, other, stripe))
      }
      settle(scene, play, other)
    },
  )
  return true
}

/** Begins to mend the thread, and is thrown out of that, too, if it gets so far. Where. */
function interruptMending(victim: Actor): string {
  const again = dyingAt(random(40))
  const logged = SLOTS_AT + (victim.id - 1) * SLOT_BYTES + JOURNAL_LOCK + 4
  const isAtEnd = random(2) === 0
  let isUndone = false
  victim.hook = (id) => {
    if (!isAtEnd) return again.hook(id)
    isUndone = CHECKPOINTS[id] === 'Undone' && victim.view().getUint32(logged, true) === 0
    if (isUndone) throw new Death('all is undone, and nothing else is done')
  }
  try {
    victim.core.mend()
  } catch (error) {
    if (!(error instanceof Death)) throw error
  }
  victim.hook = () => {}
  return isUndone ? 'the end of the log' : again.place()
}

/** Mends the thread, and sees that all is whole; then lets it go. */
function settle(scene: Scene, play: Play, other: Play): void {
  const { victim } = play
  if (victim.scratch !== 0) expect(victim.core.mend()).toBe(0)
  scene.check('after mending')
  if (victim.scratch !== 0) expect(makeAndDelete(victim)).toBe(true)
  play.checkContents()
  other.checkContents()
  for (const { victim } of scene.plays) {
    scene.survivor.markDead(victim.id)
    scene.recover(victim.id, scene.survivor)
  }
  scene.verify()
}
