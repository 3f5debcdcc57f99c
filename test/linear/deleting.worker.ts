// Works on collections that are deleted by their names meanwhile, and made again. What is opened and deleted is
// recorded, what is done to their entries, and what is refused because the collection is gone.
import { parentPort, workerData } from 'node:worker_threads'
import { meet } from '../stress/jobs.js'
import { randomOf } from '../stress/random.js'
import type { TestMap } from '../support/untyped.js'
import { Recorder } from '../harness/histories/history.js'
import { type DeletingJob, DELETER, NAMES_PLACE, type Refusal } from '../harness/histories/job.js'
import { loadLibrary } from '../harness/histories/linger.js'
import { MAP_ACTS, type MapAct } from '../harness/structures/hashmap/map-acts.js'
import { UNKNOWN } from '../harness/structures/hashmap/model.js'
import { Keys, type Means, Session } from '../harness/histories/session.js'
import { Values } from '../harness/histories/values.js'

const { heap: handle, log, thread, threads, seed, rounds, checked, names, gate, acts } = workerData as DeletingJob
const random = randomOf(seed + thread)
const { library, turn } = await loadLibrary(checked.includes(thread), randomOf(~(seed + thread)))
const heap = library.SharedHeap.attach(handle)
const recorder = new Recorder(log, thread)
const means: Means = {
  thread,
  random,
  recorder,
  keys: new Keys([0, 1]),
  together: 1, // of several it may have done the first when it is refused, and nobody has recorded that
  visits: [],
  writes: 0,
  values: new Values('string', { usual: 60, longest: 2000 }),
}
const refusals: Refusal[] = []
/** Other keys, which are not recorded, have the table grow. */
const FIRST_FILLER = 10

meet(gate, threads, 1)
for (let round = 0; round < rounds; round++) {
  turn()
  use(random(names))
}
heap.dispose()
parentPort!.postMessage({ refusals, visits: means.visits })

/** Opens, or makes, the map of a name, and works on it until it is gone, or for a while; then may delete it. */
function use(name: number): void {
  const call = recorder.now()
  const map = heap.map(`name ${name}`, { key: 'number', value: 'string', capacity: 1 }) as unknown as TestMap
  const returned = recorder.now()
  const place = placeOf(map)
  recorder.write('open', NAMES_PLACE, name, call, returned, place, -1, -1)
  if (place !== UNKNOWN) work(new Session(map, place, means))
  map.dispose()
  // The last name is everyone's to delete.
  if (random(3) === 0 && (thread === DELETER || name === names - 1)) remove(name, place)
}

/** What is refused has done nothing. Others find out in their own time that the collection is gone. */
function work(session: Session<TestMap>): void {
  for (let i = random(20); i > 0; i--) {
    const call = recorder.now()
    try {
      MAP_ACTS[acts[random(acts.length)] as MapAct](session, random(means.keys.all.length))
      session.collection.set(FIRST_FILLER + random(60), session.valueOf(session.fresh()))
    } catch (error) {
      if (!isGone(error)) throw error
      refusals.push({ place: session.place, call, returned: recorder.now() })
      return
    }
  }
}

/** While there is one deleter, a name that it has opened is its collection's until it deletes it. */
function remove(name: number, place: number): void {
  const call = recorder.now()
  const isDeleted = heap.delete(`name ${name}`)
  const returned = recorder.now()
  recorder.write('close', NAMES_PLACE, name, call, returned, Number(isDeleted), -1, -1)
  if (name === names - 1) return
  means.keys.all.forEach((_, key) => recorder.write('doom', place, key, call, returned, -1, -1, -1))
}

/** A number for a collection: no two that ever were in the heap have the same. */
function placeOf(map: TestMap): number {
  try {
    const { generation, table } = map.handle
    return generation * 2 ** 32 + table
  } catch (error) {
    if (!isGone(error)) throw error
    return UNKNOWN
  }
}

function isGone(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ERR_DISPOSED'
}
