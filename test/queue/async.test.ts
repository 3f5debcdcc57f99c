// Waiting for a SharedQueue in the event loop, by threads that are two copies of the library. Nothing waits without an end.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SharedHeap, SharedQueue } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, rejected } from '../support/errors.js'
import { stateOf } from '../waiting/pending.js'

const other = await anotherCopy('other')

describe('waiting in the event loop', () => {
  const TIME = { timeout: 120_000 }
  afterEach(() => void vi.useRealTimers())

  it('gets what comes, first come first served', TIME, async () => {
    using queue = new SharedQueue<number>()
    const waiting = [queue.popAsync(), queue.popAsync(), queue.popManyAsync(5)]
    await sleep(20)
    queue.pushMany([1, 2, 3, 4])
    expect(await Promise.all(waiting)).toEqual([1, 2, [3, 4]])
  })

  it('waits for room', TIME, async () => {
    using queue = new SharedQueue<number>({ capacity: 2 })
    queue.pushMany([1, 2])
    const waiting = [queue.pushAsync(3), queue.pushAsync(4)]
    await sleep(20)
    expect([queue.tryPop(), queue.tryPop()]).toEqual([1, 2])
    expect(await Promise.all(waiting)).toEqual([true, true])
    expect(queue.popMany(9)).toEqual([3, 4])
  })

  it('is told at once, and not only when it looks by itself', TIME, async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] }) // it never looks by itself
    using queue = new SharedQueue<number>({ capacity: 1 })
    for (let round = 0; round < 9; round++) {
      const popped = queue.popAsync()
      expect(await stateOf(popped)).toBe('pending')
      queue.push(1)
      expect(await popped).toBe(1)
      queue.push(1)
      const pushed = queue.pushAsync(2)
      expect(await stateOf(pushed)).toBe('pending')
      queue.pop()
      expect(await pushed).toBe(true)
      queue.pop()
    }
  })

  it('does not end before the last item: of one that comes between the look for items and that for the end', TIME, async () => {
    using queue = new SharedQueue<number>()
    const { load } = Atomics
    const popped = queue.popAsync()
    await sleep(5)
    // Another thread that pushes and closes at the worst moment: whenever this one has just looked for anything.
    let isOver = false
    Object.assign(Atomics, {
      load: (words: Int32Array, index: number): number => {
        if (!isOver && index === 12) {
          isOver = true
          queue.tryPush(1)
          queue.close()
        }
        return load(words, index)
      },
    })
    try {
      expect(await popped).toBe(1)
    } finally {
      Object.assign(Atomics, { load })
    }
  })

  it('ends when time is over, the signal says so, the queue is closed or disposed of', TIME, async () => {
    const heap = new SharedHeap()
    const queue = heap.queue<number>('q', { capacity: 1 })
    const begin = performance.now()
    expect([await queue.popAsync({ timeout: 30 }), await queue.popManyAsync(2, { timeout: 0 })]).toEqual([undefined, []])
    expect(performance.now() - begin).toBeGreaterThan(25)
    queue.push(1)
    expect(await queue.pushAsync(2, { timeout: 10 })).toBe(false)
    queue.pop()
    const abort = new AbortController()
    const aborted = rejected(queue.popAsync({ signal: abort.signal }))
    const reason = new Error('enough')
    abort.abort(reason)
    expect(await aborted).toBe(reason)
    expect(await rejected(queue.popAsync({ signal: abort.signal }))).toBe(reason)
    const theirs = other.SharedHeap.attach(heap.handle).queue<number>('q')
    const ended = rejected(theirs.popAsync())
    await sleep(5)
    theirs.dispose()
    expectError(await ended, 'ERR_DISPOSED', 'disposed of')
    const closing = queue.popAsync()
    queue.close()
    expect(await closing).toBe(undefined)
    heap.check()
  })

  it('works where there is no Atomics.waitAsync', TIME, async () => {
    const { waitAsync } = Atomics as { waitAsync?: unknown }
    Reflect.deleteProperty(Atomics, 'waitAsync')
    try {
      using queue = new SharedQueue<number>()
      const waiting = queue.popAsync()
      await sleep(10)
      queue.push(5)
      expect(await waiting).toBe(5)
    } finally {
      Object.defineProperty(Atomics, 'waitAsync', { value: waitAsync, writable: true, configurable: true })
    }
  })

  it('is told of what comes back', TIME, async () => {
    using queue = new SharedQueue<number>()
    queue.push(1)
    const received = queue.receive(1)
    const waiting = queue.popAsync()
    await sleep(5)
    received.release()
    expect(await waiting).toBe(1)
  })

  it('goes over all items until the end', TIME, async () => {
    using queue = new SharedQueue<string>()
    queue.pushMany(['a', 'b'])
    const seen: string[] = []
    setTimeout(() => {
      queue.push('c')
      queue.close()
    }, 10)
    for await (const item of queue) seen.push(item)
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  it('leaves nothing behind: the queue knows of nobody who waits', TIME, async () => {
    using queue = new SharedQueue<number>({ capacity: 1 })
    await Promise.all([queue.popAsync({ timeout: 5 }), queue.popAsync({ timeout: 10 })])
    queue.pop({ timeout: 5 })
    queue.push(1)
    await queue.pushAsync(2, { timeout: 5 })
    queue.push(2, { timeout: 5 })
    const { memory, table } = queue.handle
    expect([...new Uint16Array(memory.buffer, table + 64, 5)].filter((_, i) => i % 4 === 0)).toEqual([0, 0])
  })
})
