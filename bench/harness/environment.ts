// What the figures depend on besides the code.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import process from 'node:process'

export interface Environment {
  date: string
  tophash: string
  runtime: string
  system: string
  processor: string
  cores: number
  memoryGiB: number
  /** Of the last 1, 5 and 15 minutes: what else ran when this run began. */
  loadAverage: number[]
}

export function describeEnvironment(): Environment {
  const own = createRequire(import.meta.url).resolve('tophash/package.json')
  return {
    date: new Date().toISOString(),
    tophash: (JSON.parse(readFileSync(own, 'utf8')) as { version: string }).version,
    runtime: `Node.js ${process.versions.node}, V8 ${process.versions.v8}`,
    system: `${os.type()} ${os.release()}, ${os.arch()}`,
    processor: os.cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    loadAverage: os.loadavg().map((load) => Math.round(load * 100) / 100),
  }
}
