// The run that shows growth: workers insert all keys into a SharedMap from its smallest size on; then one thread does
// the same with a Map.
import type { Settings } from '../settings.js'
import { pause } from './breathe.js'
import type { Grower, Growth } from './growth-results.js'
import type { Pool } from './pool.js'
import { NAMES, type GrowResult, type GrowTask } from './protocol.js'
import { openStage, prepareWorkers, type Stage } from './stages.js'
import type { Watcher } from './watcher.js'

/** Keys of each worker that warm up the loops, unmeasured. */
const WARM_UP = 20_000

/** Between two looks at how far the workers are; drawing takes from their time, so it is seldom. */
const LOOK_MS = 25
const LOOKS_PER_DRAWING = 10

const STEPS = 5

export async function runGrowth(
  settings: Settings,
  pool: Pool,
  growth: Growth,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<void> {
  const step = (done: number, doing: string): void => watcher.progress({ done, total: STEPS, doing })
  const open = (grower: Grower): Promise<Stage> => openStage(grower, settings, pool, signal)
  step(0, 'The workers make their keys')
  await prepareWorkers(settings, pool)
  step(1, 'Warming up')
  for (const grower of ['shared', 'own'] as const) {
    await withStage(await open(grower), (stage) => insert(grower, stage, WARM_UP, pool, newProgress(stage)))
  }
  for (const [place, grower] of (['shared', 'own'] as const).entries()) {
    step(2 + place, `Growing: ${NAMES[grower]}`)
    await withStage(await open(grower), async (stage) => {
      await grow(grower, stage, pool, growth, watcher)
      step(3 + place, `Looking up every key: ${NAMES[grower]}`)
      await stage.verify()
    })
  }
  step(STEPS, 'Done')
}

async function grow(grower: Grower, stage: Stage, pool: Pool, growth: Growth, watcher: Watcher): Promise<void> {
  const { shared, workers } = stage
  const progress = newProgress(stage)
  const trace = shared?.trace()
  watcher.watch(shared)
  growth.begin(grower, workers.length)
  const stopLooking = startLooking(() => growth.show(grower, sum(progress), shared?.stats()), watcher)
  try {
    const results = await insert(grower, stage, Infinity, pool, progress)
    const started = growth.finish(grower, results)
    trace?.stop()
    if (trace) growth.addTrace(trace, started)
  } finally {
    stopLooking()
    watcher.watch(undefined)
    trace?.stop()
  }
  watcher.changed()
}

/** Each worker inserts its part of the keys, or so many of them. */
function insert(
  contender: Grower,
  { workers }: Stage,
  limit: number,
  pool: Pool,
  progress: Int32Array<SharedArrayBuffer>,
): Promise<GrowResult[]> {
  const gate = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  return pool.callAll<GrowResult>(workers, (index) => {
    const task: GrowTask = { index, workers: workers.length, limit, gate, progress: progress.buffer }
    return { type: 'grow', contender, task }
  })
}

function newProgress({ workers }: Stage): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(workers.length * Int32Array.BYTES_PER_ELEMENT))
}

/** Looks, and now and then has it drawn, until the function that it returns is called. */
function startLooking(look: () => void, watcher: Watcher): () => void {
  let going = true
  void (async () => {
    for (let looks = 1; going; looks++) {
      look()
      if (looks % LOOKS_PER_DRAWING === 0) watcher.changed()
      await pause(LOOK_MS)
    }
  })()
  return () => {
    going = false
  }
}

function sum(progress: Int32Array): number {
  let total = 0
  for (let index = 0; index < progress.length; index++) total += Atomics.load(progress, index)
  return total
}

async function withStage<T>(stage: Stage, work: (stage: Stage) => Promise<T>): Promise<T> {
  try {
    return await work(stage)
  } finally {
    stage.close()
  }
}
