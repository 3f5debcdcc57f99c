// Who sleeps at an end of a queue is called one at a time, and calls the next. The threads here share one event loop, and sleep by
// Atomics.waitAsync; how long anything takes is not looked at.
import { beforeEach, describe, expect, it } from 'vitest'
import { KIND_CODES, RECORD } from '../../src/core/layout.js'
import { QUEUE, QUEUE_ID } from '../../src/queue/layout.js'
import { Thread } from '../harness/core/thread.js'
import { pop, push } from '../harness/structures/queue/ends.js'
import { RANDOM } from '../support/hashes.js'

type WaitAsync = (words: Int32Array, index: number, value: number) => { async: boolean; value: Promise<string> | string }
const { waitAsync } = Atomics as unknown as { waitAsync: WaitAsync }

class Sleeper extends Thread {
  stripe = 0

  /** Says that it waits for items, and sleeps: what it is woken by. */
  sleep(record: number): Promise<string> {
    const seen = this.core.beginWait(this.stripe, QUEUE.consumers)
    const result = waitAsync(new Int32Array(this.memory.buffer, record + QUEUE.signals, 1), 0, seen)
    return Promise.resolve(result.value)
  }

  awake(): void {
    this.core.endWait(this.stripe, QUEUE.consumers)
  }
}

let record: number
let producer: Sleeper
let sleepers: Sleeper[]

beforeEach(() => {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 64, shared: true })
  producer = new Sleeper(memory)
  producer.core.initializeHeap(64, 1, 2, ...RANDOM)
  producer.attach()
  record = producer.core.createCollection(QUEUE_ID, KIND_CODES.number, KIND_CODES.any, 8, 0, false) >>> 0
  producer.core.keepCollection()
  const generation = producer.view().getUint32(record + RECORD.generation, true)
  sleepers = [1, 2].map(() => new Sleeper(memory).attach() as Sleeper)
  for (const one of [producer, ...sleepers]) one.stripe = one.core.openCollection(record, generation) >>> 0
})

/** How often anybody was called. */
const calls = (): number => producer.view().getUint32(record + QUEUE.signals, true)
const isCalled = (): boolean => producer.view().getUint32(record + QUEUE.signals + 12, true) === 1

describe('of two that sleep', () => {
  it('one is called, however much comes, and calls the next when it is awake', async () => {
    const [first, second] = sleepers.map((one) => one.sleep(record))
    push(producer, 1)
    push(producer, 'b')
    push(producer, 3)
    expect([calls(), isCalled()]).toEqual([1, true])
    expect(await first).toBe('ok')
    expect(pop(sleepers[0]!)).toBe(1)
    sleepers[0]!.awake()
    expect([calls(), isCalled()]).toEqual([2, true])
    expect(await second).toBe('ok')
    sleepers[1]!.awake()
    expect([calls(), isCalled()]).toEqual([2, false]) // there are items, but nobody waits
    producer.core.checkHeap()
  })

  it('the next is not called if the first has taken everything', async () => {
    const [first] = sleepers.map((one) => one.sleep(record))
    push(producer, 1)
    await first
    pop(sleepers[0]!)
    sleepers[0]!.awake()
    expect([calls(), isCalled()]).toEqual([1, false])
    push(producer, 2)
    expect([calls(), isCalled()]).toEqual([2, true])
  })

  it('the next is called by whoever recovers the first, if that one dies', async () => {
    const [first, second] = sleepers.map((one) => one.sleep(record))
    push(producer, 1)
    await first
    producer.markDead(sleepers[0]!.id)
    expect(new Thread(producer.memory).core.recover(sleepers[0]!.id, producer.id)).toBe(1)
    expect(calls()).toBe(2)
    expect(await second).toBe('ok')
  })

  it('all are called at the end', async () => {
    const both = sleepers.map((one) => one.sleep(record))
    push(producer, 1)
    producer.core.closeQueue(producer.stripe)
    expect(calls()).toBe(2)
    expect(await Promise.all(both)).toEqual(['ok', 'ok'])
  })
})

it('who says that it waits and does not sleep yet is not taken for one that is called', () => {
  for (const one of sleepers) one.core.beginWait(one.stripe, QUEUE.consumers)
  push(producer, 1)
  expect([calls(), isCalled()]).toEqual([1, false])
  push(producer, 2)
  expect(calls()).toBe(2)
})
