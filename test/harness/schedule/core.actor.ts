// A worker with an instance of the checked core, which does what it is told whenever it has the baton.
import { parentPort, workerData } from 'node:worker_threads'
import { LOCK, SCRATCH, SLOT, SLOTS_AT, SLOT_BYTES, SLOT_KIND, STATUS } from '../../../src/core/layout.js'
import { Actor } from '../core/actor.js'
import { Failure, Thread } from '../core/thread.js'
import type { Answer, Doing, Structure } from '../structure.js'
import { structureOf } from '../structures.js'
import { Baton, Death, isAbort } from './baton.js'
import { Control } from './control.js'
import { CORE_STEPS, type CoreJob, type CoreResults } from './core.js'
import type { HeapOperation } from './operations.js'

const { thread, control: buffer } = workerData as { thread: number; control: SharedArrayBuffer }
const control = new Control(buffer)

parentPort!.on('message', (job: CoreJob) => {
  const player = new Player(job)
  parentPort!.postMessage(player.actor.id)
  while (player.baton.begin(job.mayDie)) player.play()
  parentPort!.postMessage('idle')
})

class Player {
  readonly actor: Actor
  readonly baton = new Baton(control, thread, CORE_STEPS)
  readonly #job: CoreJob
  readonly #structure: Structure
  /** Another instance, for becoming a thread that has died. */
  readonly #recoverer: Thread

  constructor(job: CoreJob) {
    this.#job = job
    this.#structure = structureOf(job.structure)
    this.actor = new Actor(job.memory).attach(job.mayBlock).open(job.table, job.generation)
    this.#recoverer = new Thread(job.memory)
    this.baton.identity = this.actor.id
    this.baton.awaited = () => this.#awaited()
  }

  /** One execution. */
  play(): void {
    const runs: CoreResults['runs'][number][] = []
    let error: string | undefined
    let diedAt: number | undefined
    this.actor.hook = this.baton.step
    this.#structure.begin?.(this.actor)
    try {
      if (!this.baton.hasFailed) this.#performAll(runs)
    } catch (thrown) {
      if (thrown instanceof Death) {
        diedAt = thrown.checkpoint
        this.actor.markDead(this.actor.id)
      } else if (!isAbort(thrown)) {
        error = String((thrown as Error).stack)
      }
    }
    control.storeResults(thread, { runs, passed: this.baton.passed, error, diedAt })
    this.baton.end(diedAt !== undefined)
  }

  #performAll(runs: CoreResults['runs'][number][]): void {
    for (const [index, operation] of this.#job.does.entries()) {
      if (index > 0) this.baton.between()
      if (operation.do === 'recover') this.baton.awaitEnd((operation as HeapOperation & { do: 'recover' }).thread)
      const begin = this.baton.tick()
      runs.push({ begin })
      const answer = this.#perform(operation)
      runs[index] = { begin, end: this.baton.tick(), answer }
    }
  }

  #perform(operation: Doing): Answer {
    try {
      return this.#run(operation)
    } catch (error) {
      // Who could not open it again has no stripe to use it by.
      if (error instanceof Failure) return { status: error.status === STATUS.invalid ? STATUS.deleted : error.status }
      throw error
    }
  }

  #run(operation: Doing): Answer {
    const { actor } = this
    const asked = operation as HeapOperation
    switch (asked.do) {
      case 'close':
        return { status: this.#close() }
      case 'deleteCollection':
        return { status: actor.core.deleteCollection(actor.table, actor.generation) }
      case 'open':
        return this.#open()
      case 'reopen':
        this.#close()
        return this.#open()
      case 'recover':
        return { status: this.#recover(this.#job.ids[asked.thread]!) }
      default:
        return this.#structure.perform(actor, operation, this.#job.options)
    }
  }

  /** What could not be opened again is not open: there is nothing to close, and nothing wrong. */
  #close(): number {
    const status = this.actor.core.closeCollection(this.actor.stripe)
    return status === STATUS.invalid ? 0 : status
  }

  #open(): Answer {
    const { core, table, generation } = this.actor
    return { status: core.openCollection(table, generation) >>> 0 === 0 ? this.actor.result(SCRATCH.status) | 0 : 0 }
  }

  /** Recovers a thread if it has died, as often as a lock is not to be had. */
  #recover(id: number): number {
    this.#recoverer.hook = (checkpoint) => {
      this.baton.identity = id
      try {
        this.baton.step(checkpoint)
      } finally {
        this.baton.identity = this.actor.id
      }
    }
    let status = 0
    while (this.actor.kindOf(id) === SLOT_KIND.dead) status = this.#recoverer.core.recover(id, this.actor.id)
    return status
  }

  /** Owner of the lock that is waited for, if the thread sleeps: see ThreadSlot in assembly/layout/thread.ts. */
  #awaited(): number {
    if (!this.#job.mayBlock) return 0
    return this.actor.view().getUint32(SLOTS_AT + (this.baton.identity - 1) * SLOT_BYTES + SLOT.sleptOn, true) >>> LOCK.fieldShift
  }
}
