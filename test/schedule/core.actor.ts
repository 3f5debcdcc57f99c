// A worker with an instance of the checked core, which does what it is told whenever it has the baton.
import { parentPort, workerData } from 'node:worker_threads'
import { SCRATCH, SLOTS_AT, SLOT_BYTES, SLOT_KIND, STATUS, TYPE, TYPE_MASK } from '../../src/core/exports.js'
import { Actor } from '../recovery/scene.js'
import { Failure, Thread, decode } from '../recovery/thread.js'
import { Baton, Death, isAbort } from './baton.js'
import { Control } from './control.js'
import { CORE_STEPS, type CoreJob, type CoreResults } from './core.js'
import type { Answer, Datum, Operation } from './operations.js'

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
  /** Another instance, for becoming a thread that has died. */
  readonly #undertaker: Thread

  constructor(job: CoreJob) {
    this.#job = job
    this.actor = new Actor(job.memory).attach(job.mayBlock).open(job.table, job.generation)
    this.#undertaker = new Thread(job.memory)
    this.baton.identity = this.actor.id
    this.baton.awaited = () => this.#awaited()
  }

  /** One execution. */
  play(): void {
    const runs: CoreResults['runs'][number][] = []
    let error: string | undefined
    let diedAt: number | undefined
    this.actor.hook = this.baton.step
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
      if (operation.do === 'recover') this.baton.awaitEnd(operation.thread)
      const begin = this.baton.tick()
      runs.push({ begin })
      const answer = this.#perform(operation)
      runs[index] = { begin, end: this.baton.tick(), answer }
    }
  }

  #perform(operation: Operation): Answer {
    try {
      return this.#run(operation)
    } catch (error) {
      if (error instanceof Failure) return { status: error.status }
      throw error
    }
  }

  #run(operation: Operation): Answer {
    const { actor } = this
    const { core, stripe } = actor
    const value = 'value' in operation ? { of: operation.value } : undefined
    const expected = 'expected' in operation ? { of: operation.expected } : undefined
    switch (operation.do) {
      case 'get':
      case 'take': return this.#described(actor.run(core[operation.do], stripe, operation.key))
      case 'has':
      case 'remove': return { status: actor.run(core[operation.do], stripe, operation.key) }
      case 'set':
      case 'compareAndSet':
      case 'compareAndDelete': return { status: actor.run(core[operation.do], stripe, operation.key, value, expected) }
      case 'insert':
      case 'exchange': {
        const status = actor.run(core[operation.do], stripe, operation.key, value)
        return status === STATUS.inserted ? { status } : { status, value: this.#value() }
      }
      case 'add': return this.#described(actor.run(core.add, stripe, operation.key, value))
      case 'clear': return { status: core.clear(stripe) }
      case 'close': return { status: this.#close() }
      case 'reserve': return { status: core.reserve(stripe, operation.entries) }
      case 'scan': return { status: 0, value: JSON.stringify(this.#scan()) }
      case 'deleteTable': return { status: core.deleteTable(actor.table, actor.generation) }
      case 'reopen': return this.#reopen()
      case 'recover': return { status: this.#recover(this.#job.ids[operation.thread]!) }
    }
  }

  #described(status: number): Answer {
    return status === STATUS.found ? { status, value: this.#value() } : { status }
  }

  /** The value that the core describes in its results. */
  #value(): Datum {
    const view = this.actor.view()
    const { scratch } = this.actor
    const meta = view.getUint32(scratch + SCRATCH.meta, true)
    if ((meta & TYPE_MASK) === TYPE.number) return view.getFloat64(scratch + SCRATCH.word, true)
    if ((meta & TYPE_MASK) === TYPE.word) throw new Error('no value of a test is a word')
    const at = view.getUint32(scratch + SCRATCH.address, true)
    return Buffer.from(new Uint8Array(view.buffer, at + 8, meta >>> 3)).toString('latin1')
  }

  /** All entries, chain after chain, as they come. */
  #scan(): [unknown, unknown][] {
    const { keyKind, valueKind } = this.#job
    const found: [unknown, unknown][] = []
    let cursor = 0
    do {
      const count = this.actor.core.scan(this.actor.stripe, cursor, 0xffffffff, 1)
      if (count < 0) throw new Failure(count)
      const view = this.actor.view()
      let at = this.actor.result(SCRATCH.address)
      for (let i = 0; i < count; i++) {
        const key = decode(view, at, keyKind)
        const value = decode(view, key.end, valueKind)
        at = value.end
        found.push([key.value, value.value])
      }
      cursor = this.actor.result(SCRATCH.cursor)
    } while (cursor !== 0)
    return found
  }

  /** What could not be opened again is not open: there is nothing to close, and nothing wrong. */
  #close(): number {
    const status = this.actor.core.closeTable(this.actor.stripe)
    return status === STATUS.invalid ? 0 : status
  }

  #reopen(): Answer {
    const { core, stripe, table, generation } = this.actor
    core.closeTable(stripe)
    return { status: core.openTable(table, generation) >>> 0 === 0 ? this.actor.result(SCRATCH.status) | 0 : 0 }
  }

  /** Recovers a thread if it has died, as often as a lock is not to be had. */
  #recover(id: number): number {
    this.#undertaker.hook = (checkpoint) => {
      this.baton.identity = id
      try {
        this.baton.step(checkpoint)
      } finally {
        this.baton.identity = this.actor.id
      }
    }
    let status = 0
    while (this.actor.kindOf(id) === SLOT_KIND.dead) status = this.#undertaker.core.recover(id, this.actor.id)
    return status
  }

  /** Owner of the lock that is waited for, if the thread sleeps: see ThreadSlot in assembly/layout/thread.ts. */
  #awaited(): number {
    const SLEPT_ON = 16
    if (!this.#job.mayBlock) return 0
    return this.actor.view().getUint32(SLOTS_AT + (this.baton.identity - 1) * SLOT_BYTES + SLEPT_ON, true) >>> 3
  }
}
