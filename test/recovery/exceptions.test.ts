// An exception comes out of an operation in the middle of it (a stack that overflows, a trap), and the thread lives on:
// mend() undoes or ends what was begun, and everything goes on.
import { describe, expect, it } from 'vitest'
import { at, countPassed, dyingAt } from '../harness/core/deaths.js'
import { Scene, type Scenario } from '../harness/core/scene.js'
import { allScenarios } from '../harness/structures.js'
import { SCENARIOS, scenarioOf } from '../harness/structures/hashmap/scenarios.js'
import { sized } from '../support/size.js'
import { IN_TWO_PLACES, attempt } from './exceptions.js'
import { CHECKPOINTS, Death } from '../harness/core/thread.js'

const ALL = await allScenarios()
/** Exceptions that are tried for each scenario: every so many-th checkpoint. */
const TRIES = sized(50, 600)

describe('a thread that an exception throws out of an operation, at any checkpoint', () => {
  for (const scenario of ALL) {
    it(`is mended: ${scenario.name}`, () => {
      const passed = countPassed(scenario)
      const stride = Math.ceil(passed / TRIES)
      for (let number = 0; number < passed; number += stride) interrupt(scenario, number)
    }, 120_000)
  }
})

function interrupt(scenario: Scenario, number: number): void {
  const scene = new Scene([scenario])
  const play = scene.plays[0]!
  const { victim } = play
  const death = dyingAt(number)
  victim.hook = death.hook
  expect(play.act()).toBe(false)
  at(`${scenario.name}: thrown out at ${death.place()}, in step ${play.done}`, () => {
    if (victim.scratch !== 0) expect(victim.core.mend()).toBe(0)
    expect(victim.core.mend()).toBe(0) // there is nothing left to do
    scene.check('after mending')
    if (!scenario.maxPages) play.checkContents() // a full heap has no room for a thread more
    scene.survivor.markDead(victim.id) // it lets go of what it had open
    scene.recover(victim.id, scene.survivor)
    scene.verify()
  })
}

describe('a thread that is not mended', () => {
  it('cannot lock anything, so nothing of what it left is lost', () => {
    const scene = new Scene([scenarioOf({ name: 'x', key: 'number', value: 'number', capacity: 40, steps: [] })])
    const { victim } = scene.plays[0]!
    const throwAtNote = dyingAt(4)
    victim.hook = throwAtNote.hook
    expect(() => victim.core.setNumberByNumber(victim.stripe, 1, 1)).toThrow(Death)
    const passed: string[] = []
    victim.hook = (id) => void passed.push(CHECKPOINTS[id]!)
    const OWNER_UNRESPONSIVE = -2
    expect(victim.core.setNumberByNumber(victim.stripe, 1, 1)).toBe(OWNER_UNRESPONSIVE)
    expect(victim.core.setNumberByNumber(victim.stripe, 1000, 1)).toBe(OWNER_UNRESPONSIVE)
    expect(victim.result(12)).toBe(victim.id) // the owner to blame
    expect(passed.filter((name) => name === 'WaiterFlagged' || name === 'LockAwaited')).toEqual([]) // it does not wait for itself
    victim.hook = () => {}
    expect(victim.core.mend()).toBe(0)
    expect(victim.core.setNumberByNumber(victim.stripe, 1, 1)).toBe(1)
    scene.check('after mending')
  })
})

describe('a thread that goes on before it is mended', () => {
  // Whatever it does then is done, or refused in the thread's own name; nothing is lost or freed twice.
  for (const scenario of SCENARIOS.filter(
    ({ options, maxPages }) => options.key === 'string' && options.value === 'string' && !maxPages,
  )) {
    it(`loses nothing: ${scenario.name}`, () => {
      const passed = countPassed(scenario)
      const stride = Math.ceil(passed / TRIES)
      for (let number = 0; number < passed; number += stride) goOnAfter(scenario, number)
    }, 120_000)
  }
})

function goOnAfter(scenario: Scenario, number: number): void {
  const scene = new Scene([scenario])
  const { victim } = scene.plays[0]!
  const death = dyingAt(number)
  victim.hook = death.hook
  expect(scene.plays[0]!.act()).toBe(false)
  victim.hook = () => {}
  if (IN_TWO_PLACES.some((name) => death.place().startsWith(name))) return
  at(`${scenario.name}: thrown out at ${death.place()}`, () => {
    for (const key of ['one', 'two', 'text 1', 'text 2', 'a']) {
      attempt(() => victim.run(victim.core.set, victim.stripe, key, { of: `value of ${key}` }))
      attempt(() => victim.run(victim.core.remove, victim.stripe, key))
    }
    if (victim.scratch !== 0) expect(victim.core.mend()).toBe(0)
    scene.check('after mending')
  })
}
