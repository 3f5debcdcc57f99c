// A thread under test, in Node and in browsers: a victim, which is killed at any moment, or a survivor, which is not.
import { FIELD, type Library, STORM } from './collections.js'
import { stepOnCommon } from './common.js'
import { Ledger } from './ledger.js'
import { type Job, Owner } from './owner.js'
import { type Random, stepOnKey } from './steps.js'
import { checkStorm, stepOnStorm } from './storm.js'
import { Watcher } from './watcher.js'

export class Actor {
  readonly ledger: Ledger
  readonly #owner: Owner
  readonly #watcher: Watcher
  readonly #random: Random
  readonly #job: Job
  /** Of 100 steps of its own so many are storms, in which it then spends most of its time. */
  readonly #storms: number

  constructor(job: Job, library: Library, random: Random) {
    this.ledger = new Ledger(job.actors, job.ledger)
    this.#owner = new Owner(job, this.ledger, library)
    this.#watcher = new Watcher(this.ledger)
    this.#random = random
    this.#job = job
    this.#storms = [0, 5, 50][random(3)]!
  }

  /** Attaches; resolves when others would notice the actor's end. @throws in a full heap, that it is full */
  attach(): Promise<void> {
    return this.#owner.opened.heap.ready()
  }

  /** Settles what the predecessor has left. @throws what is wrong; or, in a full heap, that it is full */
  settle(): void {
    this.#owner.settleAll()
    checkStorm(this.#owner, STORM)
    checkStorm(this.#owner, FIELD)
  }

  /** One step; now and then one that leaves the heap altogether. @throws what is wrong */
  step(): void {
    const began = performance.now()
    if (!this.#owner.tryOpen()) return
    const choice = this.#random(100)
    if (choice < this.#job.watches) this.#watcher.look(this.#owner.opened, this.#random)
    else if (choice === 99 && this.#job.leaves && this.#random(5) === 0)
      this.#owner.close() // the next step opens all
    else if (this.#random(100) < this.#storms) stepOnStorm(this.#owner, this.#random)
    else if (this.#random(5) === 0) stepOnCommon(this.#owner, this.#random)
    else stepOnKey(this.#owner, this.#random)
    this.ledger.addStep(this.#owner.actor, performance.now() - began)
  }

  leave(): void {
    this.#owner.close()
  }

  complain(error: unknown): void {
    const { actor } = this.#owner
    this.ledger.complain(actor, `Actor ${actor}: ${error instanceof Error ? error.stack : String(error)}`)
  }
}
