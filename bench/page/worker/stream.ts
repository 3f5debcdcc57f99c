// A worker's operations: drawn before, so that drawing them is not measured, and begun again when they are used up.
import { newKeyMaker, makeKeys, RANK_MASK, type Key } from '../../streams/keys.js'
import { GET, kindOf, operationOf, rankOf, SET } from '../../streams/plan.js'
import { newDraw } from '../../streams/random.js'
import { newPicker } from '../../streams/zipfian.js'
import type { Part, Work } from '../run/protocol.js'

/** Operations for each key, so that all are asked for; but 2 MiB of them at most, to leave the cache to the map. */
const PER_KEY = 8
const LEAST = 2 ** 16
const MOST = 2 ** 19

/** Fresh keys are built for so many operations at a time. */
export const BATCH = 2_048

export class Stream {
  readonly operations: Uint32Array
  /** The next operation; always less than there are. */
  place = 0
  /** The keys by rank; with fresh keys, those of the next operations, in their order. */
  readonly keys: Key[]
  readonly fresh: boolean
  readonly keyCount: number
  readonly makeKey: (rank: number) => Key

  constructor({ kind, keyCount, reads, distribution }: Work, seed: number) {
    const draw = newDraw(seed)
    const pick = newPicker(distribution, keyCount, draw)
    const length = Math.min(Math.max(keyCount * PER_KEY, LEAST), MOST)
    this.operations = Uint32Array.from({ length }, () => operationOf(draw(100) < reads ? GET : SET, pick()))
    this.fresh = kind === 'fresh'
    this.keyCount = keyCount
    this.makeKey = newKeyMaker(kind)
    this.keys = this.fresh ? new Array<Key>(BATCH).fill('') : makeKeys(kind, keyCount)
  }

  /** Sees that the keys of up to `count` next operations are there; returns how many are. */
  prepare(count: number): number {
    const ready = Math.min(count, BATCH, this.operations.length - this.place)
    if (this.fresh) {
      for (let at = 0; at < ready; at++) this.keys[at] = this.makeKey(this.operations[this.place + at]! & RANK_MASK)
    }
    return ready
  }

  advance(count: number): void {
    this.place = (this.place + count) % this.operations.length
  }

  /** The key of a rank, outside of the stream: built anew if such are wanted. */
  keyOf(rank: number): Key {
    return this.fresh ? this.makeKey(rank) : this.keys[rank]!
  }

  /** What `count` operations from a place on must have read, by counting without any map: every key is there. */
  replay(from: number, count: number): { hits: number; sum: number } {
    let hits = 0
    let sum = 0
    for (let step = 0; step < count; step++) {
      const operation = this.operations[(from + step) % this.operations.length]!
      if (kindOf(operation) !== GET) continue
      hits++
      sum += rankOf(operation)
    }
    return { hits, sum }
  }
}

/** The half-open range of ranks that belongs to a worker. */
export function rangeOf(keyCount: number, { index, workers }: Part): { from: number; to: number } {
  return { from: Math.floor((keyCount * index) / workers), to: Math.floor((keyCount * (index + 1)) / workers) }
}
