// 'tophash/checked', as people use it who test their own programs: threads that stand still, die, or are thrown out at
// a step of an operation that the test names.
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { CHECKPOINTS, type Checkpoint, SharedMap, onCheckpoint } from 'tophash/checked'
import { untilRecovered } from '../support/ended.js'
import { spawn } from '../support/workers.js'
import type { Task } from './checked.worker.js'

const DIST = new URL('../../dist/', import.meta.url)
/** One from each part of an insert, with growth. */
const STEPS: readonly Checkpoint[] = [
  'LockTaken',
  'SlotPublished',
  'Counted',
  'LockReleased',
  'ChildComplete',
  'ChildLive',
  'LevelRaised',
  'BatchTaken',
]

afterEach(() => onCheckpoint(undefined))

function newMap(): SharedMap<number, number> {
  return new SharedMap<number, number>(null, { key: 'number', value: 'number', capacity: 1 })
}

/** Throws at a step of an insert, and sees that the map is whole. Whether there was such a step. */
function interrupted(number: number): boolean {
  using map = newMap()
  for (let n = 0; n < 20; n++) map.set(n, n)
  let passed = 0
  let thrown: unknown
  onCheckpoint(() => {
    if (passed++ === number) throw new RangeError('thrown here')
  })
  try {
    map.set(20, 20)
  } catch (error) {
    thrown = error
  }
  onCheckpoint(undefined)
  expect([20, 21]).toContain(map.size)
  map.check() // no lock is held, no block is lost
  map.set(20, 21).delete(0)
  expect([map.get(20), map.size]).toEqual([21, 20])
  if (thrown) expect((thrown as Error).message).toBe('thrown here')
  return thrown !== undefined
}

describe('the checked build', () => {
  it('tells the steps of an operation, by name', () => {
    using map = newMap()
    const steps: Checkpoint[] = []
    onCheckpoint((step) => steps.push(step))
    map.set(1, 1)
    onCheckpoint(undefined)
    map.set(2, 2)
    const own = ['LockTaken', 'SlotPublished', 'Counted', 'Committed', 'LockReleased'].map((step) =>
      steps.lastIndexOf(step as Checkpoint),
    )
    expect(own).toEqual([...own].sort((a, b) => a - b))
    expect(own[0]).toBeGreaterThanOrEqual(0)
    expect(steps.every((step) => CHECKPOINTS.includes(step))).toBe(true)
  })

  it.each(
    STEPS.flatMap(
      (step) =>
        [
          [step, true],
          [step, false],
        ] as const,
    ),
  )('lets a thread die at %s (by itself: %s), and the others go on', async (step, exits) => {
    using map = newMap()
    const words = new Int32Array(new SharedArrayBuffer(12))
    const { worker } = spawn('api/checked', { handle: map.handle, step, exits, words } satisfies Task)
    const exit = once(worker, 'exit')
    if (!exits) {
      while (Atomics.load(words, 1) === 0) await setTimeout(5)
      await worker.terminate()
    }
    await exit
    await untilRecovered(map)
    expect(map.stats().threads).toBe(1)
    map.check()
    const sure = Atomics.load(words, 0)
    expect([sure, sure + 1]).toContain(map.size)
    for (const [key, value] of map) expect([key < map.size, value]).toEqual([true, key + 0.5])
    for (let n = 0; n < 1000; n++) map.set(n, n)
    map.check()
    expect(map.size).toBe(1000)
  })

  it('undoes or ends an operation that an exception comes out of, at whatever step', () => {
    let number = 0
    while (interrupted(number)) number++
    expect(number).toBeGreaterThan(5) // the steps of one insert
  })

  it('shares heaps with the release build', async () => {
    const release = await import('tophash')
    using map = newMap()
    using other = release.SharedMap.attach<number, number>(map.handle)
    other.set(1, 2)
    expect(map.get(1)).toBe(2)
  })
})

describe('the release build', () => {
  it('has no checkpoints', () => {
    const wasm = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(new URL('tophash.wasm', DIST))))
    expect(wasm.map(({ name }) => name)).not.toContain('checkpoint')
    const checked = readFileSync(new URL('../build/tophash-checked.wasm', DIST))
    expect(WebAssembly.Module.imports(new WebAssembly.Module(checked)).map(({ name }) => name)).toContain('checkpoint')
    const scripts = readdirSync(DIST).filter((name) => name.endsWith('.js') && name !== 'checked.js')
    expect(scripts.length).toBeGreaterThanOrEqual(3)
    for (const name of scripts) expect(readFileSync(new URL(name, DIST), 'utf8')).not.toMatch(/checkpoint/i)
  })
})
