// How maps grew: what the timeline draws. All times are in milliseconds since the first insert.
import type { ChromeTrace, SharedMapStats, Trace, TraceEvent } from 'tophash'
import type { GrowResult } from './protocol.js'

export type Grower = 'shared' | 'own'

export interface Point {
  x: number
  y: number
}

/** An insert that took long. */
export interface Pause {
  worker: number
  start: number
  duration: number
}

export interface LevelChange {
  at: number
  level: number
  buckets: number
}

export interface Line {
  workers: number
  /** How many entries were in when. */
  entries: Point[]
  /** The longest inserts, longest first. */
  pauses: Pause[]
  /** All of it; undefined while it goes on. */
  milliseconds?: number
}

/** More points than a wide screen has pixels make a chart slow, and no clearer. */
const MOST_POINTS = 600
const MOST_PAUSES = 60

export class Growth {
  readonly lines: Partial<Record<Grower, Line>> = {}
  levels: LevelChange[] = []
  /** Share of the newest buckets that has been evacuated into, in per cent. */
  evacuation: Point[] = []
  trace: ChromeTrace | undefined
  /** Events that the trace had no room for. */
  lost = 0
  #began = 0

  begin(grower: Grower, workers: number): void {
    this.#began = performance.now()
    this.lines[grower] = { workers, entries: [], pauses: [] }
  }

  /** While it goes on: as the page sees it. */
  show(grower: Grower, inserted: number, table?: SharedMapStats): void {
    const at = performance.now() - this.#began
    this.lines[grower]!.entries.push({ x: at, y: inserted })
    if (!table) return
    const last = this.levels.at(-1)
    if (last?.level !== table.level) this.levels.push({ at, level: table.level, buckets: table.buckets })
    this.evacuation.push({ x: at, y: table.approximateEvacuation * 100 })
  }

  /** When it is over: as the workers have noted it. Returns when the first insert began, since the epoch. */
  finish(grower: Grower, results: GrowResult[]): number {
    const started = Math.min(...results.map((result) => result.started))
    const ended = Math.max(...results.map((result) => result.ended))
    this.lines[grower] = {
      workers: results.length,
      entries: addUp(results, started),
      pauses: results
        .flatMap(({ pauses }, worker) => pauses.map(({ start, duration }) => ({ worker, start: start - started, duration })))
        .sort((a, b) => b.duration - a.duration)
        .slice(0, MOST_PAUSES),
      milliseconds: ended - started,
    }
    return started
  }

  /** Exactly when the level rose, and every step of the evacuation, in place of what the page has seen. */
  addTrace(trace: Trace, started: number): void {
    this.trace = trace.toChrome({ entries: performance.getEntriesByType('measure') })
    this.lost = trace.lost
    const events = trace.events()
    const levels = events.filter((event) => event.name === 'growth').map((event) => toLevelChange(event, started))
    this.levels = levels
    this.evacuation = thin(
      [
        ...levels.map(({ at }) => ({ x: at, y: 0 })),
        ...events.filter((event) => event.name === 'evacuation').map((event) => toProgress(event, started)),
      ].sort((a, b) => a.x - b.x),
    )
  }
}

export function longestPause(line: Line): number {
  return line.pauses[0]?.duration ?? 0
}

function toLevelChange({ start, duration = 0, args }: TraceEvent<'growth'>, started: number): LevelChange {
  return { at: start + duration - started, level: args.level, buckets: args.buckets }
}

function toProgress({ start, duration = 0, args }: TraceEvent<'evacuation'>, started: number): Point {
  return { x: start + duration - started, y: (100 * args.approximateEvacuated) / args.children }
}

/** One line of all workers' samples: at each, the sum of what each had inserted last. */
function addUp(results: GrowResult[], started: number): Point[] {
  const samples = results.flatMap((result, worker) => toSamples(result, worker)).sort((a, b) => a.time - b.time)
  const inserted = results.map(() => 0)
  const points: Point[] = [{ x: 0, y: 0 }]
  let sum = 0
  for (const { time, count, worker } of samples) {
    sum += count - inserted[worker]!
    inserted[worker] = count
    points.push({ x: time - started, y: sum })
  }
  return thin(points)
}

function toSamples({ samples }: GrowResult, worker: number): { time: number; count: number; worker: number }[] {
  return Array.from({ length: samples.length / 2 }, (_, place) => ({
    time: samples[place * 2]!,
    count: samples[place * 2 + 1]!,
    worker,
  }))
}

/** Evenly in number; the last stays. */
function thin(points: Point[]): Point[] {
  const step = Math.ceil(points.length / MOST_POINTS)
  return points.filter((_, place) => place % step === 0 || place === points.length - 1)
}
