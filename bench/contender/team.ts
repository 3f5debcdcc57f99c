// The threads of a contender: the main thread alone, or workers that are started once and then asked.
import { MessagePort, Worker } from 'node:worker_threads'
import type { Library, Rival, Shared } from '../rivals/rival.js'
import type { Plan } from '../streams/plan.js'
import { Barrier } from './barrier.js'
import { execute } from './loop.js'
import { type KeySource } from './key-source.js'
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
  const team = new Workers(rival, plan, file)
  await team.ready
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
    const result = await this.#thread.run((batch, tally) => execute(table, batch, tally), round)
    return { releasedAt: barrier.releasedAt, results: [result] }
  }

  async close(): Promise<void> {
    this.#shared = undefined
  }
}

class Workers implements Team {
  readonly size: number
  readonly keys: KeySource
  readonly ready: Promise<unknown>
  readonly #workers: Worker[] = []

  constructor(rival: Rival, plan: Plan, file: string) {
    this.size = plan.threads
    this.keys = new Thread({ ...plan, streams: [] }, 0, 1, rival.takesRanks).keys
    for (let index = 0; index < plan.threads; index++) {
      const workerData: WorkerData = { rival: rival.name, plan: file, index, threads: plan.threads }
      this.#workers.push(new Worker(new URL('./worker.js', import.meta.url), { workerData }))
    }
    this.ready = Promise.all(this.#workers.map(answerOf))
  }

  async open({ handle }: Shared): Promise<void> {
    await this.#ask(() => ({ type: 'attach', handle: typeof handle === 'function' ? handle() : handle }))
  }

  async run(limit: number, every: number) {
    const { barrier, round } = newRound(limit, every)
    const results = await this.#ask<ThreadResult>(() => ({ type: 'run', round }))
    return { releasedAt: barrier.releasedAt, results }
  }

  async close(): Promise<void> {
    await this.#ask(() => ({ type: 'close' }))
  }

  #ask<T>(questionFor: () => Question): Promise<T[]> {
    return Promise.all(this.#workers.map((worker) => {
      const question = questionFor()
      const port = question.type === 'attach' && question.handle instanceof MessagePort ? [question.handle] : []
      worker.postMessage(question, port)
      return answerOf(worker) as Promise<T>
    }))
  }
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
