// The keys of a thread, made before they are needed: in the order of its operations, so that a contender's own memory is
// what it waits for, not a list of keys.
import { type Key, type KeyKind, isNumberKind, newKeyMaker } from '../streams/keys.js'
import { rankOf } from '../streams/plan.js'

export class KeySource {
  readonly fresh: boolean
  readonly #kind: KeyKind
  readonly #make: (rank: number) => Key
  /** The one object that this thread has for each string. */
  readonly #known: Key[]

  constructor(kind: KeyKind, keyCount: number) {
    this.#kind = kind
    this.#known = new Array<Key>(isNumberKind(kind) || kind === 'fresh' ? 0 : keyCount)
    this.#make = newKeyMaker(kind)
    this.fresh = kind === 'fresh'
  }

  /** The key of a rank: the same object each time, unless keys are fresh. */
  keyOf(rank: number): Key {
    if (this.#known.length === 0) return this.#make(rank)
    return (this.#known[rank] ??= this.#make(rank))
  }

  /** The keys of some operations; nothing if the ranks themselves are the keys. */
  keysOf(operations: Uint32Array, from = 0, to = operations.length): ArrayLike<Key> | undefined {
    if (this.#kind === 'number') return undefined
    if (this.#kind === 'wide')
      return Float64Array.from(operations.subarray(from, to), (word) => this.#make(rankOf(word)) as number)
    const keys: Key[] = []
    for (let place = from; place < to; place++) keys.push(this.keyOf(rankOf(operations[place]!)))
    return keys
  }
}
