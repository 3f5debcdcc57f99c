// Has workers record a history, and holds it against the specification.
import { type Kind, SharedHeap, type SharedHeapHandle, type SharedMapHandle } from 'tophash'
import { keysOf } from '../model/hashes.js'
import { newGate } from '../stress/jobs.js'
import { numbered } from '../support/values.js'
import { type Spawned, spawn } from '../support/workers.js'
import { ABSENT, type Operation, byKey, countOverlapping, groupedBy, newLog, operationsOf } from './history.js'
import type { Job, Plan, Report } from './job.js'
import { type Specification, minimise } from './minimise.js'
import { isRead, stateAfter, step } from './model.js'
import { tell } from './timeline.js'
import { type Visit, readsOf } from './visits.js'

/** Of all keys that are of one hash. */
const HASH = 0x5a5a5a5a
/** Records that an operation takes at most, on average: those on many keys take several. */
const RECORDS = 4

/** A key at first is not there. */
export const MAP: Specification<Operation> = { step, initial: ABSENT, isRead, stateAfter }

/** The seeds of as many recordings as TOPHASH_HISTORIES says, one after the other: of one, unless told. */
export function seedsFrom(seed: number): number[] {
  return Array.from({ length: Number(process.env.TOPHASH_HISTORIES) || 1 }, (_, index) => seed + index)
}

export interface Recording {
  readonly operations: readonly Operation[]
  readonly visits: readonly Visit[]
  /** Operations that ran at the same time as another thread's on the same key. */
  readonly overlapping: number
  readonly level: number
  readonly overflow: number
}

/** Runs the workers of a plan. @throws what a worker throws */
export async function record(plan: Plan, seed: number): Promise<Recording> {
  const { threads, hot, steady, filling, rounds } = plan
  const heap = new SharedHeap({ maxBytes: 256 << 20 })
  const all = keysFor(plan, heap.handle, hot + steady + threads * filling)
  const keys = all.splice(0, hot + steady)
  const fillers = Array.from({ length: threads }, () => all.splice(0, filling))
  const log = newLog(threads, rounds * (plan.operations * RECORDS + 2 * keys.length))
  const common = { plan, heap: heap.handle, threads, seed, keys, fillers, log, gate: newGate() }
  const jobs = Array.from({ length: threads }, (_, thread): Job => ({ ...common, thread }))
  const reports = await gather(jobs.map((job) => spawn<Report>('linear/record', job)))
  const visits = reports.flatMap((report) => report.visits)
  heap.check()
  heap.dispose()
  const operations = operationsOf(log)
  const overlapping = byKey(operations).reduce((sum, history) => sum + countOverlapping(history), 0)
  const reads = readsOfPlaces(visits, keys.map((_, key) => key))
  const [level, overflow] = [mostOf(reports, 'level'), mostOf(reports, 'overflow')]
  return { operations: [...operations, ...reads], visits, overlapping, level, overflow }
}

/** What all have reported. If one fails, the others wait for it in vain: they are ended. */
export async function gather<T>(workers: readonly Spawned<T>[]): Promise<T[]> {
  try {
    return (await Promise.all(workers.map(({ results }) => results))).flat()
  } finally {
    await Promise.all(workers.map(({ worker }) => worker.terminate()))
  }
}

/** Keys of one kind: all different, and of one hash if the plan says so. */
function keysFor({ key, isColliding }: Plan, handle: SharedHeapHandle, count: number): unknown[] {
  if (!isColliding) return Array.from({ length: count }, (_, n) => numbered(key as Kind, n))
  const keys = keysOf(key, HASH, handle as unknown as SharedMapHandle)
  return Array.from({ length: count }, () => keys.next().value as unknown)
}

function mostOf(reports: readonly Report[], what: 'level' | 'overflow'): number {
  return Math.max(...reports.map((report) => report[what]))
}

/** What iterations have shown of several collections, as reads of these keys. */
export function readsOfPlaces(visits: readonly Visit[], keys: readonly number[]): Operation[] {
  return groupedBy(visits, ({ place }) => place).flatMap((ofPlace) => readsOf(ofPlace, keys))
}

/** What cannot be explained in a history, as a person can read it, of the first key that has such a thing. */
export function explain(operations: readonly Operation[], spec: Specification<Operation>): string | undefined {
  for (const history of byKey(operations)) {
    const contradiction = minimise(history, spec)
    if (contradiction) return tell(contradiction)
  }
  return undefined
}
