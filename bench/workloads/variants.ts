// Which variants of a workload are measured. Not each value of a dimension with each of the others: from the usual variant
// one thing is changed at a time. What the command line asks for is taken in all combinations.
import { DIMENSIONS, type Values, type Variant, type Workload } from './workload.js'

export type Asked = { [name in (typeof DIMENSIONS)[number]]?: Variant[name][] }

export function variantsOf({ short, full }: Workload, isFull: boolean, asked: Asked = {}): Variant[] {
  const values = isFull ? full : short
  const given = DIMENSIONS.filter((name) => asked[name] !== undefined)
  if (given.some((name) => !takes(values, name, asked))) return []
  const wanted = (name: keyof Variant): readonly unknown[] => asked[name as keyof Asked] ?? values[name]!
  let variants: Variant[] = [usualOf(values)]
  for (const name of given) {
    variants = wanted(name).flatMap((value) => variants.map((variant) => ({ ...variant, [name]: value })))
  }
  const others = (Object.keys(values) as (keyof Variant)[]).filter((name) => !given.includes(name as never))
  return variants.flatMap((variant) => [
    variant,
    ...others.flatMap((name) => values[name]!.slice(1).map((value) => ({ ...variant, [name]: value }))),
  ])
}

/** The one from which the others differ. */
export function isUsual({ full }: Workload, variant: Variant): boolean {
  const usual = usualOf(full)
  return (Object.keys(usual) as (keyof Variant)[]).every((name) => usual[name] === variant[name])
}

/** Percentages and cases belong to some workloads only, and a case is one of those that there are. */
function takes(values: Values, name: keyof Asked, asked: Asked): boolean {
  if (name === 'case') return asked.case!.every((one) => values.case?.includes(one!) ?? false)
  return values[name] !== undefined
}

function usualOf(values: Values): Variant {
  return Object.fromEntries(Object.entries(values).map(([name, [usual]]) => [name, usual])) as unknown as Variant
}

export function describeVariant({ keys, size, threads, reads, updates, distribution, case: part }: Variant): string {
  const parts = [
    part,
    `${keys} keys`,
    size.toLocaleString('en-US'),
    reads !== undefined && `${reads} % reads`,
    updates !== undefined && `${updates} % updates`,
    distribution,
    threads === 1 ? '1 thread' : `${threads} threads`,
  ]
  return parts.filter(Boolean).join(', ')
}
