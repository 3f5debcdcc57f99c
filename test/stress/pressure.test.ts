// Memory that another thread has at hand, and does not need, is given back before anyone is told that there is none.
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { spawn } from '../support/workers.js'
import type { PressureJob } from './jobs.js'

const MIB = 2 ** 20

describe('when a heap is full, another thread', () => {
  it.each([
    ['that works', true],
    ['that waits for messages', false],
  ] as const)('%s gives back what it has at hand', async (_, works) => {
    using map = new SharedMap<string, Uint8Array>(null, { key: 'string', value: 'bytes', maxBytes: 2 * MIB })
    const gate = new Int32Array(new SharedArrayBuffer(4))
    const { message, results } = spawn<string>('stress/pressure', { handle: map.handle, gate, works } satisfies PressureJob)
    expect(await message()).toBe('ready')
    const atHand = map.stats().approximateBoundBytes
    expect(atHand).toBeGreaterThan(100_000)
    try {
      // Who does not get to it while this one waits, for it has no core, is asked again.
      for (let tries = 0; tries < 300 && map.stats().approximateBoundBytes >= atHand / 2; tries++) {
        fill(map)
        await setTimeout(10)
      }
      expect(map.stats().approximateBoundBytes).toBeLessThan(atHand / 2)
    } finally {
      Atomics.store(gate, 0, 1)
    }
    await results
    map.check()
  })
})

/** Sets values of 30,000 bytes until there is no memory. */
function fill(map: SharedMap<string, Uint8Array>): void {
  const value = new Uint8Array(30_000)
  try {
    for (let n = 0; ; n++) map.set(`k${n}`, value)
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_OUT_OF_MEMORY' })
  }
}
