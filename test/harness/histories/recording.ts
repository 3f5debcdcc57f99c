// Has workers record a history, and holds it against the specification.
import { SharedHeap } from 'tophash'
import { newGate } from '../../stress/jobs.js'
import { asked } from '../../support/size.js'
import { type Spawned, spawn } from '../../support/workers.js'
import { type Operation, byKey, countOverlapping, groupedBy, newLog, operationsOf } from './history.js'
import type { Job, Plan, Report } from './job.js'
import { type Specification, minimise } from './minimise.js'
import { recordedAs } from '../structures.js'
import type { State } from './checker.js'
import { tell } from './timeline.js'
import { type Visit, readsOf } from './visits.js'

/** Records that an operation takes at most, on average: those on many keys take several. */
const RECORDS = 4

/** The seeds of as many recordings as TOPHASH_HISTORIES says, one after the other: of one, unless told. */
export function seedsFrom(seed: number): number[] {
  return Array.from({ length: asked('TOPHASH_HISTORIES', 1, 1) }, (_, index) => seed + index)
}

export interface Recording {
  readonly seed: number
  readonly operations: readonly Operation[]
  readonly visits: readonly Visit[]
  /** Of a hundred recorded operations, how many ran at the same time as another thread's on the same key. */
  readonly percentOverlapping: number
  /** The most that any thread has measured: see Recorded.surveyOf(). */
  readonly survey: Readonly<Record<string, number>>
  readonly specification: Specification<Operation, State>
}

/** Recordings of a seed at most, and how far apart their seeds are. */
const [MOST_RECORDINGS, SEED_STRIDE] = [20, 1_000_003] as const

/**
 * One recording; or as many as it takes until in the last one at least so many of a hundred operations overlapped: how processors
 * are shared out is not in our hands, and on a busy one threads may hardly meet.
 */
export async function recordOverlapping(plan: Plan, seed: number, leastPercent: number): Promise<Recording[]> {
  const recordings: Recording[] = []
  do recordings.push(await record(plan, (seed + recordings.length * SEED_STRIDE) >>> 0))
  while (recordings.at(-1)!.percentOverlapping < leastPercent && recordings.length < MOST_RECORDINGS)
  return recordings
}

/** Runs the workers of a plan. @throws what a worker throws */
export async function record(plan: Plan, seed: number): Promise<Recording> {
  const { threads, hot, steady, filling, rounds } = plan
  const heap = new SharedHeap({ maxBytes: 256 << 20 })
  const recorded = await recordedAs(plan.collection)
  const all = recorded.keysFor(plan, heap.handle, hot + steady + threads * filling)
  const keys = all.splice(0, hot + steady)
  const fillers = Array.from({ length: threads }, () => all.splice(0, filling))
  const log = newLog(threads, rounds * (plan.operations * RECORDS + 2 * keys.length))
  const common = { plan, heap: heap.handle, threads, seed, keys, fillers, log, gate: newGate() }
  const jobs = Array.from({ length: threads }, (_, thread): Job => ({ ...common, thread }))
  const reports = await gather(jobs.map((job) => spawn<Report>('harness/histories/record', job)))
  const visits = reports.flatMap((report) => report.visits)
  heap.check()
  heap.dispose()
  const operations = operationsOf(log)
  const overlapping = byKey(operations).reduce((sum, history) => sum + countOverlapping(history), 0)
  const reads = readsOfPlaces(
    visits,
    keys.map((_, key) => key),
  )
  const { specification } = recorded
  const percentOverlapping = (100 * overlapping) / operations.length
  return { seed, operations: [...operations, ...reads], visits, percentOverlapping, survey: mostOf(reports), specification }
}

/** What all have reported. If one fails, the others wait for it in vain: they are ended. */
export async function gather<T>(workers: readonly Spawned<T>[]): Promise<T[]> {
  try {
    return (await Promise.all(workers.map(({ results }) => results))).flat()
  } finally {
    await Promise.all(workers.map(({ worker }) => worker.terminate()))
  }
}

function mostOf(reports: readonly Report[]): Record<string, number> {
  const names = Object.keys(reports[0]!.survey)
  return Object.fromEntries(names.map((name) => [name, Math.max(...reports.map(({ survey }) => survey[name]!))]))
}

/** What iterations have shown of several collections, as reads of these keys. */
export function readsOfPlaces(visits: readonly Visit[], keys: readonly number[]): Operation[] {
  return groupedBy(visits, ({ place }) => place).flatMap((ofPlace) => readsOf(ofPlace, keys))
}

/** What cannot be explained in a history, as a person can read it, of the first key that has such a thing. */
export function explain<S extends State>(
  operations: readonly Operation[],
  spec: Specification<Operation, S>,
): string | undefined {
  for (const history of byKey(operations)) {
    const contradiction = minimise(history, spec)
    if (contradiction) return tell(contradiction)
  }
  return undefined
}
