// A scene: a heap with a thread that survives, and plays: one thread each, which does one thing after the other to a
// collection of its own until it dies.
import { inspect, isDeepStrictEqual } from 'node:util'
import { HEADER, KIND_CODES, LIMITS, RECORD, RINGS_AT, SCRATCH, STATUS } from '../../../src/core/layout.js'
import { RANDOM } from '../../support/hashes.js'
import type { Doing, Structure } from '../structure.js'
import { Actor } from './actor.js'
import { Death, Thread } from './thread.js'

/** One step of a victim: what it does, and what becomes of what is there. */
export interface Step<State = any> {
  run(victim: Actor): void
  /** Changes the model as the step changes the collection; nothing if it changes nothing. */
  apply?(model: State): void
  /** Whether a thread that died in this step may leave this. By default: what was before it, or after it. */
  mayLeave?(left: State, before: State, after: State): boolean
}

export interface Scenario<State extends object = any, Options = any> {
  readonly name: string
  readonly structure: Structure<State, any, Options>
  readonly options: Options
  /** Pages that the heap may have. */
  readonly maxPages?: number | undefined
  /** What is there before. */
  readonly setup?: readonly Step<State>[]
  readonly steps: readonly Step<State>[]
}

/** An operation as a step. */
export function stepOf<State extends object, Operation extends Doing, Options>(
  structure: Structure<State, Operation, Options>,
  operation: Operation,
  options: Options,
): Step<State> {
  return {
    run: (victim) => void structure.perform(victim, operation, options),
    apply: (model) => void structure.apply(model, operation),
  }
}

/** Where all scenes begin: a heap, a thread, and the directory. */
export class Scene {
  readonly memory: WebAssembly.Memory
  readonly survivor: Thread
  /** Another one, which may die while it recovers a victim. */
  readonly helper: Thread
  readonly plays: readonly Play[]
  /** Comes when somebody looks, and leaves again. */
  readonly #visitor: Actor

  constructor(scenarios: readonly Scenario[]) {
    const maximum = Math.max(...scenarios.map(({ maxPages }) => maxPages ?? 4096))
    this.memory = new WebAssembly.Memory({ initial: Math.min(16, maximum), maximum, shared: true })
    this.survivor = new Thread(this.memory)
    this.survivor.core.initializeHeap(maximum, 1, 2, ...RANDOM)
    this.survivor.attach()
    this.survivor.core.createDirectory()
    this.helper = new Thread(this.memory).attach()
    this.#visitor = new Actor(this.memory)
    this.plays = scenarios.map((scenario) => new Play(this, scenario))
  }

  /** Recovers a thread, in the name of another. Who waits for a lock meanwhile recovers its owner first. */
  recover(thread: number, by: Thread, hook?: (id: number) => void): number {
    const recoverer = new Thread(this.memory)
    if (hook) recoverer.hook = hook
    recoverer.recoverIfDead = (owner) => (recoverer.kindOf(owner) === 2 ? this.recover(owner, by) : 0)
    return recoverer.core.recover(thread, by.id)
  }

  /** A thread that attaches and has the collection open, until it leaves. */
  visit(table: number): Actor {
    return this.#visitor.attach().open(table)
  }

  /** Whatever has a name is there; and what is there has a name, or is a play's. */
  #checkNames(): void {
    const reader = this.visit(this.survivor.view().getUint32(HEADER.directory, true))
    const places = [...reader.entries(reader.stripe, KIND_CODES.string, KIND_CODES.number).values()] as number[]
    for (const place of places) {
      const stripe = reader.core.openCollection(place % 2 ** 32, Math.floor(place / 2 ** 32)) >>> 0
      if (stripe === 0) throw new Error(`a name without a table: ${place}`)
      reader.core.closeCollection(stripe)
    }
    reader.core.writeHeapStats()
    const tables = reader.view().getFloat64(reader.scratch + SCRATCH.value + 3 * 8, true)
    const known = 1 + this.plays.length + places.length
    if (tables !== known) throw new Error(`${tables} tables, of which ${known} are known`)
    reader.leave()
  }

  check(when: string): void {
    const broken = this.survivor.core.checkHeap()
    if (broken !== 0) throw new Error(`${when}: invariant ${broken} broken near ${this.survivor.result(4)}`)
  }

  /** Throws unless all is as it must be when no victim is in the middle of anything. */
  verify(): void {
    this.check('after recovery')
    for (const { victim } of this.plays) {
      if (victim.kindOf(victim.id) !== 0) throw new Error(`slot ${victim.id} did not come back`)
    }
    const [ring, retired] = [LIMITS.ring, RINGS_AT].map((at) => this.survivor.view().getUint32(at, true))
    if (ring !== 0 || retired !== 0) throw new Error(`rings left: ${ring}, ${retired}`)
    for (const play of this.plays) play.checkReferences()
    for (const play of this.plays) play.checkContents()
    const isFull = this.plays.some(({ scenario }) => scenario.maxPages)
    if (!isFull) this.#checkNames() // else there is no memory to open the directory
    for (const play of this.plays) play.goOn()
    this.check('after deleting')
  }
}

/** A victim, and what it has done. */
export class Play {
  readonly scene: Scene
  readonly scenario: Scenario
  readonly victim: Actor
  readonly table: number
  readonly model: any
  /** Steps that the victim has come back from. */
  done = 0

  constructor(scene: Scene, scenario: Scenario) {
    this.scene = scene
    this.scenario = scenario
    const { core } = scene.survivor
    const { structure, options } = scenario
    this.model = structure.empty()
    this.table = structure.make(core, options, false, scene.memory)
    core.keepCollection()
    this.victim = new Actor(scene.memory).attach().open(this.table)
    const stripe = scene.helper.core.openCollection(this.table, 1) // it has a stripe then, when the heap is full
    scene.helper.core.closeCollection(stripe)
    for (const step of scenario.setup ?? []) this.#perform(step)
  }

  #perform(step: Step): void {
    step.run(this.victim)
    step.apply?.(this.model)
  }

  /** Lets the victim act. False: it died, in step `done`. */
  act(): boolean {
    try {
      while (this.done < this.scenario.steps.length) {
        this.#perform(this.scenario.steps[this.done]!)
        this.done++
      }
      return true
    } catch (error) {
      if (error instanceof Death) return false
      throw error
    }
  }

  /** Throws if a thread that is not there any more has the collection open still. */
  checkReferences(): void {
    const references = this.scene.survivor.view().getUint32(this.table + RECORD.references, true)
    if (references !== 1) throw new Error(`references: ${references.toString(16)}`)
  }

  /** Throws unless what is there is what was before the step in which the victim died, or what is after it. */
  checkContents(): void {
    const reader = this.scene.visit(this.table)
    const left: unknown = this.scenario.structure.read(reader, this.scenario.options)
    reader.leave()
    const step = this.scenario.steps[this.done]
    const after: unknown = structuredClone(this.model)
    step?.apply?.(after)
    const isAsBefore = isDeepStrictEqual(left, this.model)
    const isAsAfter = isDeepStrictEqual(left, after)
    const isFine = step?.mayLeave?.(left, this.model, after) ?? (isAsBefore || isAsAfter)
    if (!isFine) throw new Error(`left: ${show(left)}, which is neither ${show(this.model)} nor ${show(after)}`)
    if (isAsAfter && !isAsBefore) step?.apply?.(this.model)
  }

  /** The collection can be used and grown on, by who takes the dead thread's slot, and everything deleted. */
  goOn(): void {
    const { structure, options, maxPages } = this.scenario
    const next = this.scene.visit(this.table)
    const isFull = maxPages !== undefined
    structure.grow(next, options, isFull)
    this.scene.check('after growing')
    structure.useAgain(next, options, isFull)
    this.scene.check('after emptying')
    if (next.core.deleteCollection(this.table, next.generation) !== STATUS.removed) throw new Error('not deleted')
    next.leave()
    const references = next.view().getUint32(this.table + RECORD.references, true)
    if (references !== 0) throw new Error(`references left: ${references.toString(16)}`)
  }
}

function show(state: unknown): string {
  return inspect(state, { maxArrayLength: 40, maxStringLength: 12, breakLength: Infinity, compact: true, sorted: true })
}
