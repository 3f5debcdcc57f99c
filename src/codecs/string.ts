import { type CoreExports, KEY_ROOM, VALUE_ROOM } from '../core/exports.js'
import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, SCRATCH } from '../core/layout.js'
import type { Heap } from '../heap/heap.js'
import type { StoredKind } from '../core/kinds.js'
import { type KeyCodec, ValueCodec } from './codec.js'
import { type Encoded, type Subject, encodedText, wrongType } from './encoded.js'
import { encodedResult, resultPayload } from './payload.js'
import { setLong } from './operands.js'
import type { PackedKeys } from './packed.js'

type ByBlock = (stripe: number, source: number, meta: number) => number
type ByBlockAnd1 = (stripe: number, source: number, meta: number, a: number) => number
type ByBlockAnd2 = (stripe: number, source: number, meta: number, a: number, b: number) => number

/**
 * Keys that are strings, compared by their code units. A key is encoded into the scratch page; long ones are packed.
 */
export class StringKeys implements KeyCodec<string> {
  readonly #heap: Heap
  readonly #stripe: number
  readonly #scratch: number
  readonly #get: ByBlock
  readonly #has: ByBlock
  readonly #setNumber: ByBlockAnd1
  readonly #setBlock: ByBlockAnd2
  readonly #delete: ByBlock
  readonly #increment: ByBlockAnd1
  readonly #subject: Subject
  readonly #rest: PackedKeys<string>

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
  }

  get(key: string): number {
    if (!this.#isShort(key)) return this.#rest.get(key)
    return this.#get(this.#stripe, this.#scratch, this.#encode(key))
  }

  has(key: string): number {
    if (!this.#isShort(key)) return this.#rest.has(key)
    return this.#has(this.#stripe, this.#scratch, this.#encode(key))
  }

  setNumber(key: string, value: number): number {
    if (!this.#isShort(key)) return this.#rest.setNumber(key, value)
    return this.#setNumber(this.#stripe, this.#scratch, this.#encode(key), value)
  }

  setBlock(key: string, source: number, meta: number): number {
    if (!this.#isShort(key)) return this.#rest.setBlock(key, source, meta)
    return this.#setBlock(this.#stripe, this.#scratch, this.#encode(key), source, meta)
  }

  setWord(key: string, value: bigint): number {
    return this.#rest.setWord(key, value)
  }

  delete(key: string): number {
    if (!this.#isShort(key)) return this.#rest.delete(key)
    return this.#delete(this.#stripe, this.#scratch, this.#encode(key))
  }

  increment(key: string, by: number): number {
    if (!this.#isShort(key)) return this.#rest.increment(key, by)
    return this.#increment(this.#stripe, this.#scratch, this.#encode(key), by)
  }

  pack(key: string): Encoded {
    return packText(key, this.#subject)
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
