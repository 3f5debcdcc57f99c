// Other keys of the same collection: they come and go, so that the table grows, chains overflow, are packed and split,
// and blocks of all sizes are used again, while the recorded keys are worked on.
import type { SharedSet } from 'tophash'
import type { TestMap } from '../../../support/untyped.js'
import type { Session } from '../../histories/session.js'

/** Entries that are added or removed in one go. */
const STRIDE = 12

export class Filler {
  readonly #keys: readonly unknown[]
  #begin = 0
  #end = 0

  /** Keys that this thread alone adds. */
  constructor(keys: readonly unknown[]) {
    this.#keys = keys
  }

  /** Adds or removes some entries: mostly adds until all are there, then mostly removes. */
  step(session: Session<TestMap> | Session<SharedSet>): void {
    const { random } = session.means
    if (this.#end === this.#keys.length) this.#shrink(session)
    else if (random(3) === 0) this.#remove(session)
    else this.#add(session)
    if (random(40) === 0) session.collection.reserve(random(2 * this.#keys.length))
  }

  #add(session: Session<TestMap> | Session<SharedSet>): void {
    for (let i = 0; i < STRIDE && this.#end < this.#keys.length; i++) {
      const key = this.#keys[this.#end++]
      if ('add' in session.collection) session.collection.add(key)
      else session.collection.set(key, session.valueOf(session.fresh()))
    }
  }

  #remove({ collection }: Session<TestMap> | Session<SharedSet>): void {
    for (let i = 0; i < STRIDE && this.#begin < this.#end; i++) collection.delete(this.#keys[this.#begin++])
  }

  #shrink(session: Session<TestMap> | Session<SharedSet>): void {
    this.#remove(session)
    if (this.#begin === this.#end) this.#begin = this.#end = 0
  }
}
