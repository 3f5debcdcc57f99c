// What the command line says, checked.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { DEFAULTS, type BenchOptions } from './bench.js'
import { KEY_RANGES, type KeyRange } from './harness/keys.js'
import { WORKLOADS, WORKLOAD_NAMES, type WorkloadName } from './workloads/index.js'

export interface Options extends BenchOptions {
  json: boolean
}

/** The command line is wrong: the message says how, and the program ends with code 2. */
export class UsageError extends Error {}

const LEAST_ENTRIES = 10
/** A Map holds 2^24 at most. */
const MOST_ENTRIES = 16_000_000
const MOST_ROUNDS = 1_000

const NAMES = WORKLOAD_NAMES.map((name) => `  ${name.padEnd(18)} ${WORKLOADS[name].about(DEFAULTS)}`)

export const HELP = `Measures tophash against the built-in Map on one thread, and two threads against one. Contenders
take turns in one run, and their work is verified. What counts is the ratio, not the nanoseconds.

usage: npm run bench [-- [options]]

  --only NAME        this workload; may be given several times (default: all, a few minutes)
  --size N           entries of the large tables (default: ${DEFAULTS.size})
  --rounds N         rounds that count, after one to warm up (default: ${DEFAULTS.rounds})
  --key-range RANGE  number keys from 0 to n - 1 (dense, the default) or from all of 53 bits (wide)
  --against FOLDER   compare with the build of tophash in this folder (its dist) instead of the Map
  --json             print one JSON object; with npm: npm run --silent bench -- --json
  --help             print this

workloads:
${NAMES.join('\n')}

The exit code is 0 also if a target is missed: a machine may be busy. It is 1 if a contender's work
was wrong, and 2 if the command line is.`

/** Returns what was asked for, or 'help'. Throws a UsageError. */
export function readOptions(args: string[]): Options | 'help' {
  const values = parse(args)
  if (values.help) return 'help'
  const { only = [], size, rounds, 'key-range': keyRange, against, json = false } = values
  return {
    only: only.map(readName),
    size: size === undefined ? DEFAULTS.size : readCount('--size', size, LEAST_ENTRIES, MOST_ENTRIES),
    rounds: rounds === undefined ? DEFAULTS.rounds : readCount('--rounds', rounds, 1, MOST_ROUNDS),
    keyRange: keyRange === undefined ? DEFAULTS.keyRange : readKeyRange(keyRange),
    against: against === undefined ? undefined : readBuild(against),
    json,
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        only: { type: 'string', multiple: true },
        size: { type: 'string' },
        rounds: { type: 'string' },
        'key-range': { type: 'string' },
        against: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function readBuild(folder: string): string {
  const entry = path.resolve(folder, 'index.js')
  if (existsSync(entry)) return pathToFileURL(entry).href
  throw new UsageError(`--against takes the dist folder of a build; there is no ${entry}`)
}

function readCount(option: string, text: string, least: number, most: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN
  if (count >= least && count <= most) return count
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not '${text}'`)
}

function readName(text: string): WorkloadName {
  const name = WORKLOAD_NAMES.find((known) => known === text)
  if (name) return name
  throw new UsageError(`There is no workload '${text}'; there are ${WORKLOAD_NAMES.join(', ')}`)
}

function readKeyRange(text: string): KeyRange {
  const range = KEY_RANGES.find((known) => known === text)
  if (range) return range
  throw new UsageError(`--key-range takes ${KEY_RANGES.join(' or ')}, not '${text}'`)
}
