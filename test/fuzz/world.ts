// A small heap with collections of all kinds, and the threads that use it: each instance of the core is one.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CoreExports } from '../../src/core/exports.js'
import { BITSET_ID } from '../../src/bitset/layout.js'
import { QUEUE_ID } from '../../src/queue/layout.js'
import { layout } from './task.js'

const { HEADER, KIND_CODES, OPERAND, SCRATCH, SLOTS_AT, SLOT_BYTES, RECORD, TYPE, HASH_MAP } = layout

export const MAX_PAGES = 48
const PAGE_BYTES = 65536
/** A value of this length is too long for the scratch page; so is a key of a seventh of it. */
const LONG = 60_000

/** The word of undefined: see assembly/layout/word.ts. */
const UNDEFINED = 0xfff8_0000_0000_0001n

/** What is thrown when a thread has waited for the owner of a lock: it would be told after 10 seconds. */
export class Waited extends Error {}

/** A key or value of a test. */
export type Value = number | string | bigint | undefined

/** Loads one of the two cores. */
export function loadCore(name: string): WebAssembly.Module {
  const path = fileURLToPath(new URL(`../../${name}.wasm`, import.meta.url)) // as seen from build/test/fuzz
  return new WebAssembly.Module(readFileSync(path))
}

/** The names of what a core exports. */
export function exportsOf(module: WebAssembly.Module): string[] {
  return WebAssembly.Module.exports(module).map(({ name }) => name)
}

/** One thread. */
export class Thread {
  readonly memory: WebAssembly.Memory
  readonly core: CoreExports
  id = 0
  scratch = 0
  view: DataView

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.memory = memory
    const recoverIfDead = (): number => {
      throw new Waited()
    }
    const { exports } = new WebAssembly.Instance(module, { env: { memory, recoverIfDead, clock: () => 1, checkpoint: () => {} } })
    this.core = exports as unknown as CoreExports
    this.view = new DataView(memory.buffer)
  }

  attach(): this {
    this.id = this.core.attachThread(true, 0, 0, 0, 0, 0, 0)
    if (this.id <= 0) throw new Error(`attachThread: ${this.id}`)
    this.scratch = this.core.scratchAddress() >>> 0
    return this.look()
  }

  /** Has the view reach as far as memory does now. */
  look(): this {
    this.core.pages()
    if (this.view.buffer !== this.memory.buffer) this.view = new DataView(this.memory.buffer)
    return this
  }

  word(at: number): number {
    return this.view.getUint32(at, true)
  }

  setWord(at: number, value: number): void {
    this.view.setUint32(at, value, true)
  }

  /** Writes an operand: a block in its area or, if it is long, in one of its own, whose address is returned. */
  stage(operand: number, area: number, value: Value): number {
    const at = this.scratch + operand
    if (typeof value === 'string') return this.#stageText(at, area, value)
    this.setWord(at + OPERAND.meta, typeof value === 'number' ? TYPE.number : TYPE.word)
    if (typeof value === 'number') this.view.setFloat64(at + OPERAND.word, value, true)
    else this.view.setBigUint64(at + OPERAND.word, value === undefined ? UNDEFINED : BigInt.asUintN(64, value), true)
    return 0
  }

  #stageText(at: number, area: number, text: string): number {
    const meta = text.length * 8
    const isLong = text.length > (area === SCRATCH.key ? 8_000 : 27_000)
    const source = isLong ? this.core.newBlock(meta) >>> 0 : this.scratch + area
    if (source === 0) return 0
    this.look()
    this.write(source + 8, text)
    this.setWord(at + OPERAND.meta, meta)
    this.setWord(at + OPERAND.source, source)
    return isLong ? source : 0
  }

  write(at: number, text: string): void {
    new Uint8Array(this.memory.buffer, at, text.length).set(Buffer.from(text, 'latin1'))
  }
}

/** A table of a world, as the threads that use it have it open. */
export interface Place {
  readonly name: string
  readonly key: keyof typeof KIND_CODES
  readonly value: keyof typeof KIND_CODES
  readonly address: number
  readonly generation: number
  /** Stripes: of the thread that is fuzzed, and of the one that goes on. */
  readonly stripe: number
  readonly checker: number
}

/** A structure beside the hash map. */
export type Other = 'bits'

/** How large it is; of the bits some are set, on two pages. */
const OTHER_SIZES: Readonly<Record<Other, number>> = { bits: 100_000 }
const BITS_SET = [3, 64, 70_000]

/** Of the hashes: always the same, so that keys which meet do so in every run. */
const RANDOM = [13, 14, 15, 16] as const

const SHAPES = [
  ['numbers', 'number', 'number'],
  ['strings', 'string', 'string'],
  ['any', 'any', 'any'],
  ['bigints', 'bigint', 'bigint'],
  ['a set', 'string', 'none'],
  ['bytes', 'bytes', 'number'],
] as const

/** The record of the checker's own table has been others before, so that nobody guesses its generation. */
const OWN_USE = 6

/** Entries of each table: most of them in one chain of several buckets. */
const ENTRIES = 26
const ATTRACTED = 22

export class World {
  readonly memory = new WebAssembly.Memory({ initial: 16, maximum: MAX_PAGES, shared: true })
  readonly module: WebAssembly.Module
  /** The thread that is fuzzed, one that uses the same tables, and none. */
  readonly victim: Thread
  readonly checker: Thread
  readonly attacker: Thread
  readonly places: readonly Place[]
  /** What other structures there are, by the name of the role of their stripes: see entries.ts. */
  readonly others: Readonly<Record<Other, Place>>
  /** A queue with some items. */
  readonly queue: Place
  /** A table that only the checker has open. */
  readonly own: Omit<Place, 'stripe'>
  /** A stripe of a table that was closed, and one of a table that was deleted. */
  readonly closed: number
  readonly deleted: number
  readonly deletedTable: number

  constructor(module: WebAssembly.Module) {
    this.module = module
    this.checker = new Thread(module, this.memory)
    this.checker.core.initializeHeap(MAX_PAGES, 11, 12, ...RANDOM)
    this.checker.attach()
    this.checker.core.createDirectory()
    this.victim = new Thread(module, this.memory).attach()
    this.attacker = new Thread(module, this.memory)
    this.places = SHAPES.map(([name, key, value]) => this.#make(name, key, value))
    this.others = { bits: this.#open('bits', BITSET_ID, 'number', 'none', OTHER_SIZES.bits) }
    for (const bit of BITS_SET) this.checker.core.makePageOf(this.others.bits.checker, bit)
    for (const bit of BITS_SET) this.checker.core.addBit(this.others.bits.checker, bit)
    this.queue = this.#makeQueue()
    for (let use = 1; use < OWN_USE; use++) this.#makeAndDelete('former')
    const own = this.#make('own', 'number', 'number')
    this.victim.core.closeCollection(own.stripe)
    this.checker.core.clear(own.checker)
    for (let i = 0; i < 100; i++) this.checker.core.setNumberByNumber(own.checker, i, i * 3)
    this.own = own
    this.closed = own.stripe
    const gone = this.#makeAndDelete('gone')
    this.deleted = gone.stripe
    this.deletedTable = gone.address
  }

  #makeAndDelete(name: string): Place {
    const gone = this.#make(name, 'any', 'any')
    this.victim.core.closeCollection(gone.stripe)
    this.checker.core.deleteCollection(gone.address, gone.generation)
    this.checker.core.closeCollection(gone.checker)
    return gone
  }

  #makeQueue(): Place {
    const place = this.#open('a queue', QUEUE_ID, 'number', 'any', 32)
    for (let i = 0; i < ENTRIES; i++) {
      const block = this.victim.stage(SCRATCH.valueOperand, SCRATCH.value, i % 2 ? `item ${i}` : i)
      if (i % 2) this.victim.core.pushBlock(place.stripe, this.victim.scratch + SCRATCH.value, `item ${i}`.length * 8)
      else this.victim.core.pushNumber(place.stripe, i)
      if (block !== 0) throw new Error('too long')
    }
    return place
  }

  /** A collection of any structure, which both threads have open. */
  #open(name: string, structure: number, key: Place['key'], value: Place['value'], capacity: number): Place {
    const { core } = this.checker
    const address = core.createCollection(structure, KIND_CODES[key], KIND_CODES[value], capacity, 0, false) >>> 0
    core.keepCollection()
    const generation = this.checker.look().word(address + RECORD.generation)
    const [stripe, checker] = [this.victim, this.checker].map((one) => one.core.openCollection(address, generation) >>> 0)
    return { name, key, value, address, generation, stripe: stripe!, checker: checker! }
  }

  #make(name: string, key: Place['key'], value: Place['value']): Place {
    const place = this.#open(name, HASH_MAP, key, value, 1)
    for (let i = 0; i < ENTRIES; i++) {
      const thread = i % 2 === 0 ? this.victim : this.checker
      setEntry(thread, i % 2 === 0 ? place.stripe : place.checker, place, i)
    }
    return place
  }
}

/** The i-th key of a kind. The first ones have hashes that begin alike, so they stay in one chain for long. */
export function keyOf(kind: Place['key'], i: number): Value {
  if (kind === 'any') return keyOf(i % 3 === 0 ? 'number' : 'string', i)
  const n = attracted(kind)[i] ?? 100_000 + i
  if (kind === 'number') return n
  return kind === 'bigint' ? BigInt(n) : `key ${n}`
}

const found = new Map<string, readonly number[]>()

/** Numbers of keys that come first in the order of iteration of many: see docs/design/hashmap.md, section 7. */
function attracted(kind: 'number' | 'bigint' | 'string' | 'bytes' | 'none'): readonly number[] {
  const name = kind === 'number' || kind === 'bigint' ? 'number' : 'string'
  return found.get(kind) ?? attract(kind, name)
}

function attract(kind: string, shape: 'number' | 'string'): readonly number[] {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 256, shared: true })
  const thread = new Thread(loadCore('tophash'), memory)
  thread.core.initializeHeap(256, 11, 12, ...RANDOM)
  thread.attach()
  const code = kind === 'bigint' ? KIND_CODES.bigint : KIND_CODES[shape]
  const table = thread.core.createCollection(HASH_MAP, code, KIND_CODES.number, 0, 0, false)
  const stripe = thread.core.openCollection(table, 1)
  for (let n = 0; n < 4000; n++) {
    const key = kind === 'bigint' ? BigInt(n) : shape === 'number' ? n : `key ${n}`
    thread.stage(SCRATCH.keyOperand, SCRATCH.key, key)
    thread.stage(SCRATCH.valueOperand, SCRATCH.value, n)
    thread.core.set(stripe)
  }
  found.set(kind, firstValues(thread.look(), stripe, shape))
  return found.get(kind)!
}

/** The values of the first entries in the order of iteration. */
function firstValues(thread: Thread, stripe: number, shape: 'number' | 'string'): number[] {
  thread.core.scan(stripe, 0, 0xffff_ffff, ATTRACTED, false)
  let at = thread.word(thread.scratch + SCRATCH.address)
  return Array.from({ length: ATTRACTED }, () => {
    at += shape === 'number' ? 8 : 8 + (((thread.word(at) >>> 3) + 7) & ~7)
    at += 8
    return thread.view.getFloat64(at - 8, true)
  })
}

/** The i-th value of a kind. */
export function valueOf(kind: Place['value'], i: number): Value {
  if (kind === 'number') return i * 2
  if (kind === 'bigint') return BigInt(i)
  if (kind === 'none') return undefined
  if (kind === 'any' && i % 3 === 0) return i
  return i === 5 ? 'v'.repeat(LONG) : `value ${i}`
}

/** Sets the i-th entry, by the universal operation. Returns its status. */
export function setEntry(thread: Thread, stripe: number, { key, value }: Pick<Place, 'key' | 'value'>, i: number): number {
  const blocks = [
    thread.stage(SCRATCH.keyOperand, SCRATCH.key, keyOf(key, i)),
    thread.stage(SCRATCH.valueOperand, SCRATCH.value, valueOf(value, i)),
  ]
  const status = thread.core.set(stripe)
  for (const block of blocks) if (block !== 0) thread.core.dropBlock(block)
  return status
}

/** Address of a thread's slot. */
export function slotOf({ id }: Thread): number {
  return SLOTS_AT + (id - 1) * SLOT_BYTES
}

/** Address of the table of names. */
export function directoryOf({ checker }: World): number {
  return checker.look().word(HEADER.directory)
}

export { LONG, PAGE_BYTES }
