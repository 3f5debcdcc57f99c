// Which time is a test file's own, of what it took: test/support/budget.ts.
import { describe, expect, it } from 'vitest'
import { ownSeconds } from '../support/budget.js'

describe('the time of a file is its own', () => {
  it.each([
    ['where it sleeps while a core is idle', { wall: 11, saturated: 0, cpu: 0.5 }, 1, 11],
    ['where one thread computes beside another file', { wall: 11, saturated: 11, cpu: 11 }, 1, 11],
    ['where two threads compute alone', { wall: 11, saturated: 11, cpu: 22 }, 2, 11],
    ['where it sleeps for a while and computes for another', { wall: 12, saturated: 6, cpu: 6 }, 1, 12],
    ['where it computes by processes that it starts', { wall: 11, saturated: 11, cpu: 19 }, 1, 11],
  ])('%s', (_, taken, cores, own) => expect(ownSeconds(taken, cores)).toBeCloseTo(own))
})

describe('the time of a file is not its own', () => {
  it.each([
    ['where another program takes half of the processor', { wall: 12, saturated: 12, cpu: 6 }, 1, 6],
    ['where others take half of two', { wall: 16, saturated: 16, cpu: 16 }, 2, 8],
    ['where others take all for a while', { wall: 20, saturated: 16, cpu: 4 }, 1, 8],
  ])('%s', (_, taken, cores, own) => expect(ownSeconds(taken, cores)).toBeCloseTo(own))
})
