// Kills workers: starts victims, terminates them at random moments, starts others in their places; survivors go on.
import * as library from 'tophash'
import { SharedHeap } from 'tophash'
import { type Spawned, spawn } from '../support/workers.js'
import { CHECKPOINTS } from '../../src/core/layout.js'
import { randomOf } from '../stress/random.js'
import { type Deaths, examineAtExit } from './autopsy.js'
import { Collections } from './collections.js'
import { Ledger } from './ledger.js'
import type { Job } from './owner.js'
import type { Random } from './steps.js'
import { tally } from './tally.js'
import { Watcher } from './watcher.js'

export interface Plan {
  readonly seed: number
  readonly kills: number
  readonly rounds: number
  /** Threads that are killed again and again: in groups, each of which dies at one moment. */
  readonly groups: number
  readonly groupSize: number
  /** How long the main thread sleeps after a kill, at most: so long nobody hears of the exits. */
  readonly sleepMs: number
  /** Victims use the checked core, and linger where others could see half of an operation: there most of them die. */
  readonly checked: boolean
  /** Small: the heap is nearly full all the time. */
  readonly maxBytes?: number
}

export interface Report extends Deaths {
  kills: number
  seconds: number
  /** The longest single step of a survivor. */
  longestPauseMs: number
  /** Steps that the survivors have done. */
  steps: number
  /** Writes for which the heap had no room. */
  refusals: number
  /** Checkpoints of the core at which victims died: names. */
  checkpoints: Set<string>
  /** Bytes of the heap after each round, when everything was deleted. */
  heapBytes: number[]
}

const SURVIVORS = 2
/** From ready on. A victim that is not waited for may die while it still attaches. */
const MAX_LIFE_MS = 30
/** No survivor stands still for so long, and no victim takes so long to start. */
const HANG_MS = 60_000

/** Kills as planned. @throws what was found wrong, first of all by the actors */
export async function killAll(plan: Plan): Promise<Report> {
  const began = performance.now()
  const heap = new SharedHeap(plan.maxBytes === undefined ? {} : { maxBytes: plan.maxBytes })
  const report: Report = {
    kills: 0,
    seconds: 0,
    longestPauseMs: 0,
    steps: 0,
    refusals: 0,
    heapBytes: [],
    attached: 0,
    locked: 0,
    checkpoints: new Set(),
  }
  const random = randomOf(plan.seed)
  try {
    for (let round = 1; round <= plan.rounds; round++) {
      await new Round(heap, plan, report, random).run(Math.round((plan.kills * round) / plan.rounds))
    }
  } catch (error) {
    throw new Error(`After ${report.kills} kills: ${String(error)} (seed ${plan.seed})`, { cause: error })
  }
  heap.dispose()
  report.seconds = (performance.now() - began) / 1000
  return report
}

/** A life of collections: made, worked on, checked and deleted. */
class Round {
  readonly #heap: SharedHeap
  readonly #plan: Plan
  readonly #report: Report
  readonly #random: Random
  readonly #ledger: Ledger
  readonly #watcher: Watcher
  readonly #opened: Collections
  readonly #running = new Set<Spawned<string>>()

  constructor(heap: SharedHeap, plan: Plan, report: Report, random: Random) {
    this.#heap = heap
    this.#plan = plan
    this.#report = report
    this.#random = random
    this.#ledger = new Ledger(plan.groups * plan.groupSize + SURVIVORS)
    this.#watcher = new Watcher(this.#ledger)
    this.#opened = new Collections(library, heap.handle)
  }

  /** Until there were so many kills in all. */
  async run(kills: number): Promise<void> {
    const watch = new AbortController()
    try {
      await Promise.race([this.#killUntil(kills), this.#hang(watch.signal)])
    } finally {
      watch.abort()
      await Promise.all([...this.#running].map(({ worker }) => worker.terminate()))
    }
    this.#report.heapBytes.push(tally(this.#heap, this.#ledger))
  }

  async #killUntil(kills: number): Promise<void> {
    const { groups, groupSize } = this.#plan
    const victims = groups * groupSize
    const survivors = Array.from({ length: SURVIVORS }, (_, n) => this.#start(victims + n, 50))
    await Promise.all(survivors.map((survivor) => this.#ready(survivor)))
    const firsts = Array.from({ length: groups }, (_, group) => group * groupSize)
    const last = await Promise.all(firsts.map((first) => this.#killGroup(first, kills)))
    await this.#stop(victims, last.flat())
    await this.#settled(1 + SURVIVORS)
    this.#opened.dispose()
    await this.#stop(victims + SURVIVORS, survivors)
    for (let n = victims; n < victims + SURVIVORS; n++) {
      this.#report.longestPauseMs = Math.max(this.#report.longestPauseMs, this.#ledger.longestPauseMs(n))
      this.#report.steps += this.#ledger.steps(n)
    }
    this.#report.refusals += this.#ledger.refusals()
  }

  /** Kills victims, who all die at one moment; and others in their places. Returns the last ones, who live. */
  async #killGroup(first: number, kills: number): Promise<Spawned<string>[]> {
    while (true) {
      const victims = Array.from({ length: this.#plan.groupSize }, (_, n) => this.#start(first + n, 20))
      const isLast = this.#report.kills >= kills
      if (isLast || this.#random(6) !== 0) await Promise.all(victims.map((victim) => this.#ready(victim)))
      if (isLast) return victims
      await pause(this.#random(MAX_LIFE_MS))
      this.#report.kills += victims.length
      const ends = victims.map(({ worker }) => worker.terminate())
      if (this.#plan.sleepMs > 0) sleep(this.#random(this.#plan.sleepMs))
      await Promise.all(ends)
      for (const victim of victims) this.#running.delete(victim)
      for (let n = first; n < first + victims.length; n++) this.#noteCheckpoint(n)
      this.#look()
    }
  }

  #start(actor: number, watches: number): Spawned<string> {
    const isVictim = actor < this.#plan.groups * this.#plan.groupSize
    const { actors, buffer } = this.#ledger
    const spawned = spawn<string>('deaths/actor', {
      heap: this.#heap.handle,
      ledger: buffer,
      actors,
      actor,
      seed: this.#random(2 ** 32),
      watches,
      leaves: true,
      tight: this.#plan.maxBytes !== undefined,
      checked: isVictim && this.#plan.checked,
    } satisfies Job)
    spawned.worker.on('error', (error) => this.#ledger.complain(actor, `Actor ${actor} failed: ${String(error)}`))
    examineAtExit(spawned.worker, this.#heap, this.#report)
    this.#running.add(spawned)
    return spawned
  }

  async #ready(spawned: Spawned<string>): Promise<void> {
    if ((await spawned.message()) !== 'ready') this.#checkComplaints()
  }

  #noteCheckpoint(actor: number): void {
    const checkpoint = this.#ledger.lingersAt(actor)
    if (checkpoint > 0) this.#report.checkpoints.add(CHECKPOINTS[checkpoint - 1]!)
    this.#ledger.linger(actor, 0)
  }

  /** Lets actors end by themselves. */
  async #stop(first: number, actors: readonly Spawned<string>[]): Promise<void> {
    this.#ledger.stop(first)
    await Promise.all(actors.map(({ results }) => results))
    for (const actor of actors) this.#running.delete(actor)
    this.#checkComplaints()
  }

  /** Waits until no more threads are attached than there are, without recover(): the system may still know of one whose exit was told of. */
  async #settled(there: number): Promise<void> {
    const began = performance.now()
    while (true) {
      const { threads } = this.#heap.stats()
      if (threads <= there) return
      if (performance.now() - began > HANG_MS) throw new Error(`${threads} threads are attached, but there are ${there}`)
      await pause(10)
    }
  }

  /** The main thread is one of those who look, between two kills. */
  #look(): void {
    this.#checkComplaints()
    for (let n = 0; n < 3; n++) this.#watcher.look(this.#opened, this.#random)
  }

  #checkComplaints(): void {
    const complaints = this.#ledger.complaints()
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
  }

  /** Rejects when a survivor, or the killing, stands still. */
  async #hang(signal: AbortSignal): Promise<never> {
    const { actors } = this.#ledger
    const last: number[] = []
    const since: number[] = []
    while (true) {
      await pause(1000)
      if (signal.aborted) return new Promise<never>(() => {})
      const now = [this.#report.kills, this.#ledger.steps(actors - 1), this.#ledger.steps(actors - 2)]
      now.forEach((count, n) => {
        if (count !== last[n]) since[n] = performance.now()
        last[n] = count
        if (performance.now() - since[n]! < HANG_MS) return
        throw new Error(`Hangs: kills, steps of the survivors: ${now.join()}`)
      })
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Sleeps without looking for events. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
