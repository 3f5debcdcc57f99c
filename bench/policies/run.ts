// node build/bench/policies/run.js FOLDER: hit ratios of the policies on the traces of a folder (*.txt.gz, one key per line).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { gunzipSync } from 'node:zlib'
import { HashOrder } from './hash-order.js'
import { Lru } from './lru.js'
import type { NewPolicy } from './policy.js'
import { S3Fifo } from './s3-fifo.js'
import { Sieve } from './sieve.js'

const POLICIES: Record<string, NewPolicy> = {
  LRU: (capacity) => new Lru(capacity),
  SIEVE: (capacity) => new Sieve(capacity),
  'S3-FIFO': (capacity) => new S3Fifo(capacity),
  'in hash order': (capacity) => new HashOrder(capacity),
}

const RUNS: readonly (readonly [trace: string, capacity: number])[] = [
  ['oltp', 250],
  ['oltp', 1000],
  ['oltp', 2000],
  ['gli', 1000],
  ['multi3', 1000],
  ['sprite', 400],
  ['sprite', 1000],
  ['2_pools', 100],
  ['loop', 512],
  ['ps', 200],
  ['corda', 512],
  ['web07', 1000],
]

const folder = process.argv[2]
if (folder === undefined) throw new Error('Which folder are the traces in?')
const names = Object.keys(POLICIES)
console.log(`| trace, size | ${names.join(' | ')} |\n|---|${names.map(() => '--:').join('|')}|`)
const sums = names.map(() => 0)
for (const [trace, capacity] of RUNS) {
  const keys = readTrace(join(folder, `${trace}.txt.gz`))
  const ratios = names.map((name) => hitRatioOf(POLICIES[name]!, keys, capacity))
  for (const [i, ratio] of ratios.entries()) sums[i]! += ratio
  console.log(`| ${trace} ${capacity} | ${ratios.map(percent).join(' | ')} |`)
}
console.log(`| mean | ${sums.map((sum) => percent(sum / RUNS.length)).join(' | ')} |`)

function hitRatioOf(newPolicy: NewPolicy, keys: Uint32Array, capacity: number): number {
  const policy = newPolicy(capacity)
  let hits = 0
  for (const key of keys) {
    if (policy.request(key)) hits++
    if (policy.size > capacity) throw new Error(`${policy.constructor.name} holds ${policy.size} of ${capacity} entries`)
  }
  return hits / keys.length
}

function readTrace(file: string): Uint32Array {
  return Uint32Array.from(gunzipSync(readFileSync(file)).toString().trim().split('\n'), Number)
}

function percent(ratio: number): string {
  return (ratio * 100).toFixed(1)
}
