import { type CoreExports, KEY_ROOM, VALUE_ROOM } from '../core/exports.js'
import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, SCRATCH, STATUS } from '../core/layout.js'
import type { Heap } from '../heap/heap.js'
import type { StoredKind } from '../core/kinds.js'
import { type KeyCodec, ValueCodec } from './codec.js'
import { type Encoded, type Subject, encodedText, wrongType } from './encoded.js'
import { encodedResult, resultPayload } from './payload.js'
import { BLOCK, HASH, NOWHERE, RETIRED, facts, numbers } from './hot-places.js'
import { HotStrings } from './hot-strings.js'
import { setLong } from './operands.js'
import type { PackedKeys } from './packed.js'

/** Beside NOWHERE. */
const COLD = -2

type ByBlock = (stripe: number, source: number, meta: number) => number
type ByBlockAnd1 = (stripe: number, source: number, meta: number, a: number) => number
type ByBlockAnd2 = (stripe: number, source: number, meta: number, a: number, b: number) => number
type Known = (stripe: number, hash: number, block: number, retired: number) => number
type KnownAnd1 = (stripe: number, hash: number, block: number, retired: number, a: number) => number
type KnownAnd2 = (stripe: number, hash: number, block: number, retired: number, a: number, b: number) => number

/**
 * Keys that are strings, compared by their code units. A key is encoded into the scratch page, unless this thread remembers by which block the
 * core knows it (hot-strings.ts); long ones are packed.
 */
export class StringKeys implements KeyCodec<string> {
  readonly #heap: Heap
  readonly #stripe: number
  readonly #scratch: number
  readonly #get: ByBlock
  readonly #getKnown: Known
  readonly #has: ByBlock
  readonly #hasKnown: Known
  readonly #setNumber: ByBlockAnd1
  readonly #setNumberKnown: KnownAnd1
  readonly #setBlock: ByBlockAnd2
  readonly #setBlockKnown: KnownAnd2
  readonly #delete: ByBlock
  readonly #increment: ByBlockAnd1
  readonly #incrementKnown: KnownAnd1
  readonly #subject: Subject
  readonly #rest: PackedKeys<string>
  readonly #hot: HotStrings

  /** @param rest what to do with long keys, and where there is no export for strings alone */
  constructor(heap: Heap, stripe: number, values: StoredKind, subject: Subject, rest: PackedKeys<string>) {
    const { core } = heap
    this.#heap = heap
    this.#stripe = stripe
    this.#scratch = heap.scratch + SCRATCH.key
    this.#get = blockGetter(core, values, rest)
    this.#getKnown = knownGetter(core, values)
    this.#has = core.hasBlock
    this.#hasKnown = core.hasKnown
    this.#setNumber = core.setNumberByBlock
    this.#setNumberKnown = core.setNumberKnown
    this.#setBlock = core.setBlockByBlock
    this.#setBlockKnown = core.setBlockKnown
    this.#delete = core.deleteBlock
    this.#increment = core.incrementBlock
    this.#incrementKnown = core.incrementKnown
    this.#subject = subject
    this.#rest = rest
    this.#hot = new HotStrings(heap, this.#scratch)
  }

  get(key: string): number {
    if (!this.#isHot(key)) return this.#isShort(key) ? this.#read(this.#get, key) : this.#rest.get(key)
    const at = this.#hot.find(key)
    if (at === NOWHERE) return this.#readFirst(this.#get, key)
    const block = facts[at + BLOCK]!
    if (block !== 0) {
      const raw = this.#getKnown(this.#stripe, facts[at + HASH]!, block, numbers[at / 2 + RETIRED]!)
      if (raw === raw || !this.#hot.isOutdated) return raw
    }
    return this.#readAnew(this.#get, key, at)
  }

  has(key: string): number {
    if (!this.#isHot(key)) return this.#isShort(key) ? this.#read(this.#has, key) : this.#rest.has(key)
    const at = this.#hot.find(key)
    if (at === NOWHERE) return this.#readFirst(this.#has, key)
    const block = facts[at + BLOCK]!
    if (block !== 0) {
      const raw = this.#hasKnown(this.#stripe, facts[at + HASH]!, block, numbers[at / 2 + RETIRED]!)
      if (raw === raw || !this.#hot.isOutdated) return raw
    }
    return this.#readAnew(this.#has, key, at)
  }

  setNumber(key: string, value: number): number {
    const at = this.#isHot(key) ? this.#hot.find(key) : COLD
    if (at >= 0) {
      const block = facts[at + BLOCK]!
      if (block !== 0) {
        const status = this.#setNumberKnown(this.#stripe, facts[at + HASH]!, block, numbers[at / 2 + RETIRED]!, value)
        if (status !== STATUS.outdated) return status
      }
    }
    if (!this.#isShort(key)) return this.#rest.setNumber(key, value)
    const status = this.#setNumber(this.#stripe, this.#scratch, this.#encode(key), value)
    this.#wrote(key, at, status === STATUS.replaced)
    return status
  }

  setBlock(key: string, source: number, meta: number): number {
    const at = this.#isHot(key) ? this.#hot.find(key) : COLD
    if (at >= 0) {
      const block = facts[at + BLOCK]!
      if (block !== 0) {
        const retired = numbers[at / 2 + RETIRED]!
        const status = this.#setBlockKnown(this.#stripe, facts[at + HASH]!, block, retired, source, meta)
        if (status !== STATUS.outdated) return status
      }
    }
    if (!this.#isShort(key)) return this.#rest.setBlock(key, source, meta)
    const status = this.#setBlock(this.#stripe, this.#scratch, this.#encode(key), source, meta)
    this.#wrote(key, at, status === STATUS.replaced)
    return status
  }

  setWord(key: string, value: bigint): number {
    return this.#rest.setWord(key, value)
  }

  delete(key: string): number {
    if (!this.#isShort(key)) return this.#rest.delete(key)
    this.#hot.forget(key)
    return this.#delete(this.#stripe, this.#scratch, this.#encode(key))
  }

  increment(key: string, by: number): number {
    const at = this.#isHot(key) ? this.#hot.find(key) : COLD
    if (at >= 0) {
      const block = facts[at + BLOCK]!
      if (block !== 0) {
        const total = this.#incrementKnown(this.#stripe, facts[at + HASH]!, block, numbers[at / 2 + RETIRED]!, by)
        if (total === total || !this.#hot.isOutdated) return total
      }
    }
    if (!this.#isShort(key)) return this.#rest.increment(key, by)
    const total = this.#increment(this.#stripe, this.#scratch, this.#encode(key), by)
    this.#wrote(key, at, total === total)
    return total
  }

  pack(key: string): Encoded {
    return packText(key, this.#subject)
  }

  forget({ content }: Encoded): void {
    if (typeof content === 'string') this.#hot.forget(content)
  }

  end(): void {
    this.#hot.end()
  }

  /** Whether it may be remembered, and is to be looked for. To ask is to count an operation. */
  #isHot(key: string): boolean {
    return typeof key === 'string' && this.#hot.isWorthwhile(key.length)
  }

  /** Reads by the bytes of a key. */
  #read(read: ByBlock, key: string): number {
    return read(this.#stripe, this.#scratch, this.#encode(key))
  }

  /** The same of one that is not remembered, which is from now on. */
  #readFirst(read: ByBlock, key: string): number {
    const raw = this.#read(read, key)
    this.#hot.remember(key)
    return raw
  }

  /** The same of one that is remembered: from now on by which block it is known. */
  #readAnew(read: ByBlock, key: string, at: number): number {
    this.#hot.awaitKey()
    const raw = this.#read(read, key)
    this.#hot.learn(at, key)
    return raw
  }

  /** A key was written by its bytes; `wasThere`: its entry is no new one. */
  #wrote(key: string, at: number, wasThere: boolean): void {
    if (at === COLD) return
    if (at !== NOWHERE) this.#readAnew(this.#has, key, at)
    else if (wasThere) this.#hot.remember(key)
    else this.#hot.pass()
  }

  #encode(key: string): number {
    return this.#heap.text.encode(key, this.#scratch + 8)
  }

  /** Whether the key fits into the scratch page, whatever its characters. Throws if it is no string. */
  #isShort(key: string): boolean {
    if (typeof key !== 'string') throw wrongType(this.#subject, 'strings', key)
    return key.length <= KEY_ROOM / 2
  }
}

/** The export that reads values of a kind by a block; the universal one where there is none. */
function blockGetter(core: CoreExports, values: StoredKind, rest: PackedKeys<string>): ByBlock {
  const { getByBlock, getBlockByBlock } = core
  if (values === 'number' || values === 'any') return getByBlock
  if (values === 'string' || values === 'bytes') return getBlockByBlock
  return (_, source, meta) => rest.getByBlock(source, meta)
}

/** The export that reads values of a kind by a key that is known; of some there is always NaN, and results that say more. */
function knownGetter({ getKnown, getBlockKnown, describeKnown }: CoreExports, values: StoredKind): Known {
  if (values === 'number' || values === 'any') return getKnown
  return values === 'string' || values === 'bytes' ? getBlockKnown : describeKnown
}

/** @throws the subject's error */
export function packText(value: unknown, subject: Subject): Encoded {
  if (typeof value !== 'string') throw wrongType(subject, 'strings', value)
  return encodedText(value, subject)
}

/** Values that are strings. */
export class StringValues extends ValueCodec<string> {
  readonly #heap: Heap
  readonly #scratch: number
  readonly #subject: Subject

  constructor(heap: Heap, subject: Subject) {
    super()
    this.#heap = heap
    this.#scratch = heap.scratch + SCRATCH.value
    this.#subject = subject
  }

  set<K>(keys: KeyCodec<K>, key: K, value: string): number {
    if (typeof value !== 'string') throw wrongType(this.#subject, 'strings', value)
    if (value.length <= VALUE_ROOM / 2) {
      return keys.setBlock(key, this.#scratch, this.#heap.text.encode(value, this.#scratch + 8))
    }
    return setLong(this.#heap, keys, key, encodedText(value, this.#subject))
  }

  decode(meta: number): string {
    if (meta >>> LENGTH_SHIFT <= VALUE_ROOM) return this.#heap.text.decode(meta, this.#scratch + BLOCK_HEADER_BYTES)
    return resultPayload(this.#heap, meta) as string
  }

  result(): string {
    return encodedResult(this.#heap).content as string
  }

  pack(value: string): Encoded {
    return packText(value, this.#subject)
  }
}
