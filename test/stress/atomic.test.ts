// Each atomic operation, by several threads at once on the same few keys. Every test says which promise its final state
// proves; the tasks are in atomic.worker.ts. TOPHASH_SEED replays a run.
import { describe, expect, it } from 'vitest'
import { sized, some } from '../support/size.js'
import type { Kinds } from '../support/untyped.js'
import { numbered } from '../support/values.js'
import { type Plan, ascending, numberOf, together, tokenOf, upTo } from './atomic.js'
import { seedOf } from './random.js'

const seed = seedOf()
const THREADS = 4
const timeout = 600_000
const LOCKINGS = sized(300, 3000)
const named = `%s keys and %s values (seed ${seed})`

const KINDS: readonly Kinds[] = [
  ['number', 'number'],
  ['string', 'string'],
  ['bigint', 'bigint'],
  ['bytes', 'bytes'],
  ['any', 'any'],
  ['string', 'any'],
]
/** For `npm test` one of them to each operation, by turns: most of its time threads would start. */
const [NUMBERS, MIXED] = [sized([KINDS[0]!], KINDS), sized([KINDS[5]!], KINDS)]
const COUNTING: readonly Kinds[] = sized<Kinds[]>(
  [['any', 'any']],
  [
    ['number', 'number'],
    ['string', 'bigint'],
    ['any', 'any'],
    ['bytes', 'number'],
    ['bigint', 'any'],
  ],
)
const LISTS: readonly Kinds[] = sized<Kinds[]>(
  [['number', 'bytes']],
  [
    ['any', 'any'],
    ['string', 'string'],
    ['number', 'bytes'],
    ['bytes', 'any'],
  ],
)

function plan(task: string, kinds: Kinds, keys: number, rounds: number): Plan {
  return { task, kinds, seed, keys, rounds, threads: THREADS }
}

describe('increment loses no update', () => {
  // Promise: what all threads have added is what is there.
  it.each(COUNTING)(named, { timeout }, async (...kinds) => {
    const rounds = sized(2_000, 30_000)
    for (const keys of [1, 7]) {
      const { map } = await together(plan('increment', kinds, keys, rounds))
      let total = 0
      for (const value of map.values())
        total += typeof value === 'bigint' ? Number(kinds[1] === 'any' ? value >> 100n : value) : Number(value)
      expect([total, map.size]).toEqual([THREADS * rounds, keys])
      map.dispose()
    }
  })
})

describe('update loses no update', () => {
  // Promise: a function of the value is applied to the value that is then replaced, and to no other.
  it.each(COUNTING)(`of numbers: ${named}`, { timeout }, async (...kinds) => {
    const rounds = sized(500, 5000)
    const { map } = await together(plan('updateNumber', kinds, 3, rounds))
    expect([...map.values()].reduce<number>((sum, value) => sum + Number(value), 0)).toBe(THREADS * rounds)
    map.dispose()
  })

  // Promise: all that was appended is there once, and what one thread appended is in its order.
  it.each(LISTS)(`of lists: ${named}`, { timeout }, async (...kinds) => {
    const { map } = await together(plan('append', kinds, 3, 300))
    const seen = upTo(THREADS).map((): number[] => [])
    for (const list of map.values()) {
      const last = upTo(THREADS).map(() => -1)
      for (const [index, i] of entriesOf(list)) {
        expect(i).toBeGreaterThan(last[index]!)
        last[index] = i
        seen[index]!.push(i)
      }
    }
    expect(seen.map(ascending)).toEqual(upTo(THREADS).map(() => upTo(300)))
    map.dispose()
  })
})

describe.each([
  ['getOrInsert', NUMBERS, sized(500, 4000)],
  ['getOrInsertComputed', MIXED, sized(500, 4000)],
  ['getOrInsertMany', NUMBERS, 20_000], // of which a thread that comes later reads most: those at the front meet
] as const)('%s', (task, cases, keys) => {
  // Promise: one value wins, all callers get it, and it is what the map holds.
  it.each(cases)(`has one winner: ${named}`, { timeout }, async (...kinds) => {
    const { map, reports } = await together<number[]>(plan(task, kinds, keys, 0))
    expect(map.size).toBe(keys)
    const held = upTo(keys).map((n) => numberOf(kinds, map.get(numbered(kinds[0], n))))
    for (const report of reports) expect(report).toEqual(held)
    expect(held.every((token, n) => Math.floor(token / THREADS) === n)).toBe(true)
    map.dispose()
  })
})

describe('take', () => {
  // Promise: every entry that was put is taken by exactly one, or still there.
  it.each(MIXED)(`hands an entry to exactly one: ${named}`, { timeout }, async (...kinds) => {
    const { map, reports } = await together<{ taken: number[]; put: number[] }>(plan('take', kinds, 5, sized(2_000, 20_000)))
    const left = Array.from(map.values(), (value) => numberOf(kinds, value))
    const taken = reports.flatMap((report) => report.taken)
    const put = reports.flatMap((report) => report.put)
    expect(taken.length).toBeGreaterThan(1000)
    expect(ascending([...taken, ...left])).toEqual(ascending(put))
    map.dispose()
  })
})

describe('compareAndSet', () => {
  // Promise: it compares and sets at one moment. A counter that is made of it loses nothing.
  it.each(NUMBERS)(`makes a counter: ${named}`, { timeout }, async (...kinds) => {
    const [keys, rounds] = [2, sized(1000, 3000)]
    const { map } = await together<number>(plan('compareAndSet', kinds, keys, rounds), (fresh) => {
      for (const n of upTo(keys)) fresh.set(numbered(kinds[0], n), tokenOf(kinds, 0))
    })
    expect([...map.values()].reduce<number>((sum, value) => sum + numberOf(kinds, value), 0)).toBe(THREADS * rounds)
    map.dispose()
  })

  // Promise: exactly one of those who try gets the lock, and what it wrote before it let go is seen by the next one.
  it.each<Kinds>(
    some<Kinds>(
      [
        ['any', 'any'],
        ['number', 'number'],
        ['string', 'string'],
      ],
      2,
    ),
  )(`makes a lock: ${named}`, { timeout }, async (...kinds) => {
    const { map, board } = await together({ ...plan('lock', kinds, 1, LOCKINGS), threads: 2 }, (fresh) => {
      fresh.set(numbered(kinds[0], 0), tokenOf(kinds, 0))
    })
    expect(board[0]).toBe(2 * LOCKINGS)
    map.dispose()
  })
})

describe('compareAndDelete', () => {
  // Promise: each entry is deleted by exactly one, and only while it has the value that was expected.
  it.each(MIXED)(`deletes each entry once: ${named}`, { timeout }, async (...kinds) => {
    const [keys, rounds] = [500, sized(4, 10)]
    const { map, reports } = await together<number[]>(plan('compareAndDelete', kinds, keys, rounds), (fresh) => {
      for (const n of upTo(keys)) fresh.set(numbered(kinds[0], n), tokenOf(kinds, n))
    })
    expect(ascending(reports.flat())).toEqual(upTo(keys * rounds))
    expect(map.size).toBe(keys) // set once more after the last round
    map.dispose()
  })
})

describe('exchange', () => {
  // Promise: every value that was handed in comes out exactly once, or is still there.
  it.each(NUMBERS)(`hands every value on once: ${named}`, { timeout }, async (...kinds) => {
    const rounds = sized(2_000, 15_000)
    const { map, reports } = await together<number[]>(plan('exchange', kinds, 3, rounds))
    const left = Array.from(map.values(), (value) => numberOf(kinds, value))
    expect(ascending([...reports.flat(), ...left])).toEqual(upTo(THREADS * rounds))
    expect(left).toHaveLength(3)
    map.dispose()
  })
})

describe('retain', () => {
  // Promise: it removes an entry only while that has the value that was refused. What was set to a good one stays.
  it.each(MIXED)(`spares what has changed: ${named}`, { timeout }, async (...kinds) => {
    const { map, board } = await together({ ...plan('retain', kinds, 4, sized(2_000, 15_000)), least: 1 })
    expect(board[1], 'entries removed meanwhile').toBeGreaterThan(0)
    for (const value of map.values()) expect(numberOf(kinds, value) % 2).toBe(0)
    expect(map.size).toBe(4 * (THREADS - 1))
    map.dispose()
  })
})

describe('setMany, getMany and deleteMany', () => {
  // Promise: each entry is set, read and removed as if alone: whole, for its key, and counted by one remover.
  it.each(NUMBERS)(`work entry by entry: ${named}`, { timeout }, async (...kinds) => {
    const rounds = sized(80, 200)
    const { map, reports } = await together<{ deleted: number; inserted: number }>(plan('many', kinds, 0, rounds))
    const deleted = reports.reduce((sum, report) => sum + report.deleted, 0)
    const inserted = reports.reduce((sum, report) => sum + report.inserted, 0)
    expect(deleted).toBeGreaterThan(1000)
    expect([inserted, map.size]).toEqual([THREADS * rounds * 50, inserted - deleted])
    map.dispose()
  })
})

/** Of which length, and how often it is written. */
const LARGE: readonly (readonly [string, Kinds, number, number])[] = sized<[string, Kinds, number, number][]>(
  [
    ['1 MiB', ['string', 'bytes'], 1 << 20, 20],
    ['57 KB', ['string', 'any'], 57_336, 200],
  ],
  [
    ['1 MiB', ['string', 'bytes'], 1 << 20, 200],
    ['1 MiB', ['string', 'string'], 1 << 20, 200],
    ['1 MiB', ['string', 'any'], 1 << 20, 200],
    ['57 KB', ['string', 'bytes'], 57_336, 2000],
    ['64 MiB', ['string', 'any'], 64 << 20, 6],
  ],
)

describe('a large value', () => {
  // Promise: a reader sees the old value or the new one, never a mixture.
  it.each(LARGE)(`of %s is never a mixture: %s (seed ${seed})`, { timeout }, async (_, kinds, length, writes) => {
    const { map, board } = await together({ ...plan('large', kinds, writes, length), threads: 3, least: 3, maxBytes: 2 ** 31 })
    expect(board[1], 'reads').toBeGreaterThan(2)
    map.delete('large')
    map.check()
    map.dispose()
  })
})

describe("in a map of kind 'any'", () => {
  // Promise: a value that changes its sort is read as one sort or the other, whole, for its key.
  it.each(sized([20], [1, 20]))(`values of all sorts take turns at %d keys (seed ${seed})`, { timeout }, async (keys) => {
    const { map, board } = await together({ ...plan('shapes', ['any', 'any'], keys, sized(10_000, 40_000)), least: 1001 })
    expect(board[1], 'reads').toBeGreaterThan(1000)
    map.dispose()
  })
})

/** What a list holds: who appended it, and when. */
function entriesOf(list: unknown): (readonly [index: number, i: number])[] {
  if (typeof list === 'string')
    return list
      .split(';')
      .slice(0, -1)
      .map((entry) => entry.split(':').map(Number) as [number, number])
  if (!(list instanceof Uint8Array)) return list as [number, number][]
  return upTo(list.length / 3).map((n) => [list[3 * n]!, (list[3 * n + 1]! << 8) | list[3 * n + 2]!] as const)
}
