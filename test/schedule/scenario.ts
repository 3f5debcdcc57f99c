// A scenario: a small table, and what two or three threads do to it. Whatever the schedule, in the end what each
// operation returned and what is left has to have an order that explains it, and the heap has to be whole.
import { expect, it } from 'vitest'
import { KIND_CODES, SCRATCH, SLOT_KIND, STATUS } from '../../src/core/exports.js'
import { CHECKPOINTS } from '../../src/core/hooks.checked.js'
import { Actor } from '../recovery/scene.js'
import { Death } from '../recovery/thread.js'
import { type CoreJob, type CoreResults, nameOf } from './core.js'
import { type Crew, type Outcome, ScheduleError, Standstill, storyOf } from './crew.js'
import { type Plan, type Trace, explore, replayed } from './explore.js'
import { type Run, isLinearizable } from './linear.js'
import type { Datum, Operation, State } from './operations.js'
import type { Schedule } from './schedule.js'

export interface Scenario {
  readonly key: 'number' | 'string'
  readonly value: 'number' | 'string'
  readonly capacity?: number
  /** What is there before. */
  readonly entries?: readonly (readonly [Datum, Datum])[]
  /** The last entry has made the table grow, and no bucket is split yet; all threads know of it. */
  readonly isGrown?: boolean
  /** What the threads do, each in a worker of its own. */
  readonly threads: readonly (readonly Operation[])[]
  /** The thread that may not sleep, as a browser's main thread, and spins while it waits; by default the second. */
  readonly spinning?: number
  /** Whether the threads delete the table and close it, so that nothing is left. */
  readonly isDeleted?: boolean
}

/** Tries schedules of a scenario until one goes wrong. */
export function explores(name: string, crew: Crew, scenario: Scenario, plan: Plan): void {
  it(name, async () => {
    const stage = new Stage(crew, scenario, (plan.deaths ?? 0) > 0)
    await stage.prepare()
    try {
      const report = await explore(plan, scenario.threads.length, (schedule) => stage.execute(schedule))
      const { executions, random, complete, seed, longest } = report
      console.log(`${name}: ${executions} executions of up to ${longest} events, ${stage.outcomes} outcomes; ` +
        `all with up to ${complete} preemptions, ${random} at random (seed ${seed})`)
    } finally {
      await stage.close()
    }
  }, 120_000)
}

/** Checkpoints at which threads have died. */
export const deaths = new Set<number>()

/** A key that no scenario uses. */
const SPARE = { number: 1e9, string: 'spare' } as const

/** Ends an insert that has made the table grow before it splits a bucket. */
function throwBeforeSplit(id: number): void {
  if (CHECKPOINTS[id] === 'RangeClaimed') throw new Death()
}

/** Whether an action comes back. */
function lives(action: () => void): boolean {
  try {
    action()
    return true
  } catch (error) {
    if (error instanceof Death) return false
    throw error
  }
}

class Stage {
  readonly #crew: Crew
  readonly #scenario: Scenario
  readonly #mayDie: boolean
  readonly #memory = new WebAssembly.Memory({ initial: 16, maximum: 256, shared: true })
  readonly #judge: Actor
  readonly #begin: State
  #ids: number[] = []
  #snapshot = new Uint8Array()
  /** What has been seen, and what was wrong with it: most executions are the same from outside. */
  readonly #verdicts = new Map<string, string>()
  #isStuck = false

  constructor(crew: Crew, scenario: Scenario, mayDie: boolean) {
    this.#crew = crew
    this.#scenario = scenario
    this.#mayDie = mayDie
    this.#begin = { entries: new Map(scenario.entries), isDeleted: false }
    this.#judge = new Actor(this.#memory)
    this.#judge.core.initializeHeap(256, 1, 2, 3, 4) // seeded as test/recovery/hashes.ts has it
    this.#judge.attach()
    this.#judge.core.createDirectory()
    const { key, value, capacity, entries = [], isGrown } = scenario
    const table = this.#judge.core.createTable(KIND_CODES[key], KIND_CODES[value], capacity ?? 1, 0)
    this.#judge.core.keepTable()
    const { core, stripe } = this.#judge.open(table >>> 0)
    const isBack = entries.map(([name, datum], i) => {
      if (isGrown && i === entries.length - 1) this.#judge.hook = throwBeforeSplit
      return lives(() => this.#judge.run(core.set, stripe, name, { of: datum }))
    })
    if (isGrown && isBack.at(-1)) throw new Error('The last entry does not make the table grow.')
    this.#judge.hook = () => {}
    core.mend()
  }

  get outcomes(): number {
    return this.#verdicts.size
  }

  /** Has the threads attach, and remembers the heap as it is then. */
  async prepare(): Promise<void> {
    const { table, generation, id } = this.#judge
    const { key, value, threads } = this.#scenario
    const jobs = threads.map((does, thread): CoreJob => ({
      memory: this.#memory, table, generation, keyKind: KIND_CODES[key], valueKind: KIND_CODES[value], does,
      mayDie: this.#mayDie && thread === 0,
      mayBlock: thread !== (this.#scenario.spinning ?? 1),
      ids: threads.map((_, other) => id + 1 + other),
    }))
    this.#ids = (await this.#crew.load(jobs)) as number[]
    expect(this.#ids).toEqual(jobs[0]!.ids)
    expect(this.#entries()).toEqual(this.#begin.entries)
    if (this.#scenario.isDeleted) this.#judge.core.closeTable(this.#judge.stripe)
    expect(this.#judge.core.checkHeap()).toBe(0)
    this.#snapshot = new Uint8Array(this.#memory.buffer).slice(0, this.#endOfPages())
  }

  /** Runs a schedule and judges what came of it. @throws ScheduleError */
  execute(schedule: Schedule): Trace {
    this.#restore()
    const { events, results } = this.#run(schedule)
    const wrong = this.#verdict(results as CoreResults[])
    if (wrong) throw new ScheduleError(wrong, schedule, events, nameOf)
    const { passed, diedAt } = results[0] as CoreResults
    if (diedAt !== undefined) deaths.add(diedAt)
    if (replayed()) console.log(storyOf(events, nameOf))
    return { events, passed }
  }

  #run(schedule: Schedule): Outcome {
    try {
      return this.#crew.execute(schedule)
    } catch (error) {
      if (!(error instanceof Standstill)) throw error
      this.#isStuck = true
      throw new ScheduleError(error.message, schedule, error.events, nameOf)
    }
  }

  /** What is wrong, or what goes wrong while we look; empty: nothing. */
  #verdict(results: readonly CoreResults[]): string {
    try {
      return this.#judgeOutcome(results)
    } catch (error) {
      return (error as Error).message
    }
  }

  #judgeOutcome(results: readonly CoreResults[]): string {
    const errors = results.flatMap(({ error }) => error ?? [])
    if (errors.length > 0) return errors.join('\n')
    const { threads } = this.#scenario
    const runs = results.flatMap((result, thread) =>
      result.runs.map((run, i): Run => ({ ...run, operation: threads[thread]![i]! })))
    const isDeleted = this.#scenario.isDeleted ?? false
    const broken = this.#judge.core.checkHeap()
    if (broken !== 0) return `Invariant ${broken} is broken near ${this.#judge.result(SCRATCH.address)}.`
    const left = isDeleted ? new Map<Datum, Datum>() : this.#entries()
    const seen = JSON.stringify([runs.map(({ begin, end, answer }) => [begin, end, answer]), [...left]])
    let verdict = this.#verdicts.get(seen)
    if (verdict === undefined) {
      verdict = this.#verdictOn(runs, { entries: left, isDeleted })
      this.#verdicts.set(seen, verdict)
    }
    return verdict || this.#goOn(isDeleted)
  }

  #verdictOn(runs: readonly Run[], left: State): string {
    for (const run of runs) {
      const wrong = run.operation.do === 'scan' && run.answer ? this.#wrongScan(run) : ''
      if (wrong) return wrong
    }
    if (isLinearizable(runs, this.#begin, left)) return ''
    const lines = runs.map(({ operation, begin, end, answer }) =>
      `  ${begin} to ${end ?? 'its death'}: ${JSON.stringify(operation)} -> ${JSON.stringify(answer)}\n`)
    return `No order explains\n${lines.join('')}  left: ${JSON.stringify([...left.entries])}`
  }

  /** What is there throughout is visited once, with its value; what is written meanwhile at most once. */
  #wrongScan({ answer }: Run): string {
    const found = JSON.parse(answer!.value as string) as [Datum, Datum][]
    const written = this.#scenario.threads.flat().flatMap((operation) =>
      'key' in operation && operation.do !== 'get' && operation.do !== 'has' ? [operation.key] : [])
    for (const [key, value] of this.#begin.entries) {
      if (written.includes(key)) continue
      const visits = found.filter(([other]) => other === key)
      if (visits.length !== 1) return `The scan visited ${key} ${visits.length} times: ${JSON.stringify(found)}`
      if (visits[0]![1] !== value) return `The scan found ${visits[0]![1]} for ${key}`
    }
    const twice = found.find(([key], i) => found.findIndex(([other]) => other === key) !== i)
    return twice ? `The scan visited ${twice[0]} twice: ${JSON.stringify(found)}` : ''
  }

  /** The table can be used, and everything deleted: nothing was lost. */
  #goOn(isDeleted: boolean): string {
    const { core, stripe } = this.#judge
    const kinds = this.#ids.map((id) => this.#judge.kindOf(id))
    const isLost = kinds.some((kind) => kind === SLOT_KIND.dead || kind === SLOT_KIND.recovering)
    if (isLost) return 'A thread was not recovered.'
    if (!isDeleted) {
      const { key, value } = this.#scenario
      const status = this.#judge.run(core.set, stripe, SPARE[key], { of: SPARE[value] })
      if (status !== STATUS.inserted || core.clear(stripe) !== 0) return 'The table cannot be used any more.'
    }
    const broken = core.checkHeap()
    return broken === 0 ? '' : `Invariant ${broken} is broken after everything was deleted.`
  }

  #entries(): Map<Datum, Datum> {
    const { key, value } = this.#scenario
    const { core, stripe } = this.#judge
    const entries = this.#judge.entries(stripe, KIND_CODES[key], KIND_CODES[value]) as Map<Datum, Datum>
    if (core.size(stripe) !== entries.size) throw new Error(`size ${core.size(stripe)} of ${entries.size}`)
    return entries
  }

  /** Makes the heap what it was. Memory that was handed out since is zero again, as fresh memory is. */
  #restore(): void {
    const bytes = new Uint8Array(this.#memory.buffer)
    bytes.fill(0, this.#snapshot.length, Math.max(this.#snapshot.length, this.#endOfPages()))
    bytes.set(this.#snapshot)
  }

  #endOfPages(): number {
    const END_PAGES_AT = 64
    return this.#judge.view().getUint32(END_PAGES_AT, true) * 65_536
  }

  /** Lets the threads go: to their event loops, or for good. */
  async close(): Promise<void> {
    if (this.#isStuck) await this.#crew.dismiss()
    else await this.#crew.release()
  }
}
