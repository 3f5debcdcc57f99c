import type { Universal } from '../core/exports.js'
import { SCRATCH, STATUS } from '../core/layout.js'
import type { Heap } from '../heap/heap.js'
import type { KeyCodec } from './codec.js'
import { type Encoded, encodedNumber, encodedWord } from './encoded.js'
import { runKey, runLoneKey, stageKeyBlock, stageValue, stageValueBlock } from './operands.js'

/**
 * Keys that no export takes as arguments: they go through the scratch page, encoded. That serves every kind, and
 * strings that are too long for the key area.
 */
export class PackedKeys<K> implements KeyCodec<K> {
  readonly #heap: Heap
  readonly #stripe: number
  readonly #pack: (key: K) => Encoded

  constructor(heap: Heap, stripe: number, pack: (key: K) => Encoded) {
    this.#heap = heap
    this.#stripe = stripe
    this.#pack = pack
  }

  pack(key: K): Encoded {
    return this.#pack(key)
  }

  get(key: K): number {
    return this.#unusual(this.#lookUp(this.#heap.core.get, this.#pack(key)))
  }

  /** The same for a key that lies in its area already. */
  getByBlock(source: number, meta: number): number {
    stageKeyBlock(this.#heap, source, meta)
    return this.#unusual(this.#heap.core.get(this.#stripe))
  }

  has(key: K): number {
    const status = this.#lookUp(this.#heap.core.has, this.#pack(key))
    return status < 0 ? this.#unusual(status) : status
  }

  delete(key: K): number {
    return this.#lookUp(this.#heap.core.remove, this.#pack(key))
  }

  setNumber(key: K, value: number): number {
    const encoded = this.#pack(key)
    stageValue(this.#heap, encodedNumber(value))
    return this.#run(this.#heap.core.set, encoded)
  }

  setBlock(key: K, source: number, meta: number): number {
    const encoded = this.#pack(key)
    stageValueBlock(this.#heap, source, meta)
    return this.#run(this.#heap.core.set, encoded)
  }

  setWord(key: K, value: bigint): number {
    const encoded = this.#pack(key)
    stageValue(this.#heap, encodedWord(value))
    return this.#run(this.#heap.core.set, encoded)
  }

  increment(key: K, by: number): number {
    const encoded = this.#pack(key)
    stageValue(this.#heap, encodedNumber(by))
    const status = this.#run(this.#heap.core.increment, encoded)
    if (status < 0) return this.#unusual(status)
    const total = this.#heap.floatAt(this.#heap.scratch + SCRATCH.word)
    return total === total ? total : this.#unusual(STATUS.found)
  }

  #lookUp(operation: Universal, key: Encoded): number {
    return runLoneKey(this.#heap, this.#stripe, operation, key)
  }

  #run(operation: Universal, key: Encoded): number {
    return runKey(this.#heap, this.#stripe, operation, key)
  }

  /** Leaves a status where those look who are told to by NaN. */
  #unusual(status: number): number {
    this.#heap.words[(this.#heap.scratch + SCRATCH.status) >>> 2] = status
    return NaN
  }
}
