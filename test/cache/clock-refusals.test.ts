// A clock of the program's is asked in the middle of an operation. Whatever it asks of the heap that waits for it is refused, says so, and
// leaves everything as it was.
import { expect, it } from 'vitest'
import { SharedCache, SharedHeap, SharedMap, SharedQueue } from 'tophash'
import { expectError } from '../support/errors.js'

const REFUSAL = 'in the middle of an operation, so it cannot use the heap that the cache is in'
const LONG = 'long '.repeat(50_000)

/** A cache whose clock does what `act` says, once, when it is asked next; and one of each kind beside it. */
class World {
  readonly heap = new SharedHeap()
  act: (() => unknown) | undefined
  /** What came of it: what was thrown, or a promise was rejected with. */
  failure: unknown
  readonly #now = (): number => {
    const { act } = this
    this.act = undefined
    if (!act) return 1000
    try {
      const result = act()
      this.failure =
        result instanceof Promise
          ? result.then(
              (value) => value as unknown,
              (error) => error as unknown,
            )
          : result
    } catch (error) {
      this.failure = error
    }
    return 1000
  }
  readonly cache = this.heap.cache<string, any>('cache', { key: 'string', max: 10, ttl: 100, idle: 50, now: this.#now })
  readonly map = this.heap.map<any, any>('map')
  readonly numbers = this.heap.map<number, number>('numbers', { key: 'number', value: 'number' })
  readonly set = this.heap.set<string>('set')
  readonly queue = this.heap.queue<any>('queue', { capacity: 10 })
  readonly bits = this.heap.bitset('bits', { length: 100 })
  readonly sameMap = SharedMap.attach<any, any>(this.map.handle)
  readonly trace = this.heap.trace()
  readonly received
  readonly begun

  constructor() {
    this.cache.set('a', { x: 1 })
    for (let n = 0; n < 1000; n++) this.map.set(`key ${n}`, n)
    this.numbers.set(1, 1)
    this.set.add('value')
    for (const item of ['first', 'second']) this.queue.push(item)
    this.received = this.queue.receive(1, { timeout: 0 })
    this.bits.add(3)
    this.begun = this.map.values()
    this.begun.next()
  }

  /** All that there is. */
  get contents(): unknown {
    const { heap, cache, map, numbers, set, queue, bits } = this
    const { collections } = heap.stats()
    const all = [[...cache], new Map(map), [...numbers], [...set], queue.size, [...bits.values()]]
    return { names: [...heap.names()], collections, all, lives: cache.remaining('a') }
  }
}

const REFUSED: Readonly<Record<string, (world: World) => unknown>> = {
  'cache.get': ({ cache }) => cache.get('a'),
  'cache.has': ({ cache }) => cache.has('a'),
  'cache.peek': ({ cache }) => cache.peek('a'),
  'cache.set': ({ cache }) => cache.set('b', 1),
  'cache.set with times': ({ cache }) => cache.set('b', 1, { ttl: 5, idle: 5 }),
  'cache.delete': ({ cache }) => cache.delete('a'),
  'cache.update': ({ cache }) => cache.update('a', () => 2),
  'cache.increment': ({ cache }) => cache.increment('b', 1, { ttl: 5 }),
  'cache.take': ({ cache }) => cache.take('a'),
  'cache.touch': ({ cache }) => cache.touch('a', 5),
  'cache.remaining': ({ cache }) => cache.remaining('a'),
  'cache.size': ({ cache }) => cache.size,
  'cache.clear': ({ cache }) => cache.clear(),
  'cache.resize': ({ cache }) => cache.resize({ max: 5, maxBytes: 1000 }),
  'cache.sweep': ({ cache }) => cache.sweep(),
  'cache.stats': ({ cache }) => cache.stats(),
  'cache.removals': ({ cache }) => cache.removals(),
  'cache.fetch': ({ cache }) => cache.fetch('c', () => 1),
  'cache.dispose': ({ cache }) => cache.dispose(),
  'an iteration over the cache': ({ cache }) => [...cache],
  'an iteration over another map': ({ map }) => [...map.values()],
  'an iteration that has begun': ({ begun }) => [...begun],
  'map.forEach': ({ map }) => map.forEach(() => {}),
  'map.get': ({ map }) => map.get('key 1'),
  'map.get of a long key': ({ map }) => map.get(LONG),
  'map.set': ({ map }) => map.set('key 1', 'new'),
  'map.set of a long value': ({ map }) => map.set('key 1', LONG),
  'map.delete': ({ map }) => map.delete('key 1'),
  'map.size': ({ map }) => map.size,
  'map.setMany': ({ map }) => map.setMany([['key 1', 'new']]),
  'map.retain': ({ map }) => map.retain(() => false),
  'map.waitAsync': ({ map }) => map.waitAsync('key 1', 1, { timeout: 10 }),
  'map.check': ({ map }) => map.check(),
  'map.dispose': ({ map }) => map.dispose(),
  'dispose of one more object of a map': ({ sameMap }) => sameMap.dispose(),
  'numbers.get': ({ numbers }) => numbers.get(1),
  'numbers.set': ({ numbers }) => numbers.set(1, 2),
  'numbers.increment': ({ numbers }) => numbers.increment(1),
  'numbers.getMany': ({ numbers }) => numbers.getMany(new Float64Array([1])),
  'set.has': ({ set }) => set.has('value'),
  'set.add': ({ set }) => set.add('other'),
  'queue.push': ({ queue }) => queue.push(1),
  'queue.pop': ({ queue }) => queue.pop(),
  'queue.size': ({ queue }) => queue.size,
  'received.done': ({ received }) => received.done(),
  'received.release': ({ received }) => received.release(),
  'bits.add': ({ bits }) => bits.add(4),
  'bits.has': ({ bits }) => bits.has(3),
  'heap.map of a new name': ({ heap }) => heap.map('another'),
  'heap.map of one that is there': ({ heap }) => heap.map('map'),
  'heap.delete': ({ heap }) => heap.delete('map'),
  'heap.names': ({ heap }) => [...heap.names()],
  'heap.stats': ({ heap }) => heap.stats(),
  'heap.trace': ({ heap }) => heap.trace(),
  'trace.stop': ({ trace }) => trace.stop(),
  'heap.dispose': ({ heap }) => heap.dispose(),
  'a map without a name': ({ heap }) => new SharedMap(null, { heap }),
  'SharedMap.attach': ({ map }) => SharedMap.attach(map.handle),
}

it.each(Object.entries(REFUSED))('what a clock asks of its own heap is refused: %s', async (_, act) => {
  const world = new World()
  const before = world.contents
  world.act = () => act(world)
  expect(world.cache.get('a')).toEqual({ x: 1 })
  expect(world.act).toBeUndefined()
  expectError(await world.failure, 'ERR_UNSUPPORTED', REFUSAL)

  expect(world.contents).toEqual(before)
  world.received.release() // the item is still there to be given back
  expect(world.queue.popMany(10)).toEqual(['first', 'second'])
  world.cache.set('b', 'later')
  expect([world.cache.get('b'), world.cache.size]).toEqual(['later', 2])
  expect(await world.cache.fetch('c', () => 'loaded')).toBe('loaded')
  world.trace.stop()
  world.heap.check()
  for (const one of [world.sameMap, world.map, world.cache, world.heap]) one.dispose()
})

it('what a clock asks is refused in a write to the cache as well, which is done all the same', () => {
  const world = new World()
  const acts = [() => world.cache.set('b', 0), () => world.map.get('key 1'), () => world.queue.pop()]
  for (const [n, act] of acts.entries()) {
    world.act = act
    world.cache.set('b', n, { ttl: 7 })
    expectError(world.failure, 'ERR_UNSUPPORTED', REFUSAL)
    expect([world.cache.get('b'), world.cache.remaining('b')]).toEqual([n, 7])
  }
  expect(world.queue.size).toBe(1)
  world.heap.check()
})

it('a clock may use collections of other heaps, and write there', () => {
  const ticks = new SharedMap<string, number>()
  const others = new SharedQueue<number>({ capacity: 100 })
  const cache = new SharedCache<string, number>({
    max: 10,
    ttl: 3,
    now() {
      others.push(1)
      return ticks.increment('now') / 1000
    },
  })
  cache.set('a', 1)
  expect(cache.get('a')).toBe(1)
  expect(ticks.get('now')).toBe(others.size)
  ticks.set('now', 10_000)
  expect(cache.get('a')).toBeUndefined()
})

it('the clock of a cache in another heap may ask a cache whose clock asks it nothing', () => {
  const inner = new SharedCache<string, number>({ max: 10, ttl: 10, now: () => 1 })
  inner.set('now', 5)
  const failures: unknown[] = []
  const outer: SharedCache<string, number> = new SharedCache<string, number>({
    max: 10,
    ttl: 10,
    now() {
      const now = inner.get('now')!
      try {
        outer?.get('a') // still refused, though the other clock was asked meanwhile
      } catch (error) {
        failures.push(error)
      }
      return now
    },
  })
  outer.set('a', 1)
  expect(outer.get('a')).toBe(1)
  for (const failure of failures) expectError(failure, 'ERR_UNSUPPORTED', REFUSAL)
  expect(failures.length).toBeGreaterThan(0)
})
