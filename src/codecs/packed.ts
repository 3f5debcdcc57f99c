import { SCRATCH, STATUS, TYPE, type Universal } from '../core/exports.js'
import type { Heap } from '../heap.js'
import type { KeyCodec } from './codec.js'
import { type Form, numberForm, wordForm } from './form.js'
import { runKey, runLoneKey, stageExpected, stageKeyBlock, stageValue, stageValueBlock } from './operands.js'

/**
 * Keys that no export takes as arguments: they go through the scratch page, as forms. That serves every kind, and
 * strings that are too long for the key area.
 */
export class PackedKeys<K> implements KeyCodec<K> {
  readonly #heap: Heap
  readonly #stripe: number
  readonly #pack: (key: K) => Form

  constructor(heap: Heap, stripe: number, pack: (key: K) => Form) {
    this.#heap = heap
    this.#stripe = stripe
    this.#pack = pack
  }

  pack(key: K): Form {
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
    const form = this.#pack(key)
    stageValue(this.#heap, numberForm(value))
    return this.#run(this.#heap.core.set, form)
  }

  setBlock(key: K, source: number, meta: number): number {
    const form = this.#pack(key)
    stageValueBlock(this.#heap, source, meta)
    return this.#run(this.#heap.core.set, form)
  }

  setWord(key: K, value: bigint): number {
    const form = this.#pack(key)
    stageValue(this.#heap, wordForm(value))
    return this.#run(this.#heap.core.set, form)
  }

  /**
   * There is no export that adds to a double under such a key: exchanges what is there until nobody came in between.
   */
  increment(key: K, by: number): number {
    const { core, scratch } = this.#heap
    const form = this.#pack(key)
    while (true) {
      const status = this.#lookUp(core.get, form)
      if (status < 0) return this.#unusual(status)
      const total = status === STATUS.found ? this.#heap.floatAt(scratch + SCRATCH.word) + by : by + 0
      if (status === STATUS.found) {
        if (this.#heap.wordAt(scratch + SCRATCH.meta) !== TYPE.number) return this.#notANumber()
        stageExpected(this.#heap, numberForm(this.#heap.floatAt(scratch + SCRATCH.word)))
      }
      stageValue(this.#heap, numberForm(total))
      const done = this.#run(status === STATUS.found ? core.compareAndSet : core.insert, form)
      if (done < 0) return this.#unusual(done)
      if (done === STATUS.matched) return total === total ? total : this.#unusual(STATUS.found)
    }
  }

  #notANumber(): number {
    this.#heap.core.dropResult() // if it was too long for the scratch page
    return this.#unusual(STATUS.notANumber)
  }

  #lookUp(operation: Universal, key: Form): number {
    return runLoneKey(this.#heap, this.#stripe, operation, key)
  }

  #run(operation: Universal, key: Form): number {
    return runKey(this.#heap, this.#stripe, operation, key)
  }

  /** Leaves a status where those look who are told to by NaN. */
  #unusual(status: number): number {
    this.#heap.words[(this.#heap.scratch + SCRATCH.status) >>> 2] = status
    return NaN
  }
}
