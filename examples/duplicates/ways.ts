// The three ways, each taken several times, in turn: what the machine does meanwhile falls on all alike.
import { performance } from 'node:perf_hooks'
import type { TextFiles } from '../common/files.js'
import { withProgress } from '../common/progress.js'
import { counted } from '../common/text.js'
import { newSearchJob } from './job.js'
import type { Options } from './options.js'
import { findWithMessages } from './strategies/messages.js'
import { findWithSharedMap } from './strategies/shared.js'
import { findWithOneThread } from './strategies/single.js'
import type { Firsts, Strategy } from './strategies/strategy.js'

export interface Way {
  title: string
  strategy: Strategy
  /** Of each round. */
  seconds: number[]
}

export interface Difference {
  way: Way
  what: string
}

export function allWays(threads: number): Way[] {
  const workers = counted(threads, 'worker')
  return [
    { title: 'one thread, a Map', strategy: findWithOneThread, seconds: [] },
    { title: `${workers}, messages`, strategy: findWithMessages, seconds: [] },
    { title: `${workers}, a SharedMap`, strategy: findWithSharedMap, seconds: [] },
  ]
}

/** Notes how long each way takes. Returns what the first of them found, unless another one found something else. */
export async function takeAll(ways: Way[], texts: TextFiles, options: Options): Promise<Firsts | Difference> {
  let expected: Firsts | undefined
  for (let round = 1; round <= options.rounds; round++) {
    for (const way of ways) {
      const firsts = await take(way, `${way.title}, ${round} of ${options.rounds}`, texts, options)
      const what = expected && findDifference(expected, firsts)
      if (what !== undefined) return { way, what }
      expected ??= firsts
    }
  }
  return expected!
}

function take({ strategy, seconds }: Way, title: string, texts: TextFiles, options: Options): Promise<Firsts> {
  // Each file counts when it is read and when it is done.
  return withProgress(title, [...texts.sizes, ...texts.sizes], async (onProgress) => {
    const job = newSearchJob(texts.files, texts.counts, options.words)
    const start = performance.now()
    const firsts = await strategy(job, options.threads, onProgress)
    seconds.push((performance.now() - start) / 1000)
    return firsts
  })
}

/** Compares phrase by phrase. Returns what the first difference is, or undefined if there is none. */
export function findDifference(expected: Firsts, actual: Firsts): string | undefined {
  for (let file = 0; file < expected.length; file++) {
    const [wanted, found] = [expected[file]!, actual[file]]
    if (found?.length !== wanted.length) return `file ${file} has ${found?.length ?? 'no'} phrases instead of ${wanted.length}`
    const n = wanted.findIndex((place, n) => found[n] !== place)
    if (n >= 0) return `phrase ${n} of file ${file} was first found at place ${found[n]} instead of ${wanted[n]}`
  }
  return actual.length === expected.length ? undefined : `${actual.length} files were searched instead of ${expected.length}`
}
