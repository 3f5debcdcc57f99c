// The threads of a test file: workers that run one execution after the other, as the schedules say. Between executions
// they sleep; between scenarios they are in their event loops.
import { fileURLToPath } from 'node:url'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { buildSync } from 'esbuild'
import { Control, DEADLOCK, type Event, JUDGE, LIVELOCK, MOST_THREADS, START } from './control.js'
import { type Schedule, shortened, textOf } from './schedule.js'

/** What came of an execution. */
export interface Outcome {
  readonly events: readonly Event[]
  /** Of each thread, as it stored them. */
  readonly results: readonly unknown[]
}

/** An execution that failed, with the schedule that leads to it. */
export class ScheduleError extends Error {
  readonly schedule: string

  constructor(reason: string, schedule: Schedule, events: readonly Event[], nameOf: (id: number) => string) {
    const text = textOf(shortened(schedule, events))
    super(`${reason}\nReplay it with TOPHASH_SCHEDULE=${text}\n${storyOf(events, nameOf)}`)
    this.schedule = text
  }
}

/** An execution takes a millisecond; after this long a thread hangs in a loop without a checkpoint. */
const HANGS_MS = 20_000

export class Crew {
  readonly #workers: Worker[] = []
  readonly #control = new Control()
  #code: string
  #isLoaded = false

  /** @param actor name of the program of the workers, in this folder */
  constructor(actor: string) {
    const entry = new URL(`${actor}.ts`, import.meta.url)
    const { outputFiles } = buildSync({
      entryPoints: [fileURLToPath(entry)],
      bundle: true,
      write: false,
      platform: 'node',
      target: 'es2022',
      format: 'cjs',
      logLevel: 'error',
      define: { 'import.meta.url': JSON.stringify(entry.href) },
    })
    this.#code = outputFiles[0]!.text
  }

  /** Tells the workers what they are to do, one after the other; each answers when it is ready. */
  async load(jobs: readonly unknown[]): Promise<unknown[]> {
    await this.release()
    const answers: unknown[] = []
    for (const [thread, job] of jobs.entries()) {
      const worker = this.#workers[thread] ?? this.#hire(thread)
      worker.postMessage(job)
      const [answer] = (await once(worker, 'message')) as [unknown]
      answers.push(answer)
    }
    this.#control.reset(jobs.length)
    this.#isLoaded = true
    return answers
  }

  #hire(thread: number): Worker {
    const workerData = { thread, control: this.#control.buffer }
    const worker = new Worker(this.#code, { eval: true, workerData })
    worker.unref()
    this.#workers[thread] = worker
    return worker
  }

  /** Runs one execution. @throws Error when it comes to a standstill */
  execute({ seesAll, decisions, deathAt }: Schedule): Outcome {
    const control = this.#control
    const threads = control.get('threads')
    control.reset(threads)
    control.set('seesAll', Number(seesAll))
    control.set('deathAt', deathAt)
    for (const { event, thread } of decisions) control.decide(event, thread)
    const named = control.decisionAt(0)
    const first = named >= 0 && named < threads ? named : 0
    control.note({ thread: JUDGE, id: START, enabled: (1 << threads) - 1, chosen: first })
    control.pass(first)
    const isOver = control.awaitTurn(JUDGE, HANGS_MS)
    const events = control.events()
    if (!isOver) throw new Standstill('A thread hangs between two checkpoints.', events)
    if (control.get('failure') === DEADLOCK) throw new Standstill('Deadlock: all threads wait.', events)
    if (control.get('failure') === LIVELOCK) throw new Standstill('Livelock: there is no end to it.', events)
    return { events, results: Array.from({ length: threads }, (_, thread) => control.loadResults(thread)) }
  }

  /** Lets the workers go back to their event loops. */
  async release(): Promise<void> {
    if (!this.#isLoaded) return
    this.#isLoaded = false
    const threads = this.#control.get('threads')
    this.#control.set('isOver', 1)
    const idle = Array.from({ length: threads }, (_, thread) => once(this.#workers[thread]!, 'message'))
    for (let thread = 0; thread < threads; thread++) this.#control.pass(thread)
    await Promise.all(idle)
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
    this.#workers.length = 0
    this.#isLoaded = false
  }
}

/** An execution that did not come to its end. */
export class Standstill extends Error {
  constructor(
    reason: string,
    readonly events: readonly Event[],
  ) {
    super(reason)
  }
}

/** The events around each switch: who did what. */
export function storyOf(events: readonly Event[], nameOf: (id: number) => string): string {
  const lines: string[] = []
  events.forEach(({ thread, id, chosen }, index) => {
    const isNear = [-2, -1, 0, 1, 2].some((by) => isSwitch(events[index + by]))
    const who = thread === JUDGE ? '-' : thread
    const next = isSwitch(events[index]) ? `  --> ${chosen}` : ''
    if (isNear) lines.push(`  ${String(index).padStart(4)}  thread ${who}  ${nameOf(id)}${next}`)
    else if (lines.at(-1) !== '        ...') lines.push('        ...')
  })
  return lines.slice(0, 80).join('\n')
}

function isSwitch(event: Event | undefined): boolean {
  return event !== undefined && event.chosen !== event.thread && event.chosen < MOST_THREADS
}
