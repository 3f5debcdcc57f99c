// Deaths at chosen checkpoints, and the list of those at which somebody has died.
import type { Checkpoint } from '../../../src/core/hooks.checked.js'
import { type Play, Scene, type Scenario } from './scene.js'
import { CHECKPOINTS, Death, type Hook, type Thread } from './thread.js'

/** Checkpoints that only recovery passes: die-while-recovering.test.ts. */
export const OF_RECOVERY: readonly Checkpoint[] = [
  'Undone',
  'GhostWithdrawn',
  'RecoveryBegun',
  'LockSettled',
  'HandsSettled',
  'GrowthSettled',
  'ChainsSettled',
  'RecoveryOver',
]

/** Checkpoints that a thread passes only if another one gets in its way: test/schedule/dying.test.ts. */
export const OF_TWO_THREADS: readonly Checkpoint[] = ['WaiterFlagged', 'LockAwaited', 'ReadAgain']

/** Checkpoints that are passed only when there is no memory: full-heap.test.ts. */
export const OF_FULL_HEAPS: readonly Checkpoint[] = ['SpareTaken', 'SpareKept', 'Relieved']

/** How often a thread died at each checkpoint. */
export const deaths = new Map<number, number>()

/** Dies at the checkpoint that is passed as number `at`, from 0. `passed` tells where it is. */
export function dyingAt(at: number): { hook: Hook; place: () => string } {
  let passed = 0
  let last = -1
  const hook = (id: number): void => {
    last = id
    if (passed++ !== at) return
    deaths.set(id, (deaths.get(id) ?? 0) + 1)
    throw new Death(CHECKPOINTS[id])
  }
  return { hook, place: () => `${CHECKPOINTS[last]} (${at})` }
}

/** Counts the checkpoints that are passed. */
export function counting(): { hook: Hook; passed: () => number } {
  let passed = 0
  return { hook: () => void passed++, passed: () => passed }
}

/** The checkpoints that the victim of a scenario passes, one after the other. */
export function listPassed(scenario: Scenario): number[] {
  const [play] = new Scene([scenario]).plays
  const passed: number[] = []
  play!.victim.hook = (id) => void passed.push(id)
  if (!play!.act()) throw new Error('died')
  return passed
}

/** Some of the steps of a scenario: each checkpoint once, wherever it is passed. */
export function sampleOf(scenario: Scenario, random: (n: number) => number): number[] {
  const passings = new Map<number, number[]>()
  listPassed(scenario).forEach((id, number) => passings.set(id, [...(passings.get(id) ?? []), number]))
  return [...passings.values()].map((numbers) => numbers[random(numbers.length)]!)
}

/** How many steps there are. */
export function countPassed(scenario: Scenario): number {
  return listPassed(scenario).length
}

/** The scene of a scenario in which the victim has died as number `at`, and is known to be dead. */
export function diedAt(scenario: Scenario, at: number): { scene: Scene; play: Play; place: string } {
  const scene = new Scene([scenario])
  const play = scene.plays[0]!
  const death = dyingAt(at)
  play.victim.hook = death.hook
  if (play.act()) throw new Error(`${scenario.name} has no checkpoint ${at}`)
  scene.survivor.markDead(play.victim.id)
  return { scene, play, place: `${scenario.name}: died at ${death.place()}, in step ${play.done}` }
}

/** Runs, and puts where it was before the message of what is thrown. */
export function at(place: string, action: () => void): void {
  try {
    action()
  } catch (error) {
    throw new Error(`${place}: ${(error as Error).message}`, { cause: error })
  }
}

/** Recovers a thread, or dies in it. Whether it lives. */
export function tryRecover(scene: Scene, thread: number, by: Thread, hook: Hook): boolean {
  try {
    const status = scene.recover(thread, by, hook)
    if (status !== 1) throw new Error(`recover returned ${status}`)
    return true
  } catch (error) {
    if (error instanceof Death) return false
    throw error
  }
}
