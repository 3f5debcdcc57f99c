// The run of reads and sets: the contenders take short turns, so that what else the machine does falls on all alike,
// and so that the page can draw in between, when nothing is measured.
import type { Settings } from '../settings.js'
import { pause } from './breathe.js'
import type { Pool } from './pool.js'
import { CONTENDERS, NAMES, type Contender, type Turn, type TurnResult } from './protocol.js'
import { MixResults } from './results.js'
import { openStage, prepareWorkers, type Stage } from './stages.js'
import type { Watcher } from './watcher.js'

/** Of one turn; of it, this share is for timing single operations. */
const TURN_MS = 200
const TIMED_SHARE = 0.25

/** Rounds before those that count: engines compile for a second or so. Short runs have as many as count. */
const WARM_UPS = 5

/** For the browser to draw, so that it rests while the clocks run. */
const DRAWING_MS = 20

export async function runMix(
  settings: Settings,
  pool: Pool,
  results: MixResults,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<void> {
  const { rounds, turnMs } = turnsOf(settings)
  const stages = new Map<Contender, Stage>()
  try {
    await prepare(settings, pool, stages, watcher, signal)
    watcher.watch(stages.get('shared')?.shared)
    const warmUps = Math.min(rounds, WARM_UPS)
    const total = (warmUps + rounds) * CONTENDERS.length
    let done = 0
    for (let round = 1 - warmUps; round <= rounds; round++) {
      for (const contender of orderOf(round)) {
        watcher.progress({ done: done++, total, doing: describe(round, rounds, contender) })
        await pause(DRAWING_MS)
        const parts = await takeTurn(contender, stages.get(contender)!, turnMs, pool)
        if (round <= 0)
          new MixResults().add(contender, parts) // warms up: verified, but not counted
        else results.add(contender, parts)
        watcher.changed()
      }
    }
    watcher.progress({ done: total, total, doing: 'Looking up every key' })
    for (const stage of stages.values()) await stage.verify()
  } finally {
    watcher.watch(undefined)
    for (const stage of stages.values()) stage.close()
  }
}

/** How many turns each has, and how long they are. */
export function turnsOf({ ms }: Settings): { rounds: number; turnMs: number } {
  const rounds = Math.max(2, Math.round(ms / TURN_MS))
  return { rounds, turnMs: ms / rounds }
}

async function prepare(
  settings: Settings,
  pool: Pool,
  stages: Map<Contender, Stage>,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<void> {
  const total = CONTENDERS.length + 1
  watcher.progress({ done: 0, total, doing: 'The workers make their keys' })
  await prepareWorkers(settings, pool)
  for (const [done, contender] of CONTENDERS.entries()) {
    watcher.progress({ done: done + 1, total, doing: `Filling: ${NAMES[contender]}` })
    const stage = await openStage(contender, settings, pool, signal)
    stages.set(contender, stage)
    await stage.fill()
  }
}

/** Odd rounds go the other way round, so that none always comes after the same other. */
function orderOf(round: number): readonly Contender[] {
  return round % 2 ? [...CONTENDERS].reverse() : CONTENDERS
}

function describe(round: number, rounds: number, contender: Contender): string {
  return round <= 0 ? `Warming up: ${NAMES[contender]}` : `Turn ${round} of ${rounds}: ${NAMES[contender]}`
}

function takeTurn(contender: Contender, { workers }: Stage, turnMs: number, pool: Pool): Promise<TurnResult[]> {
  const gate = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const timedMs = turnMs * TIMED_SHARE
  return pool.callAll<TurnResult>(workers, (index) => {
    const turn: Turn = { index, workers: workers.length, untimedMs: turnMs - timedMs, timedMs, gate }
    return { type: 'turn', contender, turn }
  })
}
