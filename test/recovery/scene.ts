// A scene: a heap with a thread that survives, and plays: one thread each, which does one thing after the other to a
// collection of its own until it dies.
import { HEADER, KIND_CODES, LIMITS, RINGS_AT, SCRATCH, STATUS, TABLE } from '../../src/core/exports.js'
import { Death, Failure, Thread, type Value } from './thread.js'

export type Model = Map<Value, Value>

/** One step of a victim: what it does, and what becomes of the entries. */
export interface Step {
  run(victim: Actor): void
  /** Changes the model as the step changes the table; nothing if it changes no entry. */
  apply?(model: Model): void
  /** Whether a thread that died in this step may leave these entries. By default: those before it, or those after it. */
  mayLeave?(left: Model, before: Model, after: Model): boolean
}

export interface Scenario {
  readonly name: string
  readonly key: keyof typeof KIND_CODES
  readonly value: keyof typeof KIND_CODES
  readonly capacity?: number
  /** Pages that the heap may have. */
  readonly maxPages?: number | undefined
  /** What is there before. */
  readonly setup?: readonly Step[]
  readonly steps: readonly Step[]
}

/** A thread with a collection open. */
export class Actor extends Thread {
  table = 0
  generation = 0
  stripe = 0

  open(table: number, generation = 1): this {
    this.table = table
    this.generation = generation
    this.stripe = this.core.openTable(table, generation) >>> 0
    if (this.stripe === 0) throw new Failure(this.result(0) | 0)
    return this
  }

  /** Closes the table, and detaches. */
  leave(): void {
    this.core.closeTable(this.stripe)
    this.core.detachThread()
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
    this.survivor.core.initializeHeap(maximum, 1, 2, 3, 4)
    this.survivor.attach()
    this.survivor.core.createDirectory()
    this.helper = new Thread(this.memory).attach()
    this.#visitor = new Actor(this.memory)
    this.plays = scenarios.map((scenario) => new Play(this, scenario))
  }

  /** Recovers a thread, in the name of another. Who waits for a lock meanwhile recovers its owner first. */
  recover(thread: number, by: Thread, hook?: (id: number) => void): number {
    const undertaker = new Thread(this.memory)
    if (hook) undertaker.hook = hook
    undertaker.ask = (owner) => (undertaker.kindOf(owner) === 2 ? this.recover(owner, by) : 0)
    return undertaker.core.recover(thread, by.id)
  }

  /** A thread that attaches and has the table open, until it leaves. */
  visit(table: number): Actor {
    return this.#visitor.attach().open(table)
  }

  /** Whatever has a name is there; and what is there has a name, or is a play's. */
  #checkNames(): void {
    const reader = this.visit(this.survivor.view().getUint32(HEADER.directory, true))
    const places = [...reader.entries(reader.stripe, KIND_CODES.string, KIND_CODES.number).values()] as number[]
    for (const place of places) {
      const stripe = reader.core.openTable(place % 2 ** 32, Math.floor(place / 2 ** 32)) >>> 0
      if (stripe === 0) throw new Error(`a name without a table: ${place}`)
      reader.core.closeTable(stripe)
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
    for (const play of this.plays) play.checkEntries()
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
  readonly model: Model = new Map()
  /** Steps that the victim has come back from. */
  done = 0

  constructor(scene: Scene, scenario: Scenario) {
    this.scene = scene
    this.scenario = scenario
    const { core } = scene.survivor
    const { key, value, capacity } = scenario
    this.table = core.createTable(KIND_CODES[key], KIND_CODES[value], capacity ?? 1, 0) >>> 0
    core.keepTable()
    this.victim = new Actor(scene.memory).attach().open(this.table)
    const stripe = scene.helper.core.openTable(this.table, 1) // it has a stripe then, when the heap is full
    scene.helper.core.closeTable(stripe)
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

  /** Throws if a thread that is not there any more has the table open still. */
  checkReferences(): void {
    const references = this.scene.survivor.view().getUint32(this.table + TABLE.references, true)
    if (references !== 1) throw new Error(`references: ${references.toString(16)}`)
  }

  /** Throws unless the entries are those before the step in which the victim died, or those after it. */
  checkEntries(): void {
    const reader = this.scene.visit(this.table)
    const left = reader.entries(reader.stripe, KIND_CODES[this.scenario.key], KIND_CODES[this.scenario.value])
    const step = this.scenario.steps[this.done]
    const after = new Map(this.model)
    step?.apply?.(after)
    const isFine = step?.mayLeave?.(left, this.model, after) ?? (same(left, this.model) || same(left, after))
    if (!isFine) throw new Error(`entries: ${show(left)} are neither ${show(this.model)} nor ${show(after)}`)
    const size = reader.core.size(reader.stripe)
    if (size !== left.size) throw new Error(`size ${size} of ${left.size}`)
    if (step && same(left, after) && !same(left, this.model)) step.apply?.(this.model)
    reader.leave()
  }

  /** The table can be used and grown on, by who takes the dead thread's slot, and everything deleted. */
  goOn(): void {
    const next = this.scene.visit(this.table)
    const added: Value[] = []
    for (let i = 0; i < 60 && this.#tryAdd(next, i); i++) added.push(keyOf(this.scenario.key, 100_000 + i))
    if (!this.scenario.maxPages && next.core.reserve(next.stripe, 300) !== 0) throw new Error('cannot grow')
    this.scene.check('after inserting')
    for (const key of added) {
      if (next.run(next.core.remove, next.stripe, key) !== STATUS.removed) throw new Error('not found again')
    }
    next.core.clear(next.stripe)
    this.scene.check('after clearing')
    if (next.core.deleteTable(this.table, next.generation) !== STATUS.removed) throw new Error('not deleted')
    next.leave()
    const references = next.view().getUint32(this.table + TABLE.references, true)
    if (references !== 0) throw new Error(`references left: ${references.toString(16)}`)
  }

  #tryAdd(next: Actor, i: number): boolean {
    try {
      next.run(next.core.set, next.stripe, keyOf(this.scenario.key, 100_000 + i), valueOf(this.scenario.value, i))
      return true
    } catch (error) {
      if (this.scenario.maxPages && error instanceof Failure && error.status === STATUS.outOfMemory) return false
      throw error
    }
  }
}

function keyOf(kind: Scenario['key'], i: number): Value {
  return kind === 'number' ? i : kind === 'bigint' ? BigInt(i) : `key ${i}`
}

function valueOf(kind: Scenario['value'], i: number): { of: Value } | undefined {
  if (kind === 'none') return undefined
  return { of: kind === 'number' ? i : kind === 'bigint' ? BigInt(i) : `value ${i}` }
}

export function same(one: Model, other: Model): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.has(key) && other.get(key) === value)
}

function show(model: Model): string {
  const texts = [...model].map(([key, value]) => `${String(key).slice(0, 12)}=${String(value).slice(0, 12)}`)
  return `{${texts.sort().slice(0, 40).join(' ')}${texts.length > 40 ? ` ... ${texts.length}` : ''}}`
}
