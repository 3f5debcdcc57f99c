// A thread dies at every checkpoint that an operation passes, each time that it does (in `npm test`, once for each
// checkpoint); then another one recovers it.
import { describe, expect, it } from 'vitest'
import { randomOf, seedOf } from '../stress/random.js'
import { isFull } from '../support/size.js'
import { allScenarios } from '../harness/structures.js'
import { OF_FULL_HEAPS, OF_RECOVERY, OF_TWO_THREADS, at, countPassed, deaths, diedAt, sampleOf } from '../harness/core/deaths.js'
import { CHECKPOINTS } from '../harness/core/thread.js'

const SCENARIOS = await allScenarios()
const seed = seedOf()
const random = randomOf(seed)

describe('a thread that dies at any checkpoint', () => {
  for (const scenario of SCENARIOS) {
    it(`is recovered: ${scenario.name}`, () => {
      const steps = isFull ? [...Array(countPassed(scenario)).keys()] : sampleOf(scenario, random)
      expect(steps.length).toBeGreaterThan(0)
      for (const number of steps) {
        const { scene, play, place } = diedAt(scenario, number)
        at(place, () => {
          expect(scene.recover(play.victim.id, scene.survivor)).toBe(1)
          scene.verify()
        })
      }
      console.log(`${scenario.name}: died at ${steps.length} steps (seed ${seed})`)
    }, 120_000)
  }

  it('died at every checkpoint there is', () => {
    const missed = CHECKPOINTS.filter((_, id) => !deaths.has(id))
    expect(missed.sort()).toEqual([...OF_RECOVERY, ...OF_TWO_THREADS, ...OF_FULL_HEAPS].sort())
  })
})
