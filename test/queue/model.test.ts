// Any sequence of operations on a queue of any kind, by two threads, against an array.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Received, SharedHeap } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { asked } from '../support/size.js'

const other = await anotherCopy('other')

type Side = 0 | 1
interface Held {
  readonly side: Side
  readonly stamp: number
  readonly items: unknown[]
  readonly received: Received<unknown>
}

/** The queue as an array: what came back, which has its place by when it was first taken, then what is in the ring. */
class Model {
  back: { stamp: number; items: unknown[] }[] = []
  ring: unknown[] = []
  head = 0
  held: Held[] = []

  constructor(readonly capacity: number) {}

  get size(): number {
    return this.ring.length + this.back.reduce((sum, { items }) => sum + items.length, 0)
  }

  push(...items: unknown[]): number {
    const count = Math.min(items.length, this.capacity - this.ring.length)
    this.ring.push(...items.slice(0, count))
    return count
  }

  /** The first items of one place, as one step takes them. */
  take(most: number): { stamp: number; items: unknown[] } {
    const first = this.back[0]
    const stamp = first?.stamp ?? this.head
    const items = (first?.items ?? this.ring).splice(0, most)
    if (first) first.stamp += items.length
    else this.head += items.length
    if (first?.items.length === 0) this.back.shift()
    return { stamp, items }
  }

  takeAll(most: number): unknown[] {
    const items: unknown[] = []
    while (items.length < most && this.size > 0) items.push(...this.take(most - items.length).items)
    return items
  }

  release(held: Held): void {
    this.held.splice(this.held.indexOf(held), 1)
    const { stamp, items } = held
    this.back.push({ stamp, items: [...items] })
    this.back.sort((one, two) => one.stamp - two.stamp)
  }
}

const side = fc.constantFrom<Side>(0, 1)
const few = fc.integer({ min: 1, max: 6 })
const KINDS = {
  number: fc.double(),
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  string: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer({ min: 0, max: 90_000 }).map((n) => 'l'.repeat(n)),
  ),
  any: fc.oneof(
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt(),
    fc.dictionary(fc.constantFrom('a', 'b'), fc.integer()),
  ),
} as const

const actsOf = (item: fc.Arbitrary<unknown>) =>
  fc.array(
    fc.oneof(
      fc.record({ act: fc.constant('push' as const), side, item }),
      fc.record({ act: fc.constant('pushMany' as const), side, items: fc.array(item, { maxLength: 6 }) }),
      fc.record({ act: fc.constantFrom('pop' as const, 'check' as const, 'leave' as const), side }),
      fc.record({ act: fc.constantFrom('popMany' as const, 'receive' as const), side, most: few }),
      fc.record({ act: fc.constantFrom('done' as const, 'release' as const), which: fc.nat(5) }),
    ),
    { maxLength: 60 },
  )

type Act = ReturnType<typeof actsOf> extends fc.Arbitrary<(infer A)[]> ? A : never

describe.each(Object.entries(KINDS))('a queue of kind %s', (kind, item: fc.Arbitrary<unknown>) => {
  it('does what an array does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), actsOf(item), (capacity, acts) => play(kind, capacity, acts)),
      { numRuns: asked('RUNS', 40, 400) },
    )
  })
})

function play(value: string, capacity: number, acts: readonly Act[]): void {
  using heap = new SharedHeap()
  const options = { value: value as 'any', capacity }
  const open = [
    () => heap.queue<unknown>('q', options),
    () => other.SharedHeap.attach(heap.handle).queue<unknown>('q', options) as unknown as ReturnType<typeof heap.queue>,
  ]
  const queues = open.map((one) => one())
  const model = new Model(capacity)
  for (const act of acts) {
    step(act)
    expect(queues.map((queue) => queue.size)).toEqual([model.size, model.size])
  }
  heap.check()
  expect(queues[0]!.popMany(1000, { timeout: 0 })).toEqual(model.takeAll(1000))
  heap.check()
  queues[1]!.dispose()

  function step(act: Act): void {
    const queue = 'side' in act ? queues[act.side]! : queues[0]!
    switch (act.act) {
      case 'push':
        return expect(queue.tryPush(act.item)).toBe(model.push(act.item) === 1)
      case 'pushMany':
        return expect(queue.pushMany(act.items, { timeout: 0 })).toBe(model.push(...act.items))
      case 'pop':
        return expect(queue.tryPop()).toEqual(model.take(1).items[0])
      case 'popMany':
        return expect(queue.popMany(act.most, { timeout: 0 })).toEqual(model.takeAll(act.most))
      case 'receive': {
        const received = queue.receive(act.most, { timeout: 0 })
        const taken = model.take(act.most)
        expect(received.items).toEqual(taken.items)
        if (taken.items.length > 0) model.held.push({ side: act.side, received, ...taken })
        return
      }
      case 'check':
        return heap.check()
      case 'leave': {
        queue.dispose()
        for (const held of model.held.filter((one) => one.side === act.side)) model.release(held)
        queues[act.side] = open[act.side]!()
        return
      }
      default: {
        const held = model.held[act.which % Math.max(1, model.held.length)]
        if (!held) return
        if (act.act === 'release') {
          held.received.release()
          return model.release(held)
        }
        held.received.done()
        model.held.splice(model.held.indexOf(held), 1)
      }
    }
  }
}
