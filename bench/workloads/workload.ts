// The words of workloads. A workload is data: what varies, and a plan for each variant. No workload knows who executes it.
import type { KeyKind } from '../streams/keys.js'
import type { Plan } from '../streams/plan.js'
import type { Distribution } from '../streams/zipfian.js'

/** What can be asked for on the command line. The others of a variant say more about it. */
export const DIMENSIONS = ['keys', 'size', 'threads', 'reads', 'case'] as const

export interface Variant {
  keys: KeyKind
  /** Entries, or what the workload says. */
  size: number
  threads: number
  /** Percentages. */
  reads?: number
  updates?: number
  distribution?: Distribution
  /** A part of a workload that is measured by itself. */
  case?: string
}

/** The values that each dimension takes. The first is the usual one: the others are tried one at a time. */
export type Values = { readonly [name in keyof Variant]: readonly NonNullable<Variant[name]>[] }

/**
 * Who takes part: all; all but those too slow to fill such a map; or those that matter most. Of caches: all; those that keep what
 * they are given, and the map beside them; those whose entries are in the memory of their process.
 */
export type Field = 'all' | 'fast' | 'few' | 'caches' | 'hits' | 'in memory'

export interface Request {
  /** Operations of all threads together. */
  operations: number
  seed: number
}

export interface Workload {
  name: string
  title: string
  /** In a line, for people. */
  about: string
  /** What is counted: operations; entries that scans visit; bytes of an entry. */
  unit: 'operations' | 'entries' | 'bytes'
  /** Variants of a short round, and of a full one. */
  short: Values
  full: Values
  /** Whether it is the memory of caches that is measured. */
  bounded?: boolean
  /** Whether single operations are timed as well. */
  latency?: boolean
  /** Whether it is said what the table did during the longest one. */
  explain?: boolean
  /** Operations of all threads together, if it is not what most workloads have. */
  operations?(variant: Variant): number
  /** Most rounds of a full run, for what takes long. */
  rounds?(variant: Variant): number
  field(variant: Variant, usual: boolean): Field
  /** Rivals that take part nowhere else. */
  also?: readonly string[]
  /** Nothing for memory, which is measured otherwise. */
  plan?(variant: Variant, request: Request): Plan
}
