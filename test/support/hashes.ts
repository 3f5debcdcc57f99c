// Keys that collide. Nobody outside can make them, because what hashes are keyed with is secret; tests know it, since
// they make their heaps of the same random words, or write the same secrets into them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CoreExports } from '../../src/core/exports.js'
import { BLOCK_HEADER_BYTES, KIND_CODES, LENGTH_SHIFT, SCRATCH, SECRETS } from '../../src/core/layout.js'
import { HASH_MAP } from '../../src/table/layout.js'

const CORE = fileURLToPath(new URL('../../build/tophash.wasm', import.meta.url))
/** What initializeHeap() draws the secrets of a heap from, in every test that calls it. */
export const RANDOM = [3, 4, 5, 6] as const
/** As assembly/hash/mix.ts has it. */
const SPREAD = 0xbf58476d1ce4e5b9n
const [HALF, WHOLE] = [1n << 32n, 1n << 64n]
const TEXT_BYTES = 16

/** A core with nobody else in it: what it writes into the block of a key is that key's hash. */
class Oracle {
  readonly secrets: readonly bigint[]
  readonly #core: CoreExports
  readonly #stripe: number
  readonly #key: DataView

  constructor() {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 256, shared: true })
    const module = new WebAssembly.Module(readFileSync(CORE))
    const { exports } = new WebAssembly.Instance(module, { env: { memory, recoverIfDead: () => 0, clock: () => 1 } })
    this.#core = exports as unknown as CoreExports
    this.#core.initializeHeap(256, 1, 2, ...RANDOM)
    this.#core.attachThread(true, 0, 0, 0, 0, 0, 0)
    this.#stripe = this.#core.openCollection(
      this.#core.createCollection(HASH_MAP, KIND_CODES.string, KIND_CODES.number, 1, 0, false),
      1,
    )
    this.#key = new DataView(memory.buffer, this.#core.scratchAddress() + SCRATCH.key)
    this.secrets = Array.from(new BigUint64Array(memory.buffer.slice(SECRETS.first, SECRETS.end)))
  }

  /** Hash of a text of 16 Latin-1 characters, as two words. */
  hash(begin: bigint, end: bigint): number {
    this.#key.setBigUint64(BLOCK_HEADER_BYTES, begin, true)
    this.#key.setBigUint64(BLOCK_HEADER_BYTES + 8, end, true)
    const source = this.#core.scratchAddress() + SCRATCH.key
    this.#core.hasBlock(this.#stripe, source, TEXT_BYTES << LENGTH_SHIFT)
    return this.#key.getUint32(4, true)
  }
}

let known: Oracle | undefined
const oracle = (): Oracle => (known ??= new Oracle())

/** Gives a heap that nothing lies in yet the secrets that these keys are made for. */
export function useKnownSecrets({ memory }: { readonly memory: WebAssembly.Memory }): void {
  new BigUint64Array(memory.buffer, SECRETS.first, oracle().secrets.length).set(oracle().secrets)
}

// ---- Words ----

/**
 * Words of 64 bits of this hash. Backwards through hashNumber: for each low half of what is multiplied there is about one
 * high half with which the top of the product is the hash.
 */
export function* wordsOf(hash: number): Generator<bigint> {
  const [, , high, low, shift] = oracle().secrets as [bigint, bigint, bigint, bigint, bigint]
  const top = BigInt((hash ^ (hash << 16)) >>> 0) << 32n
  for (let lower = 0n; lower < HALF; lower++) {
    const factor = cut(low + lower)
    const begin = cut(top - shift - high * factor)
    const upper = firstWithin(factor, WHOLE, begin, begin + HALF - 1n)
    if (upper < 0n || upper >= HALF) continue
    const folded = cut(((upper << 32n) | lower) * inverse(SPREAD))
    yield folded ^ (folded >> 32n)
  }
}

/** The numbers among them. */
export function* numbersOf(hash: number): Generator<number> {
  for (const word of wordsOf(hash)) {
    const number = new Float64Array(new BigUint64Array([word]).buffer)[0]!
    if (number === number) yield number // all NaN are one key
  }
}

/** So many numbers whose hashes have these low 20 bits; the other 12 count from 0. */
export function numbersOfLow(low: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => numbersOf(((i << 20) | low) >>> 0).next().value as number)
}

/**
 * The least x of which the multiple lies between two bounds, modulo `modulus`; below 0 if there is none. As Euclid: unless
 * a multiple lies there before the first time around, it has to go around as often as makes the remainders fit.
 */
function firstWithin(factor: bigint, modulus: bigint, begin: bigint, end: bigint): bigint {
  if (begin === 0n || end >= modulus) return 0n
  if (factor === 0n) return -1n
  const x = ceil(begin, factor)
  if (x * factor <= end) return x
  const rounds = firstWithin(modulus % factor, factor, rest(-end, factor), rest(-begin, factor))
  return rounds < 0n ? rounds : ceil(begin + modulus * rounds, factor)
}

function ceil(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}

function rest(a: bigint, b: bigint): bigint {
  return ((a % b) + b) % b
}

function cut(x: bigint): bigint {
  return BigInt.asUintN(64, x)
}

/** The number that an odd number has to be multiplied by to give 1, by Newton's method. */
function inverse(odd: bigint): bigint {
  let x = odd
  for (let bits = 3; bits < 64; bits *= 2) x = cut(x * (2n - odd * x))
  return x
}

// ---- Texts ----

const BEGIN = 0x2e68736168706f74n // "tophash."
const found = new Map<string, string[]>()

/**
 * Texts of 16 Latin-1 characters that begin alike, whose hashes have these low bits: one in 2^bits has, and there is no
 * shorter way to find them than to try.
 */
export function* textsOf(low: number, bits: number): Generator<string> {
  const name = `${low} ${bits}`
  const texts = found.get(name) ?? []
  found.set(name, texts)
  yield* texts
  const mask = 2 ** bits - 1
  for (let end = texts.length ? endOf(texts.at(-1)!) + 1n : 0n; ; end++) {
    if (((oracle().hash(BEGIN, end) ^ low) & mask) !== 0) continue
    texts.push(textOf(end))
    yield texts.at(-1)!
  }
}

let twins: readonly [string, string] | undefined

/** Two texts that have the same tag, and would have the same word if they lay in the same block: 29 bits of their hashes are the same. */
export function twinTexts(): readonly [string, string] {
  return (twins ??= findTwins())
}

function findTwins(): [string, string] {
  const seen = new Map<number, string>()
  for (const [text, hash] of hashedTexts(1_000_000)) {
    const bits = hash & 0xfe3f_ffff
    const other = seen.get(bits)
    if (other !== undefined) return [other, text]
    seen.set(bits, text)
  }
  throw new Error('no twins')
}

/** So many texts, with their hashes. */
export function* hashedTexts(count: number): Generator<[text: string, hash: number]> {
  for (let end = 0n; end < count; end++) yield [textOf(end), oracle().hash(BEGIN, end)]
}

function textOf(end: bigint): string {
  return Buffer.from(new BigUint64Array([BEGIN, end]).buffer).toString('latin1')
}

function endOf(text: string): bigint {
  return Buffer.from(text, 'latin1').readBigUInt64LE(8)
}
