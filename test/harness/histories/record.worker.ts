// Works on a collection together with other threads, and records what it does: round after round, each on a collection
// of its own, which begins as small as can be and is deleted at the end, so that its memory is used again.
import { parentPort, workerData } from 'node:worker_threads'
import { meet } from '../../stress/jobs.js'
import { randomOf } from '../../stress/random.js'
import { recordedAs } from '../structures.js'
import { Recorder } from './history.js'
import type { Job, Report } from './job.js'
import { loadLibrary } from './linger.js'
import { Keys, type Means, Session } from './session.js'
import { Values } from './values.js'

const job = workerData as Job
const { plan, thread, threads, seed, gate } = job
const random = randomOf(seed + thread)
const recorded = await recordedAs(plan.collection)
const { library, turn } = await loadLibrary(plan.checked.includes(thread), randomOf(~(seed + thread)))
const heap = library.SharedHeap.attach(job.heap)
const means: Means = {
  thread,
  random,
  recorder: new Recorder(job.log, thread),
  keys: new Keys(job.keys),
  visits: [],
  writes: 0,
  values: new Values(plan.value === 'none' ? 'number' : plan.value, plan.lengths),
}
/** One round of so many ends with a look at the whole heap. */
const CHECK_EVERY = 16
/** Operations from one look at how large the collection is to the next: at the end little may be left of what there was. */
const SURVEY_EVERY = 20
let met = 0
const most: Record<string, number> = {}

for (let round = 0; round < plan.rounds; round++) {
  turn()
  const session = new Session(recorded.open(heap, `round ${round}`, plan), round, means)
  together()
  // The keys behind the hot ones are there from the beginning, and nobody changes them.
  if (thread === 0) for (let key = plan.hot; key < job.keys.length; key++) recorded.prepare(session, key)
  together()
  work(session)
  survey(session)
  together()
  if (thread === 0) settle(session, round)
  together() // for to let go of a collection is to write to the heap
  session.collection.dispose()
}
heap.dispose()
parentPort!.postMessage({ visits: means.visits, survey: most } satisfies Report)

function together(): void {
  meet(gate, threads, ++met)
}

function work(session: Session<any>): void {
  const own = job.fillers[thread]!
  const fill = recorded.filler(own)
  const once = plan.acts.filter((name) => recorded.once && name in recorded.once)
  const onceAt = random(plan.operations)
  for (let i = 0; i < plan.operations; i++) {
    if (own.length > 0 && random(plan.fillEvery) === 0) fill(session)
    if (i === onceAt) for (const name of once) recorded.once![name]!(session, threads)
    const name = plan.acts[random(plan.acts.length)]!
    if (!once.includes(name)) recorded.acts[name]!(session, random(plan.hot))
    if (i % SURVEY_EVERY === 0) survey(session)
  }
}

/** How large the collection is now. */
function survey({ collection }: Session<any>): void {
  for (const [name, much] of Object.entries(recorded.surveyOf(collection))) most[name] = Math.max(most[name] ?? 0, much)
}

/** Nobody else writes now: what is there is recorded once more, all numbers are exact, and all of it goes. */
function settle(session: Session<any>, round: number): void {
  for (let key = 0; key < job.keys.length; key++) recorded.readBack(session, key)
  recorded.settle(session.collection)
  if (round % CHECK_EVERY === 0) heap.check()
  if (!heap.delete(`round ${round}`)) throw new Error(`The collection of round ${round} was deleted already.`)
}
