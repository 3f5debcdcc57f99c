// Scenarios of the scheduler on a hash map, by its entries.
import type { Crew } from '../../schedule/crew.js'
import type { Plan } from '../../schedule/explore.js'
import type { HeapOperation } from '../../schedule/operations.js'
import { explores as exploresAny } from '../../schedule/scenario.js'
import { HASH_MAP } from './core.js'
import { type Datum, type Operation, set } from './operations.js'

export interface Scenario {
  readonly key: 'number' | 'string'
  readonly value: 'number' | 'string'
  readonly capacity?: number
  /** What is there before. */
  readonly entries?: readonly (readonly [Datum, Datum])[]
  /** The last entry has made the table grow, and no bucket is split yet; all threads know of it. */
  readonly isGrown?: boolean
  readonly threads: readonly (readonly (Operation | HeapOperation)[])[]
  readonly spinning?: number
  readonly isDeleted?: boolean
  readonly isUnnamed?: boolean
}

/** Tries schedules of a scenario until one goes wrong. */
export function explores(
  name: string,
  crew: Crew,
  { key, value, capacity, entries = [], isGrown, ...more }: Scenario,
  plan: Plan,
): void {
  const before = entries.map(([name, datum]) => set(name, datum))
  const interruptedAt = isGrown ? 'RangeClaimed' : undefined
  exploresAny(name, crew, { structure: HASH_MAP, options: { key, value, capacity }, before, interruptedAt, ...more }, plan)
}
