// The run: every contender with every number of workers, round by round, so that what else the machine does meanwhile
// falls on all alike. A first round, with all workers, only warms up.
import type { Pool } from './pool.js'
import type { Contender, Measured, Phase, Task } from './protocol.js'
import { CONTENDERS } from './protocol.js'
import type { Results } from './results.js'
import { workerCounts, type Settings } from './settings.js'
import { openStage } from './stages.js'

export interface Progress {
  done: number
  total: number
  doing: string
}

export interface Outcome {
  measurements: number
  /** Values that were read in the workers and proved right by their sum. */
  reads: number
}

interface Cell {
  contender: Contender
  workers: number
  round: number
}

export async function runSuite(
  settings: Settings, pool: Pool, results: Results, report: (progress: Progress) => void,
): Promise<Outcome> {
  const cells = plan(settings)
  const outcome: Outcome = { measurements: 0, reads: 0 }
  report({ done: 0, total: cells.length, doing: 'The workers make their keys' })
  await pool.callAll(pool.size, () => ({ type: 'prepare', kind: settings.kind, keyCount: settings.keys }))
  for (const [done, cell] of cells.entries()) {
    report({ done, total: cells.length, doing: describe(cell) })
    await pause() // draws the page now, so that it rests while the clock runs
    const measured = await runCell(cell, settings, pool)
    outcome.reads += measured.reads
    if (cell.round === 0) continue
    outcome.measurements += 2
    results.add(cell.contender, 'fill', cell.workers, measured.fillRate)
    results.add(cell.contender, 'read', cell.workers, measured.readRate)
  }
  report({ done: cells.length, total: cells.length, doing: 'Done' })
  return outcome
}

/** Odd rounds go the other way round, so that none always comes after the same other. */
function plan({ workers, rounds }: Settings): Cell[] {
  const contenders = Object.keys(CONTENDERS) as Contender[]
  const cells: Cell[] = contenders.map((contender) => ({ contender, workers: workersFor(contender, workers), round: 0 }))
  for (let round = 1; round <= rounds; round++) {
    for (const count of workerCounts(workers)) {
      for (const contender of round % 2 ? contenders : contenders.toReversed()) {
        if (workersFor(contender, count) === count) cells.push({ contender, workers: count, round })
      }
    }
  }
  return cells
}

/** A Map that is not shared serves one. */
function workersFor(contender: Contender, workers: number): number {
  return contender === 'own' ? 1 : workers
}

function describe({ contender, workers, round }: Cell): string {
  const who = `${CONTENDERS[contender]}, ${workers} ${workers === 1 ? 'worker' : 'workers'}`
  return round === 0 ? `Warming up: ${who}` : `Round ${round}: ${who}`
}

async function runCell({ contender, workers, round }: Cell, settings: Settings, pool: Pool) {
  const stage = openStage(contender, settings)
  try {
    for (let index = 0; index < workers; index++) {
      const access = stage.access()
      await pool.call(index, { type: 'open', access }, access.contender === 'message' ? [access.port] : [])
    }
    const fill = await measure('fill', workers, round, settings, pool)
    await stage.complete()
    const read = await measure('read', workers, round, settings, pool)
    verifySums(read)
    await stage.verify(pool)
    await pool.callAll(workers, () => ({ type: 'close' }))
    return { fillRate: rateOf(fill), readRate: rateOf(read), reads: operationsOf(read) }
  } finally {
    stage.close()
  }
}

function measure(phase: Phase, workers: number, round: number, settings: Settings, pool: Pool): Promise<Measured[]> {
  const gate = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  return pool.callAll<Measured>(workers, (index) => {
    const seed = Math.imul(round * workers + index + 1, 0x9e3779b1) | 1 // xorshift stands still at 0
    const task: Task = { phase, index, workers, milliseconds: settings.ms, seed, gate }
    return { type: 'measure', task }
  })
}

function verifySums(read: Measured[]): void {
  for (const [index, { sum, expected, operations }] of read.entries()) {
    if (sum !== expected) {
      throw new Error(`Worker ${index}'s ${operations} reads sum to ${sum}, not ${expected}: some value was wrong`)
    }
  }
}

/** From the first start to the last end: a worker that had to wait counts against the rate. */
function rateOf(measured: Measured[]): number {
  const started = Math.min(...measured.map((part) => part.started))
  const ended = Math.max(...measured.map((part) => part.ended))
  const seconds = Math.max(ended - started, 0.005) / 1000 // the clock's own step is 5 microseconds
  return operationsOf(measured) / seconds
}

function operationsOf(measured: Measured[]): number {
  return measured.reduce((total, part) => total + part.operations, 0)
}

/** Until the browser had the time to draw; not by animation frames, which a hidden page does not get. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}
