// Two threads against one: the same work on one map, either in halves or by one thread. No contender but tophash: what
// is asked is whether a second thread helps.
import { Barrier } from '../harness/barrier.js'
import { collectGarbage } from '../harness/clock.js'
import { sumOfValues } from '../harness/keys.js'
import type { Contender, Measure, Workload } from '../harness/measurement.js'
import { Pool } from '../harness/pool.js'
import type { Key, KeyKind } from '../rivals/rival.js'
import { TophashMap } from '../rivals/tophash.js'
import { contentsOf } from './contenders.js'
import { makeData, type Answer, type Data, type Question, type Task } from './threads.protocol.js'

const MOST_THREADS = 2

interface Bench {
  pool: Pool
  task: Task
  data: Data
}

export const threadsOnNumbers = threadsOn('number', ({ keyRange }) => `number keys (${keyRange})`)
export const threadsOnStrings = threadsOn('string', () => 'strings of 16 characters, built before')

function threadsOn(kind: KeyKind, keysIn: (settings: { keyRange: string }) => string): Workload {
  return {
    about: (settings) => `one shared map, ${keysIn(settings)}; the time until the last thread is done`,

    async run({ size, keyRange }, measure) {
      const task: Task = { kind, size, keyRange }
      const pool = new Pool(new URL('./threads.worker.js', import.meta.url), MOST_THREADS, task)
      try {
        const bench = { pool, task, data: makeData(task) }
        await measureGet(bench, measure)
        await measureInsert(bench, measure)
      } finally {
        await pool.stop()
      }
    },
  }
}

async function measureGet(bench: Bench, measure: Measure): Promise<void> {
  const { pool, task } = bench
  const map = TophashMap.create<Key>(task.kind)
  await open(pool, MOST_THREADS, map)
  await runTogether(bench, 'set', MOST_THREADS)
  await measure({
    name: 'get',
    target: 1.8,
    expected: () => sumOfValues(task.size),
    contenders: eachThreadCount((threads) => runTogether(bench, 'get', threads)),
  })
  await close(pool, MOST_THREADS, map)
}

async function measureInsert(bench: Bench, measure: Measure): Promise<void> {
  const { pool, task, data } = bench
  await measure({
    name: 'insert new keys from empty',
    target: 1.5,
    expected: () => sumOfValues(task.size),
    contenders: eachThreadCount(async (threads) => {
      const map = TophashMap.create<Key>(task.kind)
      await open(pool, threads, map)
      const { nanoseconds } = await runTogether(bench, 'set', threads)
      const checksum = contentsOf(map, data.keys)
      await close(pool, threads, map)
      return { nanoseconds, checksum }
    }),
  })
}

function eachThreadCount(sampleWith: (threads: number) => ReturnType<Contender['sample']>): [Contender, Contender] {
  return [
    { name: `${MOST_THREADS} threads`, sample: () => sampleWith(MOST_THREADS) },
    { name: '1 thread', sample: () => sampleWith(1) },
  ]
}

/** Nanoseconds from the release of the threads to the end of the last, for each operation that they did together. */
async function runTogether({ pool, task }: Bench, action: 'get' | 'set', threads: number) {
  const barrier = new Barrier()
  const answers = await pool.ask<Answer>(threads, (index): Question => ({
    type: 'work',
    action,
    from: Math.floor((task.size * index) / threads),
    to: Math.floor((task.size * (index + 1)) / threads),
    threads,
    barrier: barrier.memory,
  }))
  const endedAt = answers.reduce((latest, answer) => (answer.endedAt > latest ? answer.endedAt : latest), 0n)
  return {
    nanoseconds: Number(endedAt - barrier.releasedAt) / task.size,
    checksum: answers.reduce((sum, answer) => sum + answer.sum, 0),
  }
}

async function open(pool: Pool, threads: number, { handle }: TophashMap<Key>): Promise<void> {
  await pool.ask(threads, (): Question => ({ type: 'open', handle }))
}

/** Until no thread holds the map's memory. */
async function close(pool: Pool, threads: number, map: TophashMap<Key>): Promise<void> {
  await pool.ask(threads, (): Question => ({ type: 'close' }))
  map.dispose()
  collectGarbage()
}
