// A thread ends in the middle of an operation, with a lock: others notice, by what Linux says of it, and go on. What they
// do then is proved in test/recovery; here is how they know.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, type SharedMapHandle } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { thrownBy, expectError } from '../support/errors.js'
import { wordsOf } from '../support/memory.js'
import { isFull } from '../support/size.js'
import { POOL_LOCK, isFirstBucketLocked, slotWord, stateOf, threadsOf } from '../support/slots.js'
import { closedGate, scores, start } from '../support/recovery.js'
import type { Task } from './recovery.worker.js'
import { SLOT_KIND, SLOT, KIND_MASK, LOCK, MAX_THREADS } from '../../src/core/layout.js'

/** As another thread, with nothing in between. */
const other = await anotherCopy('other')

/** Waits for what other threads bring about. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const onLinux = process.platform === 'linux'

describe.runIf(onLinux)('a thread that ends with a lock', () => {
  it('is noticed by one who waits for the lock and cannot hear of it', async () => {
    const map = scores()
    const { worker, message } = start({ do: 'hold', handle: map.handle, gate: closedGate() })
    const { thread } = await message()
    expect(isFirstBucketLocked(map.handle)).toBe(true)
    void worker.terminate()
    expect(map.set('bob', 2).get('bob')).toBe(2) // from here on no event can come
    expect([map.increment('ann'), map.size]).toEqual([2, 2])
    expect(threadsOf(map.handle)).toEqual([1])
    expect(stateOf(map.handle, thread) & KIND_MASK).toBe(0)
    map.check()
  })

  it('is noticed by readers as well', async () => {
    const map = scores()
    const { worker, message } = start({ do: 'hold', handle: map.handle, gate: closedGate() })
    await message()
    void worker.terminate()
    expect([map.get('ann'), map.has('bob'), [...map]]).toEqual([1, false, [['ann', 1]]])
  })

  it('is noticed if it was made by another worker, which ended as well', async () => {
    const map = scores()
    const nested: Task = { do: 'hold', handle: map.handle, gate: closedGate() }
    const { worker, message } = start({ do: 'nest', handle: map.handle, nested })
    await message()
    await message()
    void worker.terminate()
    expect(map.increment('ann')).toBe(2)
    await until(() => threadsOf(map.handle).length === 1)
    map.check()
  })

  it('is noticed by who deletes the collection', async () => {
    const heap = new SharedHeap()
    const map = heap.map('scores', { key: 'string', value: 'number', capacity: 1 }).set('ann', 1)
    const { worker, message } = start({ do: 'hold', handle: map.handle, gate: closedGate() })
    await message()
    void worker.terminate()
    expect([heap.delete('scores'), heap.names(), heap.stats().collections]).toEqual([true, [], 0])
    expect(threadsOf(heap.handle)).toEqual([1])
    heap.check()
  })

  it('gives its slot back even if nobody waits', async () => {
    const map = scores()
    const { worker, message } = start({ do: 'idle', handle: map.handle })
    const { thread } = await message()
    const before = stateOf(map.handle, thread)
    await worker.terminate()
    await until(() => stateOf(map.handle, thread) !== before)
    expect(threadsOf(map.handle)).toEqual([1])
    expect(map.recover()).toBe(0)
    map.check()
  })

  it('gives its slot to another one, who is not taken for it', async () => {
    const map = scores()
    const first = start({ do: 'use', handle: map.handle })
    const { thread } = await first.message()
    const state = stateOf(map.handle, thread)
    await first.worker.terminate()
    await until(() => threadsOf(map.handle).length === 1)
    const second = start({ do: 'use', handle: map.handle })
    expect((await second.message()).thread).toBe(thread)
    expect(stateOf(map.handle, thread)).not.toBe(state)
    expect([map.recover(), threadsOf(map.handle)]).toEqual([0, [1, thread]])
    expect(map.get('used')).toBe(2000)
  })
})

describe.runIf(onLinux)('a heap whose slots are all taken', () => {
  it('has room again for who attaches, if some of those threads have ended', () => {
    const map = scores()
    takeSlots(map.handle)
    expect(threadsOf(map.handle).length).toBe(128)
    const second = other.SharedMap.attach<string, number>(map.handle)
    expect([second.get('ann'), threadsOf(map.handle)]).toEqual([1, [1, 2]])
    second.dispose()
    map.check()
  })

  it('counts those that recover() finds', () => {
    const map = scores()
    takeSlots(map.handle)
    expect([map.recover(), map.recover(), map.stats().threads]).toEqual([127, 0, 1])
    map.check()
  })
})

/** Takes all free slots for threads of this process that are not there any more. */
function takeSlots(handle: SharedMapHandle): void {
  const words = wordsOf(handle)
  for (let thread = 2; thread <= MAX_THREADS; thread++) {
    words[slotWord(thread, SLOT.id)] = thread
    words[slotWord(thread, SLOT.nativeId)] = 0x7fff_fff0 // more than the largest id there can be
    words[slotWord(thread, SLOT.nativeStart)] = 1
    Atomics.store(words, slotWord(thread, SLOT.state), SLOT_KIND.attached)
  }
}

describe.runIf(isFull)('a thread that is only stopped', () => {
  it('is never taken for dead: others give up, say whom they wait for, and go on when it does', async () => {
    const map = scores()
    const gate = closedGate()
    const { worker, message } = start({ do: 'hold', handle: map.handle, gate })
    const { thread, threadId } = await message()
    const state = stateOf(map.handle, thread)
    const error = thrownBy(() => map.set('bob', 2))
    expectError(
      error,
      'ERR_OWNER_UNRESPONSIVE',
      `Thread ${thread} has held a lock for too long: the worker with threadId ${threadId}`,
    )
    expectError(error, 'ERR_OWNER_UNRESPONSIVE', 'watch(worker)')
    expect([map.recover(), stateOf(map.handle, thread)]).toEqual([0, state])
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
    expect((await message()).done).toBe(true)
    expect([map.set('bob', 2).size, map.get('held')]).toEqual([3, 1])
    await new Promise((resolve) => worker.once('exit', resolve))
    expect(threadsOf(map.handle)).toEqual([1])
    map.check()
  })
})

describe.runIf(isFull)('a collection that cannot be disposed of because of a lock', () => {
  it('stays open, and can be disposed of later', () => {
    const map = scores()
    const [words, state] = [wordsOf(map.handle), slotWord(2, SLOT.state)]
    Atomics.store(words, state, SLOT_KIND.attached) // somebody who says nothing of itself has the lock of the pool
    Atomics.store(words, POOL_LOCK, (2 << LOCK.fieldShift) | LOCK.locked)
    expectError(
      thrownBy(() => map.dispose()),
      'ERR_OWNER_UNRESPONSIVE',
      'Thread 2 has held a lock for too long. It is',
    )
    expect([map.increment('ann'), threadsOf(map.handle)]).toEqual([2, [1, 2]])
    const { handle } = map
    Atomics.store(words, POOL_LOCK, 0)
    Atomics.store(words, state, 0)
    map.dispose()
    expectError(
      thrownBy(() => map.size),
      'ERR_DISPOSED',
      'disposed of',
    )
    expect([threadsOf(handle), SharedMap.attach(handle).get('ann')]).toEqual([[], 2])
  })
})

describe('a thread that was thrown out of an operation', () => {
  it('puts it in order when others ask', async () => {
    const map = scores()
    const { message } = start({ do: 'abandon', handle: map.handle })
    const { thread } = await message()
    const state = stateOf(map.handle, thread)
    expect(isFirstBucketLocked(map.handle)).toBe(true)
    expect(map.increment('ann')).toBe(2)
    expect([stateOf(map.handle, thread), threadsOf(map.handle)]).toEqual([state, [1, thread]])
  })
})
