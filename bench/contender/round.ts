// A round: a new map, filled, given to the threads, and looked through afterwards.
import { writeFileSync } from 'node:fs'
import type { Library, Rival, Shared } from '../rivals/rival.js'
import { type Key, lastingPartOf, newKeyMaker, valueOf } from '../streams/keys.js'
import type { Plan } from '../streams/plan.js'
import { collectGarbage, epochOf } from './clock.js'
import type { Found } from './loop.js'
import type { Team } from './team.js'
import type { ThreadResult } from './thread.js'

/** What a contender answers: see the protocol in harness/contender-process.ts. */
export interface RoundResult extends Found {
  nanoseconds: number
  threads: { nanoseconds: number; operations: number; samples?: number }[]
  operations: number
  size: number
  content: number
  /** The operation that took longest, and what the map did meanwhile: if that was asked for. */
  longest?: { nanoseconds: number; meanwhile: string }
}

export interface Contest {
  rival: Rival
  library: Library
  plan: Plan
  team: Team
  /**
   * The map of the round before, let go of and empty. While one is there, V8 keeps the code that it has compiled for such
   * objects.
   */
  previous?: Shared
}

/**
 * Times every `plan.sampleEvery`-th operation, and writes the durations to a file, if one is given. To `explain` takes time
 * itself: the map records what it does.
 */
export async function playRound(contest: Contest, limit: number, file?: string, explain = false): Promise<RoundResult> {
  const { rival, library, plan, team } = contest
  const shared = library.create(plan)
  fill(shared, plan, team)
  await team.open(shared)
  const during = explain ? shared.record?.() : undefined
  collectGarbage()
  const { releasedAt, results } = await team.run(limit, file === undefined ? 0 : plan.sampleEvery)
  const longest = during && longestOf(results, during)
  await team.close()
  const size = shared.size()
  const content = contentOf(shared, plan, rival.takesRanks ? 'number' : plan.keyKind)
  await shared.dispose()
  contest.previous = shared
  collectGarbage()
  if (file !== undefined) writeFileSync(file, Buffer.concat(results.map(({ samples }) => new Uint8Array(samples!.buffer))))
  return { ...summarize(plan, results, releasedAt), size, content, ...(longest && { longest }) }
}

function longestOf(results: ThreadResult[], during: (start: number, end: number) => string): RoundResult['longest'] {
  const all = results.map(({ longest }) => longest!)
  const { start, duration } = all.reduce((one, other) => (other.duration > one.duration ? other : one))
  return { nanoseconds: Number(duration), meanwhile: during(epochOf(start), epochOf(start + duration)) }
}

function summarize(plan: Plan, results: ThreadResult[], releasedAt: bigint): Omit<RoundResult, 'size' | 'content'> {
  const measured = plan.background ? results.slice(0, 1) : results
  const threads = results.map(({ endedAt, nanoseconds, operations, samples }) => ({
    // Fresh strings are built between the timed parts; all else is timed from the release on.
    nanoseconds: plan.keyKind === 'fresh' ? nanoseconds : Number(endedAt - releasedAt),
    operations,
    ...(samples && { samples: samples.length }),
  }))
  const total: Found = { hits: 0, sum: 0, removed: 0, visited: 0 }
  for (const result of measured) {
    for (const field of ['hits', 'sum', 'removed', 'visited'] as const) total[field] += result[field]
  }
  const elapsed = threads.slice(0, measured.length).map((thread) => thread.nanoseconds)
  return {
    nanoseconds: Math.max(...elapsed),
    threads,
    operations: measured.reduce((sum, { operations }) => sum + operations, 0),
    ...total,
  }
}

function fill(shared: Shared, plan: Plan, { keys }: Team): void {
  const valueFor = plan.counters ? () => 0 : plan.valueKind === 'boolean' ? () => true : (rank: number) => valueOf(rank, 0)
  if (shared.fill) return shared.fill(entriesOf(plan.prefill, (rank) => [keys.keyOf(rank), valueFor(rank)]))
  for (let rank = 0; rank < plan.prefill; rank++) shared.table.set(keys.keyOf(rank), valueFor(rank))
}

function* entriesOf<T>(count: number, entryOf: (rank: number) => T): Generator<T> {
  for (let rank = 0; rank < count; rank++) yield entryOf(rank)
}

/** The sum of what is there, found by looking up every key there may be. */
function contentOf({ table }: Shared, { keyCount, counters }: Plan, kind: Plan['keyKind']): number {
  const make: (rank: number) => Key = newKeyMaker(kind)
  let content = 0
  for (let rank = 0; rank < keyCount; rank++) {
    const value = table.get(make(rank)) as number | undefined
    if (value !== undefined) content += counters ? value : lastingPartOf(value)
  }
  return content
}
