// The threads of a contender: the main thread alone, or workers that are started once and then asked.
import { MessagePort, Worker } from 'node:worker_threads'
import type { Library, Rival, Shared } from '../rivals/rival.js'
import type { Plan } from '../streams/plan.js'
import { Barrier } from './barrier.js'
import { execute } from './loop.js'
import type { KeySource } from './key-source.js'
import { type Round, Thread, type ThreadResult } from './thread.js'
import type { Question, WorkerData } from './worker.js'

export interface Team {
  readonly size: number
  /** What the thread that fills the map takes its keys from. */
  readonly keys: KeySource
  open(shared: Shared): Promise<void>
  /** Lets the threads go at once. */
  run(limit: number, every: number): Promise<{ releasedAt: bigint; results: ThreadResult[] }>
  close(): Promise<void>
}

export async function newTeam(rival: Rival, library: Library, plan: Plan, file: string): Promise<Team> {
  const threads = rival.threading === 'one' ? 1 : plan.threads
  if (threads === 1 && !library.connect) return new Solo(plan, rival.takesRanks)
  const team = new Workers(plan, rival.takesRanks)
  await team.start(rival.name, file)
  return team
}

function newRound(limit: number, every: number): { barrier: Barrier; round: Round } {
  const barrier = new Barrier()
  return { barrier, round: { limit, every, barrier: barrier.memory, progress: new SharedArrayBuffer(8) } }
}

class Solo implements Team {
  readonly size = 1
  readonly keys: KeySource
  readonly #thread: Thread
  #shared: Shared | undefined

  constructor(plan: Plan, takesRanks = false) {
    this.#thread = new Thread(plan, 0, 1, takesRanks)
    this.keys = this.#thread.keys
  }

  async open(shared: Shared): Promise<void> {
    this.#shared = shared
  }

  async run(limit: number, every: number) {
    const { barrier, round } = newRound(limit, every)
    const { table } = this.#shared!
    const settle = table.settle && (() => table.settle!())
    const result = await this.#thread.run({ now: (batch, tally) => execute(table, batch, tally), settle }, round)
    return { releasedAt: barrier.releasedAt, results: [result] }
  }

  async close(): Promise<void> {
    this.#shared = undefined
  }
}

class Workers implements Team {
  readonly size: number
  readonly keys: KeySource
  readonly #workers: Worker[] = []

  constructor(plan: Plan, takesRanks = false) {
    this.size = plan.threads
    this.keys = new Thread({ ...plan, streams: [] }, 0, 1, takesRanks).keys
  }

  /** One after the other, here and in open(): not every library can be loaded by two threads at once. */
  async start(rival: string, plan: string): Promise<void> {
    for (let index = 0; index < this.size; index++) {
      const workerData: WorkerData = { rival, plan, index, threads: this.size }
      const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData })
      await answerOf(worker)
      this.#workers.push(worker)
    }
  }

  async open({ handle }: Shared): Promise<void> {
    for (const worker of this.#workers) await attach(worker, typeof handle === 'function' ? handle() : handle)
  }

  async run(limit: number, every: number) {
    const { barrier, round } = newRound(limit, every)
    const results = await this.#ask<ThreadResult>({ type: 'run', round })
    return { releasedAt: barrier.releasedAt, results }
  }

  async close(): Promise<void> {
    await this.#ask({ type: 'close' })
  }

  #ask<T>(question: Question): Promise<T[]> {
    return Promise.all(
      this.#workers.map((worker) => {
        worker.postMessage(question)
        return answerOf(worker) as Promise<T>
      }),
    )
  }
}

async function attach(worker: Worker, handle: unknown): Promise<void> {
  const question: Question = { type: 'attach', handle }
  worker.postMessage(question, handle instanceof MessagePort ? [handle] : [])
  await answerOf(worker)
}

/** A worker that fails leaves the others waiting at a barrier: the process that hears of it ends. */
function answerOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void) => () => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      then()
    }
    const onMessage = (answer: unknown): void => settle(() => resolve(answer))()
    const onError = (error: Error): void => settle(() => reject(error))()
    const onExit = (code: number): void => settle(() => reject(new Error(`a worker ended with exit code ${code}`)))()
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
  })
}
