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

/** What a value is in, to a writer: the shape of an object. */
export interface Outer {
  /** By its properties, where the names of objects in them begin; only of what is remembered. */
  entries?: Trail[]
}

/** Words in front of the text of a header. */
export const HEADER_WORDS = 3

/** The shape of these names; undefined: it cannot be written. In its text each name has its length in front. */
function shapeOf(keys: readonly string[], isBare: boolean): (Shape & Outer) | undefined {
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

/** A trail is a step of the tree, or a way into it, or leads beyond what is remembered: that one takes all further names to its own. */
const [STEP, ENTRY, LOST] = [0, 1, 2]

/** What a writer has met after some names: a tree with a step for each name. */
export class Trail {
  readonly isBare: boolean
  /** The names that lead here. */
  readonly keys: string[]
  readonly #kind: number
  #shape: (Shape & Outer) | undefined
  // The name that followed last, as it often does again; all of them, if there are several.
  #key = ''
  #next: Trail | undefined
  #all: Map<string, Trail> | undefined

  constructor(isBare: boolean, keys: string[], kind: number) {
    this.isBare = isBare
    this.keys = keys
    this.#kind = kind
  }

  /** Where one more name leads. */
  after(key: string): Trail {
    return this.#key === key && this.#next ? this.#next : this.#find(key)
  }

  /** The shape of the names up to here. */
  shape(): (Shape & Outer) | undefined {
    return this.#shape ?? this.#make()
  }

  #make(): (Shape & Outer) | undefined {
    const shape = shapeOf(this.keys, this.isBare)
    if (this.#kind === LOST || !shape || shape.header.length > MOST_WORDS) return shape
    shape.entries = []
    return (this.#shape = shape)
  }

  #find(key: string): Trail {
    if (this.#kind === LOST) {
      this.keys.push(key)
      return this
    }
    const next = this.#kind === ENTRY ? trailFor(this.isBare).after(key) : (this.#all?.get(key) ?? this.#grow(key))
    if (next.#kind === LOST) return next
    this.#key = key
    this.#next = next
    return next
  }

  #grow(key: string): Trail {
    const keys = [...this.keys, key]
    if (keys.length > MOST_KEYS || key.length > LONGEST_KEY || steps >= MOST_STEPS) return new Trail(this.isBare, keys, LOST)
    steps++
    const next = new Trail(this.isBare, keys, STEP)
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
let [plain, bare] = [new Trail(false, [], STEP), new Trail(true, [], STEP)]

/** What a value is in that is in no object. */
export const TOP: Outer = {}

/**
 * Where the names begin of an object that is in a property, or among its items. What is there is mostly of one make, so the first
 * name is most likely the one that was there last, whatever other objects begin with.
 */
export function entryOf({ entries }: Outer, place: number, isBare: boolean): Trail {
  if (!entries) return trailFor(isBare)
  const known = entries[place]
  if (known?.isBare === isBare) return known
  steps++
  return (entries[place] = new Trail(isBare, [], ENTRY))
}

/** Where the names of an object begin. All is forgotten when it has become too much. */
function trailFor(isBare: boolean): Trail {
  if (steps >= MOST_STEPS) {
    steps = 0
    plain = new Trail(false, [], STEP)
    bare = new Trail(true, [], STEP)
  }
  return isBare ? bare : plain
}
