// SharedQueue in one thread, and in two copies of the library that are two threads to it. Nothing waits without an end.
import { inspect } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type ObjectCodec, SharedHeap, SharedQueue, SharedSet, type TophashErrorCode } from 'tophash'
import * as lite from 'tophash/lite'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { stateOf } from '../waiting/pending.js'

const other = await anotherCopy('other')

const LONG = 'long text '.repeat(20_000)
const VALUES = [1, -0, Number.NaN, 2.5, '', 'text', 'Ünï', '☃', LONG, 0n, 2n ** 200n, -5n, true, false, null, { a: [1, { b: 'c' }] }, [1, 2], new Date(5), new Uint8Array([1, 2, 3])] // biome-ignore format: one line

async function rejected(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('fulfilled'),
    (error) => error,
  )
}

describe('items', () => {
  it('of every kind come out as they went in, first in first out', () => {
    using queue = new SharedQueue({ capacity: 100 })
    for (const value of VALUES) expect(queue.tryPush(value)).toBe(true)
    expect(queue.size).toBe(VALUES.length)
    queue.check()
    for (const value of VALUES) expect(queue.tryPop()).toEqual(value)
    expect([queue.tryPop(), queue.size]).toEqual([undefined, 0])
    queue.check()
  })

  it('the same many at once, and received', () => {
    using queue = new SharedQueue({ capacity: 100 })
    expect(queue.pushMany(VALUES, { timeout: 0 })).toBe(VALUES.length)
    expect(queue.popMany(100, { timeout: 0 })).toEqual(VALUES)
    expect(queue.pushMany(VALUES, { timeout: 0 })).toBe(VALUES.length)
    const received = queue.receive(100, { timeout: 0 })
    expect(received.items).toEqual(VALUES)
    expect([queue.size, queue.stats().received]).toEqual([0, VALUES.length])
    queue.check()
    received.done()
    expect(queue.stats().received).toBe(0)
    queue.check()
  })

  it.each([
    ['number', [0, -0, Number.NaN, Infinity, 1e-300]],
    ['bigint', [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 0x7ff8_0000_0000_0001n]],
    ['string', ['', 'a', LONG, '\ud800']],
    ['bytes', [new Uint8Array(0), new Uint8Array([255]), new Uint8Array(70_000).fill(7)]],
  ] as const)('of kind %s', (value, items: readonly unknown[]) => {
    using queue = new SharedQueue<any>({ value: value as 'number' })
    for (const item of items) expect(queue.tryPush(item)).toBe(true)
    expect(items.map(() => queue.tryPop())).toEqual(items)
    expect(queue.pushMany(items)).toBe(items.length)
    expect(queue.popMany(99)).toEqual(items)
    expect(queue.pushMany(items)).toBe(items.length)
    using received = queue.receive(99)
    expect(received.items).toEqual(items)
    received.done()
    queue.check()
    for (const wrong of [undefined, {}, value === 'string' ? 5 : 'five']) {
      expectError(
        thrownBy(() => queue.tryPush(wrong)),
        'ERR_VALUE_TYPE',
        wrong === undefined ? 'cannot be an item' : 'items of this queue are',
      )
    }
  })

  it('are not undefined, and not what cannot be copied', () => {
    using queue = new SharedQueue()
    for (const act of [() => queue.tryPush(undefined), () => queue.push(undefined), () => queue.pushMany([1, undefined])]) {
      expectError(thrownBy(act), 'ERR_VALUE_TYPE', 'undefined cannot be an item')
    }
    expectError(
      thrownBy(() => queue.tryPush(() => {})),
      'ERR_VALUE_TYPE',
      '',
    )
    expect(queue.size).toBe(0)
  })

  it('that cannot be decoded does not hide those before it', async () => {
    const codec: ObjectCodec = {
      name: 'json',
      encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
      decode: (bytes) => {
        const value = JSON.parse(new TextDecoder().decode(bytes))
        if (value.bad) throw new RangeError('bad')
        return value
      },
    }
    using queue = new SharedQueue<object>({ capacity: 10, codec })
    queue.pushMany([{ a: 1 }, { a: 2 }, { bad: 1 }, { b: 2 }])
    const received = queue.receive(9, { timeout: 0 })
    expect(received.items).toEqual([{ a: 1 }, { a: 2 }])
    received.release()
    expect(queue.popMany(9, { timeout: 0 })).toEqual([{ a: 1 }, { a: 2 }])
    expect(() => queue.popMany(9, { timeout: 0 })).toThrow('bad')
    expect([queue.size, queue.stats().received]).toEqual([2, 0])
    queue.check()
  })

  it('that were received are back when the queue was disposed of: to release them then is nothing', () => {
    const heap = new SharedHeap()
    const queue = heap.queue<number>('jobs')
    queue.pushMany([1, 2, 3])
    const [first, second] = [queue.receive(1), queue.receive(1)]
    queue.dispose()
    first.release()
    expectError(
      thrownBy(() => second.done()),
      'ERR_DISPOSED',
      'disposed of in this thread',
    )
    second.done()
    second.release()
    expect(heap.queue<number>('jobs').popMany(9)).toEqual([1, 2, 3])
  })

  it("that were received are this thread's as long as it has the queue open, be it twice", () => {
    const one = new SharedQueue<number>()
    using two = SharedQueue.attach<number>(one.handle)
    one.pushMany([1, 2, 3])
    const [first, second] = [one.receive(1, { timeout: 0 }), one.receive(1, { timeout: 0 })]
    one.dispose()
    first.done()
    second.release()
    expect(two.popMany(9, { timeout: 0 })).toEqual([2, 3])
    expect(two.stats().received).toBe(0)
    two.check()
  })

  it('that cannot be decoded stay where they are', () => {
    let isBroken = true
    const codec: ObjectCodec = {
      name: 'breaks',
      encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
      decode: (bytes) => {
        if (isBroken) throw new Error('broken')
        return JSON.parse(new TextDecoder().decode(bytes))
      },
    }
    using queue = new SharedQueue({ codec })
    queue.push({ a: 1 })
    expect(thrownBy(() => queue.tryPop())).toMatchObject({ message: 'broken' })
    isBroken = false
    expect([queue.size, queue.tryPop()]).toEqual([1, { a: 1 }]) // nobody had received it
    isBroken = true
    queue.pushMany([1, { a: 2 }, { a: 3 }])
    expect(queue.popMany(9)).toEqual([1])
    for (const act of [() => queue.tryPop(), () => queue.popMany(2), () => queue.receive(2)]) {
      expect(thrownBy(act)).toMatchObject({ message: 'broken' })
      expect(queue.size).toBe(2)
    }
    isBroken = false
    expect([queue.tryPop(), queue.popMany(2)]).toEqual([{ a: 2 }, [{ a: 3 }]])
    queue.check()
  })

  it('need no codec unless they are objects: in tophash/lite', () => {
    using queue = new lite.SharedQueue({ capacity: 10 })
    expect([queue.tryPush('a'), queue.tryPush(1), queue.popMany(5)]).toEqual([true, true, ['a', 1]])
  })
})

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

describe('waiting in the event loop', () => {
  const TIME = { timeout: 10_000 }
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

describe('drain', () => {
  const TIME = { timeout: 10_000 }
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
