// A thread dies, and so does who recovers it, at every checkpoint of that; and two threads die at once.
import { describe, expect, it } from 'vitest'
import { randomOf, seedOf } from '../stress/random.js'
import { asked, sized } from '../support/size.js'
import { OF_RECOVERY, at, countPassed, deaths, diedAt, dyingAt, sampleOf, tryRecover } from '../harness/core/deaths.js'
import { type Play, Scene, type Scenario } from '../harness/core/scene.js'
import { allScenarios } from '../harness/structures.js'
import { POOL_AT, SLOT_KIND, STATUS, LOCK } from '../../src/core/layout.js'
import { CHECKPOINTS, Death, Thread } from '../harness/core/thread.js'

const SCENARIOS = await allScenarios()
const known = new Map<Scenario, number>()

/** Checkpoints of a scenario, counted once. */
function passedBy(scenario: Scenario): number {
  const passed = known.get(scenario) ?? countPassed(scenario)
  known.set(scenario, passed)
  return passed
}

const seed = seedOf()
const random = randomOf(seed)

/** A thread is about to sleep, because another one has the lock that it needs. */
const WAITING = CHECKPOINTS.indexOf('WaiterFlagged')

const isDead = ({ victim }: Play): boolean => victim.kindOf(victim.id) === SLOT_KIND.dead

/** Deaths in one recovery that are tried: all, or every so many-th where there are thousands. */
const MOST = asked('TOPHASH_DEATHS', 1, 10)

describe(`a thread that recovers another (seed ${seed})`, () => {
  for (const scenario of SCENARIOS) {
    it(`can die at any checkpoint: ${scenario.name}`, () => {
      let tried = 0
      for (const number of sampleOf(scenario, random)) {
        const first = diedAt(scenario, number)
        const passed: number[] = []
        tryRecover(first.scene, first.play.victim.id, first.scene.survivor, (id) => void passed.push(id))
        for (const second of seconds(passed)) {
          dieTwice(scenario, number, second)
          tried++
        }
      }
      console.log(`${scenario.name}: died ${tried} times while recovering`)
    }, 300_000)
  }

  /** At which of the checkpoints that a recovery passes to die: some, and where nobody has died yet that only recovery passes. */
  function seconds(passed: readonly number[]): number[] {
    const stride = Math.ceil(passed.length / MOST)
    const begin = random(stride)
    const some = passed.flatMap((_, second) => (second % stride === begin ? [second] : []))
    const rare = OF_RECOVERY.map((name) => CHECKPOINTS.indexOf(name)).filter((id) => !deaths.has(id) && passed.includes(id))
    return [...new Set([...some, ...rare.map((id) => passed.indexOf(id))])]
  }

  /** The second thread dies at checkpoint `second` of recovering the first; somebody recovers both. */
  function dieTwice(scenario: Scenario, first: number, second: number): void {
    const { scene, play, place } = diedAt(scenario, first)
    const { helper } = scene
    const death = dyingAt(second)
    expect(tryRecover(scene, play.victim.id, helper, death.hook)).toBe(false)
    at(`${place}; recovering, at ${death.place()}`, () => {
      scene.survivor.markDead(helper.id)
      // Who has to wait for the victim's lock asks about it after one sleep; or somebody else is quicker, as nine times here.
      const isHelped = random(10) > 0
      const meanwhile = (id: number): void => {
        if (isHelped && id === WAITING && isDead(play)) expect(scene.recover(play.victim.id, scene.survivor)).toBe(1)
      }
      expect(scene.recover(helper.id, scene.survivor, meanwhile)).toBe(1)
      // Unless the slot was free already, it is to be recovered again.
      if (scene.survivor.kindOf(play.victim.id) !== 0) expect(scene.recover(play.victim.id, scene.survivor)).toBe(1)
      scene.verify()
    })
  }

  it('dies at every checkpoint that only recovery passes', () => {
    expect(OF_RECOVERY.filter((name) => !deaths.has(CHECKPOINTS.indexOf(name)))).toEqual([])
  })
})

const ROUNDS = sized(40, 300)

describe(`two threads (seed ${seed})`, () => {
  it('can die at the same time, and be recovered in any order', () => {
    let tried = 0
    for (let round = 0; round < ROUNDS; round++) {
      const scenarios = [SCENARIOS[random(SCENARIOS.length)]!, SCENARIOS[random(SCENARIOS.length)]!]
      const passed = scenarios.map((scenario) => passedBy(scenario))
      const scene = new Scene(scenarios.map((scenario) => ({ ...scenario, maxPages: undefined })))
      const deaths = passed.map((count) => dyingAt(random(count)))
      scene.plays.forEach(({ victim }, index) => (victim.hook = deaths[index]!.hook))
      const [one, other] = scene.plays
      // The other dies, too, when it has to wait for the one.
      other!.victim.recoverIfDead = () => {
        throw new Death('waiting')
      }
      if (one!.act() || other!.act()) continue
      tried++
      const place = scene.plays.map(({ scenario, done }, i) => `${scenario.name} at ${deaths[i]!.place()}, step ${done}`)
      at(`round ${round}: ${place.join('; ')}`, () => {
        for (const { victim } of scene.plays) scene.survivor.markDead(victim.id)
        for (const { victim } of random(2) ? scene.plays : [...scene.plays].reverse()) {
          const status = scene.recover(victim.id, scene.survivor)
          expect([0, 1]).toContain(status)
        }
        scene.verify()
      })
    }
    expect(tried).toBeGreaterThan((2 * ROUNDS) / 3)
  }, 300_000)

  it('can die when nobody knows yet of the one that the other waits for', () => {
    const scene = new Scene([named('room for more'), named('churn, so that lists spill')])
    const [holder, waiter] = scene.plays
    holder!.victim.hook = () => {
      if (poolOwner(scene) === holder!.victim.id) throw new Death('with the lock of the pool')
    }
    waiter!.victim.hook = dyingAt(passedBy(waiter!.scenario) >> 1).hook
    expect(waiter!.act()).toBe(false)
    expect(holder!.act()).toBe(false)
    expect(poolOwner(scene)).toBe(holder!.victim.id)

    scene.survivor.markDead(waiter!.victim.id)
    const recoverer = new Thread(scene.memory)
    let asked = 0
    // It goes back to its event loop soon, where it may hear of the other death; an operation asks a hundred times.
    recoverer.recoverIfDead = () => {
      if (++asked === 10) throw new Error('it goes on waiting')
      return 0
    }
    expect(recoverer.core.recover(waiter!.victim.id, scene.survivor.id)).toBe(STATUS.ownerUnresponsive)
    expect(asked).toBeGreaterThan(0)
    expect(scene.survivor.kindOf(waiter!.victim.id)).toBe(SLOT_KIND.dead)

    scene.survivor.markDead(holder!.victim.id)
    for (const { victim } of [holder!, waiter!]) expect(scene.recover(victim.id, scene.survivor)).toBe(1)
    scene.verify()
  })
})

function named(name: string): Scenario {
  return SCENARIOS.find((scenario) => scenario.name === name)!
}

/** The thread that holds the lock of the pool; 0: none. */
function poolOwner(scene: Scene): number {
  const word = Atomics.load(new Uint32Array(scene.memory.buffer), POOL_AT / 4)
  return word & LOCK.locked ? word >>> LOCK.fieldShift : 0
}
