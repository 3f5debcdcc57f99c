// What the command line says, checked.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { type BenchOptions, DEFAULTS, FULL_ROUNDS, SHORT_ROUNDS, listItems } from './bench.js'
import { RIVAL_NAMES } from './harness/contenders.js'
import { isNodeVersion } from './harness/node.js'
import { ABOUT_KEYS, KEY_KINDS } from './streams/keys.js'
import { WORKLOADS, WORKLOAD_NAMES } from './workloads/index.js'
import type { Asked } from './workloads/variants.js'

export interface Options {
  bench: BenchOptions
  list: boolean
  /** JSON to stdout in place of the tables, or to this file beside them. */
  json: boolean | string
  /** Another version of Node that is to do it, and what it is to be told. */
  node?: { version: string; args: string[] }
}

/** The command line is wrong: the message says how, and the program ends with code 2. */
export class UsageError extends Error {}

/** A Map holds 2^24 at most, and ranks have 24 bits. */
const MOST_ENTRIES = 16_000_000
const MOST_THREADS = 64
const MOST_ROUNDS = 1_000
const MOST_OPERATIONS = 10_000_000

const listed = (names: readonly string[], about: (name: string) => string): string => {
  return names.map((name) => `  ${name.padEnd(26)} ${about(name)}`.trimEnd()).join('\n')
}

export const HELP = `Measures tophash against what else there is: the built-in Map, what shares between threads today, and the
concurrent maps of Go, Rust and Java. Contenders take turns in one run, and their work is verified.

usage: npm run bench [-- [options]]

  --full             all variants in ${FULL_ROUNDS} rounds: --list says how long it takes (without: some in ${SHORT_ROUNDS})
  --workload NAME    this workload
  --rival NAME       this contender
  --keys KIND        this kind of keys
  --size N           so many entries
  --threads N        so many threads
  --reads PERCENT    this share of reads, where a workload has one
  --case NAME        this case, where a workload has cases
                     Each of these may be given several times, or with several values: --rival map,lmdb
  --rounds N         rounds that count, after one to warm up
  --operations N     operations of a round (default: ${DEFAULTS.operations}), where the workload does not say
  --seed N           another stream of random numbers (default: ${DEFAULTS.seed})
  --node VERSION     in this version of Node, such as 24: fetched once from npm
  --against FOLDER   the build of tophash in this folder (its dist) takes part as well
  --json [FILE]      print JSON, or write it to a file: npm run --silent bench -- --json
  --list             print what would be measured, and how long it may take
  --help             print this

workloads:
${listed(WORKLOAD_NAMES, (name) => WORKLOADS.find((workload) => workload.name === name)!.about)}

contenders:
${listed(RIVAL_NAMES, () => '')}

keys:
${listed(KEY_KINDS, (kind) => ABOUT_KEYS[kind as keyof typeof ABOUT_KEYS])}

The exit code is 1 if a contender's work was wrong, and 2 if the command line is.`

/** Returns what was asked for, or 'help'. Throws a UsageError. */
export function readOptions(args: string[]): Options | 'help' {
  const { file, rest } = takeJsonFile(args)
  const values = parse(rest)
  if (values.help) return 'help'
  const bench: BenchOptions = {
    full: values.full ?? false,
    workloads: readNames('workload', values.workload, WORKLOAD_NAMES) ?? DEFAULTS.workloads,
    rivals: readNames('rival', values.rival, RIVAL_NAMES) ?? DEFAULTS.rivals,
    asked: readAsked(values),
    rounds: values.rounds === undefined ? undefined : readCount('rounds', values.rounds, 1, MOST_ROUNDS),
    operations:
      values.operations === undefined ? DEFAULTS.operations : readCount('operations', values.operations, 1, MOST_OPERATIONS),
    seed: values.seed === undefined ? DEFAULTS.seed : readCount('seed', values.seed, 0, 2 ** 20),
    against: values.against === undefined ? undefined : readBuild(values.against),
  }
  if (listItems(bench).length === 0) throw new UsageError('No workload is left: none has all that was asked for')
  return { bench, list: values.list ?? false, json: file ?? values.json ?? false, ...readNode(values.node, args) }
}

function readNode(version: string | undefined, args: string[]): Pick<Options, 'node'> {
  if (version === undefined) return {}
  if (!isNodeVersion(version)) throw new UsageError(`--node takes a version such as 24, not ${version}`)
  const at = args.findIndex((arg) => arg.startsWith('--node'))
  return { node: { version, args: args.toSpliced(at, args[at] === '--node' ? 2 : 1) } }
}

/** The file after --json is optional, which parseArgs does not know. */
function takeJsonFile(args: string[]): { file: string | undefined; rest: string[] } {
  const at = args.indexOf('--json')
  const file = at === -1 ? undefined : args[at + 1]
  if (file === undefined || file.startsWith('-')) return { file: undefined, rest: args }
  return { file, rest: args.toSpliced(at, 2) }
}

function parse(args: string[]) {
  const many = { type: 'string', multiple: true } as const
  const one = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args,
      options: {
        workload: many,
        rival: many,
        keys: many,
        size: many,
        threads: many,
        reads: many,
        case: many,
        rounds: one,
        operations: one,
        seed: one,
        against: one,
        node: one,
        full: flag,
        json: flag,
        list: flag,
        help: flag,
      },
    }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

type Given = { [name in keyof Asked]?: string[] | undefined }

function readAsked({ keys, size, threads, reads, case: cases }: Given): Asked {
  const counts = (name: string, given: string[] | undefined, least: number, most: number): number[] | undefined => {
    return given && separated(given).map((text) => readCount(name, text, least, most))
  }
  const all = WORKLOADS.flatMap(({ full }) => full.case ?? [])
  const asked = {
    keys: readNames('keys', keys, KEY_KINDS),
    size: counts('size', size, 1, MOST_ENTRIES),
    threads: counts('threads', threads, 1, MOST_THREADS),
    reads: counts('reads', reads, 0, 100),
    case: readNames('case', cases, [...new Set(all)]),
  }
  return Object.fromEntries(Object.entries(asked).filter(([, values]) => values !== undefined)) as Asked
}

function separated(given: string[]): string[] {
  return [...new Set(given.flatMap((text) => text.split(',')))]
}

function readNames<Name extends string>(option: string, given: string[] | undefined, known: readonly Name[]): Name[] | undefined {
  return (
    given &&
    separated(given).map((text) => {
      const name = known.find((one) => one === text)
      if (name !== undefined) return name
      throw new UsageError(`--${option} '${text}' is not known; there are ${known.join(', ')}`)
    })
  )
}

function readCount(option: string, text: string, least: number, most: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN
  if (count >= least && count <= most) return count
  throw new UsageError(`--${option} takes a whole number from ${least} to ${most}, not '${text}'`)
}

function readBuild(folder: string): string {
  const entry = path.resolve(folder, 'index.js')
  if (existsSync(entry)) return pathToFileURL(entry).href
  throw new UsageError(`--against takes the dist folder of a build; there is no ${entry}`)
}
