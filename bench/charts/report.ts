// The report as the charts and tables read it. A file that is not one is refused with the place where it differs.
import { z } from 'zod'

/** What is asked for does not make sense: the message says why, and the program ends with code 2. */
export class UsageError extends Error {}

const spread = z.object({ median: z.number(), min: z.number(), max: z.number(), deviation: z.number() })

const latency = z.object({
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
  samples: z.number(),
})

const contender = z.looseObject({
  rival: z.string().min(1),
  version: z.string().optional(),
  /** Of one operation. */
  nanoseconds: spread.optional(),
  samples: z.array(z.number()).optional(),
  /** Operations a second. */
  rate: z.number().optional(),
  /** In each round. */
  operations: z.number().optional(),
  /** It was stopped earlier than the others. */
  limited: z.boolean().optional(),
  threads: z.number().optional(),
  latency: latency.optional(),
  bytesPerEntry: spread.optional(),
  /** As the library itself says. */
  reportedPerEntry: z.number().optional(),
  /** Its time over that of tophash: more than 1 means that tophash is faster, or needs less memory. */
  ratio: spread.optional(),
  notes: z.array(z.string()).optional(),
})

const variant = z.looseObject({
  keys: z.string().optional(),
  size: z.number().optional(),
  threads: z.number().optional(),
  reads: z.number().optional(),
  distribution: z.string().optional(),
  updates: z.number().optional(),
  case: z.string().optional(),
})

const result = z.looseObject({
  workload: z.string().min(1),
  title: z.string(),
  variant,
  unit: z.string(),
  contenders: z.array(contender),
  /** Who was asked and cannot do this. */
  absent: z.array(z.looseObject({ rival: z.string(), reason: z.string() })).optional(),
})

const report = z.looseObject({
  environment: z.record(z.string(), z.unknown()),
  settings: z.record(z.string(), z.unknown()),
  results: z.array(result),
  skipped: z.array(z.looseObject({ rival: z.string(), reason: z.string(), remedy: z.string().optional() })),
})

export type Spread = z.infer<typeof spread>
export type Latency = z.infer<typeof latency>
export type Contender = z.infer<typeof contender>
export type Variant = z.infer<typeof variant>
export type Result = z.infer<typeof result>
export type Report = z.infer<typeof report>

/** `origin` is the name of the file, for messages. */
export function readReport(text: string, origin: string): Report {
  const parsed = report.safeParse(rounded(parseJson(text, origin)))
  if (parsed.success) return parsed.data
  throw new UsageError(`${origin} is not a report of the benchmark:\n${z.prettifyError(parsed.error)}`)
}

function parseJson(text: string, origin: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(`${origin} is not JSON: ${(error as Error).message}`)
  }
}

const DIGITS_KEPT = 6

/**
 * Fractions get six digits, which is more than any clock gives here. It happens before anything is made of them, so what
 * is made of the report and of the copy of it that is kept is the same.
 */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS_KEPT))
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rounded(item)]))
}

/** A line for each contender: small, and what differs between two reports can be seen line by line. */
export function compactReport({ environment, settings, results, skipped }: Report): string {
  const json = JSON.stringify
  const lines = results.map(({ contenders, ...rest }) => {
    return `${json(rest).slice(0, -1)},"contenders":[\n${contenders.map((item) => json(item)).join(',\n')}]}`
  })
  return [
    '{',
    `"environment":${json(environment)},`,
    `"settings":${json(settings)},`,
    `"results":[\n${lines.join(',\n')}],`,
    `"skipped":${json(skipped)}`,
    '}',
    '',
  ].join('\n')
}
