// Streams that several workloads are made of.
import { MOST_KEYS } from '../streams/keys.js'
import { GET, REMOVE, SET, type Plan, operationOf } from '../streams/plan.js'
import { type Draw, newDraw } from '../streams/random.js'
import type { Request, Variant } from './workload.js'

/** How many of a hundred operations are of which kind. */
export type Mix = readonly (readonly [kind: number, percent: number])[]

/** A plan of a variant: with the usual answers to what it does not say. */
export function planOf(variant: Variant, plan: Partial<Plan> & Pick<Plan, 'streams'>): Plan {
  return {
    keyKind: variant.keys,
    valueKind: 'number',
    keyCount: variant.size,
    prefill: variant.size,
    threads: variant.threads,
    counters: false,
    background: false,
    presize: false,
    sampleEvery: 10,
    loops: 1,
    bound: 0,
    ...plan,
  }
}

/** Small tables are gone through often: rather by loops than by long streams, which would not stay in the caches. */
const LONGEST_STREAM = 1_000_000
const SHORT_STREAM = 50_000
const SMALL_TABLE = 10_000

export function lengthOf({ operations }: Request, { threads, size }: Pick<Variant, 'threads' | 'size'>) {
  const each = Math.max(1, Math.floor(operations / threads))
  const length = Math.min(each, size <= SMALL_TABLE ? SHORT_STREAM : LONGEST_STREAM)
  return { length, loops: Math.max(1, Math.round(each / length)) }
}

/** A stream that inserts and removes cannot be gone through twice. */
export function changingLength({ operations }: Request, { threads }: Pick<Variant, 'threads'>): number {
  return Math.max(1, Math.min(LONGEST_STREAM, Math.floor(operations / threads)))
}

/** A stream for each thread, with random numbers of its own. */
export function forEachThread(
  threads: number,
  seed: number,
  streamFor: (thread: number, draw: Draw) => Uint32Array,
): Uint32Array[] {
  return Array.from({ length: threads }, (_, thread) => streamFor(thread, newDraw(seed * 1_000 + thread)))
}

/** Operations on ranks that `pick` gives. */
export function mixedStream(length: number, mix: Mix, draw: Draw, pick: () => number): Uint32Array {
  return Uint32Array.from({ length }, () => operationOf(drawKind(mix, draw), pick()))
}

function drawKind(mix: Mix, draw: Draw): number {
  let drawn = draw(100)
  for (const [kind, percent] of mix) if ((drawn -= percent) < 0) return kind
  throw new Error('the percentages of a mix have to sum up to 100')
}

/**
 * Inserts and removes besides reads and updates, as conc-map-bench has them: each thread has keys of its own, so that
 * what a thread finds does not depend on the others. INSERT stands for a SET of a key that is not there.
 */
export const INSERT = 100

export function changingPlan(variant: Variant, request: Request, mix: Mix, prefill: number, length: number): Plan {
  const { threads } = variant
  const inserts = mix.find(([kind]) => kind === INSERT)![1] / 100
  const spare = Math.ceil(length * threads * inserts * 1.1) + 100 * threads
  const keyCount = Math.min(prefill + spare, MOST_KEYS)
  const streams = forEachThread(threads, request.seed, (thread, draw) => {
    return changingStream(length, mix, draw, ownRanks(thread, threads, keyCount), prefill)
  })
  return planOf(variant, { keyCount, prefill, streams })
}

function ownRanks(thread: number, threads: number, keyCount: number): number[] {
  const ranks: number[] = []
  for (let rank = thread; rank < keyCount; rank += threads) ranks.push(rank)
  return ranks
}

function changingStream(length: number, mix: Mix, draw: Draw, ranks: number[], prefill: number): Uint32Array {
  const present = ranks.filter((rank) => rank < prefill)
  const absent = ranks.filter((rank) => rank >= prefill)
  const next = (): number => {
    const kind = drawKind(mix, draw)
    if (kind === INSERT || present.length === 0) return operationOf(SET, move(absent, present, draw(absent.length)))
    const place = draw(present.length)
    return operationOf(kind, kind === REMOVE ? move(present, absent, place) : present[place]!)
  }
  return Uint32Array.from({ length }, next)
}

/** Returns what it moves. */
function move(from: number[], to: number[], place: number): number {
  const rank = from[place]!
  from[place] = from.at(-1)!
  from.pop()
  to.push(rank)
  return rank
}

/** Each rank once, in random order, a share for each thread. */
export function shares(ranks: Uint32Array, threads: number, kind: number): Uint32Array[] {
  return Array.from({ length: threads }, (_, thread) => {
    const from = Math.floor((ranks.length * thread) / threads)
    const to = Math.floor((ranks.length * (thread + 1)) / threads)
    return ranks.subarray(from, to).map((rank) => operationOf(kind, rank))
  })
}

export const READS_AND_UPDATES = (reads: number): Mix => [
  [GET, reads],
  [SET, 100 - reads],
]
