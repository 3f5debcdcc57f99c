// Histories of collections that are deleted by their names and made again, while others work on them: all get the same
// collection of a name, each is deleted once, nothing succeeds any more in one that was deleted, and nothing is refused
// in one that was not.
import { expect, it } from 'vitest'
import { SharedHeap } from 'tophash'
import { newGate } from '../stress/jobs.js'
import { seedOf } from '../stress/random.js'
import { sized } from '../support/size.js'
import { spawn } from '../support/workers.js'
import { newLog, operationsOf } from '../harness/histories/history.js'
import type { DeletingJob, DeletingReport } from '../harness/histories/job.js'
import { MAP_ACTS } from '../harness/structures/hashmap/map-acts.js'
import { explain, gather, readsOfPlaces, seedsFrom } from '../harness/histories/recording.js'
import { MAP } from '../harness/structures/hashmap/histories.js'

const seed = seedOf()
const THREADS = 4
const NAMES = 3
const ROUNDS = sized(400, 1500)
/** Records of a thread in a round, at most on average. */
const RECORDS = 60
/** A map of strings does not count. */
const ACTS = Object.keys(MAP_ACTS).filter((name) => name !== 'increment')
const timeout = 600_000

it(`what is deleted is the same for all, until nothing succeeds in it (seed ${seed})`, { timeout }, async () => {
  for (const one of seedsFrom(seed)) await recordDeletions(one)
})

async function recordDeletions(seed: number): Promise<void> {
  const heap = new SharedHeap({ maxBytes: 256 << 20 })
  const log = newLog(THREADS, ROUNDS * RECORDS)
  const shared = { heap: heap.handle, log, gate: newGate() }
  const common = { ...shared, threads: THREADS, seed, rounds: ROUNDS, checked: [1, 3], names: NAMES, acts: ACTS }
  const jobs = Array.from({ length: THREADS }, (_, thread): DeletingJob => ({ ...common, thread }))
  const reports = await gather(jobs.map((job) => spawn<DeletingReport>('linear/deleting', job)))
  heap.check()
  heap.dispose()

  const operations = operationsOf(log)
  const reads = readsOfPlaces(
    reports.flatMap(({ visits }) => visits),
    [0, 1],
  )
  expect(explain([...operations, ...reads], MAP), `seed ${seed}`).toBe(undefined)
  const deleted = new Map(operations.filter(({ name }) => name === 'doom').map(({ place, call }) => [place, call]))
  // When those of the last name are deleted is not known: it is everyone's to delete.
  const last = new Set(operations.filter(({ name, key }) => name === 'open' && key === NAMES - 1).map(({ got }) => got))
  const refusals = reports.flatMap((report) => report.refusals).filter(({ place }) => !last.has(place))
  const early = refusals.filter(({ place, returned }) => returned < (deleted.get(place) ?? Infinity))
  expect(early, 'refused before it was deleted').toEqual([])
  expect(deleted.size, 'collections that were deleted').toBeGreaterThan(ROUNDS / 20)
  expect(refusals.length, 'operations that were refused').toBeGreaterThan(ROUNDS / 100)
}
