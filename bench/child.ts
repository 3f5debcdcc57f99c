// The process of one workload: bench.ts starts it and is told of every round and result.
import process from 'node:process'
import { interleave } from './harness/interleave.js'
import { ChecksumError, type Row, type Settings } from './harness/measurement.js'
import { compareWithBuild } from './rivals/index.js'
import { WORKLOADS, type WorkloadName } from './workloads/index.js'

export type ChildMessage =
  | { type: 'round'; measurement: string; round: number }
  | { type: 'row'; row: Row }
  | { type: 'failure'; reason: string }

const name = process.argv[2] as WorkloadName
const settings = JSON.parse(process.argv[3]!) as Settings

try {
  if (settings.against) await compareWithBuild(settings.against)
  await WORKLOADS[name].run(settings, async (measurement) => {
    const onRound = (round: number): void => tell({ type: 'round', measurement: measurement.name, round })
    const asked = settings.against ? { ...measurement, target: undefined } : measurement // targets are for the Map
    tell({ type: 'row', row: await interleave(asked, settings.rounds, onRound) })
  })
} catch (error) {
  process.exitCode = 1
  tell({ type: 'failure', reason: reasonOf(error) })
}

/** Where in the code a checksum was found wrong says nothing. */
function reasonOf(error: unknown): string {
  if (error instanceof ChecksumError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function tell(message: ChildMessage): void {
  process.send!(message)
}
