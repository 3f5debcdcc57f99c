// What one thread of a contender does in a round: its stream, or tasks until there are no more.
import type { Key } from '../streams/keys.js'
import { type Plan, operationsOf } from '../streams/plan.js'
import { Barrier } from './barrier.js'
import { collectGarbage, now } from './clock.js'
import { KeySource } from './key-source.js'
import { type Execute, Stopwatch } from './latency.js'
import { type Batch, type Found, foundIn, maskOf, newTally } from './loop.js'

/** What all threads of a round are told. */
export interface Round {
  /** Each stream stops after so many operations; 0: never. */
  limit: number
  /** Every so-manieth operation is timed; 0: none. */
  every: number
  /** Where the threads meet before they start. */
  barrier: SharedArrayBuffer
  /** Two words: the next task; and whether the measured stream is done. */
  progress: SharedArrayBuffer
}

export interface ThreadResult extends Found {
  operations: number
  /** Of the timed parts. */
  nanoseconds: number
  endedAt: bigint
  samples: Uint32Array<ArrayBuffer> | undefined
  longest: { start: bigint; duration: bigint } | undefined
}

const NEXT_TASK = 0
const DONE = 1
/**
 * Operations that are executed at a time. Few enough for fresh strings to be in the caches when they are used, as if just
 * read; and many calls of the loop are what V8 compiles best: from one long call it would fall back at the end.
 */
const BATCH = 10_000
/** After so many operations those in the background look whether they may stop. */
const BACKGROUND_BATCH = 500

export class Thread {
  readonly keys: KeySource
  readonly #plan: Plan
  readonly #index: number
  readonly #keysOfStreams: (ArrayLike<Key> | undefined)[] = []

  /** Thread 0, 1 ... of `of`. One thread alone does all that there is to do. */
  constructor(
    plan: Plan,
    index: number,
    readonly of: number,
    takesRanks = false,
  ) {
    this.#plan = plan
    this.#index = index
    this.keys = new KeySource(takesRanks ? 'number' : plan.keyKind, plan.keyCount)
    if (this.keys.fresh) return
    for (const stream of this.#possibleStreams()) this.#keysOfStreams[stream] = this.keys.keysOf(plan.streams[stream]!)
  }

  async run(execute: Execute, round: Round): Promise<ThreadResult> {
    const work = new Work(this.#plan, round, this.keys, this.#keysOfStreams, this.#announced(round.limit))
    const progress = new Int32Array(round.progress)
    const inBackground = this.#plan.background && this.#index > 0
    collectGarbage()
    new Barrier(round.barrier).pass(this.of)
    if (inBackground) {
      while (!Atomics.load(progress, DONE)) await work.stream(execute, this.#index, () => Atomics.load(progress, DONE) === 1)
    } else {
      for (const stream of this.#streams(progress)) await work.stream(execute, stream)
    }
    if ('now' in execute) execute.settle?.()
    const endedAt = now()
    Atomics.store(progress, DONE, 1)
    return work.result(endedAt)
  }

  /** Which streams this thread executes, in order; tasks are shared out while it goes. */
  *#streams(progress: Int32Array): Generator<number> {
    const { streams, threads, background } = this.#plan
    if (background) yield 0
    else if (streams.length > threads) {
      for (let task: number; (task = Atomics.add(progress, NEXT_TASK, 1)) < streams.length; ) yield task
    } else yield* this.#possibleStreams()
  }

  #possibleStreams(): number[] {
    const all = [...this.#plan.streams.keys()]
    return this.of === 1 || all.length > this.#plan.threads ? all : all.filter((stream) => stream === this.#index)
  }

  /** The most operations that this thread may come to. */
  #announced(limit: number): number {
    return this.#possibleStreams().reduce((sum, stream) => sum + operationsOf(this.#plan, stream, limit), 0)
  }
}

/** What a thread has done so far in a round. */
class Work {
  readonly #tally = newTally()
  readonly #stopwatch: Stopwatch | undefined
  #operations = 0
  #nanoseconds = 0n

  constructor(
    readonly plan: Plan,
    readonly round: Round,
    readonly keys: KeySource,
    readonly keysOfStreams: (ArrayLike<Key> | undefined)[],
    announced: number,
  ) {
    this.#stopwatch = round.every > 0 ? new Stopwatch(round.every, announced) : undefined
  }

  /** Executes a whole stream, all its loops, in as many batches as it takes. */
  async stream(execute: Execute, stream: number, stopped?: () => boolean): Promise<void> {
    const operations = this.plan.streams[stream]!
    let left = operationsOf(this.plan, stream, this.round.limit)
    for (let place = 0; left > 0 && !stopped?.(); ) {
      const to = Math.min(place + (stopped ? BACKGROUND_BATCH : BATCH), place + left, operations.length)
      await this.#batch(execute, this.#prepare(stream, place, to))
      left -= to - place
      place = to === operations.length ? 0 : to
    }
  }

  result(endedAt: bigint): ThreadResult {
    return {
      ...foundIn(this.#tally),
      endedAt,
      operations: this.#operations,
      nanoseconds: Number(this.#nanoseconds),
      samples: this.#stopwatch?.samples,
      longest: this.#stopwatch?.longest,
    }
  }

  #prepare(stream: number, from: number, to: number): Batch {
    const { plan, keys } = this
    const operations = plan.streams[stream]!
    return {
      operations,
      from,
      to,
      keys: keys.fresh ? keys.keysOf(operations, from, to) : this.keysOfStreams[stream],
      keysFrom: keys.fresh ? from : 0,
      mask: maskOf(plan),
      booleans: plan.valueKind === 'boolean',
    }
  }

  async #batch(execute: Execute, batch: Batch): Promise<void> {
    const start = now()
    if ('later' in execute) {
      if (this.#stopwatch) await this.#stopwatch.runLater(execute.later, batch, this.#tally)
      else await execute.later(batch, this.#tally)
    } else if (this.#stopwatch) this.#stopwatch.run(execute.now, batch, this.#tally)
    else execute.now(batch, this.#tally)
    this.#nanoseconds += now() - start
    this.#operations += batch.to - batch.from
  }
}
