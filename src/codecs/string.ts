import { type CoreExports, KEY_ROOM, VALUE_ROOM } from '../core/exports.js'
import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, SCRATCH, STATUS } from '../core/layout.js'
import type { Heap } from '../heap/heap.js'
import type { StoredKind } from '../core/kinds.js'
import { type KeyCodec, ValueCodec } from './codec.js'
import { type Encoded, type Subject, encodedText, wrongType } from './encoded.js'
import { encodedResult, resultPayload } from './payload.js'
import { BLOCK, FACTS, HASH, NOWHERE, NUMBERS, RETIRED, facts, numbers } from './hot-places.js'
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
    if (!this.#isShort(key)) return this.#rest.get(key)
    const hot = this.#hot
    if (!hot.isWorthwhile(key.length)) return this.#get(this.#stripe, this.#scratch, this.#encode(key))
    const place = hot.find(key)
    if (place === NOWHERE) return this.#readFirst(this.#get, key)
    const block = facts[place * FACTS + BLOCK]!
    if (block !== 0) {
      const raw = this.#getKnown(this.#stripe, facts[place * FACTS + HASH]!, block, numbers[place * NUMBERS + RETIRED]!)
      if (raw === raw || !hot.isOutdated) return raw
    }
    return this.#readAnew(this.#get, key, place)
  }

  has(key: string): number {
    if (!this.#isShort(key)) return this.#rest.has(key)
    const hot = this.#hot
    if (!hot.isWorthwhile(key.length)) return this.#has(this.#stripe, this.#scratch, this.#encode(key))
    const place = hot.find(key)
    if (place === NOWHERE) return this.#readFirst(this.#has, key)
    const block = facts[place * FACTS + BLOCK]!
    if (block !== 0) {
      const raw = this.#hasKnown(this.#stripe, facts[place * FACTS + HASH]!, block, numbers[place * NUMBERS + RETIRED]!)
      if (raw === raw || !hot.isOutdated) return raw
    }
    return this.#readAnew(this.#has, key, place)
  }

  setNumber(key: string, value: number): number {
    if (!this.#isShort(key)) return this.#rest.setNumber(key, value)
    const place = this.#placeOf(key)
    if (place >= 0) {
      const block = facts[place * FACTS + BLOCK]!
      if (block !== 0) {
        const status = this.#setNumberKnown(
          this.#stripe,
          facts[place * FACTS + HASH]!,
          block,
          numbers[place * NUMBERS + RETIRED]!,
          value,
        )
        if (status !== STATUS.outdated) return status
      }
    }
    const status = this.#setNumber(this.#stripe, this.#scratch, this.#encode(key), value)
    this.#wrote(key, place, status === STATUS.replaced)
    return status
  }

  setBlock(key: string, source: number, meta: number): number {
    if (!this.#isShort(key)) return this.#rest.setBlock(key, source, meta)
    const place = this.#placeOf(key)
    if (place >= 0) {
      const block = facts[place * FACTS + BLOCK]!
      if (block !== 0) {
        const status = this.#setBlockKnown(
          this.#stripe,
          facts[place * FACTS + HASH]!,
          block,
          numbers[place * NUMBERS + RETIRED]!,
          source,
          meta,
        )
        if (status !== STATUS.outdated) return status
      }
    }
    const status = this.#setBlock(this.#stripe, this.#scratch, this.#encode(key), source, meta)
    this.#wrote(key, place, status === STATUS.replaced)
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
    if (!this.#isShort(key)) return this.#rest.increment(key, by)
    const place = this.#placeOf(key)
    if (place >= 0) {
      const block = facts[place * FACTS + BLOCK]!
      if (block !== 0) {
        const total = this.#incrementKnown(
          this.#stripe,
          facts[place * FACTS + HASH]!,
          block,
          numbers[place * NUMBERS + RETIRED]!,
          by,
        )
        if (total === total || !this.#hot.isOutdated) return total
      }
    }
    const total = this.#increment(this.#stripe, this.#scratch, this.#encode(key), by)
    this.#wrote(key, place, total === total)
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

  /** Reads by the bytes of a key that is not remembered, which is from now on. */
  #readFirst(read: ByBlock, key: string): number {
    const raw = read(this.#stripe, this.#scratch, this.#encode(key))
    this.#hot.remember(key)
    return raw
  }

  /** Reads by the bytes of a key that is remembered, and remembers by which block it is known now. */
  #readAnew(read: ByBlock, key: string, place: number): number {
    this.#hot.awaitKey()
    const raw = read(this.#stripe, this.#scratch, this.#encode(key))
    this.#hot.learn(place, key)
    return raw
  }

  /** Where a key that is about to be written is remembered; NOWHERE, or COLD: nobody has looked. */
  #placeOf(key: string): number {
    const hot = this.#hot
    return hot.isWorthwhile(key.length) ? hot.find(key) : COLD
  }

  /** A key was written by its bytes; `wasThere`: its entry is no new one. */
  #wrote(key: string, place: number, wasThere: boolean): void {
    if (!wasThere || place === COLD) return
    if (place === NOWHERE) this.#hot.remember(key)
    else this.#readAnew(this.#has, key, place)
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
