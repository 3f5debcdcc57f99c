// One thread, numbers: how long a program may stand still for one insert while the table grows from empty. Every
// insert is timed, which is why the throughput is measured elsewhere.
import { PerformanceObserver, performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { collectGarbage } from '../harness/clock.js'
import { makeOrders, numberKeys, sumOfValues, valuesOf } from '../harness/keys.js'
import type { Contender, Sample, Workload } from '../harness/measurement.js'
import { percentileOf } from '../harness/statistics.js'
import { compare } from '../rivals/index.js'
import type { Rival, RivalMap } from '../rivals/rival.js'
import { contentsOf } from './contenders.js'

export const longestInsert: Workload = {
  about: ({ keyRange }) => `as numbers (${keyRange}), every insert timed, the clock's some 50 ns included`,

  async run({ size, keyRange }, measure) {
    const { inserts } = makeOrders(size)
    const keys = numberKeys(inserts, keyRange)
    const values = valuesOf(inserts)
    const stamps = new BigInt64Array(size + 1).fill(1n) // written to, so that its pages are there
    await measure({
      name: 'longest single insert',
      target: 10,
      expected: () => sumOfValues(size),
      contenders: compare((rival) => timing(rival, keys, values, stamps)),
    })
  },
}

function timing(rival: Rival, keys: Float64Array, values: Float64Array, stamps: BigInt64Array): Contender {
  return {
    name: rival.name,
    async sample() {
      const map = rival.open<number>('number')
      const longestPause = await watchCollector(() => map.setTimed(keys, values, stamps))
      const sample = summarize(map, keys, stamps)
      sample.also!['longest collection'] = longestPause
      map.dispose()
      collectGarbage()
      return sample
    },
  }
}

function summarize(map: RivalMap<number>, keys: Float64Array, stamps: BigInt64Array): Sample {
  const durations = new Float64Array(keys.length)
  for (let i = 0; i < durations.length; i++) durations[i] = Number(stamps[i + 1]! - stamps[i]!)
  durations.sort()
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => percentileOf(durations, share)) as [number, number, number]
  return { nanoseconds: durations.at(-1)!, checksum: contentsOf(map, keys), also: { p50, p99, 'p99.9': p999 } }
}

/**
 * The longest garbage collection, in nanoseconds, that fell into `work`: what a contender allocates costs its users
 * that as well, but it is not the table's growth. A collection just before makes sure that none is due.
 */
async function watchCollector(work: () => void): Promise<number> {
  let start = Infinity
  let longestMs = 0
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.startTime >= start) longestMs = Math.max(longestMs, entry.duration)
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  collectGarbage()
  start = performance.now()
  work()
  await setImmediate() // entries are delivered when the event loop turns
  await setImmediate()
  observer.disconnect()
  return longestMs * 1e6
}
