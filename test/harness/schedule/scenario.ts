// A scenario: a small collection, and what two or three threads do to it. Whatever the schedule, in the end what each
// operation returned and what is left has to have an order that explains it, and the heap has to be whole.
import { expect, it } from 'vitest'
import type { Checkpoint } from '../../../src/core/hooks.checked.js'
import { CHECKPOINTS, LIMITS, PAGE_BYTES, RECORD, SCRATCH, SLOT_KIND } from '../../../src/core/layout.js'
import { RANDOM } from '../../support/hashes.js'
import { Actor } from '../core/actor.js'
import { Death } from '../core/thread.js'
import { type Doing, type Structure, textOf } from '../structure.js'
import { type CoreJob, type CoreResults, nameOf } from './core.js'
import { type Crew, type Outcome, ScheduleError, Standstill, storyOf } from './crew.js'
import { type Plan, type Trace, explore, replayed } from './explore.js'
import { type Run, isLinearizable } from './linear.js'
import { type HeapOperation, type State, close } from './operations.js'
import type { Schedule } from './schedule.js'

export interface Scenario<Operation extends Doing = any, Options = any> {
  readonly structure: Structure<any, Operation, Options>
  readonly options: Options
  /** What is done before, by another thread. */
  readonly before?: readonly Operation[]
  /** The last of these was thrown out at this checkpoint, and mended; all threads know of what it has done. */
  readonly interruptedAt?: Checkpoint | undefined
  /** What the threads do, each in a worker of its own. */
  readonly threads: readonly (readonly (Operation | HeapOperation)[])[]
  /** The thread that may not sleep, as a browser's main thread, and spins while it waits; by default the second. */
  readonly spinning?: number | undefined
  /** Whether the threads delete the collection and close it, so that nothing is left. */
  readonly isDeleted?: boolean | undefined
  /** Whether it has no name: then the last thread that closes it deletes it. */
  readonly isUnnamed?: boolean | undefined
}

/** Tries schedules of a scenario until one goes wrong. */
export function explores(name: string, crew: Crew, scenario: Scenario, plan: Plan): void {
  it(name, async () => {
    const stage = new Stage(crew, scenario, (plan.deaths ?? 0) > 0)
    await stage.prepare()
    try {
      const report = await explore(plan, scenario.threads.length, (schedule) => stage.execute(schedule))
      const { executions, random, complete, seed, longest } = report
      console.log(
        `${name}: ${executions} executions of up to ${longest} events, ${stage.outcomes} outcomes; ` +
          `all with up to ${complete} preemptions, ${random} at random (seed ${seed})`,
      )
    } finally {
      await stage.close()
    }
  }, 120_000)
}

/** Checkpoints at which threads have died. */
export const deaths = new Set<number>()

/** What a thread has open when it dies is closed for it, sooner or later. */
function closedFor({ diedAt, runs }: CoreResults): Run[] {
  return diedAt === undefined ? [] : [{ operation: close, begin: runs.at(-1)!.begin }]
}

/** Throws out of an operation at a checkpoint. */
function throwAt(checkpoint: Checkpoint): (id: number) => void {
  return (id) => {
    if (CHECKPOINTS[id] === checkpoint) throw new Death()
  }
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
    const { structure, options, before = [], interruptedAt, isUnnamed = false } = scenario
    this.#judge = new Actor(this.#memory)
    this.#judge.core.initializeHeap(256, 1, 2, ...RANDOM)
    this.#judge.attach()
    this.#judge.core.createDirectory()
    const table = structure.make(this.#judge.core, options, isUnnamed, this.#judge.memory)
    const generation = this.#judge.view().getUint32(table + RECORD.generation, true)
    const { core } = this.#judge.open(table, generation)
    core.keepCollection()
    const contents: unknown = structure.empty()
    const isBack = before.map((operation, i) => {
      if (interruptedAt && i === before.length - 1) this.#judge.hook = throwAt(interruptedAt)
      structure.apply(contents as object, operation)
      return lives(() => structure.perform(this.#judge, operation, options))
    })
    if (interruptedAt && isBack.at(-1)) throw new Error(`What was done last before does not come to ${interruptedAt}.`)
    this.#judge.hook = () => {}
    core.mend()
    this.#begin = { contents, isDeleted: false, openers: isUnnamed ? scenario.threads.length : undefined }
  }

  get outcomes(): number {
    return this.#verdicts.size
  }

  /** Has the threads attach, and remembers the heap as it is then. */
  async prepare(): Promise<void> {
    const { table, generation, id } = this.#judge
    const { structure, options, threads } = this.#scenario
    const jobs = threads.map(
      (does, thread): CoreJob => ({
        memory: this.#memory,
        table,
        generation,
        structure: structure.name,
        options,
        does,
        mayDie: this.#mayDie && thread === 0,
        mayBlock: thread !== (this.#scenario.spinning ?? 1),
        ids: threads.map((_, other) => id + 1 + other),
      }),
    )
    this.#ids = (await this.#crew.load(jobs)) as number[]
    expect(this.#ids).toEqual(jobs[0]!.ids)
    expect(this.#contents()).toEqual(this.#begin.contents)
    if (this.#scenario.isDeleted) this.#judge.core.closeCollection(this.#judge.stripe)
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
    const runs = results.flatMap((result, thread) => [
      ...result.runs.map((run, i): Run => ({ ...run, operation: threads[thread]![i]! })),
      ...closedFor(result),
    ])
    const isDeleted = this.#scenario.isDeleted ?? false
    const broken = this.#judge.core.checkHeap()
    if (broken !== 0) return `Invariant ${broken} is broken near ${this.#judge.result(SCRATCH.address)}.`
    if (isDeleted && this.#judge.view().getUint32(this.#judge.table + RECORD.references, true) !== 0)
      return 'The record is not free.'
    const left: State = { contents: isDeleted ? this.#scenario.structure.empty() : this.#contents(), isDeleted }
    const seen = textOf([runs.map(({ begin, end, answer }) => [begin, end, answer]), left])
    let verdict = this.#verdicts.get(seen)
    if (verdict === undefined) {
      verdict = this.#verdictOn(runs, left)
      this.#verdicts.set(seen, verdict)
    }
    return verdict || this.#goOn(isDeleted)
  }

  #verdictOn(runs: readonly Run[], left: State): string {
    const { structure, threads } = this.#scenario
    for (const { operation, answer } of runs) {
      const wrong =
        answer && answer.status >= 0 && structure.objectionTo?.(answer, operation, this.#begin.contents, threads.flat())
      if (wrong) return wrong
    }
    if (isLinearizable(structure, runs, this.#begin, left)) return ''
    const lines = runs.map(
      ({ operation, begin, end, answer }) =>
        `  ${begin} to ${end ?? 'its death'}: ${JSON.stringify(operation)} -> ${JSON.stringify(answer)}\n`,
    )
    return `No order explains\n${lines.join('')}  left: ${textOf(left.contents)}`
  }

  /** The collection can be used, and everything deleted: nothing was lost. */
  #goOn(isDeleted: boolean): string {
    const kinds = this.#ids.map((id) => this.#judge.kindOf(id))
    const isLost = kinds.some((kind) => kind === SLOT_KIND.dead || kind === SLOT_KIND.recovering)
    if (isLost) return 'A thread was not recovered.'
    const { structure, options } = this.#scenario
    if (!isDeleted) structure.useAgain(this.#judge, options, false)
    const broken = this.#judge.core.checkHeap()
    return broken === 0 ? '' : `Invariant ${broken} is broken after everything was deleted.`
  }

  #contents(): object {
    return this.#scenario.structure.read(this.#judge, this.#scenario.options)
  }

  /** Makes the heap what it was. Memory that was handed out since is zero again, as fresh memory is. */
  #restore(): void {
    const bytes = new Uint8Array(this.#memory.buffer)
    bytes.fill(0, this.#snapshot.length, Math.max(this.#snapshot.length, this.#endOfPages()))
    bytes.set(this.#snapshot)
  }

  #endOfPages(): number {
    return this.#judge.view().getUint32(LIMITS.endPages, true) * PAGE_BYTES
  }

  /** Lets the threads go: to their event loops, or for good. */
  async close(): Promise<void> {
    if (this.#isStuck) await this.#crew.dismiss()
    else await this.#crew.release()
  }
}
