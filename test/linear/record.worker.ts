// Works on a collection together with other threads, and records what it does: round after round, each on a collection
// of its own, which begins as small as can be and is deleted at the end, so that its memory is used again.
import { parentPort, workerData } from 'node:worker_threads'
import type { SharedSet } from 'tophash'
import { meet } from '../stress/jobs.js'
import { randomOf } from '../stress/random.js'
import type { TestMap } from '../support/untyped.js'
import { Filler } from './filler.js'
import { Recorder } from './history.js'
import { type Job, PARTITION, type Report } from './job.js'
import { loadLibrary } from './linger.js'
import { MAP_ACTS, type MapAct } from './map-acts.js'
import { Keys, type Means, Session } from './session.js'
import { SET_ACTS, type SetAct } from './set-acts.js'
import { Values } from './values.js'
import { recordVisit } from './visiting.js'

const job = workerData as Job
const { plan, thread, threads, seed, gate } = job
const random = randomOf(seed + thread)
const { library, turn } = await loadLibrary(plan.checked.includes(thread), randomOf(~(seed + thread)))
const heap = library.SharedHeap.attach(job.heap)
const means: Means = {
  thread, random, recorder: new Recorder(job.log, thread), keys: new Keys(job.keys), visits: [], writes: 0,
  values: new Values(plan.value === 'none' ? 'number' : plan.value, plan.lengths),
}
/** One round of so many ends with a look at the whole heap. */
const CHECK_EVERY = 16
let met = 0
let [level, overflow] = [0, 0]

for (let round = 0; round < plan.rounds; round++) {
  turn()
  const session = open(round)
  together()
  if (thread === 0) prepare(session)
  together()
  work(session, round)
  survey(session)
  together()
  if (thread === 0) settle(session, round)
  together() // for to let go of a collection is to write to the heap
  session.collection.dispose()
}
heap.dispose()
parentPort!.postMessage({ visits: means.visits, level, overflow } satisfies Report)

function together(): void {
  meet(gate, threads, ++met)
}

/** The collection of a round: of all threads one makes it. */
function open(round: number): Session<TestMap> | Session<SharedSet> {
  const options = { key: plan.key, value: plan.value, capacity: 1 } as never
  if (plan.value !== 'none') return new Session(heap.map(`round ${round}`, options) as unknown as TestMap, round, means)
  return new Session(heap.set(`round ${round}`, { value: plan.key, capacity: 1 }) as SharedSet, round, means)
}

function isSet(session: Session<TestMap> | Session<SharedSet>): session is Session<SharedSet> {
  return 'add' in session.collection
}

function act(session: Session<TestMap> | Session<SharedSet>, name: string, key: number): void {
  if (isSet(session)) SET_ACTS[name as SetAct](session, key)
  else MAP_ACTS[name as MapAct](session, key)
}

/** The keys behind the hot ones are there from the beginning, and nobody changes them. */
function prepare(session: Session<TestMap> | Session<SharedSet>): void {
  for (let key = plan.hot; key < job.keys.length; key++) act(session, isSet(session) ? 'add' : 'set', key)
}

function work(session: Session<TestMap> | Session<SharedSet>, round: number): void {
  const filler = new Filler(job.fillers[thread]!)
  const partAt = random(plan.operations)
  for (let i = 0; i < plan.operations; i++) {
    if (job.fillers[thread]!.length > 0 && random(plan.fillEvery) === 0) filler.step(session)
    if (i === partAt && plan.acts.includes(PARTITION)) visitPart(session, round)
    const name = plan.acts[random(plan.acts.length)]!
    if (name !== PARTITION) act(session, name, random(plan.hot))
  }
}

/** All threads together visit everything: each its part, whenever it comes to it. */
function visitPart(session: Session<TestMap> | Session<SharedSet>, round: number): void {
  const visit = (): [unknown, unknown][] =>
    isSet(session)
      ? Array.from(session.collection.partition(thread, threads), (value): [unknown, unknown] => [value, 1])
      : [...session.collection.partition(thread, threads)]
  recordVisit(session, visit, `parts of round ${round}`)
}

/** How large the table and its chains have become. */
function survey({ collection }: Session<TestMap> | Session<SharedSet>): void {
  const stats = collection.stats()
  level = Math.max(level, stats.level)
  overflow = Math.max(overflow, stats.approximateOverflowBuckets)
}

/** Nobody else writes now: what is there is recorded once more, the size is exact, and all of it goes. */
function settle(session: Session<TestMap> | Session<SharedSet>, round: number): void {
  const { collection } = session
  for (let key = 0; key < job.keys.length; key++) act(session, isSet(session) ? 'has' : 'get', key)
  const entries = [...collection].length
  const { size } = collection
  if (size !== entries) throw new Error(`In round ${round} the size is ${size}, and there are ${entries} entries.`)
  if (round % CHECK_EVERY === 0) heap.check()
  if (!heap.delete(`round ${round}`)) throw new Error(`The collection of round ${round} was deleted already.`)
}
