// SharedQueue in one thread, and in two copies of the library that are two threads to it: names, handles, ends, options. Items:
// items.test.ts; received.test.ts; waiting: async.test.ts.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedQueue, SharedSet, type TophashErrorCode } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, rejected, thrownBy } from '../support/errors.js'

const other = await anotherCopy('other')

const LONG = 'long text '.repeat(20_000)

describe('a queue', () => {
  it('has room for its capacity and no more; pushMany pushes a part', () => {
    using queue = new SharedQueue<number>({ capacity: 5 })
    expect([queue.capacity, new SharedQueue().capacity]).toEqual([5, 1024])
    expect(Array.from({ length: 7 }, (_, i) => queue.tryPush(i))).toEqual([true, true, true, true, true, false, false])
    expect([queue.push(9, { timeout: 0 }), queue.push(9, { timeout: 5 })]).toEqual([false, false])
    expect([queue.tryPop(), queue.tryPop(), queue.pushMany([5, 6, 7, 8], { timeout: 0 })]).toEqual([0, 1, 2])
    expect(queue.popMany(99)).toEqual([2, 3, 4, 5, 6])
    for (let round = 0; round < 1000; round++) {
      expect(queue.pushMany([round, 1, 2], { timeout: 0 })).toBe(3)
      expect(queue.popMany(3)).toEqual([round, 1, 2])
    }
    queue.check()
  })

  it('takes no memory for what there was no room for', () => {
    using queue = new SharedQueue<string>({ capacity: 3 })
    expect(queue.pushMany(['a', 'b', 'c', 'd'.repeat(100), 'e'], { timeout: 0 })).toBe(3)
    expect([queue.tryPush('f'), queue.tryPush(LONG)]).toEqual([false, false])
    queue.check()
    expect(queue.popMany(9)).toEqual(['a', 'b', 'c'])
  })

  it('is closed once: nothing is pushed any more, what is in it comes out', async () => {
    const heap = new SharedHeap()
    const queue = heap.queue<string>('jobs')
    const theirs = other.SharedHeap.attach(heap.handle).queue<string>('jobs')
    queue.tryPush('a')
    expect([queue.closed, theirs.close(), queue.close(), queue.closed]).toEqual([false, true, false, true])
    for (const act of [() => queue.tryPush('b'), () => queue.push('b'), () => queue.pushMany(['b'])]) {
      expectError(thrownBy(act), 'ERR_CLOSED', 'was closed')
    }
    expectError(await rejected(queue.pushAsync('b')), 'ERR_CLOSED', 'was closed')
    expect([queue.pop(), queue.pop(), queue.popMany(3), queue.receive(3).items]).toEqual(['a', undefined, [], []])
    expect([await queue.popAsync(), await queue.popManyAsync(5), (await queue.receiveAsync(5)).items]).toEqual([
      undefined,
      [],
      [],
    ])
    heap.check()
  })

  it('is found by its name, and by its handle, with its kind, capacity and codec', () => {
    const heap = new SharedHeap()
    const queue = heap.queue('jobs', { capacity: 7, value: 'string' })
    queue.tryPush('a')
    const theirs = other.SharedHeap.attach(heap.handle)
    expect(theirs.queue('jobs', { value: 'string' }).tryPop()).toBe('a')
    expect(theirs.queue('jobs', { value: 'string', capacity: 7 }).capacity).toBe(7)
    expect(other.SharedQueue.attach(structuredClone(queue.handle)).capacity).toBe(7)
    expect(inspect(heap)).toContain("'jobs' => SharedQueue<string>")
    const cases: readonly (readonly [() => unknown, TophashErrorCode, string])[] = [
      [() => heap.queue('jobs'), 'ERR_OPTIONS', "a queue with value: 'string'; it cannot be opened as a queue with value: 'any'"],
      [() => heap.queue('jobs', { value: 'string', capacity: 8 }), 'ERR_OPTIONS', 'was made with capacity: 7'],
      [() => heap.map('jobs'), 'ERR_OPTIONS', 'it cannot be opened as a map'],
      [() => SharedSet.attach(queue.handle), 'ERR_BAD_HANDLE', 'call SharedQueue.attach(handle)'],
      [() => SharedQueue.attach({ ...queue.handle, value: 'number' }), 'ERR_BAD_HANDLE', 'a queue with string items'],
      [() => SharedQueue.attach(heap.map('map').handle), 'ERR_BAD_HANDLE', 'call SharedMap.attach(handle)'],
      [() => new SharedQueue({ capacity: 0 }), 'ERR_OPTIONS', 'capacity must be a whole number'],
      [() => new SharedQueue({ capacity: 2 ** 24 + 1 }), 'ERR_OPTIONS', 'capacity must be a whole number'],
      [() => new SharedQueue({ key: 'number' } as never), 'ERR_OPTIONS', 'There is no option "key"'],
      [() => queue.pop({ timeout: -1 }), 'ERR_OPTIONS', 'timeout must be a number'],
      [() => queue.pop({ wait: 1 } as never), 'ERR_OPTIONS', 'There is no option "wait"'],
      [() => queue.popMany(0), 'ERR_OPTIONS', 'popMany(max)'],
      [() => queue.receive(1.5), 'ERR_OPTIONS', 'receive(max)'],
      [() => queue.pushMany(5 as never), 'ERR_OPTIONS', 'pushMany(items) takes an iterable'],
    ]
    for (const [act, code, message] of cases) expectError(thrownBy(act), code, message)
    heap.check()
  })

  it('prints how many items it has, and says it in stats()', () => {
    using queue = new SharedQueue({ capacity: 8, value: 'number' })
    queue.pushMany([1, 2, 3])
    expect(inspect(queue)).toBe('SharedQueue<number>(3) { capacity: 8 }')
    queue.close()
    expect(inspect(queue)).toBe('SharedQueue<number>(3) { capacity: 8, closed }')
    expect(queue.stats()).toMatchObject({ size: 3, capacity: 8, closed: true, received: 0 })
    expect(Object.prototype.toString.call(queue)).toBe('[object SharedQueue]')
  })

  it('gives all of its memory back: with what is in it, and with what somebody has received', () => {
    const heap = new SharedHeap({ maxBytes: 4 << 20 })
    let before = 0
    for (let n = 0; n < 30; n++) {
      if (n === 10) before = heap.stats().approximateUsedBytes // slabs have been made of all sizes
      const queue = n % 2 ? heap.queue('q', { capacity: 1000 }) : new SharedQueue({ heap, capacity: 1000 })
      for (let i = 0; i < 100; i++) queue.push('x'.repeat(i * 100))
      queue.receive(10)
      const held = queue.receive(5)
      queue.receive(5).release()
      if (n % 2) heap.delete('q')
      else queue.dispose()
      expectError(
        thrownBy(() => held.done()),
        'ERR_DISPOSED',
        n % 2 ? 'was deleted from its heap' : 'was disposed of in this thread',
      )
      for (const act of [
        () => queue.size,
        () => queue.tryPop(),
        () => queue.tryPush(1),
        () => queue.close(),
        () => queue.handle,
      ]) {
        expectError(thrownBy(act), 'ERR_DISPOSED', n % 2 ? 'heap.queue(name)' : 'SharedQueue.attach(handle)')
      }
      heap.check()
    }
    expect(heap.stats().approximateUsedBytes).toBe(before)
  })

  it('of a full heap says so, and can be emptied', () => {
    const heap = new SharedHeap({ maxBytes: 600_000 })
    const queue = heap.queue('q', { capacity: 10_000 })
    let pushed = 0
    const error = thrownBy(() => {
      for (; ; pushed++) queue.push({ text: 'x'.repeat(1000) })
    })
    expectError(error, 'ERR_OUT_OF_MEMORY', 'The item was not pushed')
    expect(queue.size).toBe(pushed)
    for (let n = 0; n < pushed; n++) expect(queue.tryPop()).toEqual({ text: 'x'.repeat(1000) })
    expect(queue.tryPop()).toBe(undefined)
    heap.check()
  })
})
