// Which schedules are tried: all with no preemption, all with one, all with two, as far as the budget goes, because a
// bug that needs more than two is rare (Musuvathi & Qadeer, "Iterative Context Bounding", PLDI 2007). Then, at random,
// some with up to four, among all checkpoints.
import { randomOf, seedOf } from '../../stress/random.js'
import { asked } from '../../support/size.js'
import type { Event } from './control.js'
import { type Schedule, extensions, parse } from './schedule.js'

export interface Plan {
  /** Preemptions up to which all schedules are tried. */
  readonly preemptions: number
  /** Executions at most; of what is more than that, some are chosen at random. */
  readonly most: number
  /** Executions with random schedules beside those. */
  readonly random: number
  /** Whether thread 0 dies: at so many different checkpoints; 0: never. */
  readonly deaths?: number
}

/** What an execution was like. */
export interface Trace {
  readonly events: readonly Event[]
  /** Checkpoints that thread 0 passed. */
  readonly passed: number
}

export interface Report {
  executions: number
  random: number
  /** Schedules with so many preemptions were all tried; -1: not even those without. */
  complete: number
  seed: number
  /** Events of the longest execution. */
  longest: number
}

const MOST_RANDOM_PREEMPTIONS = 4
/** So many more checkpoints can a thread pass if others get in its way. */
const MORE_STEPS = 4
/** Multiplies all numbers of executions, which are those of `npm run test:all`. */
const FACTOR = asked('TOPHASH_SCHEDULES', 0.1, 1)

/** The schedule to be tried instead of all others. */
export function replayed(): Schedule | undefined {
  return process.env.TOPHASH_SCHEDULE ? parse(process.env.TOPHASH_SCHEDULE) : undefined
}

/** Tries schedules, one after the other; `execute` throws if one fails. */
export async function explore(plan: Plan, threads: number, execute: (schedule: Schedule) => Trace): Promise<Report> {
  const seed = seedOf()
  const exploration = new Exploration(plan, threads, execute, seed)
  const only = replayed()
  if (only) exploration.run(only)
  else await exploration.runAll()
  return exploration.report
}

class Exploration {
  readonly report: Report
  readonly #plan: Plan
  readonly #threads: number
  readonly #execute: (schedule: Schedule) => Trace
  readonly #random: (n: number) => number
  #rested = performance.now()

  constructor(plan: Plan, threads: number, execute: (schedule: Schedule) => Trace, seed: number) {
    this.#plan = plan
    this.#threads = threads
    this.#execute = execute
    this.#random = randomOf(seed)
    this.report = { executions: 0, random: 0, complete: plan.preemptions, seed, longest: 0 }
  }

  run(schedule: Schedule): Trace {
    const trace = this.#execute(schedule)
    this.report.executions++
    this.report.longest = Math.max(this.report.longest, trace.events.length)
    return trace
  }

  async runAll(): Promise<void> {
    const most = Math.ceil(this.#plan.most * FACTOR)
    const deaths = this.#deaths()
    for (const deathAt of deaths) await this.#runLevels(deathAt, Math.ceil(most / deaths.length))
    await this.#runRandom(Math.ceil(this.#plan.random * FACTOR))
  }

  /** All schedules with 0, 1, 2 ... preemptions. */
  async #runLevels(deathAt: number, most: number): Promise<void> {
    const levels: Schedule[][] = Array.from({ length: this.#plan.preemptions + 1 }, () => [])
    for (let thread = 0; thread < this.#threads; thread++) levels[0]!.push({ ...beginning(thread), deathAt })
    let left = most
    for (const [price, level] of levels.entries()) {
      while (level.length > 0 && left > 0) {
        // Too many: some of them, each as likely as any other. What is free extends the level as it goes.
        const schedule = level.length > left ? take(level, this.#random(level.length)) : level.shift()!
        if (level.length >= left) this.report.complete = Math.min(this.report.complete, price - 1)
        const { events } = this.run(schedule)
        for (const { next, price: more } of extensions(schedule, events)) levels[price + more]?.push(next)
        left--
        await this.#rest()
      }
      if (level.length > 0) this.report.complete = Math.min(this.report.complete, price - 1)
    }
  }

  /** At which checkpoints the thread dies; 0 if it does not. */
  #deaths(): number[] {
    const count = Math.ceil((this.#plan.deaths ?? 0) * FACTOR)
    if (count === 0) return [0]
    const { passed } = this.run(beginning(0))
    const all = Array.from({ length: passed + MORE_STEPS }, (_, i) => i + 1)
    if (all.length <= count) return all
    return Array.from({ length: count }, () => take(all, this.#random(all.length)))
  }

  async #runRandom(count: number): Promise<void> {
    if (count === 0) return
    const probe = this.run({ ...beginning(0), seesAll: true })
    for (let i = 0; i < count; i++) {
      const preemptions = 1 + this.#random(MOST_RANDOM_PREEMPTIONS)
      const events = new Set(Array.from({ length: preemptions }, () => 1 + this.#random(probe.events.length)))
      const inOrder = [0, ...[...events].sort((a, b) => a - b)]
      const decisions = inOrder.map((event) => ({ event, thread: this.#random(this.#threads) }))
      const deathAt = this.#plan.deaths ? 1 + this.#random(probe.passed) : 0
      this.run({ seesAll: true, decisions, deathAt })
      this.report.random++
      await this.#rest()
    }
  }

  /** Lets the test runner hear of us now and then. */
  async #rest(): Promise<void> {
    if (performance.now() - this.#rested < 300) return
    await new Promise((resolve) => setImmediate(resolve))
    this.#rested = performance.now()
  }
}

/** Thread after thread, one of them first. */
function beginning(thread: number): Schedule {
  return { seesAll: false, decisions: [{ event: 0, thread }], deathAt: 0 }
}

/** Takes an element out of a list whose order does not matter. */
function take<T>(list: T[], index: number): T {
  const taken = list[index]!
  list[index] = list.at(-1)!
  list.pop()
  return taken
}
