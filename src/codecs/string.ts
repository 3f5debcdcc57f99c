import { type CoreExports, KEY_ROOM, VALUE_ROOM } from '../core/exports.js'
import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, SCRATCH, STATUS } from '../core/layout.js'
import type { Heap } from '../heap/heap.js'
import type { StoredKind } from '../core/kinds.js'
import { type KeyCodec, ValueCodec } from './codec.js'
import { type Encoded, type Subject, encodedText, wrongType } from './encoded.js'
import { encodedResult, resultPayload } from './payload.js'
import { HotStrings, NOWHERE } from './hot-strings.js'
import { setLong } from './operands.js'
import type { PackedKeys } from './packed.js'

// The last is the hash of the key; 0 if it is not known.
type ByBlock = (stripe: number, source: number, meta: number, hash: number) => number
type AtSpot = (stripe: number, hash: number, spot: number, word: number) => number
type ByBlockAnd1 = (stripe: number, source: number, meta: number, a: number, hash: number) => number
type ByBlockAnd2 = (stripe: number, source: number, meta: number, a: number, b: number, hash: number) => number

/**
 * Keys that are strings, compared by their code units. A key is encoded into the scratch page, unless its bytes are remembered
 * (hot-strings.ts); long ones are packed.
 */
export class StringKeys implements KeyCodec<string> {
  readonly #heap: Heap
  readonly #stripe: number
  readonly #scratch: number
  readonly #get: ByBlock
  readonly #getAt: AtSpot
  readonly #has: ByBlock
  readonly #hasAt: AtSpot
  readonly #setNumber: ByBlockAnd1
  readonly #setBlock: ByBlockAnd2
  readonly #delete: (stripe: number, source: number, meta: number) => number
  readonly #increment: ByBlockAnd1
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
    this.#getAt = spotGetter(core, values)
    this.#has = core.hasBlock
    this.#hasAt = core.hasAt
    this.#setNumber = core.setNumberByBlock
    this.#setBlock = core.setBlockByBlock
    this.#delete = core.deleteBlock
    this.#increment = core.incrementBlock
    this.#subject = subject
    this.#rest = rest
    this.#hot = new HotStrings(heap, this.#scratch)
  }

  get(key: string): number {
    if (!this.#isShort(key)) return this.#rest.get(key)
    const hot = this.#hot
    if (!hot.isWorthwhile(key.length)) return this.#get(this.#stripe, this.#scratch, this.#encode(key), 0)
    const place = hot.find(key)
    if (place === NOWHERE) return this.#findFirst(this.#get, key)
    const spot = hot.spotAt(place)
    if (spot !== 0) {
      const raw = this.#getAt(this.#stripe, hot.hashAt(place), spot, hot.lockAt(place))
      if (raw === raw || !hot.isOutdated) return raw
    }
    return this.#findAnew(this.#get, key, place)
  }

  has(key: string): number {
    if (!this.#isShort(key)) return this.#rest.has(key)
    const hot = this.#hot
    if (!hot.isWorthwhile(key.length)) return this.#has(this.#stripe, this.#scratch, this.#encode(key), 0)
    const place = hot.find(key)
    if (place === NOWHERE) return this.#findFirst(this.#has, key)
    const spot = hot.spotAt(place)
    if (spot !== 0) {
      const raw = this.#hasAt(this.#stripe, hot.hashAt(place), spot, hot.lockAt(place))
      if (raw === raw || !hot.isOutdated) return raw
    }
    return this.#findAnew(this.#has, key, place)
  }

  setNumber(key: string, value: number): number {
    if (!this.#isShort(key)) return this.#rest.setNumber(key, value)
    const hot = this.#hot
    if (!hot.isWorthwhile(key.length)) return this.#setNumber(this.#stripe, this.#scratch, this.#encode(key), value, 0)
    const place = hot.find(key)
    if (place !== NOWHERE) {
      return this.#setNumber(this.#stripe, this.#scratch, this.#lay(place, key), value, hot.hashAt(place))
    }
    const meta = this.#encode(key)
    const status = this.#setNumber(this.#stripe, this.#scratch, meta, value, 0)
    if (status === STATUS.replaced) hot.remember(key, meta)
    return status
  }

  setBlock(key: string, source: number, meta: number): number {
    if (!this.#isShort(key)) return this.#rest.setBlock(key, source, meta)
    const hot = this.#hot
    if (!hot.isWorthwhile(key.length)) return this.#setBlock(this.#stripe, this.#scratch, this.#encode(key), source, meta, 0)
    const place = hot.find(key)
    if (place !== NOWHERE) {
      return this.#setBlock(this.#stripe, this.#scratch, this.#lay(place, key), source, meta, hot.hashAt(place))
    }
    const own = this.#encode(key)
    const status = this.#setBlock(this.#stripe, this.#scratch, own, source, meta, 0)
    if (status === STATUS.replaced) hot.remember(key, own)
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
    const hot = this.#hot
    if (!hot.isWorthwhile(key.length)) return this.#increment(this.#stripe, this.#scratch, this.#encode(key), by, 0)
    const place = hot.find(key)
    if (place !== NOWHERE) {
      return this.#increment(this.#stripe, this.#scratch, this.#lay(place, key), by, hot.hashAt(place))
    }
    const meta = this.#encode(key)
    const total = this.#increment(this.#stripe, this.#scratch, meta, by, 0)
    hot.remember(key, meta)
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
  #findFirst(read: ByBlock, key: string): number {
    const meta = this.#encode(key)
    const raw = read(this.#stripe, this.#scratch, meta, 0)
    this.#hot.remember(key, meta)
    return raw
  }

  /** Reads by the bytes that are remembered of a key, whose entry may have moved: remembers where it is now. */
  #findAnew(read: ByBlock, key: string, place: number): number {
    const hot = this.#hot
    hot.awaitSpot()
    const raw = read(this.#stripe, this.#scratch, this.#lay(place, key), hot.hashAt(place))
    hot.renew(place)
    return raw
  }

  /** Lays a key that is remembered where it has to be. Returns its meta word. */
  #lay(place: number, key: string): number {
    this.#hot.lay(place, key.length)
    return key.length << LENGTH_SHIFT
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
  return (_, source, meta) => rest.getByBlock(source, meta) // which does not ask for the hash
}

/** The export that reads values of a kind at a spot; of some there is always NaN, and results that say more. */
function spotGetter({ getAt, getBlockAt, describeAt }: CoreExports, values: StoredKind): AtSpot {
  if (values === 'number' || values === 'any') return getAt
  return values === 'string' || values === 'bytes' ? getBlockAt : describeAt
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
