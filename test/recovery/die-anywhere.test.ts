// A thread dies at every checkpoint that an operation passes; then another one recovers it.
import { describe, expect, it } from 'vitest'
import { SCENARIOS } from './scenarios.js'
import { OF_RECOVERY, OF_TWO_THREADS, at, countPassed, deaths, diedAt } from './deaths.js'
import { CHECKPOINTS } from './thread.js'

describe('a thread that dies at any checkpoint', () => {
  for (const scenario of SCENARIOS) {
    it(`is recovered: ${scenario.name}`, () => {
      const passed = countPassed(scenario)
      expect(passed).toBeGreaterThan(0)
      for (let number = 0; number < passed; number++) {
        const { scene, play, place } = diedAt(scenario, number)
        at(place, () => {
          expect(scene.recover(play.victim.id, scene.survivor)).toBe(1)
          scene.verify()
        })
      }
      console.log(`${scenario.name}: died at ${passed} steps`)
    }, 120_000)
  }

  it('died at every checkpoint there is', () => {
    const missed = CHECKPOINTS.filter((_, id) => !deaths.has(id))
    expect(missed.sort()).toEqual([...OF_RECOVERY, ...OF_TWO_THREADS].sort())
  })
})
