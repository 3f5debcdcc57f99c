import type { Workload } from '../harness/measurement.js'
import { longestInsert } from './longest-insert.js'
import { integers, numbers } from './numbers.js'
import { small, twoSmallMaps } from './small.js'
import { freshlyBuiltStrings, seenStrings } from './strings.js'
import { threadsOnNumbers, threadsOnStrings } from './threads.js'

/** In the order in which they run. */
export const WORKLOADS = {
  numbers,
  integers,
  'longest-insert': longestInsert,
  'fresh-strings': freshlyBuiltStrings,
  'seen-strings': seenStrings,
  'threads-numbers': threadsOnNumbers,
  'threads-strings': threadsOnStrings,
  small,
  'two-small-maps': twoSmallMaps,
} as const satisfies Record<string, Workload>

export type WorkloadName = keyof typeof WORKLOADS
export const WORKLOAD_NAMES = Object.keys(WORKLOADS) as WorkloadName[]
