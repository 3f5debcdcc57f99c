// A report that no machine has measured: each figure follows from its place, so that a test can know it.
import type { Contender, Report, Result, Spread, Variant } from '../../bench/charts/report.js'

export const RIVALS = [
  'tophash', 'map', 'postmessage', 'sharedmap', 'lmdb', 'ems', 'go-sync-map', 'go-locked-map', 'go-sharded-map', 'go-xsync',
  'rust-dashmap', 'rust-papaya', 'java-concurrent-hash-map',
]

/** How many times as long as tophash each rival takes here. */
const SLOWER = [1, 0.95, 250, 4.4, 14, 6.5, 1.9, 1.6, 0.52, 0.41, 0.33, 0.38, 0.45]
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

export function resultOf(workload: string, variant: Variant, own: number, rivals = RIVALS, unit = 'operations'): Result {
  const contenders = rivals.map((rival) => contender(rival, RIVALS.indexOf(rival), own * (variant.threads === 1 ? 1.8 : 1), {}))
  return { workload, title: `What ${workload} does`, variant, unit, contenders }
}

function memoryOf(keys: string, size: number, own: number): Result {
  const contenders = RIVALS.map((rival, index) => ({
    rival, version: `1.${index}.0`, bytesPerEntry: spreadAround(own * (1 + index / 4)), ratio: spreadAround(1 + index / 4),
  }))
  return { workload: 'memory', title: 'What an entry takes', variant: { keys, size }, unit: 'bytes', contenders }
}

const SCRIPT = RIVALS.slice(0, 6)
const base: Variant = { keys: 'seen', size: 1_000_000, threads: 2 }

export function makeReport(): Report {
  return {
    environment: {
      date: '2000-01-01T00:00:00.000Z', tophash: '0.0.0', runtime: 'Node.js 0.0.0', processor: 'made up by a test', cores: 2, loadAverage: [0, 0, 0],
    },
    settings: { full: true, rounds: ROUNDS },
    results: [
      resultOf('seed-store', { ...base, distribution: 'uniform' }, 410),
      ...[0, 50, 90, 100].flatMap((reads) => [1, 2].map((threads) => resultOf('seed-ratio', { ...base, threads, reads }, 260 - reads))),
      ...['insert', 'look up'].map((step, index) => resultOf('seed-10m', { ...base, size: 10_000_000, case: step }, 500 - 100 * index)),
      resultOf('seed-state', { ...base, size: 100_000 }, 190),
      resultOf('seed-grow', base, 600),
      ...['A', 'B', 'C', 'D', 'F'].map((name, index) => resultOf('ycsb', { ...base, case: name, distribution: 'zipfian' }, 120 + 25 * index)),
      ...['read-heavy', 'exchange', 'rapid-grow'].map((name, index) => resultOf(name, base, 150 + 100 * index)),
      ...[0, 10, 50].map((updates) => resultOf('hot', { ...base, size: 10_000, updates }, 60 + updates)),
      ...[1, 64, 100_000].map((counters) => resultOf('counters', { threads: 2, counters }, 300 / Math.log10(counters + 10))),
      ...['alone', 'while others write'].map((name, index) => resultOf('scan', { ...base, case: name }, 20 + 9 * index, SCRIPT, 'entries')),
      ...[1_000, 100_000, 1_000_000].flatMap((size) => ['number', 'wide', 'seen', 'fresh', 'long'].map((keys) => {
        return resultOf('kinds', { keys, size, threads: 1 }, 40, ['tophash', 'map'])
      })),
      ...[1_000_000, 10_000_000].flatMap((size) => [memoryOf('number', size, 26), memoryOf('padded', size, 49)]),
    ],
    skipped: [{ rival: 'boost', reason: 'it is not there', remedy: 'get it' }],
  }
}
