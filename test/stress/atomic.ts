// What the tests of atomic operations tell their workers, and how they start them.
import type { SharedMapHandle } from 'tophash'
import { type Kinds, newMap } from '../support/untyped.js'
import { spawn } from '../support/workers.js'
import { newGate } from './jobs.js'

/** Keys and values by number, for the kinds that a test is about. */
export interface Job {
  /** Which task of atomic.worker.ts to do. */
  readonly task: string
  readonly handle: SharedMapHandle
  readonly kinds: Kinds
  readonly index: number
  readonly threads: number
  readonly seed: number
  /** Keys 0 to keys - 1 are used: few, so that the threads meet. */
  readonly keys: number
  readonly rounds: number
  /** What those who look at what the others do must have seen at least, before the others stop. */
  readonly least: number
  readonly gate: Int32Array
  /** For what the threads tell each other beside the map. */
  readonly board: Int32Array
}

export type Plan = Pick<Job, 'task' | 'kinds' | 'seed' | 'keys' | 'rounds'> &
  Partial<Pick<Job, 'threads' | 'least'>> & { readonly maxBytes?: number }

/** Has several threads do a task at once on one map; returns the map, what each thread reported, and the board. */
export async function together<T>(plan: Plan, prepare: (map: ReturnType<typeof newMap>) => void = () => {}) {
  const { threads = 4, least = 0, maxBytes = 512 << 20, ...rest } = plan
  const map = newMap(plan.kinds, { capacity: 1, maxBytes })
  prepare(map)
  const common = {
    ...rest,
    least,
    handle: map.handle,
    threads,
    gate: newGate(),
    board: new Int32Array(new SharedArrayBuffer(1024)),
  }
  const workers = Array.from({ length: threads }, (_, index) => spawn<T>('stress/atomic', { ...common, index } satisfies Job))
  const reports = (await Promise.all(workers.map(({ results }) => results))).flat()
  map.check()
  return { map, reports, board: common.board }
}

/** The n-th token: a value that says which one it is, of any kind of values. Of several sizes, where the kind has such. */
export function tokenOf([, kind]: Kinds, n: number): unknown {
  switch (kind) {
    case 'number':
      return n
    case 'bigint':
      return (BigInt(n) << 32n) + 7n
    case 'string':
      return `${n}|${'x'.repeat(n % 200)}`
    case 'bytes':
      return new Uint8Array([n, n >>> 8, n >>> 16, n >>> 24, ...new Uint8Array(n % 50)])
    default:
      return [n, `${n}|`, BigInt(n) << 70n, { n, list: [n, n] }, tokenOf(['any', 'bytes'], n)][n % 5]
  }
}

/** The number of a token; throws if it is none, or not whole. */
export function numberOf(kinds: Kinds, token: unknown): number {
  const n = guess(token)
  const expected = tokenOf(kinds, n)
  if (textOf(expected) !== textOf(token)) throw new Error(`This is no token: ${textOf(token).slice(0, 100)}`)
  return n
}

function guess(token: unknown): number {
  if (typeof token === 'bigint') return Number(token >> (token & 7n ? 32n : 70n))
  if (typeof token === 'string') return parseInt(token, 10)
  if (token instanceof Uint8Array) return token[0]! | (token[1]! << 8) | (token[2]! << 16) | (token[3]! << 24)
  return typeof token === 'object' && token !== null ? (token as { n: number }).n : Number(token)
}

/** A value as text: the same for the same values. */
export function textOf(value: unknown): string {
  return `${typeof value} ${JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part))}`
}

/** Sorted in place, as numbers. */
export function ascending(numbers: number[]): number[] {
  return numbers.sort((a, b) => a - b)
}

/** 0 to count - 1. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n)
}
