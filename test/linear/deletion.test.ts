// Histories of collections that are deleted by their names and made again, while others work on them: all get the same
// collection of a name, each is deleted once, nothing succeeds any more in one that was deleted, and nothing is refused
// in one that was not.
import { describe, expect, it } from 'vitest'
import { SharedHeap } from 'tophash'
import { newGate } from '../stress/jobs.js'
import { seedOf } from '../stress/random.js'
import { byKey, newLog, operationsOf } from './history.js'
import { type DeletingJob, type DeletingReport, NAMES_PLACE } from './job.js'
import { MAP_ACTS } from './map-acts.js'
import { HISTORIES, MAP, explain, gather } from './recording.js'
import { spawn } from '../support/workers.js'
import { readsOf } from './visits.js'
import { groupedBy } from './history.js'

const seed = seedOf()
const THREADS = 4
const ROUNDS = Math.ceil(2000 * HISTORIES)
/** A map of strings cannot increment. Its iterations end where the collection does, so they are left to others. */
const ACTS = Object.keys(MAP_ACTS).filter((name) => name !== 'increment')

describe('collections that are deleted meanwhile', () => {
  it(`are the same for all, until nothing succeeds any more (seed ${seed})`, { timeout: 120_000 }, async () => {
    const heap = new SharedHeap({ maxBytes: 256 << 20 })
    const log = newLog(THREADS, ROUNDS * 60)
    const common = { heap: heap.handle, log, threads: THREADS, seed, rounds: ROUNDS, checked: [1, 3], names: 3, acts: ACTS, gate: newGate() }
    const reports = await gather(Array.from({ length: THREADS }, (_, thread) =>
      spawn<DeletingReport>('linear/deleting', { ...common, thread } satisfies DeletingJob),
    ))
    heap.check()
    heap.dispose()
    const reads = groupedBy(reports.flatMap(({ visits }) => visits), ({ place }) => place).flatMap((visits) => readsOf(visits, [0, 1]))
    const operations = operationsOf(log)
    expect(explain([...operations, ...reads], MAP)).toBe(undefined)

    const doomed = new Map(operations.filter(({ name }) => name === 'doom').map(({ place, call }) => [place, call]))
    const refusals = reports.flatMap((report) => report.refusals)
    const early = refusals.filter(({ place, returned }) => (doomed.get(place) ?? -1) > returned)
    expect(early).toEqual([])
    console.log(operations.length, refusals.length, doomed.size, byKey(operations.filter(({ place }) => place === NAMES_PLACE)).map((h) => h.length))
  })
})
