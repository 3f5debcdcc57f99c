// The structures that the harness has: a row each. What a suite needs beyond how the core is called is loaded when it is asked for,
// since the actors of test/harness/schedule are bundled with this.
import type { Scenario } from './core/scene.js'
import type { Recorded } from './histories/recorded.js'
import type { Structure } from './structure.js'
import { BITSET } from './structures/bitset/core.js'
import { CACHE } from './structures/cache/core.js'
import { HASH_MAP } from './structures/hashmap/core.js'
import { QUEUE } from './structures/queue/core.js'

export interface Row {
  readonly structure: Structure
  /** What threads do that die at each of their steps. */
  readonly scenarios: () => Promise<{ readonly SCENARIOS: readonly Scenario[] }>
  /** The collections of this structure of which histories are recorded, by their names. */
  readonly histories: () => Promise<{ readonly HISTORIES: Readonly<Record<string, Recorded>> }>
}

export const STRUCTURES: readonly Row[] = [
  {
    structure: HASH_MAP,
    scenarios: () => import('./structures/hashmap/scenarios.js'),
    histories: () => import('./structures/hashmap/histories.js'),
  },
  {
    structure: BITSET,
    scenarios: () => import('./structures/bitset/scenarios.js'),
    histories: () => import('./structures/bitset/histories.js'),
  },
  {
    structure: QUEUE,
    scenarios: () => import('./structures/queue/scenarios.js'),
    histories: () => import('./structures/queue/histories.js'),
  },
  {
    structure: CACHE,
    scenarios: () => import('./structures/cache/scenarios.js'),
    histories: () => import('./structures/cache/histories.js'),
  },
]

/** The structure of a name. */
export function structureOf(name: string): Structure {
  return STRUCTURES.find(({ structure }) => structure.name === name)!.structure
}

/** The scenarios of all structures. */
export async function allScenarios(): Promise<Scenario[]> {
  const modules = await Promise.all(STRUCTURES.map((row) => row.scenarios()))
  return modules.flatMap(({ SCENARIOS }) => SCENARIOS)
}

/** How histories are recorded of a collection of this name. */
export async function recordedAs(name: string): Promise<Recorded> {
  const modules = await Promise.all(STRUCTURES.map((row) => row.histories()))
  const found = modules.find(({ HISTORIES }) => name in HISTORIES)
  if (!found) throw new Error(`no structure has histories of ${name}`)
  return found.HISTORIES[name]!
}
