// What a caller says of a key's hash is believed by who looks for an entry, and never by who makes one: an entry that lies where
// nobody finds it would be lost, and there twice as soon as somebody sets its key.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CoreExports } from '../../src/core/exports.js'
import { BLOCK_HEADER_BYTES, KIND_CODES, LENGTH_SHIFT, SCRATCH, STATUS } from '../../src/core/layout.js'
import { CACHE_ID } from '../../src/cache/layout.js'
import { HASH_MAP } from '../../src/table/layout.js'
import { RANDOM } from '../support/hashes.js'

const CORE = new WebAssembly.Module(readFileSync(fileURLToPath(new URL('../../build/tophash.wasm', import.meta.url))))
const TEXT = 'user:00123'
const META = TEXT.length << LENGTH_SHIFT

let core: CoreExports
let memory: WebAssembly.Memory
let stripe: number
let source: number

beforeEach(() => {
  memory = new WebAssembly.Memory({ initial: 16, maximum: 256, shared: true })
  const { exports } = new WebAssembly.Instance(CORE, { env: { memory, recoverIfDead: () => 0, clock: () => 1 } })
  core = exports as unknown as CoreExports
  core.initializeHeap(256, 1, 2, ...RANDOM)
  core.attachThread(true, 0, 0, 0, 0, 0, 0)
  stripe = core.openCollection(core.createCollection(HASH_MAP, KIND_CODES.string, KIND_CODES.any, 1, 0, false), 1)
  source = core.scratchAddress() + SCRATCH.key
  lay()
})

/** Lays the key where keys lie; `filler` is what lies behind it. */
function lay(filler = 0): void {
  const bytes = new Uint8Array(memory.buffer, source + BLOCK_HEADER_BYTES, 16)
  bytes.fill(filler).set(Buffer.from(TEXT, 'latin1'))
}

/** The hash that a look for the key leaves in the header of its block. */
function hashOfKey(): number {
  core.hasBlock(stripe, source, META)
  return new Int32Array(memory.buffer)[source / 4 + 1]!
}

const valueAt = (): number => core.scratchAddress() + SCRATCH.value

const WRITES: Readonly<Record<string, (hash: number) => number>> = {
  'setting a number': (hash) => core.setNumberByBlock(stripe, source, META, 7, hash),
  'setting a block': (hash) => core.setBlockByBlock(stripe, source, META, valueAt(), 8 << LENGTH_SHIFT, hash),
  incrementing: (hash) => statusOf(core.incrementBlock(stripe, source, META, 7, hash)),
}

function statusOf(sum: number): number {
  return sum === sum ? STATUS.inserted : new Int32Array(memory.buffer)[(core.scratchAddress() + SCRATCH.status) >> 2]!
}

describe.each(Object.entries(WRITES))('%s', (_, write) => {
  it('under a wrong hash is refused, and changes nothing', () => {
    const hash = hashOfKey()
    expect(hash).not.toBe(0)
    for (const wrong of [hash ^ 1, hash ^ 0x8000_0000, 1, -1]) {
      lay()
      expect(write(wrong)).toBe(STATUS.invalid)
      expect([core.size(stripe), core.checkHeap()]).toEqual([0, 0])
    }
  })

  it('under its hash makes the entry that it makes without', () => {
    const hash = hashOfKey()
    lay(0xff) // left there by whatever was longer
    expect(write(hash)).toBe(STATUS.inserted)
    lay(0xff)
    expect(core.hasBlock(stripe, source, META)).toBe(STATUS.found)
    lay()
    expect(core.hasBlock(stripe, source, META, hash)).toBe(STATUS.found)
    expect([core.size(stripe), core.checkHeap()]).toEqual([1, 0])
  })
})

it('who looks under a wrong hash finds nothing', () => {
  const hash = hashOfKey()
  expect(core.setNumberByBlock(stripe, source, META, 7, hash)).toBe(STATUS.inserted)
  expect(core.getByBlock(stripe, source, META, hash)).toBe(7)
  lay()
  expect(core.getByBlock(stripe, source, META, hash ^ 1)).toBeNaN()
  expect(core.hasBlock(stripe, source, META, hash ^ 0x8000_0000)).toBe(STATUS.absent)
})

it('who looks into a cache is believed too, and who makes an entry there is not', () => {
  core.keepCollection() // the map: only one at a time can be nobody's
  new Float64Array(memory.buffer, valueAt(), 5).set([100, 0, Infinity, 0, 0]) // most entries; most bytes, ttl, jitter, idle
  stripe = core.openCollection(core.createCollection(CACHE_ID, KIND_CODES.string, KIND_CODES.any, 1, 0, false), 1)
  const hash = hashOfKey()
  lay()
  expect(core.setNumberByBlock(stripe, source, META, 7, hash ^ 1)).toBe(STATUS.inserted)
  for (const [claimed, found] of [
    [0, true],
    [hash, true],
    [hash ^ 1, false],
  ] as const) {
    lay()
    expect(core.getByBlock(stripe, source, META, claimed)).toBe(found ? 7 : NaN)
    expect(core.hasBlock(stripe, source, META, claimed)).toBe(found ? STATUS.found : STATUS.absent)
  }
})
