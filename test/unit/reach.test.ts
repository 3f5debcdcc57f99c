// When one thread makes memory grow, the others' instances may not see it at once, and would trap at an address that is
// good. So the core must bring every address that comes from another thread within reach before it uses it (see
// assembly/sync/reach.ts). The trap itself needs a thread to be stopped between two instructions; here instead every
// load and store of the core is watched: two instances take turns on one heap, as two threads would, and neither may
// touch memory that it has not looked at since it grew.
import { beforeAll, describe, expect, it } from 'vitest'
import type { CoreExports } from '../../src/core/exports.js'
import { HEADER, KIND_CODES, SCRATCH, STATUS, RECORD, TYPE } from '../../src/core/layout.js'
import { HASH_MAP } from '../../src/table/layout.js'
import { RANDOM } from '../support/hashes.js'
import { sized, some } from '../support/size.js'
import { type Instruments, instrument, instruments } from './instrument.js'
import { compile } from './probe.js'

/** Keys of numbers that are set, so that memory grows again and again. */
const NUMBER_STEPS = sized(5_000, 12_000)
const HEADER_BYTES = 196608
const { number: NUMBER, string: STRING, any: ANY } = KIND_CODES

let module: WebAssembly.Module

beforeAll(async () => {
  const source = `export * from './assembly/exports/index'\nexport { reach } from './assembly/sync/reach'`
  module = new WebAssembly.Module(instrument(await compile(source, '-O1', '--noAssert')))
})

/** An instance whose loads and stores are counted, and whose accesses beyond its reach are collected. */
class Watched {
  readonly core: CoreExports
  readonly beyond: string[] = []
  accesses = 0
  table = 0
  readonly #reach: WebAssembly.Global

  constructor(memory: WebAssembly.Memory) {
    const { exports } = new WebAssembly.Instance(module, {
      env: { memory, recoverIfDead: () => 0, clock: () => 1, ...this.#instruments() },
    })
    this.core = exports as unknown as CoreExports
    this.#reach = exports.reach as WebAssembly.Global
    this.core.attachThread(true, 0, 0, 0, 0, 0, 0)
  }

  /** What the instrumented code calls. */
  #instruments(): Instruments {
    const watch = (id: number, bytes: number, offset: number, address: number): number => {
      this.accesses++
      const end = (address >>> 0) + (offset >>> 0) + bytes
      const known = this.#reach ? this.#reach.value >>> 0 : 0
      if (end > Math.max(known, HEADER_BYTES)) this.beyond.push(`access ${id} of ${bytes} bytes to ${end} beyond ${known}`)
      return address
    }
    return instruments(watch)
  }
}

/** Two instances of one heap, each with the same table opened. */
function pair(kind: number, capacity = 1): { memory: WebAssembly.Memory; sides: [Watched, number][] } {
  const memory = new WebAssembly.Memory({ initial: 6, maximum: 4096, shared: true })
  const setup = new WebAssembly.Instance(module, {
    env: { memory, recoverIfDead: () => 0, clock: () => 1, ...instruments((_id, _bytes, _offset, address) => address) },
  }).exports as unknown as CoreExports
  setup.initializeHeap(4096, 1, 2, ...RANDOM)
  const first = new Watched(memory)
  const second = new Watched(memory)
  const directory = first.core.createDirectory()
  expect(wordAt(memory, HEADER.directory)).toBe(directory)
  const table = first.core.createCollection(HASH_MAP, kind, kind, capacity, 0, false)
  expect(second.core.isListed(table)).toBe(1)
  first.table = table
  return { memory, sides: [first, second].map((side) => [side, side.core.openCollection(table, 1)]) }
}

/** A thread's part in the play: what it does at step i, after the other one has set key i (and made memory grow). */
type Part = (side: Watched, stripe: number, memory: WebAssembly.Memory, i: number) => void

const NUMBERS: Record<string, Part> = {
  reads: ({ core }, stripe, _, i) => expectEqual(core.getByNumber(stripe, i), i),
  'asks for absent keys': ({ core }, stripe, _, i) => expectEqual(core.hasNumber(stripe, -1 - i), 0),
  updates: ({ core }, stripe, _, i) => expectEqual(core.setNumberByNumber(stripe, i, i), 0),
  inserts: ({ core }, stripe, _, i) => expectEqual(core.setNumberByNumber(stripe, i + 0.5, i), 1),
  removes: ({ core }, stripe, _, i) => expectEqual(core.deleteNumber(stripe, i), 1),
  counts: ({ core }, stripe, _, i) => expectEqual(core.size(stripe), i + 1),
  iterates: (side, stripe, memory, i) => {
    if (i % 500 === 0) expectEqual(visitAll(side, stripe, memory), i + 1)
  },
  clears: ({ core }, stripe, _, i) => {
    if (i % 2000 === 0) expectEqual(core.clear(stripe), 0)
  },
  'makes room': ({ core }, stripe, _, i) => {
    if (i % 500 === 0) expectEqual(core.reserve(stripe, i * 2), 0)
  },
  checks: ({ core }, _stripe, _, i) => {
    if (i % 1000 === 0) expectEqual(core.checkHeap(), 0)
  },
}

const TEXTS: Record<string, Part> = {
  reads: (side, stripe, memory, i) =>
    expectEqual(side.core.getBlockByBlock(stripe, ...keyAt(side, memory, i)), valueLength(i) << 3),
  updates: (side, stripe, memory, i) =>
    expectEqual(side.core.setBlockByBlock(stripe, ...keyAt(side, memory, i), ...valueAt(side, memory, i + 1)), 0),
  removes: (side, stripe, memory, i) => expectEqual(side.core.deleteBlock(stripe, ...keyAt(side, memory, i)), 1),
  iterates: (side, stripe, memory, i) => {
    if (i % 500 === 0) expectEqual(visitAll(side, stripe, memory), i + 1)
  },
  clears: ({ core }, stripe, _, i) => {
    if (i % 1000 === 0) expectEqual(core.clear(stripe), 0)
  },
  checks: ({ core }, _stripe, _, i) => {
    if (i % 1000 === 0) expectEqual(core.checkHeap(), 0)
  },
}

/** The universal operations, on a table of kind any. `ask` puts the operands where they belong. */
const ANYTHING: Record<string, Part> = {
  reads: (side, stripe, memory, i) => expectEqual(ask(side, memory, i).get(stripe), STATUS.found),
  asks: (side, stripe, memory, i) => expectEqual(ask(side, memory, i).has(stripe), STATUS.found),
  'finds what is there': (side, stripe, memory, i) => expectEqual(ask(side, memory, i).insert(stripe), 0),
  exchanges: (side, stripe, memory, i) => expectEqual(ask(side, memory, i).exchange(stripe), STATUS.replaced),
  takes: (side, stripe, memory, i) => expectEqual(ask(side, memory, i).take(stripe), STATUS.removed),
  'compares and sets': (side, stripe, memory, i) => expectEqual(ask(side, memory, i).compareAndSet(stripe), STATUS.matched),
  'compares and deletes': (side, stripe, memory, i) => expectEqual(ask(side, memory, i).compareAndDelete(stripe), STATUS.matched),
  pins: (side, stripe, memory, i) => {
    expectEqual(ask(side, memory, i).pin(stripe), STATUS.found)
    side.core.unpin()
  },
  'reads many': (side, stripe, memory, i) => {
    if (i >= 8) expectEqual(Number(side.core.getMany(stripe, batch(side, memory, i - 7, 8, false)) > 0), 1)
  },
  'sets many': (side, stripe, memory, i) => {
    if (i >= 8) expectEqual(side.core.setMany(stripe, batch(side, memory, i - 7, 8, true)), 8)
  },
  'deletes many': (side, stripe, memory, i) => {
    if (i % 8 === 7) expectEqual(side.core.deleteMany(stripe, batch(side, memory, i - 7, 8, false)), 8)
  },
  'holds chains': ({ core }, stripe, _, i) => {
    if (i % 100 !== 0) return
    expectEqual(Number(core.pinChain(stripe, 0, 0xffffffff, false) >= 0), 1)
    core.unpin()
  },
  'makes and deletes tables': ({ core }, _stripe, memory, i) => {
    if (i % 100 !== 0) return
    const table = core.createCollection(HASH_MAP, ANY, ANY, i * 10, 0, false)
    core.keepCollection()
    const generation = wordAt(memory, table + RECORD.generation)
    const opened = core.openCollection(table, generation)
    for (let key = 0; key < 200; key++) core.setNumberByNumber(opened, key, key)
    expectEqual(core.deleteCollection(table, generation), STATUS.removed)
    expectEqual(core.size(opened), STATUS.deleted)
    core.closeCollection(opened)
  },
}

describe('every access of the core stays within the memory that its instance has looked at', () => {
  it.each(some(Object.keys(NUMBERS), 5))('number keys, where the other thread %s', (name) => {
    play(NUMBER, NUMBERS[name]!, (side, stripe, _, i) => side.core.setNumberByNumber(stripe, i, i), NUMBER_STEPS)
  })

  it.each(some(Object.keys(TEXTS), 3))('string keys and values, where the other thread %s', (name) => {
    const set: Part = (side, stripe, memory, i) =>
      side.core.setBlockByBlock(stripe, ...keyAt(side, memory, i), ...valueAt(side, memory, i))
    play(STRING, TEXTS[name]!, set, sized(1_000, 3_000))
  })

  it.each(some(Object.keys(ANYTHING), 4))('keys and values of any kind, where the other thread %s', (name) => {
    const set: Part = (side, stripe, memory, i) => ask(side, memory, i).set(stripe)
    play(ANY, ANYTHING[name]!, set, sized(1_000, 3_000))
  })

  it('a table that the other thread deletes while this one writes', () => {
    const { memory, sides } = pair(ANY)
    const [[first, stripe], [second, other]] = sides as [[Watched, number], [Watched, number]]
    for (let i = 0; i < 3_000; i++) expectEqual(ask(first, memory, i).set(stripe), STATUS.inserted)
    expectEqual(second.core.deleteCollection(first.table, 1), STATUS.removed)
    expectEqual(ask(first, memory, 1).set(stripe), STATUS.deleted)
    expectEqual(first.core.checkHeap(), 0)
    for (const [side, opened] of [
      [first, stripe],
      [second, other],
    ] as const)
      side.core.closeCollection(opened)
    expectEqual(second.core.checkHeap(), 0)
    for (const side of [first, second]) expect(side.beyond.slice(0, 5)).toEqual([])
  })

  it('number keys in overflow buckets, in a table that does not grow', () => {
    play(NUMBER, NUMBERS.reads!, (side, stripe, _, i) => side.core.setNumberByNumber(stripe, i, i), NUMBER_STEPS, 12_000)
  })

  it('blocks that another thread has carved, freed, and given to the heap', () => {
    const { memory, sides } = pair(STRING, 5_000)
    const [[first, stripe], [second, other]] = sides as [[Watched, number], [Watched, number]]
    const set = (side: Watched, opened: number, i: number): number =>
      side.core.setBlockByBlock(opened, ...keyAt(side, memory, i), ...valueAt(side, memory, i))
    for (let i = 0; i < 3_000; i++) set(first, stripe, i)
    for (let i = 0; i < 3_000; i++) first.core.deleteBlock(stripe, ...keyAt(first, memory, i))
    for (let i = 0; i < 3_000; i++) set(second, other, i)
    finish(sides)
  })

  it('where a thread comes late, and inherits the slot of one that has left', () => {
    const HALF = sized(10_000, 30_000)
    const { memory, sides } = pair(NUMBER)
    const [[early, stripe]] = sides as [[Watched, number]]
    for (let i = 0; i < HALF; i++) early.core.setNumberByNumber(stripe, i, i)
    sides[1]![0].core.detachThread()
    for (let i = HALF; i < 2 * HALF; i++) early.core.setNumberByNumber(stripe, i, i)
    const late = new Watched(memory)
    expect(late.core.isListed(early.table)).toBe(1)
    const opened = late.core.openCollection(early.table, 1)
    for (let i = 0; i < 2 * HALF; i++) expectEqual(late.core.getByNumber(opened, i), i)
    finish([
      [early, stripe],
      [late, opened],
    ])
  })
})

/** Plays: the first side sets keys one after the other, the second does its part after each. */
function play(kind: number, part: Part, set: Part, steps: number, capacity?: number): void {
  const { memory, sides } = pair(kind, capacity)
  const [[first, stripe], [second, other]] = sides as [[Watched, number], [Watched, number]]
  for (let i = 0; i < steps; i++) {
    set(first, stripe, memory, i)
    part(second, other, memory, i)
  }
  finish(sides)
}

/** Puts key i, its value and the value that is expected there into the operands of a side. */
function ask(side: Watched, memory: WebAssembly.Memory, i: number): CoreExports {
  const scratch = side.core.scratchAddress()
  operand(memory, scratch + SCRATCH.keyOperand, ...keyAt(side, memory, i))
  operand(memory, scratch + SCRATCH.valueOperand, ...valueAt(side, memory, i))
  operand(memory, scratch + SCRATCH.expectedOperand, ...put(memory, scratch + SCRATCH.expected, 'v'.repeat(valueLength(i))))
  return side.core
}

function operand(memory: WebAssembly.Memory, at: number, source: number, meta: number): void {
  new Uint32Array(memory.buffer, at, 2).set([meta, source])
}

/** Lays out some keys, with numbers as values or without. Returns how many. */
function batch(side: Watched, memory: WebAssembly.Memory, first: number, count: number, withValues: boolean): number {
  let at = side.core.scratchAddress() + SCRATCH.value
  for (let i = first; i < first + count; i++) {
    const [, meta] = put(memory, at, `key ${i}`)
    new Uint32Array(memory.buffer, at, 1)[0] = meta
    at += 8 + (((meta >>> 3) + 7) & ~7)
    if (!withValues) continue
    new Uint32Array(memory.buffer, at, 1)[0] = TYPE.number
    new Float64Array(memory.buffer, at + 8, 1)[0] = i
    at += 16
  }
  return count
}

function wordAt(memory: WebAssembly.Memory, at: number): number {
  return new Uint32Array(memory.buffer)[at / 4]!
}

const valueLength = (i: number): number => (i * 7) % 3000

function keyAt(side: Watched, memory: WebAssembly.Memory, i: number): [number, number] {
  return put(memory, side.core.scratchAddress() + SCRATCH.key, `key ${i}`)
}

function valueAt(side: Watched, memory: WebAssembly.Memory, i: number): [number, number] {
  return put(memory, side.core.scratchAddress() + SCRATCH.value, 'v'.repeat(valueLength(i)))
}

/** Writes a block's payload; returns its address and meta word. */
function put(memory: WebAssembly.Memory, source: number, text: string): [number, number] {
  new Uint8Array(memory.buffer).set(new TextEncoder().encode(text), source + 8)
  return [source, text.length << 3]
}

function visitAll({ core }: Watched, stripe: number, memory: WebAssembly.Memory): number {
  let cursor = 0
  let visited = 0
  do {
    visited += core.scan(stripe, cursor, 0xffffffff, 64, false)
    cursor = new Uint32Array(memory.buffer)[core.scratchAddress() / 4 + 2]!
  } while (cursor !== 0)
  return visited
}

function finish(sides: readonly [Watched, number][]): void {
  for (const [{ core }] of sides) expect(core.checkHeap()).toBe(0)
  for (const [{ core }, stripe] of sides) core.clear(stripe)
  for (const [side] of sides) {
    side.core.detachThread()
    expect(side.accesses).toBeGreaterThan(10_000) // the accesses were watched indeed
    expect(side.beyond.slice(0, 5)).toEqual([])
  }
}

/** Faster than expect() in a loop. */
function expectEqual(found: number, expected: number): void {
  if (found !== expected) throw new Error(`found ${found} instead of ${expected}`)
}
