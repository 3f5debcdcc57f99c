// Walks over one long chain take as many steps as it has entries, not as many as it has pairs of them. Steps are loads and
// stores, counted by an instrumented core: twice the entries may take twice as many.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CoreExports } from '../../src/core/exports.js'
import { KIND_CODES, LENGTH_SHIFT, SCRATCH } from '../../src/core/layout.js'
import { HELD_ENTRY, HASH_MAP } from '../../src/table/layout.js'
import { RANDOM, numbersOf, textsOf } from '../support/hashes.js'
import { some } from '../support/size.js'
import { instrument, instruments } from './instrument.js'
import { compile } from './probe.js'

const LAST = 0xffff_ffff
/** More entries than pinChain() lists at once, or a scratch page holds, and twice as many. Texts are harder to make. */
const COUNTS = { number: [4000, 8000], string: [2000, 4000] } as const
const KINDS = some(['number', 'string'] as const, 1)
/** What a walk takes may have a part that goes with the logarithm. A quadratic one takes four times as long. */
const MOST = 2.6
/** What check() returns: see assembly/structures/hashmap/check.ts. */
const KEY_TWICE = 6
/** All keys have these bits of their hashes in common: as many as choose among the buckets of the larger table. */
const [LOW, BITS] = [0x1a5, 10]

const CORE = fileURLToPath(new URL('../../build/tophash.wasm', import.meta.url))
/** One for each entry, and another text. */
const KEYS = {
  number: take(numbersOf(LOW), COUNTS.number[1]),
  string: KINDS.includes('string') ? take(textsOf(LOW, BITS), COUNTS.string[1] + 1) : [],
}
let counted: WebAssembly.Module
let quick: WebAssembly.Module

beforeAll(async () => {
  quick = new WebAssembly.Module(readFileSync(CORE))
  counted = new WebAssembly.Module(instrument(await compile(`export * from './assembly/exports/index'`, '-O1', '--noAssert')))
})

function take<T>(keys: Iterator<T>, count: number): T[] {
  return Array.from({ length: count }, () => keys.next().value as T)
}

/** A core whose steps are counted, and a table with one long chain, which another has made. */
class Chain {
  readonly core: CoreExports
  readonly table: number
  readonly stripe: number
  readonly #view: DataView
  #steps = 0

  constructor(kind: 'number' | 'string', count: number) {
    const memory = new WebAssembly.Memory({ initial: 64, maximum: 4096, shared: true })
    const watch = (_id: number, _bytes: number, _offset: number, address: number): number => {
      this.#steps++
      return address
    }
    const env = { memory, recoverIfDead: () => 0, clock: () => 1, ...instruments(watch) }
    this.core = new WebAssembly.Instance(counted, { env }).exports as unknown as CoreExports
    this.core.initializeHeap(4096, 1, 2, ...RANDOM)
    const maker = new WebAssembly.Instance(quick, { env }).exports as unknown as CoreExports
    for (const core of [this.core, maker]) core.attachThread(true, 0, 0, 0, 0, 0, 0)
    this.#view = new DataView(memory.buffer)
    this.core.createDirectory()
    this.table = this.core.createCollection(HASH_MAP, KIND_CODES[kind], KIND_CODES.number, 1, 0, false) >>> 0
    const stripe = maker.openCollection(this.table, 1) >>> 0
    for (const key of KEYS[kind].slice(0, count)) this.#set(maker, stripe, key)
    maker.detachThread()
    this.stripe = this.core.openCollection(this.table, 1) >>> 0
  }

  setAnother(): void {
    this.#set(this.core, this.stripe, KEYS.string.at(-1)!)
  }

  #set(core: CoreExports, stripe: number, key: number | string): void {
    if (typeof key === 'number') expect(core.setNumberByNumber(stripe, key, 1)).toBe(1)
    else expect(core.setNumberByBlock(stripe, this.#lay(core, key), key.length << LENGTH_SHIFT, 1)).toBe(1)
  }

  #lay(core: CoreExports, key: string): number {
    const at = (core.scratchAddress() >>> 0) + SCRATCH.key
    new Uint8Array(this.#view.buffer).set(Buffer.from(key, 'latin1'), at + 8)
    return at
  }

  cursor(): number {
    return this.#view.getUint32((this.core.scratchAddress() >>> 0) + SCRATCH.cursor, true)
  }

  /** Overwrites the key of one entry with that of another, which has the same hash. */
  double(key: number, other: number): void {
    const words = new Float64Array(this.#view.buffer)
    for (let at = words.indexOf(other); at >= 0; at = words.indexOf(other, at)) words[at] = key // also where it lay before
  }

  stepsOf(walk: (chain: Chain) => void): number {
    const before = this.#steps
    walk(this)
    return this.#steps - before
  }
}

const WALKS: Readonly<Record<string, (chain: Chain) => void>> = {
  check: ({ core }) => expect(core.checkHeap()).toBe(0),
  'mending the chain that is locked': ({ core, stripe }) => {
    expect(core.pinChain(stripe, orderOf(LOW), LAST, false)).toBeGreaterThan(1000)
    expect(core.mend()).toBe(0)
  },
  'listing it, locked': ({ core, stripe }) => {
    for (let isFirst = true; ; isFirst = false) if (core.pinChain(stripe, orderOf(LOW), LAST, !isFirst) < HELD_ENTRY.most) break
    core.unpin()
  },
  'an iteration': (chain) => {
    const { core, stripe } = chain
    for (let cursor = 0, begun = false; !begun || cursor !== 0; begun = true, cursor = chain.cursor()) {
      expect(core.scan(stripe, cursor, LAST, 64, false)).toBeGreaterThanOrEqual(0)
      core.dropResult()
    }
  },
  'a scan of the first ten': ({ core, stripe }) => {
    expect(core.scan(stripe, 0, LAST, 10, true)).toBeGreaterThan(0)
    core.dropResult()
  },
  'setting a new text': (chain) => chain.setAnother(),
  'splitting it': ({ core, stripe }) => expect(core.reserve(stripe, 50_000)).toBe(0),
  clearing: ({ core, stripe }) => expect(core.clear(stripe)).toBe(0),
  'deleting the table': ({ core, table }) => expect(core.deleteCollection(table, 1)).toBe(1),
}

const PLACES = [
  [0, 7999],
  [7998, 7999],
  [3, 9],
  [2000, 7000],
] as const

it.each(some(PLACES, 2))('check() finds a key that is in a chain twice: entries %d and %d', (one, another) => {
  const chain = new Chain('number', COUNTS.number[1])
  expect(chain.core.checkHeap()).toBe(0)
  chain.double(KEYS.number[one]!, KEYS.number[another]!)
  expect(chain.core.checkHeap()).toBe(KEY_TWICE)
})

/** A hash's place in the order of iteration: its bits reversed. */
function orderOf(hash: number): number {
  let order = 0
  for (let bit = 0; bit < 32; bit++) order = (order << 1) | ((hash >>> bit) & 1)
  return order >>> 0
}

describe.each(KINDS)('in one chain of %s keys,', (kind) => {
  it.each(some(Object.entries(WALKS), 5))('%s is linear', (name, walk) => {
    if (kind === 'number' && name === 'setting a new text') return
    const [few, twice] = COUNTS[kind].map((count) => new Chain(kind, count).stepsOf(walk)) as [number, number]
    expect(twice / few, `${few} steps, then ${twice}`).toBeLessThan(MOST)
    expect(few).toBeGreaterThan(COUNTS[kind][0] / 10)
  })
})
