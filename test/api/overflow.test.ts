// A program that runs out of stack in the middle of an operation, wherever that is, goes on: the thread holds no lock then
// and has noted nothing to be undone, and nothing is lost or half done.
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, SharedQueue, SharedSet } from 'tophash'
import { isAtRest } from '../support/slots.js'
import { sized } from '../support/size.js'

const KEYS = 200
/** An operation is tried so many frames from the end of the stack, and so many words. */
const DISTANCES = [...Array(60).keys(), 80, 120, 200, 500, 1000]
const PADDINGS = sized(3, 10)

type Operation = (n: number) => unknown
type Handle = Parameters<typeof isAtRest>[0]

describe('the end of the stack', () => {
  it.each(['number', 'string', 'any'] as const)('comes up in any operation on a map of kind %s', async (kind) => {
    const map = new SharedMap<any, any>(null, { key: kind, value: kind, capacity: 1 } as never)
    const key = (n: number): unknown => (kind === 'number' ? n % KEYS : `key ${n % KEYS}`)
    const value = (n: number): unknown => (kind === 'number' ? n : 'v'.repeat(n % 3000))
    const operations: Record<string, Operation> = {
      set: (n) => map.set(key(n), value(n)),
      get: (n) => map.get(key(n)),
      has: (n) => map.has(key(n)),
      delete: (n) => map.delete(key(n * 7)),
      increment: (n) => (kind === 'number' ? map.increment(key(n)) : map.exchange(key(n), value(n))),
      take: (n) => map.take(key(n)),
      getMany: (n) => map.getMany([key(n)]),
      setMany: (n) => map.setMany([[key(n), value(n)]]),
      getOrInsertMany: (n) => map.getOrInsertMany([[key(n), value(n)]]),
      scan: () => map.scan(0, 5),
    }
    for (const [name, operation] of Object.entries(operations)) await overflow(map.handle, name, operation)
    map.check()
    map.clear()
    map.check()
    expect(map.size).toBe(0)
  })

  it('comes up again and again, before anything could be put in order', () => {
    const map = new SharedMap<string, unknown>(null, { key: 'string', capacity: 1 })
    const operations: Operation[] = [
      (n) => map.set(`key ${n % KEYS}`, 'v'.repeat(n % 3000)),
      (n) => map.delete(`key ${(n * 7) % KEYS}`),
      (n) => map.exchange(`key ${n % KEYS}`, n),
      (n) => map.setMany([[`key ${n % KEYS}`, 'v'.repeat(n % 3000)]]),
      (n) => map.getOrInsertMany([[`key ${n % KEYS}`, 'v'.repeat(n % 3000)]]),
    ]
    let [left, tried] = [0, 0]
    const dive = (): void => {
      try {
        dive()
      } catch {
        // the end
      }
      if (left-- <= 0) return
      try {
        operations[tried++ % operations.length]!(tried)
      } catch {
        // nearly the end
      }
    }
    const begin = (..._padding: number[]): void => dive()
    for (let n = 0; n < sized(400, 1500); n++) {
      left = 40
      begin(...new Array<number>(n % 16).fill(0))
    }
    expect(map.set('last', 1).get('last')).toBe(1)
    map.check()
  })

  it('comes up in any operation on a set', async () => {
    const set = new SharedSet(null, { value: 'string', capacity: 1 })
    await overflow(set.handle, 'add', (n) => set.add(`value ${n % KEYS}`))
    await overflow(set.handle, 'has', (n) => set.has(`value ${n % KEYS}`))
    await overflow(set.handle, 'delete', (n) => set.delete(`value ${n % KEYS}`))
    set.check()
  })

  it.each(['number', 'any'] as const)('comes up when items of kind %s are received, and none is held by nobody', async (kind) => {
    const queue = new SharedQueue<any>({ value: kind, capacity: 8 })
    const item = (n: number): unknown => (kind === 'number' ? n : { n })
    queue.pushMany([1, 2, 3].map(item))
    await overflow(
      queue.handle,
      'receive',
      () => queue.receive(3).release(),
      () => expectAllThere(queue),
    )
    await overflow(
      queue.handle,
      'receive for good',
      () => queue.pushMany(queue.popMany(1)),
      () => {
        expect(queue.stats().received).toBe(0)
        for (let n = queue.size; n < 3; n++) queue.push(item(n)) // taken, and the exception came after that
      },
    )
    queue.check()
  })

  it('comes up when collections come and go', async () => {
    const heap = new SharedHeap()
    const [a, b] = [heap.map('a'), heap.set('b')]
    await overflow(heap.handle, 'map', (n) => heap.map(`map ${n % 5}`).set(1, n))
    await overflow(heap.handle, 'set and delete', (n) => {
      heap
        .set(`set ${n % 5}`)
        .add(n)
        .dispose()
      heap.delete(`set ${n % 5}`)
    })
    await overflow(heap.handle, 'attach', () => SharedMap.attach(a.handle).dispose())
    for (const name of heap.names()) if (!['a', 'b'].includes(name)) heap.delete(name)
    heap.check()
    expect([a.set(1, 2).size, b.add(1).size, heap.names().sort()]).toEqual([1, 1, ['a', 'b']])
  })
})

function expectAllThere(queue: SharedQueue<unknown>): void {
  expect([queue.size, queue.stats().received]).toEqual([3, 0])
}

describe('a collection whose filling comes to the end of the stack', () => {
  it('is unmade', async () => {
    const heap = new SharedHeap()
    const other = heap.map('other')
    const entries: [string, number][] = [['long '.repeat(15_000), 1]]
    let made: SharedMap<string, number> | undefined
    const fill = (): void => {
      made = new SharedMap(entries, { heap, name: 'filled' })
    }
    await overflow(other.handle, 'new SharedMap', fill, () => {
      expect(heap.names().includes('filled')).toBe(made !== undefined)
      heap.delete('filled')
      made?.dispose()
      made = undefined
    })
    heap.check()
  })
})

/** Tries an operation near the end of the stack, each time a little farther from it. It fails at first, and not at last. */
async function overflow(handle: Handle, name: string, operation: Operation, look?: () => void): Promise<void> {
  for (let n = 0; n < 100; n++) operation(n) // so that it is compiled
  let [frames, tried, done] = [0, 0, 0]
  const dive = (): void => {
    try {
      dive()
    } catch {
      // the end
    }
    if (frames-- !== 0) return
    tried++
    try {
      operation(tried)
      done++
    } catch {
      // nearly the end
    }
  }
  /** Begins a few bytes farther down. */
  const begin = (..._padding: number[]): void => dive()
  for (let padding = 0; padding < PADDINGS; padding++) {
    for (const distance of DISTANCES) {
      frames = distance
      begin(...new Array<number>(padding).fill(0))
      await null // what could not be put in order so near the end is by now
      if (!isAtRest(handle, 1))
        throw new Error(`${name} was left half done: ${distance} frames and ${padding} words from the end.`)
      look?.()
    }
  }
  expect([name, done > 0, done < tried]).toEqual([name, true, true])
}

describe('a map without a name whose dispose() comes to the end of the stack', () => {
  it('is open still, or disposed of, and never leads to another one that takes its place', async () => {
    const heap = new SharedHeap({ maxBytes: 16 << 20 })
    const seen = new Set<string>()
    const entries = Array.from({ length: 30 }, (_, n): [number, string] => [n, 'old'])
    for (let round = 0; round < 300; round++) {
      const map = new SharedMap(entries, { heap })
      disposeAtEnd(map, round % 30, 1 + (round % 3))
      await setImmediate() // what was left half done is undone
      const next = new SharedMap([[1, 'new']], { heap })
      seen.add(askFor(map))
      map.dispose()
      expect([next.get(1), next.set(2, 'more').size]).toEqual(['new', 2])
      next.dispose()
    }
    expect([...seen].sort()).toEqual(['ERR_DISPOSED', 'old'])
    expect(heap.stats().collections).toBe(0)
    heap.check()
  })
})

/** Calls dispose() so many times, each a frame farther from the end of the stack. Frames have so many parameters. */
function disposeAtEnd(map: SharedMap<number, string>, parameters: number, times: number): void {
  let left = times
  const step = (): void => {
    if (left-- <= 0) return
    try {
      map.dispose()
    } catch {
      // nearly the end
    }
  }
  const names = Array.from({ length: parameters }, (_, n) => `p${n}`).join()
  const body = `return function dive(${names}) { try { dive(${names}) } catch (error) { step(); throw error } }`
  try {
    ;(new Function('step', body) as (step: () => void) => () => void)(step)()
  } catch {
    // the end
  }
}

/** The value of 1, or the code of an error. */
function askFor(map: SharedMap<number, string>): string {
  try {
    return map.get(1)!
  } catch (error) {
    return (error as { code: string }).code
  }
}
