// A thread with a collection open, whatever structure that is.
import { Failure, Thread } from './thread.js'

export class Actor extends Thread {
  table = 0
  generation = 0
  stripe = 0

  open(table: number, generation = 1): this {
    this.table = table
    this.generation = generation
    this.stripe = this.core.openCollection(table, generation) >>> 0
    if (this.stripe === 0) throw new Failure(this.result(0) | 0)
    return this
  }

  /** Closes the table, and detaches. */
  leave(): void {
    this.core.closeCollection(this.stripe)
    this.core.detachThread()
  }
}
