// A run of the benchmark, callable: which variants of which workloads, by whom, in how many rounds; and then all of it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { OTHER_BUILD, RIVAL_NAMES, gatherContenders, type Contender, type Skipped } from './harness/contenders.js'
import { describeEnvironment, type Environment } from './harness/environment.js'
import { kindsIn, measure } from './harness/measure.js'
import { measureMemory } from './harness/measure-memory.js'
import { type ContenderResult, type Report, type Result, type Settings, compare, resultOf } from './harness/results.js'
import type { Demand } from './rivals/rival.js'
import { type Plan, SET } from './streams/plan.js'
import { WORKLOADS, WORKLOAD_NAMES } from './workloads/index.js'
import { type Asked, isUsual, variantsOf } from './workloads/variants.js'
import type { Field, Request, Variant, Workload } from './workloads/workload.js'

export interface BenchOptions {
  full: boolean
  workloads: readonly string[]
  rivals: readonly string[]
  asked: Asked
  /** If not what the kind of run has. */
  rounds?: number | undefined
  /** Operations of a round, all threads together, where the workload does not say. */
  operations: number
  seed: number
  /** The index.js of another build of the library, which takes part as well. */
  against?: string | undefined
}

export const DEFAULTS: BenchOptions = {
  full: false,
  workloads: WORKLOAD_NAMES,
  rivals: RIVAL_NAMES,
  asked: {},
  operations: 1_000_000,
  seed: 1,
}
export const SHORT_ROUNDS = 3
export const FULL_ROUNDS = 5

/** A variant of a workload, and who is to take part. */
export interface Item {
  workload: Workload
  variant: Variant
  rivals: string[]
  rounds: number
}

export interface Listener {
  /** Something takes long before the first item. */
  onBuild(text: string): void
  /** Round 0 warms up. */
  onRound(item: Item, index: number, items: number, round: number): void
  onSkipped(skipped: Skipped): void
  onStart(environment: Environment): void
}

/** What a run would do. */
export function listItems(options: BenchOptions): Item[] {
  const { full, workloads, asked, rounds } = options
  return WORKLOADS.filter(({ name }) => workloads.includes(name)).flatMap((workload) => {
    return variantsOf(workload, full, asked).map((variant): Item => {
      const most = rounds ?? (full ? FULL_ROUNDS : SHORT_ROUNDS)
      return {
        workload,
        variant,
        rivals: rivalsOf(workload, variant, options),
        rounds: rounds ?? Math.min(most, workload.rounds?.(variant) ?? most),
      }
    })
  })
}

const SLOW: readonly string[] = ['postmessage', 'sharedmap', 'lmdb', 'ems']
const FEW: readonly string[] = [
  'tophash',
  'map',
  'bitset',
  'go-sync-map',
  'go-locked-map',
  'go-xsync',
  'rust-papaya',
  'java-concurrent-hash-map',
]
const CACHES: readonly string[] = ['tophash-cache', 'lru-cache', 'go-otter', 'go-ristretto', 'rust-moka', 'java-caffeine']
/** It may refuse what it is given. */
const FORGETFUL = 'go-ristretto'
/** Who take part only where they say something. */
const SPECIAL: readonly string[] = ['bitset', 'tophash-queue', ...CACHES]
const FIELDS: { [field in Field]: (name: string) => boolean } = {
  all: (name) => !SPECIAL.includes(name),
  fast: (name) => !SPECIAL.includes(name) && !SLOW.includes(name),
  few: (name) => FEW.includes(name),
  caches: (name) => CACHES.includes(name) || name === 'postmessage' || name === 'lmdb',
  hits: (name) => name === 'tophash' || (CACHES.includes(name) && name !== FORGETFUL),
  'in memory': (name) => CACHES.includes(name) && name !== FORGETFUL,
}

/** Those whom the command line names are always asked; of all the others those who say something new. */
function rivalsOf(workload: Workload, variant: Variant, { rivals }: BenchOptions): string[] {
  if (rivals !== DEFAULTS.rivals) return [...rivals]
  const isAsked = FIELDS[workload.field(variant, isUsual(workload, variant))]
  return rivals.filter((name) => isAsked(name) || workload.also?.includes(name))
}

/** Measures, and verifies that every contender did its work. Throws if one did not. */
export async function runBench(given: Partial<BenchOptions> = {}, listener: Partial<Listener> = {}): Promise<Report> {
  const options = { ...DEFAULTS, ...given }
  const items = listItems(options)
  const environment = describeEnvironment()
  listener.onStart?.(environment)
  const names = RIVAL_NAMES.filter((name) => items.some(({ rivals }) => rivals.includes(name)))
  const { contenders, skipped } = await gatherContenders(names, options.against, listener.onBuild)
  for (const one of skipped) listener.onSkipped?.(one)
  const report: Report = { environment, settings: settingsOf(options), results: [], skipped }
  const folder = mkdtempSync(path.join(tmpdir(), 'tophash-bench-'))
  try {
    for (const [index, item] of items.entries()) {
      const onRound = (round: number): void => listener.onRound?.(item, index, items.length, round)
      report.results.push(await runItem(item, contenders, options, folder, onRound))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  return report
}

async function runItem(
  item: Item,
  all: readonly Contender[],
  options: BenchOptions,
  folder: string,
  onRound: (round: number) => void,
): Promise<Result> {
  const { workload, variant, rounds } = item
  const plan = workload.plan?.(variant, requestOf(item, options))
  const asked = all.filter(({ name }) => name === OTHER_BUILD || item.rivals.includes(name))
  const { able, absent } = sortOut(asked, demandOf(workload, variant, plan))
  let results: ContenderResult[]
  try {
    if (plan) {
      const course = { plan, rounds, latency: workload.latency ?? false, explain: workload.explain ?? false, folder, onRound }
      results = (await measure(able, course)).map((record) => resultOf(record, workload.unit))
    } else {
      results = await measureMemory(able, variant, rounds, folder, onRound)
    }
  } catch (error) {
    throw new Error(`${workload.name}: ${(error as Error).message}`, { cause: error })
  }
  return {
    workload: workload.name,
    title: workload.title,
    variant,
    unit: workload.unit,
    contenders: compare(results),
    absent,
  }
}

function requestOf({ workload, variant }: Item, { operations, seed }: BenchOptions): Request {
  return { operations: workload.operations?.(variant) ?? operations, seed }
}

function sortOut(contenders: readonly Contender[], demand: Demand) {
  const able: Contender[] = []
  const absent: Result['absent'] = []
  for (const contender of contenders) {
    const reason = contender.refuses(demand)
    if (reason === undefined) able.push(contender)
    else absent.push({ rival: contender.name, title: contender.title, reason })
  }
  return { able, absent }
}

function demandOf({ bounded }: Workload, { keys, size }: Variant, plan: Plan | undefined): Demand {
  if (plan) return { ...plan, kinds: kindsIn(plan), memory: false }
  const bound = bounded ? size : 0
  return { keyKind: keys, valueKind: 'number', background: false, bound, kinds: new Set([SET]), memory: true }
}

function settingsOf({ full, rounds, seed, asked, workloads, rivals }: BenchOptions): Settings {
  return {
    full,
    seed,
    rounds: rounds ?? (full ? FULL_ROUNDS : SHORT_ROUNDS),
    filters: {
      ...(workloads !== DEFAULTS.workloads && { workload: workloads }),
      ...(rivals !== DEFAULTS.rivals && { rival: rivals }),
      ...(asked as Settings['filters']),
    },
  }
}
