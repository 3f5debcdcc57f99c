// What receive() and drain() hand out: a batch that is done, or comes back. Nothing waits without an end.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SharedHeap, SharedQueue } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, rejected } from '../support/errors.js'

const other = await anotherCopy('other')

describe('what was received', () => {
  it('comes back in front and in order, whoever gives it back first', () => {
    using queue = new SharedQueue<number>()
    queue.pushMany([1, 2, 3, 4, 5, 6, 7])
    const [a, b, c] = [queue.receive(2), queue.receive(1), queue.receive(2)]
    expect([a, b, c].map(({ items }) => items)).toEqual([[1, 2], [3], [4, 5]])
    b.release()
    c.release()
    a.release()
    a.release()
    a.done()
    expect([queue.size, queue.tryPop()]).toEqual([7, 1])
    queue.receive(1).release()
    queue.check()
    expect(queue.popMany(99)).toEqual([2, 3, 4, 5, 6, 7])
    queue.check()
  })

  it('comes back when the thread lets go of the queue', () => {
    const heap = new SharedHeap()
    const queue = heap.queue<number>('q')
    queue.pushMany([1, 2, 3])
    const theirs = other.SharedHeap.attach(heap.handle).queue<number>('q')
    expect(theirs.receive(2).items).toEqual([1, 2])
    expect(queue.size).toBe(1)
    theirs.dispose()
    expect(queue.popMany(9)).toEqual([1, 2, 3])
    heap.check()
  })

  it('may be more than there is room for when it comes back', () => {
    using queue = new SharedQueue<number>({ capacity: 3 })
    queue.pushMany([1, 2, 3])
    const received = queue.receive(3)
    queue.pushMany([4, 5, 6])
    received.release()
    expect([queue.size, queue.tryPush(7), queue.popMany(9)]).toEqual([6, false, [1, 2, 3, 4, 5, 6]])
    queue.check()
  })
})

describe('drain', () => {
  const TIME = { timeout: 120_000 }
  afterEach(() => void vi.useRealTimers())

  it('merges items of one name: the last one, where the first was', TIME, async () => {
    using queue = new SharedQueue<{ id: number; n: number }>()
    queue.pushMany([1, 2, 1, 3, 2].map((id, n) => ({ id, n })))
    queue.close()
    const batches: unknown[] = []
    await queue.drain((items) => batches.push(items), { coalesce: ({ id }) => id })
    expect(batches).toEqual([
      [
        { id: 1, n: 2 },
        { id: 2, n: 4 },
        { id: 3, n: 3 },
      ],
    ])
    queue.check()
  })

  it('gives a handler that throws the same batch again, and takes no more than max', TIME, async () => {
    using queue = new SharedQueue<number>()
    queue.pushMany([1, 2, 3])
    queue.close()
    const calls: number[][] = []
    await queue.drain(
      async (items) => {
        calls.push(items)
        if (calls.length < 3) throw new Error('not yet')
        expect(queue.stats().received).toBe(items.length)
      },
      { max: 2 },
    )
    expect(calls).toEqual([[1, 2], [1, 2], [1, 2], [3]])
  })

  it('waits for more, as long as it may', TIME, async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    using queue = new SharedQueue<number>()
    const batches: number[][] = []
    const drained = queue.drain((items) => void batches.push(items), { maxDelay: 60, max: 3 })
    const isTaken = async (): Promise<void> => {
      while (queue.size > 0) await sleep(1)
      await sleep(1) // what has taken it waits for more, or has handled it
    }
    queue.push(1)
    await isTaken()
    vi.advanceTimersByTime(59)
    queue.push(2)
    await isTaken()
    expect(batches).toEqual([])
    vi.advanceTimersByTime(1)
    await isTaken()
    expect(batches).toEqual([[1, 2]])
    queue.pushMany([3, 4, 5]) // as many as a batch may have
    await isTaken()
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
    queue.push(6)
    await isTaken()
    expect(batches.length).toBe(2)
    queue.close()
    await drained
    expect(batches.at(-1)).toEqual([6])
  })

  it('ends at the signal, and gives back what it has not done', TIME, async () => {
    using queue = new SharedQueue<number>()
    queue.pushMany([1, 2])
    const abort = new AbortController()
    const handler = (): never => {
      abort.abort(new Error('stop'))
      throw new Error('failed')
    }
    expect(await rejected(queue.drain(handler, { signal: abort.signal }))).toMatchObject({ message: 'failed' })
    expect([queue.size, queue.stats().received]).toEqual([2, 0])
    expectError(await rejected(queue.drain(5 as never)), 'ERR_OPTIONS', 'drain takes a function')
    expectError(await rejected(queue.drain(() => {}, { max: 0 })), 'ERR_OPTIONS', 'max must be')
    const signal = new EventTarget() as never
    expectError(await rejected(queue.drain(() => {}, { signal })), 'ERR_OPTIONS', 'signal must be an AbortSignal')
    expectError(await rejected(queue.popAsync({ signal })), 'ERR_OPTIONS', 'signal must be an AbortSignal')
  })
})
