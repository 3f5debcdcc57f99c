// Which keys are asked for: all alike, or few of them often, as in YCSB (Cooper et al., 2010). The generator is that of
// Gray et al., "Quickly generating billion-record synthetic databases" (1994), which YCSB uses with constant 0.99.
import { type Draw, drawFraction } from './random.js'

const ZIPFIAN_CONSTANT = 0.99

export const DISTRIBUTIONS = ['uniform', 'zipfian'] as const
export type Distribution = (typeof DISTRIBUTIONS)[number]

/** Returns a function that gives the next rank, 0 to count - 1. */
export function newPicker(distribution: Distribution, count: number, draw: Draw): () => number {
  if (distribution === 'uniform') return () => draw(count)
  const scrambled = new ScrambledZipfian(count, draw)
  return () => scrambled.next()
}

/** Rank 0 is the most frequent one; rank r comes up in proportion to 1 / (r + 1)^0.99. */
export class Zipfian {
  readonly #draw: Draw
  #count: number
  #zeta: number
  #eta = 0

  /** `zeta` is the sum of all weights, for those who know it already. */
  constructor(count: number, draw: Draw, zeta = sumOfWeights(count)) {
    this.#draw = draw
    this.#count = count
    this.#zeta = zeta
    this.#prepare()
  }

  next(): number {
    const fraction = drawFraction(this.#draw)
    const share = fraction * this.#zeta
    if (share < 1) return 0
    if (share < 1 + weight(1)) return 1
    const rank = Math.floor(this.#count * (this.#eta * fraction - this.#eta + 1) ** (1 / (1 - ZIPFIAN_CONSTANT)))
    return Math.min(rank, this.#count - 1)
  }

  /** From now on there is one rank more. */
  grow(): void {
    this.#zeta += weight(this.#count++)
    this.#prepare()
  }

  #prepare(): void {
    const lowest = (2 / this.#count) ** (1 - ZIPFIAN_CONSTANT)
    this.#eta = (1 - lowest) / (1 - sumOfWeights(2) / this.#zeta)
  }
}

/**
 * YCSB's scrambled zipfian: the frequent ranks lie scattered over all. As there, ranks of ten billion are hashed down to
 * those that exist, so the most frequent one has 3.8 % of all requests, however many keys there are.
 */
export class ScrambledZipfian {
  static readonly RANKS = 10_000_000_000
  static readonly SUM_OF_WEIGHTS = 26.469_028_201_783_02
  readonly #zipfian: Zipfian
  readonly #count: number

  constructor(count: number, draw: Draw) {
    this.#zipfian = new Zipfian(ScrambledZipfian.RANKS, draw, ScrambledZipfian.SUM_OF_WEIGHTS)
    this.#count = count
  }

  next(): number {
    return hashedBelow(this.#zipfian.next(), this.#count)
  }
}

/** YCSB's "latest": the newest keys most often. */
export class Latest {
  readonly #zipfian: Zipfian

  /** `count` is how many keys there are before the first insert. */
  constructor(count: number, draw: Draw) {
    this.#zipfian = new Zipfian(count, draw)
  }

  /** How many inserts ago the key came: 0 for the newest. */
  nextAge(): number {
    return this.#zipfian.next()
  }

  inserted(): void {
    this.#zipfian.grow()
  }
}

function weight(rank: number): number {
  return 1 / (rank + 1) ** ZIPFIAN_CONSTANT
}

function sumOfWeights(count: number): number {
  let sum = 0
  for (let rank = 0; rank < count; rank++) sum += weight(rank)
  return sum
}

/** |FNV-1a of the 8 bytes of a whole number| modulo a count, as YCSB computes it with signed 64 bits: here by halves. */
export function hashedBelow(number: number, count: number): number {
  let [high, low] = [0xcbf29ce4, 0x84222325]
  for (let byte = 0; byte < 8; byte++, number = Math.floor(number / 256)) {
    low = (low ^ (number % 256)) >>> 0
    const carried = low * 0x1b3 // the prime is 2^40 + 0x1b3
    high = (Math.imul(high, 0x1b3) + Math.floor(carried / 2 ** 32) + (low << 8)) >>> 0
    low = carried % 2 ** 32
  }
  if (high >= 2 ** 31) [high, low] = negated(high, low)
  const upper = ((high % count) * 2 ** 16 + (low >>> 16)) % count
  return (upper * 2 ** 16 + (low & 0xffff)) % count
}

function negated(high: number, low: number): [number, number] {
  return low === 0 ? [-high >>> 0, 0] : [~high >>> 0, -low >>> 0]
}
