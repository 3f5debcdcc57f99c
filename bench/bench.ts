// A run of the benchmark, callable: each workload in a process of its own, so that V8 knows of nothing but the maps,
// keys and loops that are measured in it.
import { fork, type ChildProcess } from 'node:child_process'
import process from 'node:process'
import type { ChildMessage } from './child.js'
import { describeEnvironment, type Environment } from './harness/environment.js'
import type { Row, Settings } from './harness/measurement.js'
import { WORKLOADS, WORKLOAD_NAMES, type WorkloadName } from './workloads/index.js'

export interface BenchOptions extends Settings {
  /** Which workloads; all of them if none is named. */
  only: readonly WorkloadName[]
}

export interface WorkloadReport {
  name: WorkloadName
  about: string
  rows: Row[]
}

export interface Report {
  environment: Environment
  settings: Settings
  workloads: WorkloadReport[]
}

export type OnProgress = (workload: WorkloadName, measurement: string, round: number) => void

export const DEFAULTS: Settings = { size: 1_000_000, rounds: 7, keyRange: 'dense' }

/** Measures, and verifies that every contender did its work. Throws if one did not. */
export async function runBench(options: Partial<BenchOptions> = {}, onProgress: OnProgress = () => {}): Promise<Report> {
  const { only = [], ...given } = options
  const settings: Settings = { ...DEFAULTS, ...given }
  const report: Report = { environment: describeEnvironment(), settings, workloads: [] }
  for (const name of only.length > 0 ? only : WORKLOAD_NAMES) {
    const rows = await runWorkload(name, settings, (measurement, round) => onProgress(name, measurement, round))
    report.workloads.push({ name, about: WORKLOADS[name].about(settings), rows })
  }
  return report
}

function runWorkload(
  name: WorkloadName, settings: Settings, onRound: (measurement: string, round: number) => void,
): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const rows: Row[] = []
    let failure: string | undefined
    const child = start(name, settings)
    child.on('error', reject)
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'round') onRound(message.measurement, message.round)
      else if (message.type === 'row') rows.push(message.row)
      else failure = message.reason
    })
    child.on('close', (code, signal) => {
      if (code === 0 && rows.length > 0) resolve(rows)
      else reject(new Error(`${name}: ${failure ?? `the process ended with ${signal ?? `exit code ${code}`}`}`))
    })
  })
}

/** Its stdout goes to stderr: stdout is for the report. */
function start(name: WorkloadName, settings: Settings): ChildProcess {
  return fork(new URL('./child.js', import.meta.url), [name, JSON.stringify(settings)], {
    execArgv: [...process.execArgv, '--expose-gc'],
    stdio: ['ignore', 2, 'inherit', 'ipc'],
  })
}
