import { type CoreExports, KEY_ROOM, VALUE_ROOM } from '../core/exports.js'
import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, SCRATCH } from '../core/layout.js'
import type { Heap } from '../heap/heap.js'
import type { StoredKind } from '../core/kinds.js'
import { type KeyCodec, ValueCodec } from './codec.js'
import { type Encoded, type Subject, encodedText, wrongType } from './encoded.js'
import { encodedResult, resultPayload } from './payload.js'
import { HotStrings } from './hot-strings.js'
import { setLong } from './operands.js'
import type { PackedKeys } from './packed.js'

// The last is the hash of the key; 0 if it is not known.
type ByBlock = (stripe: number, source: number, meta: number, hash: number) => number
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
  readonly #has: ByBlock
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
    this.#has = core.hasBlock
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
    const hash = this.#hot.stage(key, true)
    return this.#get(this.#stripe, this.#scratch, this.#metaOf(key, hash), hash)
  }

  has(key: string): number {
    if (!this.#isShort(key)) return this.#rest.has(key)
    const hash = this.#hot.stage(key, true)
    return this.#has(this.#stripe, this.#scratch, this.#metaOf(key, hash), hash)
  }

  setNumber(key: string, value: number): number {
    if (!this.#isShort(key)) return this.#rest.setNumber(key, value)
    const hash = this.#hot.stage(key, false)
    return this.#setNumber(this.#stripe, this.#scratch, this.#metaOf(key, hash), value, hash)
  }

  setBlock(key: string, source: number, meta: number): number {
    if (!this.#isShort(key)) return this.#rest.setBlock(key, source, meta)
    const hash = this.#hot.stage(key, false)
    return this.#setBlock(this.#stripe, this.#scratch, this.#metaOf(key, hash), source, meta, hash)
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
    const hash = this.#hot.stage(key, true)
    return this.#increment(this.#stripe, this.#scratch, this.#metaOf(key, hash), by, hash)
  }

  pack(key: string): Encoded {
    return packText(key, this.#subject)
  }

  end(): void {
    this.#hot.end()
  }

  /** The meta word of a key that is where it has to be, if its hash is known, or else comes there now. */
  #metaOf(key: string, hash: number): number {
    return hash === 0 ? this.#encode(key) : key.length << LENGTH_SHIFT
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
