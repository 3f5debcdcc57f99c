// A report that no machine has measured: each figure follows from its place, so that a test can know it.
import type { Contender, Report, Result, Spread, Variant } from '../../bench/charts/report.js'

export const RIVALS = [
  'tophash',
  'map',
  'postmessage',
  'sharedmap',
  'lmdb',
  'ems',
  'go-sync-map',
  'go-locked-map',
  'go-sharded-map',
  'go-xsync',
  'rust-dashmap',
  'rust-papaya',
  'java-concurrent-hash-map',
  'bitset',
]

/** How many times as long as tophash each rival takes here. */
const SLOWER = [1, 0.95, 250, 4.4, 14, 6.5, 1.9, 1.6, 0.52, 0.41, 0.33, 0.38, 0.45, 0.05]
const MAPS = RIVALS.slice(0, -1)
const ROUNDS = 5

/** Samples around a value, a few percent apart. */
function spreadAround(median: number): Spread {
  return { median, min: median * 0.93, max: median * 1.12, deviation: median * 0.03 }
}

function contender(rival: string, index: number, own: number, more: Partial<Contender>): Contender {
  const nanoseconds = own * SLOWER[index]!
  return {
    rival,
    version: `1.${index}.0`,
    nanoseconds: spreadAround(nanoseconds),
    samples: Array.from({ length: ROUNDS }, (_, round) => nanoseconds * (0.96 + 0.02 * round)),
    rate: 1e9 / nanoseconds,
    operations: rival === 'postmessage' ? 20_000 : 1_000_000,
    ...(rival === 'postmessage' ? { limited: true } : {}),
    threads: rival === 'map' ? 1 : 2,
    latency: latencyOf(nanoseconds),
    ratio: spreadAround(SLOWER[index]!),
    checksum: 4711,
    notes: rival === 'map' ? ['one thread executes the streams of all'] : [],
    ...more,
  }
}

function latencyOf(nanoseconds: number): Contender['latency'] {
  const [p50, p90, p99, p999, max] = [1, 1.7, 4, 40, 9000].map((factor) => Math.round(nanoseconds * factor))
  return { p50: p50!, p90: p90!, p99: p99!, p999: p999!, max: max!, samples: 100_000 }
}

export function resultOf(workload: string, variant: Variant, own: number, rivals = MAPS, unit = 'operations'): Result {
  const contenders = rivals.map((rival) => contender(rival, RIVALS.indexOf(rival), own * (variant.threads === 1 ? 1.8 : 1), {}))
  return { workload, title: `What ${workload} does`, variant, unit, contenders }
}

function memoryOf(keys: string, size: number, own: number): Result {
  const contenders = MAPS.map((rival, index) => ({
    rival,
    version: `1.${index}.0`,
    bytesPerEntry: spreadAround(own * (1 + index / 4)),
    ratio: spreadAround(1 + index / 4),
  }))
  return { workload: 'memory', title: 'What an entry takes', variant: { keys, size }, unit: 'bytes', contenders }
}

const SCRIPT = RIVALS.slice(0, 6)
const usual: Variant = { keys: 'seen', size: 100_000, threads: 2 }

/** Of the values of each field the first is usual, the others are tried one at a time: as the benchmark does. */
function starOf(
  workload: string,
  values: Record<string, (string | number)[]>,
  own: number,
  rivals = MAPS,
  unit = 'operations',
): Result[] {
  const center = Object.fromEntries(Object.entries(values).map(([field, [first]]) => [field, first])) as Variant
  const others = Object.entries(values).flatMap(([field, [, ...rest]]) => rest.map((value) => ({ ...center, [field]: value })))
  return [center, ...others].map((variant, index) => resultOf(workload, variant, own + 25 * index, rivals, unit))
}

function fields(variant: Variant): Record<string, (string | number)[]> {
  return Object.fromEntries(Object.entries(variant).map(([field, value]) => [field, [value as string | number]]))
}

export function makeReport(): Report {
  return {
    environment: {
      date: '2000-01-01T00:00:00.000Z',
      tophash: '0.0.0',
      runtime: 'Node.js 0.0.0',
      processor: 'made up by a test',
      cores: 2,
      loadAverage: [0, 0, 0],
    },
    settings: { full: true, rounds: ROUNDS },
    results: [
      ...starOf('seed-store', { keys: ['seen', 'number', 'fresh'], size: [1_000_000], threads: [2, 1] }, 410),
      ...starOf(
        'seed-ratio',
        {
          keys: ['seen', 'number', 'wide', 'fresh', 'long'],
          size: [100_000, 1_000, 1_000_000],
          reads: [90, 100, 50, 0],
          threads: [2, 1],
          distribution: ['uniform', 'zipfian'],
        },
        170,
      ),
      ...starOf('seed-10m', { case: ['insert', 'look up'], keys: ['seen'], size: [10_000_000], threads: [2] }, 500, [
        ...RIVALS.slice(0, 7),
        'bitset',
      ]),
      ...starOf('seed-state', { keys: ['seen', 'number'], size: [100_000], reads: [5], threads: [2, 1] }, 190),
      ...starOf('seed-grow', { keys: ['number', 'seen'], size: [1_000_000], threads: [1, 2] }, 600),
      ...['read-heavy', 'exchange', 'rapid-grow'].flatMap((name, index) => {
        return starOf(name, { keys: ['seen'], size: [100_000, 1_000_000], threads: [2, 1] }, 150 + 100 * index)
      }),
      ...starOf('ycsb', { case: ['A', 'B', 'C', 'D', 'F'], keys: ['seen'], size: [100_000, 1_000_000], threads: [2] }, 120),
      ...starOf('hot', { updates: [10, 0, 50], keys: ['number'], size: [10_000], threads: [2], distribution: ['zipfian'] }, 60),
      ...starOf('counters', { size: [64, 1, 100_000], keys: ['seen'], threads: [2, 1] }, 90),
      ...starOf('scan', { case: ['alone', 'while others write'], ...fields(usual) }, 20, SCRIPT, 'entries'),
      memoryOf('number', 1_000_000, 26),
      memoryOf('padded', 1_000_000, 49),
      memoryOf('number', 10_000_000, 26),
    ],
    skipped: [{ rival: 'boost', reason: 'it is not there', remedy: 'get it' }],
  }
}
