// A thread dies at every checkpoint of making pages and of deleting a bitset: what it had set stays, the heap's accounts agree.
import { describe, expect, it } from 'vitest'
import { KIND_CODES, RECORD, STATUS } from '../../src/core/layout.js'
import { BITSET_ID } from '../../src/bitset/layout.js'
import { dyingAt } from '../harness/core/deaths.js'
import { CHECKPOINTS, Death, Thread } from '../harness/core/thread.js'
import { RANDOM } from '../support/hashes.js'

const BITS = [0, 70_000, 2 ** 26 + 5, 2 ** 32 - 1]

interface Play {
  readonly survivor: Thread
  readonly victim: Thread
  readonly record: number
  readonly generation: number
  /** Of the survivor and of the victim. */
  readonly stripes: readonly number[]
}

function play(): Play {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 256, shared: true })
  const survivor = new Thread(memory)
  survivor.core.initializeHeap(256, 1, 2, ...RANDOM)
  survivor.attach()
  const record = survivor.core.createCollection(BITSET_ID, KIND_CODES.number, KIND_CODES.none, 2 ** 32, 0, false) >>> 0
  survivor.core.keepCollection()
  const generation = survivor.view().getUint32(record + RECORD.generation, true)
  const victim = new Thread(memory).attach()
  const stripes = [survivor, victim].map(({ core }) => core.openCollection(record, generation) >>> 0)
  return { survivor, victim, record, generation, stripes }
}

/** Sets all bits. Returns those that were. */
function setAll({ core }: Thread, stripe: number): void {
  for (const bit of BITS) {
    if (core.addBit(stripe, bit) === STATUS.spared) expect(core.makePageOf(stripe, bit)).toBe(0)
    core.addBit(stripe, bit)
  }
}

/** Has the victim die at each checkpoint of an action, and calls back with what is left, recovered. */
function dieEverywhere(act: (play: Play) => void, then: (play: Play, place: string) => void): number {
  for (let step = 0; ; step++) {
    const scene = play()
    const death = dyingAt(step)
    scene.victim.hook = death.hook
    try {
      act(scene)
      return step
    } catch (error) {
      if (!(error instanceof Death)) throw error
    }
    scene.survivor.markDead(scene.victim.id)
    expect(new Thread(scene.survivor.memory).core.recover(scene.victim.id, scene.survivor.id), death.place()).toBe(1)
    then(scene, death.place())
    expect(scene.survivor.core.checkHeap(), death.place()).toBe(0)
  }
}

describe('a thread that dies', () => {
  it('while it makes pages leaves each bit set or not, and no page without an owner', () => {
    const steps = dieEverywhere(
      ({ victim, stripes }) => setAll(victim, stripes[1]!),
      ({ survivor, stripes }, place) => {
        setAll(survivor, stripes[0]!)
        expect(survivor.core.countBits(stripes[0]!, 0, 2 ** 32 - 1), place).toBe(BITS.length)
        expect(survivor.core.countPages(stripes[0]!), place).toBe(BITS.length)
      },
    )
    expect(steps).toBeGreaterThan(60)
  })

  it('while it makes a page that another one is making at the same moment gives its own back', () => {
    let lost = 0
    for (let isAlive = false; !isAlive; ) {
      const scene = play()
      let isLate = false
      const death = dyingAt(lost)
      scene.victim.hook = (id) => {
        // The other thread is faster: between the look that has found no page and the compare-and-swap.
        if (id === CHECKPOINTS.indexOf('EntryNamed') && !isLate) setAll(scene.survivor, scene.stripes[0]!)
        isLate ||= id === CHECKPOINTS.indexOf('EntryNamed')
        death.hook(id)
      }
      try {
        setAll(scene.victim, scene.stripes[1]!)
        isAlive = true // beyond the last step: here the victim itself, and no recovery, has to have given its page back
        expect(isLate).toBe(true)
      } catch (error) {
        if (!(error instanceof Death)) throw error
        lost++
        scene.survivor.markDead(scene.victim.id)
        expect(new Thread(scene.survivor.memory).core.recover(scene.victim.id, scene.survivor.id)).toBe(1)
      }
      setAll(scene.survivor, scene.stripes[0]!)
      expect(scene.survivor.core.countBits(scene.stripes[0]!, 0, 2 ** 32 - 1)).toBe(BITS.length)
      expect(scene.survivor.core.checkHeap(), isAlive ? 'lives' : death.place()).toBe(0)
    }
    expect(lost).toBeGreaterThan(5)
  })

  it('while it deletes a bitset has deleted it, or not; whoever recovers it gives back the rest', () => {
    const steps = dieEverywhere(
      ({ survivor, victim, record, generation, stripes }) => {
        const { hook } = victim
        victim.hook = () => {}
        setAll(victim, stripes[1]!)
        survivor.core.closeCollection(stripes[0]!)
        victim.core.closeCollection(stripes[1]!)
        victim.hook = hook
        expect(victim.core.deleteCollection(record, generation)).toBe(STATUS.removed)
      },
      ({ survivor, record, generation }, place) => {
        const stripe = survivor.core.openCollection(record, generation) >>> 0
        if (stripe === 0) return
        expect(survivor.core.countBits(stripe, 0, 2 ** 32 - 1), place).toBe(BITS.length)
        expect(survivor.core.closeCollection(stripe)).toBe(0)
      },
    )
    expect(steps).toBeGreaterThan(30)
  })
})
