import { LENGTH_SHIFT, TYPE } from '../core/layout.js'
import { TextView, measure } from '../core/text.js'
import { MOST, TAG, TAG_BITS } from './plain-format.js'

// The names of an object's properties, as the plain format has them: once in front of the values. Objects of a program are
// mostly of a few makes, so each thread remembers names that it has met, and the words that they are written as. What is
// remembered is bounded, says nothing of any value, and decides nothing about the bytes.

/** The names of an object's properties, in order. */
export interface Shape {
  readonly keys: readonly string[]
  /** As it is written: tag and number of keys; a hash; bytes of the text and whether they are UTF-16; the text. */
  readonly header: Int32Array
  /** Whether Object.prototype has one of these names, too. */
  readonly isInherited: boolean
}

/** Words in front of the text of a header. */
export const HEADER_WORDS = 3

/** The shape of these names; undefined: it cannot be written. In its text each name has its length in front. */
export function shapeOf(keys: readonly string[], isBare: boolean): Shape | undefined {
  if (keys.length > MOST) return undefined
  const parts: string[] = []
  let units = 0
  for (const key of keys) {
    if (key === '__proto__' || key.length > 0xffff) return undefined
    units += 1 + key.length
    parts.push(String.fromCharCode(key.length), key)
  }
  if (units > MOST) return undefined
  return { keys, header: headerOf(parts.join(''), keys.length, isBare), isInherited: areInherited(keys) }
}

function headerOf(text: string, count: number, isBare: boolean): Int32Array {
  const byteLength = measure(text) >>> LENGTH_SHIFT
  const header = new Int32Array(HEADER_WORDS + ((byteLength + 3) >>> 2))
  const meta = new TextView(header.buffer).encode(text, HEADER_WORDS * 4)
  header[0] = (isBare ? TAG.bare : TAG.object) | (count << TAG_BITS)
  header[2] = (byteLength << 1) | (meta & TYPE.utf16)
  let hash = header[0]
  for (let i = 2; i < header.length; i++) hash = Math.imul(hash ^ header[i]! ^ (hash >>> 15), 0x2c1b3c6d)
  header[1] = hash ^ (hash >>> 13)
  return header
}

/** The names in the text of a header; undefined: these are not so many, or one that no shape has. */
export function keysOf(text: string, count: number): string[] | undefined {
  const keys: string[] = []
  for (let at = 0; at < text.length; ) {
    const begin = at + 1
    at = begin + text.charCodeAt(at)
    const key = text.substring(begin, at)
    if (at > text.length || key === '__proto__') return undefined
    keys.push(key)
  }
  return keys.length === count ? keys : undefined
}

export function areInherited(keys: readonly string[]): boolean {
  return keys.some((key) => key in Object.prototype)
}

/** What a writer has met after some names: a tree with a step for each name. */
export class Trail {
  readonly isBare: boolean
  /** How many names lead here; Infinity: more than are remembered, so that nothing is kept. */
  readonly #depth: number
  #shape: Shape | undefined
  // The name that followed last, as it often does again; all of them, if there are several.
  #key = ''
  #next: Trail | undefined
  #all: Map<string, Trail> | undefined

  constructor(isBare: boolean, depth: number) {
    this.isBare = isBare
    this.#depth = depth
  }

  /** Where one more name leads. */
  after(key: string): Trail {
    return this.#key === key && this.#next ? this.#next : this.#find(key)
  }

  /** The shape of the names up to here, which begin in `log` at `begin` and are every second item. */
  shape(log: readonly unknown[], begin: number, end: number): Shape | undefined {
    return this.#shape ?? this.#make(log, begin, end)
  }

  #make(log: readonly unknown[], begin: number, end: number): Shape | undefined {
    const keys: string[] = []
    for (let i = begin; i < end; i += 2) keys.push(log[i] as string)
    const shape = shapeOf(keys, this.isBare)
    if (this.#depth <= MOST_KEYS && shape && shape.header.length <= MOST_WORDS) this.#shape = shape
    return shape
  }

  #find(key: string): Trail {
    const next = this.#all?.get(key) ?? this.#grow(key)
    if (next.#depth > MOST_KEYS) return next
    this.#key = key
    this.#next = next
    return next
  }

  #grow(key: string): Trail {
    if (this.#depth >= MOST_KEYS || key.length > LONGEST_KEY || steps >= MOST_STEPS) return this.isBare ? lostBare : lost
    steps++
    const next = new Trail(this.isBare, this.#depth + 1)
    if (this.#next) this.#all ??= new Map([[this.#key, this.#next]])
    this.#all?.set(key, next)
    return next
  }
}

const MOST_KEYS = 64
const LONGEST_KEY = 64
/** Words of a header. */
export const MOST_WORDS = 256
const MOST_STEPS = 1024
/** Steps of the trees that are there now. */
let steps = 0
let [plain, bare] = [new Trail(false, 0), new Trail(true, 0)]
const [lost, lostBare] = [new Trail(false, Infinity), new Trail(true, Infinity)]

/** Where the names of an object begin. All is forgotten when it has become too much. */
export function trailFor(isBare: boolean): Trail {
  if (steps >= MOST_STEPS) {
    steps = 0
    plain = new Trail(false, 0)
    bare = new Trail(true, 0)
  }
  return isBare ? bare : plain
}
