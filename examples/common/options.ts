// What the command lines of the examples have in common.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

/** The command line is wrong: the message says how, and the program ends with code 2. */
export class UsageError extends Error {}

// 128 threads can be attached to one heap, and the main thread is one of them.
export const MOST_THREADS = 127

// This file runs as build/examples/common/options.js, so the project is three folders up.
export const OWN_NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url))

/** The folder that was named, or the project's own node_modules. Throws a UsageError if there are several. */
export function readFolder(positionals: string[]): string {
  if (positionals.length > 1) throw new UsageError(`one folder at a time, not ${positionals.length}: ${positionals.join(', ')}`)
  return positionals[0] ?? OWN_NODE_MODULES
}

export function readThreads(text: string | undefined): number {
  return readWhole('threads', text, { min: 1, max: MOST_THREADS, usual: Math.min(availableParallelism(), MOST_THREADS) })
}

/** The number that an option says, or the usual one if it is not given. Throws a UsageError. */
export function readWhole(option: string, text: string | undefined, limits: { min: number; max: number; usual: number }): number {
  const { min, max, usual } = limits
  if (text === undefined) return usual
  const number = /^\d+$/.test(text) ? Number(text) : NaN
  if (number >= min && number <= max) return number
  throw new UsageError(`--${option} takes a whole number from ${min} to ${max}, not '${text}'`)
}
