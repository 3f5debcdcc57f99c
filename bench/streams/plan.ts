// A plan: all that a contender is to do, as data. Contenders in four languages read it, so the streams of operations are
// the same by construction. This file states its layout; words have 32 bits and are little endian:
//
//     0  8 bytes  ASCII THPLAN01
//     8  word     kind of keys: place in KEY_KINDS
//    12  word     kind of values: 0 numbers, 1 booleans
//    16  word     keyCount
//    20  word     prefill
//    24  word     threads
//    28  word     streams
//    32  word     flags: 1 counters, 2 background, 4 presize
//    36  word     sampleEvery
//    40  word     loops
//    44  word     bound
//    48  words    the length of each stream
//     .  words    the operations, stream after stream: kind << 24 | rank
import { KEY_KINDS, type KeyKind, MOST_KEYS, RANK_BITS, RANK_MASK } from './keys.js'

export interface Plan {
  keyKind: KeyKind
  /** Booleans: every value is true, and counts as 1 in checksums. */
  valueKind: 'number' | 'boolean'
  /** Ranks in the streams are below. */
  keyCount: number
  /** Ranks 0 to prefill - 1 are in the map before, with version 0 of their values, or as counters at 0. */
  prefill: number
  threads: number
  /** Values are plain counts. */
  counters: boolean
  /** Stream 0 is measured; the others begin again and again until it is done. */
  background: boolean
  /** Contenders may make room for keyCount entries before. */
  presize: boolean
  /** In rounds that record latencies, every so-manieth operation is timed. */
  sampleEvery: number
  /** How many times each stream is executed. */
  loops: number
  /** Most entries, of a cache; 0: it is a map, which has no bound. */
  bound: number
  /** One for each thread, or more than threads: then each is a task that the next free thread takes. */
  streams: Uint32Array[]
}

export const GET = 0
export const SET = 1
export const REMOVE = 2
/** Adds 1; an absent key counts from 0. */
export const INCREMENT = 3
/** Reads, and writes the next version of what it read, if anything. */
export const MODIFY = 4
/** Visits all entries. Its rank means nothing. */
export const SCAN = 5
/** What is done with a cache: reads, and sets what is not there. What it finds has to be the value of its key. */
export const LOAD = 6

export function operationOf(kind: number, rank: number): number {
  return ((kind << RANK_BITS) | rank) >>> 0
}

export function kindOf(operation: number): number {
  return operation >>> RANK_BITS
}

export function rankOf(operation: number): number {
  return operation & RANK_MASK
}

/** How many operations a stream comes to, all loops together, when each stream stops after `limit` (0: never). */
export function operationsOf(plan: Plan, stream: number, limit = 0): number {
  const all = plan.streams[stream]!.length * plan.loops
  return limit > 0 ? Math.min(all, limit) : all
}

const MAGIC = 'THPLAN01'
const HEADER_BYTES = 48
const COUNTERS = 1
const BACKGROUND = 2
const PRESIZE = 4

export function encodePlan(plan: Plan): Uint8Array<ArrayBuffer> {
  const { streams } = plan
  const lengths = streams.map((stream) => stream.length)
  const operations = lengths.reduce((sum, length) => sum + length, 0)
  const bytes = new Uint8Array(HEADER_BYTES + 4 * (streams.length + operations))
  bytes.set(new TextEncoder().encode(MAGIC))
  const words = new Uint32Array(bytes.buffer)
  words.set(
    [
      KEY_KINDS.indexOf(plan.keyKind),
      plan.valueKind === 'boolean' ? 1 : 0,
      plan.keyCount,
      plan.prefill,
      plan.threads,
      streams.length,
      flagsOf(plan),
      plan.sampleEvery,
      plan.loops,
      plan.bound,
      ...lengths,
    ],
    2,
  )
  let at = HEADER_BYTES / 4 + streams.length
  for (const stream of streams) {
    words.set(stream, at)
    at += stream.length
  }
  return bytes
}

/** The streams are views of `bytes`, which have to begin at a multiple of 4. Throws if this is not a plan. */
export function decodePlan(bytes: Uint8Array<ArrayBufferLike>): Plan {
  if (new TextDecoder().decode(bytes.slice(0, MAGIC.length)) !== MAGIC) throw new Error('this is not a plan')
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 2)
  const [kind, booleans, keyCount, prefill, threads, count, flags, sampleEvery, loops, bound] = words.subarray(
    2,
  ) as unknown as Header
  const keyKind = KEY_KINDS[kind]
  if (!keyKind || keyCount > MOST_KEYS) throw new Error('this plan is for another version of the benchmark')
  return {
    keyKind,
    keyCount,
    prefill,
    threads,
    sampleEvery,
    loops,
    bound,
    valueKind: booleans ? 'boolean' : 'number',
    counters: (flags & COUNTERS) !== 0,
    background: (flags & BACKGROUND) !== 0,
    presize: (flags & PRESIZE) !== 0,
    streams: cutStreams(words.subarray(HEADER_BYTES / 4), count),
  }
}

type Header = [number, number, number, number, number, number, number, number, number, number]

function flagsOf({ counters, background, presize }: Plan): number {
  return (counters ? COUNTERS : 0) | (background ? BACKGROUND : 0) | (presize ? PRESIZE : 0)
}

function cutStreams(words: Uint32Array, count: number): Uint32Array[] {
  const streams: Uint32Array[] = []
  let at = count
  for (const length of words.subarray(0, count)) streams.push(words.subarray(at, (at += length)))
  if (at !== words.length) throw new Error(`this plan is cut off: it has ${words.length} words, not ${at}`)
  return streams
}
