// Who waits for a lock is woken when it is free: the waiter says so in the lock word, and the owner notifies. Without either
// it would go on all the same, when its sleep of 20 ms is over; so what is looked at is the word, and the notification.
import { expect, it } from 'vitest'
import { JOURNAL_LOCK, SLOTS_AT, SLOT_BYTES } from '../../src/core/layout.js'
import { Scene } from '../harness/core/scene.js'
import { scenarioOf } from '../harness/structures/hashmap/scenarios.js'
import { CHECKPOINTS, Death, type Thread } from '../harness/core/thread.js'

const LOCK_TAKEN = CHECKPOINTS.indexOf('LockTaken')
const WAITER_FLAGGED = CHECKPOINTS.indexOf('WaiterFlagged')
const WAITERS = 4

const NUMBERS = scenarioOf({ name: 'numbers', key: 'number', value: 'number', capacity: 40, steps: [] })

/** Lets the victim of a scene set a key, and calls back while it has the lock. Returns the lock word's index. */
function whileLocked(scene: Scene, action: (words: Int32Array, lock: number) => void): void {
  const { victim } = scene.plays[0]!
  victim.hook = (id) => {
    if (id !== LOCK_TAKEN) return
    victim.hook = () => {}
    const words = new Int32Array(scene.memory.buffer)
    action(words, words[(SLOTS_AT + (victim.id - 1) * SLOT_BYTES + JOURNAL_LOCK) / 4]! / 4)
  }
  expect(victim.core.setNumberByNumber(victim.stripe, 1, 1)).toBe(1)
}

it('an unlock notifies who has said that it waits', async () => {
  let woken: Promise<string> | undefined
  whileLocked(new Scene([NUMBERS]), (words, lock) => {
    const word = Atomics.or(words, lock, WAITERS) | WAITERS
    woken = waitAsync(words, lock, word)
  })
  expect(await woken).toBe('ok')
})

it('who waits says so before it sleeps', () => {
  const scene = new Scene([NUMBERS])
  const waiter: Thread = scene.helper
  const stripe = waiter.core.openCollection(scene.plays[0]!.table, 1)
  whileLocked(scene, (words, lock) => {
    let flagged = 0
    waiter.hook = (id) => {
      if (id !== WAITER_FLAGGED) return
      flagged = Atomics.load(words, lock) & WAITERS
      throw new Death('before it sleeps')
    }
    expect(() => waiter.core.setNumberByNumber(stripe, 1, 2)).toThrow(Death)
    expect(flagged).toBe(WAITERS)
  })
})

/** 'ok': was notified. */
async function waitAsync(words: Int32Array, index: number, value: number): Promise<string> {
  const wait = (Atomics as unknown as { waitAsync: (...given: unknown[]) => { value: Promise<string> | string } }).waitAsync
  return wait.call(Atomics, words, index, value, 5_000).value
}
