// A bit for each number in shared memory: the least that "is it there?" can cost. It takes small whole numbers only, so
// it stands beside the maps where these hold booleans, as the end of the scale.
import process from 'node:process'
import type { Key } from '../streams/keys.js'
import { GET, REMOVE, SET } from '../streams/plan.js'
import type { Library, Rival, Shared, Table, Value } from './rival.js'

const BITS = 32

export const bitset: Rival = {
  name: 'bitset',
  title: 'bitset',
  threading: 'shared',
  takesRanks: true,
  operations: [GET, SET, REMOVE],
  notes: ['takes the numbers from 0 to n - 1 in place of the keys'],
  refuses: ({ valueKind }) => (valueKind === 'boolean' ? undefined : 'it holds booleans only'),
  load: async (): Promise<Library> => ({ version: `V8 ${process.versions.v8}`, create, attach }),
}

class Bitset implements Table {
  readonly words: Uint32Array

  constructor(memory: SharedArrayBuffer) {
    this.words = new Uint32Array(memory)
  }

  get(key: Key): Value | undefined {
    const rank = key as number
    return (Atomics.load(this.words, rank >>> 5) >>> (rank % BITS)) & 1 ? true : undefined
  }

  set(key: Key): void {
    const rank = key as number
    Atomics.or(this.words, rank >>> 5, 1 << (rank % BITS))
  }

  remove(key: Key): boolean {
    const bit = 1 << ((key as number) % BITS)
    return (Atomics.and(this.words, (key as number) >>> 5, ~bit) & bit) !== 0
  }

  increment(): void {
    throw new Error('a bit does not count')
  }

  scan(): void {
    throw new Error('bits are not entries')
  }

  get size(): number {
    let size = 0
    for (let word of this.words) for (; word !== 0; word &= word - 1) size++
    return size
  }
}

function create({ keyCount }: { keyCount: number }): Shared {
  const memory = new SharedArrayBuffer(4 * Math.ceil(keyCount / BITS))
  const table = new Bitset(memory)
  return { table, handle: memory, size: () => table.size, dispose: () => {} }
}

function attach(handle: unknown) {
  return { table: new Bitset(handle as SharedArrayBuffer), dispose: () => {} }
}
