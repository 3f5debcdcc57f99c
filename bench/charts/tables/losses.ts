// Everything in which a rival is faster, or smaller, than tophash: counted, and listed with the worst first.
import { digits, times } from '../figures.js'
import type { Report, Result, Spread } from '../report.js'
import { familyOf, nameOf, TOPHASH, type Family } from '../rivals.js'
import { describeVariant } from '../selection.js'
import { folded, table } from './table.js'

interface Comparison {
  result: Result
  rival: string
  ratio: Spread
}

export function comparisonsOf({ results }: Report): Comparison[] {
  return results.flatMap((result) =>
    result.contenders.flatMap(({ rival, ratio }) => {
      return rival === TOPHASH || !ratio ? [] : [{ result, rival, ratio }]
    }),
  )
}

const GROUPS: { title: string; families: Family[] }[] = [
  { title: 'other ways to share in JavaScript', families: ['script'] },
  { title: 'built-in Map on one thread', families: ['map'] },
  { title: 'Go, Rust and Java', families: ['native'] },
  { title: 'set of bits, for small numbers only', families: ['bits'] },
]

/** How many comparisons each group has, and who was ahead. */
export function summaryTable(report: Report): string {
  const all = comparisonsOf(report)
  const groups = GROUPS.map(({ title, families }) => ({ title, comparisons: all.filter(isOf(families)) }))
  const present = groups.filter(({ comparisons }) => comparisons.length > 0)
  return table(
    [
      'tophash against',
      'comparisons',
      'ahead in all rounds',
      'ahead by the median',
      'behind by the median',
      'behind in all rounds',
    ],
    [...present, { title: '**all**', comparisons: all }].map(summaryRow),
  )
}

function isOf(families: Family[]): (comparison: Comparison) => boolean {
  return ({ rival }) => families.includes(familyOf(rival))
}

function summaryRow({ title, comparisons }: { title: string; comparisons: Comparison[] }): string[] {
  const count = (chosen: (ratio: Spread) => boolean): string => {
    return String(comparisons.filter(({ ratio }) => chosen(ratio)).length)
  }
  return [
    title,
    String(comparisons.length),
    count(({ min }) => min >= 1),
    count(({ min, median }) => min < 1 && median >= 1),
    count(({ median, max }) => median < 1 && max >= 1),
    count(({ max }) => max < 1),
  ]
}

/** In JavaScript: what else there is to choose from. */
export function lossTable(report: Report): string {
  return lossesAgainst(report, ['script', 'map', 'bits'])
}

/** Those in other languages are many, and have the same reasons: shown to who wants to see them. */
export function nativeLossTable(report: Report): string {
  return folded('Go, Rust and Java', lossesAgainst(report, ['native']))
}

function lossesAgainst(report: Report, families: Family[]): string {
  const losses = comparisonsOf(report)
    .filter(isOf(families))
    .filter(({ ratio }) => ratio.median < 1)
  if (losses.length === 0) return 'In none of the comparisons of this run.'
  const rows = losses
    .sort((a, b) => a.ratio.median - b.ratio.median)
    .map(({ result, rival, ratio }) => [
      result.workload,
      describeVariant(result.variant),
      nameOf(rival),
      times(1 / ratio.median),
      `${digits(1 / ratio.max)} to ${digits(1 / ratio.min)}`,
    ])
  return table(['workload', 'variant ', 'who is ahead ', 'times as good as tophash', 'in single rounds'], rows)
}
