// A test file may take 20 seconds of the fast layer, or it fails: this is set up before each file (vitest.config.ts).
import { readFileSync } from 'node:fs'
import os from 'node:os'
import { afterAll, inject } from 'vitest'
import { isOtherSize } from './size.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Cores that a file may keep busy. */
    cores: number
  }
}

/** What a file has taken, in seconds. */
export interface Taken {
  readonly wall: number
  /** Of the wall time, that in which no core of the machine was idle. */
  readonly saturated: number
  /** By all threads of its process, and by processes that it started. */
  readonly cpu: number
}

/**
 * What a file takes where nothing else runs, at least: a slow moment of a shared machine must not make a test red. While no
 * core is idle, a file may be waiting for one; what it did not get then is not its own time. Only where a core was idle is
 * waiting for a lock or a timer told from waiting for the machine.
 */
export function ownSeconds({ wall, saturated, cpu }: Taken, cores: number): number {
  return wall - Math.max(0, saturated - cpu / cores)
}

/** On a machine of the usual speed the longest files take 10 seconds: a slower one has twice as long. */
const LIMIT = Number(process.env.TOPHASH_FILE_SECONDS) || 20
const SAMPLE_MS = 250
/** Bound here, before a test puts false clocks in their places. */
const now = performance.now.bind(performance)

if (!isOtherSize()) watch()

function watch(): void {
  const begin = now()
  const before = cpuSeconds()
  let saturated = 0
  let [seen, idle] = [begin, idleMs()]
  const sample = (): void => {
    const [nowSeen, nowIdle] = [now(), idleMs()]
    if (nowIdle - idle < (nowSeen - seen) / 10) saturated += (nowSeen - seen) / 1000
    ;[seen, idle] = [nowSeen, nowIdle]
  }
  const timer = setInterval(sample, SAMPLE_MS).unref()

  afterAll(() => {
    clearInterval(timer)
    sample()
    const wall = (now() - begin) / 1000
    // The processors of a container need not be those that the operating system tells of: in CI nothing is taken for idle.
    const taken = { wall, saturated: process.env.CI ? wall : saturated, cpu: cpuSeconds() - before }
    const own = ownSeconds(taken, inject('cores'))
    if (own > LIMIT) throw new Error(complaint(own, taken))
  })
}

function complaint(own: number, { wall, cpu }: Taken): string {
  const [a, b, c] = [own, wall, cpu].map((seconds) => seconds.toFixed(1))
  return (
    `This file took ${a} s of its own, ${LIMIT} at most in \`npm test\` (${b} s by the clock, ${c} s of processors). Make it ` +
    'smaller by sized() of test/support/size.ts, or divide it; TOPHASH_FILE_SECONDS raises the limit where a machine is slow.'
  )
}

/** Of this process, and where Linux tells of them, of those that it has started and that have ended. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 + childSeconds()
}

function childSeconds(): number {
  if (process.platform !== 'linux') return 0
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ') // from the third on: see proc(5)
  return (Number(fields[13]) + Number(fields[14])) / 100
}

function idleMs(): number {
  return os.cpus().reduce((sum, { times }) => sum + times.idle, 0)
}
