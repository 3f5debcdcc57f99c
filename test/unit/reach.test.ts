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
function pair(keyKind: number, valueKind: number): { memory: WebAssembly.Memory; sides: [Watched, number][] } {
  const memory = new WebAssembly.Memory({ initial: 5, maximum: 4096, shared: true })
  const setup = new WebAssembly.Instance(module, { env: { memory, ...instruments((_id, _bytes, _offset, address) => address) } }).exports as unknown as CoreExports
  setup.initializeHeap(4096, 1, 2, 3, 4)
  const first = new Watched(memory)
  const second = new Watched(memory)
  const table = first.core.createTable(keyKind, valueKind, 1)
  second.core.isTable(table)
  return { memory, sides: [first, second].map((side) => [side, side.core.openTable(table)]) }
}

describe('every access of the core stays within the memory that its instance has looked at', () => {
  it('with number keys: growth, overflow buckets, iteration, removal, clear', () => {
    const { memory, sides } = pair(NUMBER, NUMBER)
    const N = 20_000
    for (let i = 0; i < N; i++) {
      const [writer, stripe] = sides[(i >> 9) & 1]! // in turns of 512, so that each meets what the other has made
      writer.core.setNumberByNumber(stripe, i, i)
      const [reader, other] = sides[i & 1]!
      expectEqual(reader.core.getNumberByNumber(other, i >> 1), i >> 1)
    }
    visitAll(memory, sides, 'scanNumberNumber', N)
    for (let i = 0; i < N; i += 2) sides[(i >> 8) & 1]![0].core.deleteNumber(sides[(i >> 8) & 1]![1], i)
    finish(sides, N / 2)
  })

  it('with string keys and values: blocks and batches that the other side has carved and freed', () => {
    const { memory, sides } = pair(STRING, STRING)
    const N = 8_000
    const bytes = (): Uint8Array => new Uint8Array(memory.buffer)
    const key = (side: Watched, i: number): [number, number] => put(bytes(), side.core.scratchAddress() + 64, `key ${i}`)
    const value = (side: Watched, i: number): [number, number] =>
      put(bytes(), side.core.scratchAddress() + 8192, 'v'.repeat((i * 7) % 3000))
    for (let i = 0; i < N; i++) {
      const [side, stripe] = sides[(i >> 8) & 1]!
      side.core.setStringByString(stripe, ...key(side, i), ...value(side, i))
      const [reader, other] = sides[1 - ((i >> 8) & 1)]!
      expectEqual(reader.core.getStringByString(other, ...key(reader, i)), ((i * 7) % 3000) << 1)
      if (i % 3 === 0) reader.core.deleteString(other, ...key(reader, i - (i % 2)))
    }
    visitAll(memory, sides, 'scanStringString', undefined)
    finish(sides, undefined)
  })
})

/** A block's payload; returns its address and meta word. */
function put(bytes: Uint8Array, source: number, text: string): [number, number] {
  for (let i = 0; i < text.length; i++) bytes[source + 8 + i] = text.charCodeAt(i)
  return [source, text.length << 1]
}

function visitAll(memory: WebAssembly.Memory, sides: [Watched, number][], scan: 'scanNumberNumber' | 'scanStringString', expected: number | undefined): void {
  for (const [{ core }, stripe] of sides) {
    let cursor = 0
    let visited = 0
    do {
      visited += core[scan](stripe, cursor, 0xffffffff, 64)
      cursor = new Uint32Array(memory.buffer)[core.scratchAddress() / 4 + 2]!
    } while (cursor !== 0)
    if (expected !== undefined) expect(visited).toBe(expected)
  }
}

function finish(sides: [Watched, number][], size: number | undefined): void {
  for (const [{ core }, stripe] of sides) {
    if (size !== undefined) expect(core.size(stripe)).toBe(size)
    expect(core.checkHeap()).toBe(0)
  }
  for (const [{ core }, stripe] of sides) core.clear(stripe)
  for (const [side] of sides) {
    side.core.detachThread()
    expect(side.accesses).toBeGreaterThan(100_000) // the accesses were watched indeed
    expect(side.beyond.slice(0, 5)).toEqual([])
  }
}

/** Faster than expect() in a loop. */
function expectEqual(found: number, expected: number): void {
  if (found !== expected) throw new Error(`found ${found} instead of ${expected}`)
}
