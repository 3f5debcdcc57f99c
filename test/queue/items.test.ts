// The items of a SharedQueue: of every kind, in order, one by one and many at once.
import { describe, expect, it } from 'vitest'
import { type ObjectCodec, SharedHeap, SharedQueue } from 'tophash'
import * as lite from 'tophash/lite'
import { expectError, thrownBy } from '../support/errors.js'

const LONG = 'long text '.repeat(20_000)
const VALUES = [1, -0, Number.NaN, 2.5, '', 'text', 'Ünï', '☃', LONG, 0n, 2n ** 200n, -5n, true, false, null, { a: [1, { b: 'c' }] }, [1, 2], new Date(5), new Uint8Array([1, 2, 3])] // biome-ignore format: one line

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
