// Measures a variant of a workload: contenders take turns in rounds, and each proves in each round that it did the work.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { writePlan } from '../streams/files.js'
import { type Plan, kindOf, operationsOf } from '../streams/plan.js'
import { type Outcome, replay } from '../streams/replay.js'
import { leastHits } from './least-hits.js'
import type { Contender } from './contenders.js'
import { ContenderProcess, type RoundAnswer } from './contender-process.js'
import { type Latency, latencyOf } from './percentiles.js'

/** A contender did not do the work, or not right. */
export class ChecksumError extends Error {}

/** What a contender did in all rounds of a variant. */
export interface Record {
  contender: Contender
  version: string
  rounds: RoundAnswer[]
  latencies: Latency[]
  /** The longest operation of one more round, in which the map recorded what it did. */
  longest?: RoundAnswer['longest']
  /** Operations of a stream, where it was cut off. */
  limit: number
  threads: number
  /** Whether it was asked to keep a bound. */
  isCache: boolean
}

export interface Course {
  plan: Plan
  rounds: number
  /** Whether there are rounds besides in which single operations are timed. */
  latency: boolean
  /** Whether it is asked what a map did during the longest operation. */
  explain: boolean
  /** Plans and durations are files in it. */
  folder: string
  onRound(round: number): void
}

/** A round of a slow contender takes no longer than this, about. */
const SLOW_ROUND_MS = 300
/** How slow ones are tried out: with so many operations of each stream, and then with as many as take so long. */
const FIRST_TRIAL = 10
const SECOND_TRIAL_MS = 30
/** Rounds in which single operations are timed: each has as many samples as it needs. */
const MOST_TIMED_ROUNDS = 3
/** Larger tables: contenders do not wait for each other in memory, but are started for each round. */
const LARGE_TABLE = 4_000_000

export async function measure(contenders: readonly Contender[], course: Course): Promise<Record[]> {
  const file = path.join(course.folder, 'plan')
  writePlan(file, course.plan)
  const runners = contenders.map((contender) => new Runner(contender, course, file))
  try {
    await Promise.all(runners.map((runner) => runner.start()))
    course.onRound(0)
    for (const runner of runners) await runner.warmUp()
    for (let round = 1; round <= course.rounds; round++) {
      course.onRound(round)
      const turns = round % 2 ? runners : runners.toReversed()
      for (const runner of turns) await runner.play(round)
      if (course.latency && round <= MOST_TIMED_ROUNDS) for (const runner of turns) await runner.playTimed(round)
    }
    if (course.explain) for (const runner of runners) await runner.explain()
    await Promise.all(runners.map((runner) => runner.stop()))
  } finally {
    for (const runner of runners) runner.kill()
  }
  return runners.map((runner) => runner.record)
}

class Runner {
  readonly record: Record
  readonly #course: Course
  readonly #file: string
  readonly #large: boolean
  #process: ContenderProcess | undefined
  #expected: Outcome | undefined
  #leastHits: number | undefined

  constructor(contender: Contender, course: Course, file: string) {
    const threads = contender.alone ? 1 : course.plan.threads
    this.record = { contender, version: '', rounds: [], latencies: [], limit: 0, threads, isCache: course.plan.bound > 0 }
    this.#course = course
    this.#file = file
    this.#large = course.plan.keyCount > LARGE_TABLE
  }

  async start(): Promise<void> {
    if (!this.#large) await this.#load()
  }

  /** The round before those that count: code is compiled, memory touched, and known how much slow ones can do. */
  async warmUp(): Promise<void> {
    const { contender } = this.record
    if (this.#large && !contender.slow) return
    if (contender.slow) this.record.limit = await this.#findLimit()
    this.#expected = replay(this.#course.plan, this.record.limit)
    await this.#round(0, () => this.#process!.round(this.record.limit))
  }

  async play(round: number): Promise<void> {
    this.record.rounds.push(await this.#round(round, () => this.#process!.round(this.record.limit)))
  }

  async playTimed(round: number): Promise<void> {
    const file = path.join(this.#course.folder, 'durations')
    const answer = await this.#round(round, () => this.#process!.round(this.record.limit, file))
    const bytes = new Uint8Array(readFileSync(file))
    const samples = new Uint32Array(bytes.buffer)
    const announced = answer.threads.reduce((sum, thread) => sum + (thread.samples ?? 0), 0)
    if (samples.length !== announced) throw new ChecksumError(this.#complaint(round, 'samples', samples.length, announced))
    this.record.latencies.push(latencyOf(samples))
  }

  async explain(): Promise<void> {
    const { contender, limit, rounds } = this.record
    if (!contender.records) return
    const file = path.join(this.#course.folder, 'durations')
    const answer = await this.#round(rounds.length + 1, () => this.#process!.round(limit, file, true))
    if (answer.longest) this.record.longest = answer.longest
  }

  async stop(): Promise<void> {
    await this.#process?.quit()
    this.#process = undefined
  }

  kill(): void {
    this.#process?.kill()
  }

  async #load(): Promise<void> {
    this.#process = new ContenderProcess(this.record.contender.title, this.record.contender.program)
    this.record.version = (await this.#process.load(this.#file)).version
  }

  async #round(round: number, play: () => Promise<RoundAnswer>): Promise<RoundAnswer> {
    if (!this.#process) await this.#load()
    const answer = await play()
    this.#expected ??= replay(this.#course.plan, this.record.limit)
    this.#verify(round, answer, this.#expected)
    if (this.#large) await this.stop()
    return answer
  }

  /** How many operations of each stream fit into a round, found by trying a few, and then some more. */
  async #findLimit(): Promise<number> {
    if (!this.#process) await this.#load()
    const { plan } = this.#course
    const most = Math.max(...plan.streams.map((_, stream) => operationsOf(plan, stream)))
    let limit = Math.min(FIRST_TRIAL, most)
    for (const milliseconds of [SECOND_TRIAL_MS, SLOW_ROUND_MS]) {
      const { nanoseconds } = await this.#process!.round(limit)
      limit = Math.min(Math.max(1, Math.floor((limit * milliseconds * 1e6) / nanoseconds)), most)
    }
    return limit === most ? 0 : limit
  }

  #verify(round: number, answer: RoundAnswer, expected: Outcome): void {
    const { background, bound } = this.#course.plan
    if (bound > 0) return this.#verifyCache(round, answer, expected)
    for (const field of ['operations', 'hits', 'sum', 'removed', 'visited', 'content', 'size'] as const) {
      if (field === 'size' && answer.size === -1) continue
      const found = field === 'operations' && background ? answer.threads[0]!.operations : answer[field]
      if (found !== expected[field]) throw new ChecksumError(this.#complaint(round, field, found, expected[field]))
    }
  }

  /** What a cache keeps is its own affair; but not that it has no more than it may, and hits hardly less often than an LRU cache. */
  #verifyCache(round: number, { operations, size, hits }: RoundAnswer, expected: Outcome): void {
    const { plan } = this.#course
    const { caches } = this.record.contender
    const wrong = (field: string, found: number, right: string) => {
      throw new ChecksumError(`${this.record.contender.title}, round ${round}: ${field} is ${found}, not ${right}`)
    }
    if (operations !== expected.operations) wrong('operations', operations, `${expected.operations}`)
    if (caches === 'only' && size > plan.bound) wrong('size', size, `${plan.bound} at most`)
    this.#leastHits ??= leastHits(plan, this.record.limit)
    if (caches !== 'drops' && hits < this.#leastHits) wrong('hits', hits, `${this.#leastHits} at least`)
    if (hits > expected.hits) wrong('hits', hits, `${expected.hits} at most`)
  }

  #complaint(round: number, field: string, found: number, expected: number): string {
    return `${this.record.contender.title}, round ${round}: ${field} is ${found}, not ${expected}`
  }
}

/** Which kinds of operations a plan asks for. */
export function kindsIn({ streams }: Plan): Set<number> {
  const kinds = new Set<number>()
  for (const stream of streams) for (const operation of stream) kinds.add(kindOf(operation))
  return kinds
}
