// When one thread makes memory grow, the others' instances may not see it at once, and would trap at an address that is
// good. So the core must bring every address that comes from another thread within reach before it uses it (see
// assembly/sync/reach.ts). The trap itself needs a thread to be stopped between two instructions; here instead every
// load and store of the core is watched: two instances take turns on one heap, as two threads would, and neither may
// touch memory that it has not looked at since it grew.
import binaryen from 'binaryen'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CoreExports } from '../../src/core/exports.js'
import { compile } from './probe.js'

const HEADER_BYTES = 131072
const NUMBER = 1
const STRING = 2

let module: WebAssembly.Module

beforeAll(async () => {
  const source = `export * from './assembly/exports'\nexport { reach } from './assembly/sync/reach'`
  module = new WebAssembly.Module(instrument(await compile(source, '-O1', '--noAssert')))
}, 60_000)

/** Puts a call before each load and store: the address goes in, and comes back. */
function instrument(binary: Uint8Array): Uint8Array<ArrayBuffer> {
  const parsed = binaryen.readBinary(binary)
  const { Atomics, BulkMemory, BulkMemoryOpt, MutableGlobals, SignExt, NontrappingFPToInt } = binaryen.Features
  parsed.setFeatures(Atomics | BulkMemory | BulkMemoryOpt | MutableGlobals | SignExt | NontrappingFPToInt)
  parsed.runPasses(['instrument-memory'])
  return parsed.emitBinary() as Uint8Array<ArrayBuffer>
}

/** An instance whose loads and stores are counted, and whose accesses beyond its reach are collected. */
class Watched {
  readonly core: CoreExports
  readonly beyond: string[] = []
  accesses = 0
  table = 0
  readonly #reach: WebAssembly.Global

  constructor(memory: WebAssembly.Memory) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory, ...this.#instruments() } })
    this.core = exports as unknown as CoreExports
    this.#reach = exports.reach as WebAssembly.Global
    this.core.attachThread(true)
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

type Instruments = Record<string, (...args: never[]) => unknown>
type Watch = (id: number, bytes: number, offset: number, address: number) => number

/** The imports of the instrumented code: addresses go through `watch`, values through unchanged. */
function instruments(watch: Watch): Instruments {
  const pass = (_id: number, value: unknown): unknown => value
  const names = ['load', 'store'].flatMap((name) => ['i32', 'i64', 'f32', 'f64'].map((type) => `${name}_val_${type}`))
  const passes = Object.fromEntries(['memory_grow_pre', 'memory_grow_post', ...names].map((name) => [name, pass]))
  return { ...passes, load_ptr: watch, store_ptr: watch }
}

/** Two instances of one heap, each with the same table opened. */
function pair(kind: number, capacity = 1): { memory: WebAssembly.Memory; sides: [Watched, number][] } {
  const memory = new WebAssembly.Memory({ initial: 5, maximum: 4096, shared: true })
  const setup = new WebAssembly.Instance(module, { env: { memory, ...instruments((_id, _bytes, _offset, address) => address) } }).exports as unknown as CoreExports
  setup.initializeHeap(4096, 1, 2, 3, 4)
  const first = new Watched(memory)
  const second = new Watched(memory)
  const table = first.core.createTable(kind, kind, capacity)
  expect(second.core.isTable(table)).toBe(1)
  first.table = table
  return { memory, sides: [first, second].map((side) => [side, side.core.openTable(table)]) }
}

/** A thread's part in the play: what it does at step i, after the other one has set key i (and made memory grow). */
type Part = (side: Watched, stripe: number, memory: WebAssembly.Memory, i: number) => void

const NUMBERS: Record<string, Part> = {
  reads: ({ core }, stripe, _, i) => expectEqual(core.getNumberByNumber(stripe, i), i),
  'asks for absent keys': ({ core }, stripe, _, i) => expectEqual(core.hasNumber(stripe, -1 - i), 0),
  updates: ({ core }, stripe, _, i) => expectEqual(core.setNumberByNumber(stripe, i, i), 0),
  inserts: ({ core }, stripe, _, i) => expectEqual(core.setNumberByNumber(stripe, i + 0.5, i), 1),
  removes: ({ core }, stripe, _, i) => expectEqual(core.deleteNumber(stripe, i), 1),
  counts: ({ core }, stripe, _, i) => expectEqual(core.size(stripe), i + 1),
  iterates: (side, stripe, memory, i) => { if (i % 500 === 0) expectEqual(visitAll(side, stripe, memory, 'scanNumberNumber'), i + 1) },
  clears: ({ core }, stripe, _, i) => { if (i % 2000 === 0) expectEqual(core.clear(stripe), 0) },
  'makes room': ({ core }, stripe, _, i) => { if (i % 500 === 0) expectEqual(core.reserve(stripe, i * 2), 0) },
  checks: ({ core }, _stripe, _, i) => { if (i % 1000 === 0) expectEqual(core.checkHeap(), 0) },
}

const TEXTS: Record<string, Part> = {
  reads: (side, stripe, memory, i) => expectEqual(side.core.getStringByString(stripe, ...keyAt(side, memory, i)), valueLength(i) << 1),
  updates: (side, stripe, memory, i) =>
    expectEqual(side.core.setStringByString(stripe, ...keyAt(side, memory, i), ...valueAt(side, memory, i + 1)), 0),
  removes: (side, stripe, memory, i) => expectEqual(side.core.deleteString(stripe, ...keyAt(side, memory, i)), 1),
  iterates: (side, stripe, memory, i) => { if (i % 500 === 0) expectEqual(visitAll(side, stripe, memory, 'scanStringString'), i + 1) },
  clears: ({ core }, stripe, _, i) => { if (i % 1000 === 0) expectEqual(core.clear(stripe), 0) },
  checks: ({ core }, _stripe, _, i) => { if (i % 1000 === 0) expectEqual(core.checkHeap(), 0) },
}

describe('every access of the core stays within the memory that its instance has looked at', () => {
  it.each(Object.keys(NUMBERS))('number keys, where the other thread %s', (name) => {
    play(NUMBER, NUMBERS[name]!, (side, stripe, _, i) => side.core.setNumberByNumber(stripe, i, i), 12_000)
  })

  it.each(Object.keys(TEXTS))('string keys and values, where the other thread %s', (name) => {
    const set: Part = (side, stripe, memory, i) =>
      side.core.setStringByString(stripe, ...keyAt(side, memory, i), ...valueAt(side, memory, i))
    play(STRING, TEXTS[name]!, set, 3_000)
  })

  it('number keys in overflow buckets, in a table that does not grow', () => {
    play(NUMBER, NUMBERS.reads!, (side, stripe, _, i) => side.core.setNumberByNumber(stripe, i, i), 12_000, 12_000)
  })

  it('blocks that another thread has carved, freed, and given to the heap', () => {
    const { memory, sides } = pair(STRING, 5_000)
    const [[first, stripe], [second, other]] = sides as [[Watched, number], [Watched, number]]
    const set = (side: Watched, opened: number, i: number): number =>
      side.core.setStringByString(opened, ...keyAt(side, memory, i), ...valueAt(side, memory, i))
    for (let i = 0; i < 3_000; i++) set(first, stripe, i)
    for (let i = 0; i < 3_000; i++) first.core.deleteString(stripe, ...keyAt(first, memory, i))
    for (let i = 0; i < 3_000; i++) set(second, other, i)
    finish(sides)
  })

  it('where a thread comes late, and inherits the slot of one that has left', () => {
    const { memory, sides } = pair(NUMBER)
    const [[early, stripe]] = sides as [[Watched, number]]
    for (let i = 0; i < 30_000; i++) early.core.setNumberByNumber(stripe, i, i)
    sides[1]![0].core.detachThread()
    for (let i = 30_000; i < 60_000; i++) early.core.setNumberByNumber(stripe, i, i)
    const late = new Watched(memory)
    expect(late.core.isTable(early.table)).toBe(1)
    const opened = late.core.openTable(early.table)
    for (let i = 0; i < 60_000; i++) expectEqual(late.core.getNumberByNumber(opened, i), i)
    finish([[early, stripe], [late, opened]])
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

const valueLength = (i: number): number => (i * 7) % 3000

function keyAt(side: Watched, memory: WebAssembly.Memory, i: number): [number, number] {
  return put(memory, side.core.scratchAddress() + 64, `key ${i}`)
}

function valueAt(side: Watched, memory: WebAssembly.Memory, i: number): [number, number] {
  return put(memory, side.core.scratchAddress() + 8192, 'v'.repeat(valueLength(i)))
}

/** Writes a block's payload; returns its address and meta word. */
function put(memory: WebAssembly.Memory, source: number, text: string): [number, number] {
  new TextEncoder().encode(text).forEach((byte, at) => (new Uint8Array(memory.buffer)[source + 8 + at] = byte))
  return [source, text.length << 1]
}

function visitAll({ core }: Watched, stripe: number, memory: WebAssembly.Memory, scan: 'scanNumberNumber' | 'scanStringString'): number {
  let cursor = 0
  let visited = 0
  do {
    visited += core[scan](stripe, cursor, 0xffffffff, 64)
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
