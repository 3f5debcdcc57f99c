// Finds in a report what belongs together: the results of a workload that differ in one thing only, and the order of rivals.
import { spelled } from './figures.js'
import type { Contender, Report, Result, Variant } from './report.js'
import { TOPHASH } from './rivals.js'

export function resultsOf({ results }: Report, ...workloads: string[]): Result[] {
  return workloads.flatMap((name) => results.filter(({ workload }) => workload === name))
}

/**
 * The usual variant of a workload, which is the first, and those that differ from it in `free` only, in ascending order of
 * that.
 */
export function narrowed(results: Result[], ...free: (keyof Variant)[]): Result[] {
  const usual = results[0]?.variant
  if (!usual) return []
  const left = results.filter(({ variant }) => differences(usual, variant).every((field) => free.includes(field)))
  const by = free[0]
  return by ? left.toSorted((a, b) => compare(a.variant[by], b.variant[by])) : left
}

/** The fields in which two variants differ. */
export function differences(one: Variant, other: Variant): (keyof Variant)[] {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)] as (keyof Variant)[])
  return [...fields].filter((field) => one[field] !== other[field])
}

/** Different values of a field, in order of appearance. */
export function valuesOf(results: Result[], field: keyof Variant): unknown[] {
  return [...new Set(results.map(({ variant }) => variant[field]))]
}

/** Numbers by size, everything else as text. */
export function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a ?? '') < String(b ?? '') ? -1 : Number(a !== b)
}

export function contenderOf({ contenders }: Result, rival: string): Contender | undefined {
  return contenders.find((contender) => contender.rival === rival)
}

/** Any figure of a contender of which less is better. */
export type Cost = (contender: Contender) => number | undefined

export const timeOf: Cost = ({ nanoseconds }) => nanoseconds?.median

/**
 * The rivals that have a figure in some of the results, the best first: by the geometric mean of their cost over that of
 * tophash, so that each result counts the same.
 */
export function rankedRivals(results: Result[], cost: Cost = timeOf): string[] {
  const logs = new Map<string, number[]>()
  for (const result of results) {
    const own = cost(contenderOf(result, TOPHASH) ?? { rival: TOPHASH }) ?? 1
    for (const contender of result.contenders) {
      const value = cost(contender)
      if (value !== undefined) logs.set(contender.rival, [...(logs.get(contender.rival) ?? []), Math.log(value / own)])
    }
  }
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return [...logs].sort(([, a], [, b]) => mean(a) - mean(b)).map(([rival]) => rival)
}

/** The rounds behind a figure. */
export function roundsOf(results: Result[]): number {
  return Math.max(0, ...results.flatMap(({ contenders }) => contenders.map(({ samples }) => samples?.length ?? 0)))
}

const KEY_NAMES: Record<string, string> = {
  number: 'small whole numbers',
  wide: 'numbers up to 2^53',
  seen: 'strings seen before',
  fresh: 'freshly built strings',
  long: 'strings of 64 bytes',
  padded: 'strings of 16 bytes',
}

export function keysName(keys: string): string {
  return KEY_NAMES[keys] ?? keys
}

type Wording = { [field in keyof Variant]?: (value: never) => string }

const WORDINGS: Wording = {
  case: (value: string) => value,
  keys: (value: string) => `keys: ${keysName(value)}`,
  size: (value: number) => `${spelled(value)} ${value === 1 ? 'entry' : 'entries'}`,
  threads: (value: number) => `${value} ${value === 1 ? 'thread' : 'threads'}`,
  reads: (value: number) => `${value} % reads`,
  updates: (value: number) => `${value} % updates`,
  distribution: (value: string) => value,
}

/** In words; without the fields in `but`, which vary in a chart or table and are said there. */
export function describeVariant(variant: Variant, ...but: (keyof Variant)[]): string {
  const known = Object.entries(WORDINGS).filter(([field]) => variant[field] !== undefined && !but.includes(field))
  const others = Object.entries(variant).filter(([field]) => !(field in WORDINGS))
  return [
    ...known.map(([field, word]) => (word as (value: unknown) => string)(variant[field])),
    ...others.map(([field, value]) => `${field}: ${String(value)}`),
  ].join(', ')
}
