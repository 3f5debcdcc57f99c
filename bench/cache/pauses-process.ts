// Sets a million entries, one after the other, and times each. What took long is looked at: how much of it V8 collected garbage,
// and, on Linux, how much the thread was ready and had no core.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { PerformanceObserver } from 'node:perf_hooks'
import process from 'node:process'
import { SharedCache } from 'tophash'
import { collectGarbage } from '../contender/clock.js'
import { latencyOf } from '../harness/percentiles.js'
import { requirePackage } from '../rivals/packages.js'
import type { Moment, Pause, Pausing } from './pauses.js'

const MAX = 100_000
const SETS = 1_000_000
const WARM_UP = 300_000
/** They end together: each lives for so long, and all are written within a part of it. */
const TTL_MS = 400
/** What took longer is looked at. */
const LONG_NS = 50_000

interface Cache {
  set(key: number, value: number, times?: { ttl: number }): unknown
  readonly size: number
}

interface Long {
  start: number
  nanoseconds: number
  waiting: number
}

const [, , name, during] = process.argv as unknown as [string, string, Pausing, Moment]
const collections: { startTime: number; duration: number }[] = []
new PerformanceObserver((list) => collections.push(...list.getEntries())).observe({ entryTypes: ['gc'] })

const cache = make(name)
const durations = new Uint32Array(SETS)
const long: Long[] = []
for (let key = 0; key < WARM_UP; key++) cache.set(key, key)
if (during === '100,000 entries end at once') {
  for (let key = 0; key < MAX; key++) cache.set(-1 - key, key, { ttl: TTL_MS })
  await sleep(TTL_MS + 50)
}
collectGarbage()
await sleep(20)
collections.length = 0
timeSets(WARM_UP)
if (cache.size > MAX) throw new Error(`${cache.size} entries, of ${MAX}`)
await sleep(20) // the observer is told later
console.log(JSON.stringify(summary()))
process.exit(0)

function make(name: Pausing): Cache {
  if (name === 'tophash-cache') return new SharedCache<number, number>({ key: 'number', value: 'number', max: MAX })
  const { LRUCache } = requirePackage('lru-cache') as { LRUCache: new (options: { max: number }) => Cache }
  return new LRUCache({ max: MAX })
}

function timeSets(first: number): void {
  let waited = waitedFor()
  for (let i = 0; i < SETS; i++) {
    const start = performance.now()
    cache.set(first + i, i)
    const nanoseconds = (performance.now() - start) * 1e6
    durations[i] = nanoseconds
    if (nanoseconds < LONG_NS) continue
    const before = waited
    waited = waitedFor() // what was waited in between was no set, or one that is in this list
    long.push({ start, nanoseconds, waiting: Math.min(waited - before, nanoseconds) })
  }
}

function summary(): Pause {
  const { p50, p999, max } = latencyOf(durations)
  const all = long.map((one) => {
    const collecting = Math.min(collectedIn(one), one.nanoseconds)
    return { ...one, collecting, own: Math.max(0, one.nanoseconds - collecting - one.waiting) }
  })
  const longest = all.reduce((one, other) => (other.nanoseconds > one.nanoseconds ? other : one), {
    nanoseconds: max,
    collecting: 0,
    waiting: 0,
  })
  const own = all.length > 0 ? Math.max(...all.map((one) => one.own)) : max
  return { p50, p999, longest: longest.nanoseconds, collecting: longest.collecting, waiting: longest.waiting, own }
}

function collectedIn({ start, nanoseconds }: Long): number {
  const end = start + nanoseconds / 1e6
  return collections.reduce((sum, { startTime, duration }) => {
    return sum + Math.max(0, Math.min(end, startTime + duration) - Math.max(start, startTime)) * 1e6
  }, 0)
}

/** Nanoseconds that this thread was ready and had no core; 0 where nobody says. */
function waitedFor(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1])
  } catch {
    return 0
  }
}
