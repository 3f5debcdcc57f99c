import type { CoreExports } from '../core/exports.js'
import { STATUS, TYPE } from '../core/layout.js'
import type { KeyCodec } from '../codecs/codec.js'
import { stageValue } from '../codecs/operands.js'
import type { Table } from '../table/table.js'

// An item crosses the boundary as a value of a map does, so the codecs of values serve here too; what they take for the operations on a
// key is the end that is pushed to.

export type Items<T> = Table<undefined, T>

/** Where values are set to: the tail. */
export class Tail implements Pick<KeyCodec<undefined>, 'setNumber' | 'setBlock' | 'setWord'> {
  readonly #table: Items<any>
  readonly #core: Pick<CoreExports, 'pushNumber' | 'pushBlock'>
  readonly #stripe: number

  constructor(table: Items<any>) {
    this.#table = table
    const { pushNumber, pushBlock } = table.heap.core
    this.#core = { pushNumber, pushBlock }
    this.#stripe = table.stripe
  }

  setNumber(_: undefined, item: number): number {
    return this.#core.pushNumber(this.#stripe, item)
  }

  /** Full or closed is no success, so whoever has a block in the heap takes it back. */
  setBlock(_: undefined, source: number, meta: number): number {
    const status = this.#core.pushBlock(this.#stripe, source, meta)
    return status === STATUS.full ? NO_ROOM : status
  }

  setWord(_: undefined, content: bigint): number {
    const { heap } = this.#table
    stageValue(heap, { meta: TYPE.word, content })
    return heap.core.pushOperand(this.#stripe)
  }
}

/** Full, as a failure. */
export const NO_ROOM = -100
