// What the command line says, checked.
import { parseArgs } from 'node:util'
import { RIVAL_NAMES } from '../harness/contenders.js'

export const PARTS = ['speed', 'hits', 'memory', 'pauses'] as const
export type Part = (typeof PARTS)[number]

export interface Options {
  parts: readonly Part[]
  rivals: readonly string[] | undefined
  rounds: number
  operations: number
  write: boolean
}

export const HELP = `Measures SharedCache beside other caches. Contenders take turns in one run, and their work is checked.

usage: npm run bench:cache [-- [options]]

  --only PART,...      some of: speed (get, set on a miss; with latencies), hits (beside SharedMap), memory, pauses
  --rival NAME,...     these contenders only
  --rounds N           rounds that count, after one to warm up (default: 5)
  --operations N       operations of a round (default: 2000000)
  --write              puts the tables into docs/benchmarks/cache.md
  --help               prints this`

/** Returns what was asked for, or 'help'. Throws if it makes no sense. */
export function readOptions(args: string[]): Options | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      rival: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      operations: { type: 'string', default: '2000000' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  return {
    parts: values.only === undefined ? PARTS : names('only', values.only, PARTS),
    rivals: values.rival === undefined ? undefined : names('rival', values.rival, RIVAL_NAMES),
    rounds: count('rounds', values.rounds),
    operations: count('operations', values.operations),
    write: values.write,
  }
}

function names<T extends string>(option: string, given: string, known: readonly T[]): T[] {
  const all = given.split(',')
  const wrong = all.find((name) => !known.includes(name as T))
  if (wrong !== undefined) throw new Error(`--${option}: there is no '${wrong}'; there are ${known.join(', ')}`)
  return all as T[]
}

function count(option: string, given: string): number {
  const number = Number(given)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new Error(`--${option} is a whole number from 1, not '${given}'`)
}
