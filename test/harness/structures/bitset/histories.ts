// Bitsets, as histories are recorded of them: each bit is a key. What reads or writes many bits does so to each at a moment of its own.
import type { SharedBitset } from 'tophash'
import { ABSENT, type Operation } from '../../histories/history.js'
import type { Recorded } from '../../histories/recorded.js'
import type { Call, Session } from '../../histories/session.js'
import { recordVisit } from '../../histories/visiting.js'

type Bits = Session<SharedBitset>

const SET = 1
const PAGE_BITS = 65_536
const LENGTH = 16 * PAGE_BITS
const nothing = (): number => ABSENT
const bitOf = (s: Bits, key: number): number => s.keyOf(key) as number

/** Bits of two words, on both sides of the border, of the end of a page and the begin of the next; then others near them. */
function keysFor(count: number): number[] {
  const first = [62, 63, 64, PAGE_BITS - 1, PAGE_BITS, 65]
  const near = Array.from({ length: LENGTH / PAGE_BITS }, (_, page) => page * PAGE_BITS)
  const all = new Set(first)
  for (let by = 0; all.size < count; by++) for (const base of near) all.add(base + ((by * 7) % 128))
  return [...all].slice(0, count)
}

/** Of this thread alone, in a heap of its own. */
let own: SharedBitset | undefined

/** Some of the recorded bits, as a bitset that nobody else has. */
function withOther(s: Bits, act: (other: SharedBitset, isIn: (key: number) => boolean) => void): void {
  const Class = s.collection.constructor as new (options: { length: number }) => SharedBitset // of the library that is in use
  own ??= new Class({ length: LENGTH })
  own.clear()
  const chosen = new Set(s.means.keys.all.map((_, key) => key).filter(() => s.means.random(2)))
  for (const key of chosen) own.add(bitOf(s, key))
  act(own, (key) => chosen.has(key))
}

/** Calls of the same name on all recorded keys that are wanted. */
function all(s: Bits, about: Omit<Call, 'key'>, isWanted: (key: number) => boolean = () => true): Call[] {
  return s.means.keys.all.map((_, key): Call => ({ ...about, key })).filter(({ key }) => isWanted(key))
}

/** From one of the bits to the one behind it. */
function within(s: Bits, first: number): { from: number; to: number; isIn: (key: number) => boolean } {
  const from = bitOf(s, first)
  const to = Math.min(LENGTH, from + 1 + s.means.random(200))
  return { from, to, isIn: (key) => bitOf(s, key) >= from && bitOf(s, key) < to }
}

const ACTS = {
  has: (s: Bits, key: number) => s.record({ name: 'has', key }, () => s.collection.has(bitOf(s, key)), Number),
  add: (s: Bits, key: number) => s.record({ name: 'add', key }, () => s.collection.add(bitOf(s, key)), Number),
  delete: (s: Bits, key: number) => s.record({ name: 'delete', key }, () => s.collection.delete(bitOf(s, key)), Number),
  flip: (s: Bits, key: number) => s.record({ name: 'flip', key }, () => s.collection.flip(bitOf(s, key)), Number),
  addRange: (s: Bits, key: number) => {
    const { from, to, isIn } = within(s, key)
    s.recordMany(all(s, { name: 'set', given: SET }, isIn), () => s.collection.addRange(from, to), nothing)
  },
  deleteRange: (s: Bits, key: number) => {
    const { from, to, isIn } = within(s, key)
    s.recordMany(all(s, { name: 'wipe' }, isIn), () => s.collection.deleteRange(from, to), nothing)
  },
  clear: (s: Bits) => s.recordMany(all(s, { name: 'wipe' }), () => s.collection.clear(), nothing),
  or: (s: Bits) => {
    withOther(s, (other, isIn) => s.recordMany(all(s, { name: 'set', given: SET }, isIn), () => s.collection.or(other), nothing))
  },
  and: (s: Bits) => {
    withOther(s, (other, isIn) => {
      const others = all(s, { name: 'wipe' }, (key) => !isIn(key))
      s.recordMany(others, () => s.collection.and(other), nothing)
    })
  },
  andNot: (s: Bits) => {
    withOther(s, (other, isIn) => s.recordMany(all(s, { name: 'wipe' }, isIn), () => s.collection.andNot(other), nothing))
  },
  /** What each bit is then, it does not say. */
  xor: (s: Bits) => {
    withOther(s, (other, isIn) => s.recordMany(all(s, { name: 'flip' }, isIn), () => s.collection.xor(other), nothing))
  },
  iterate: (s: Bits) => recordVisit(s, () => Array.from(s.collection, (bit): [number, number] => [bit, SET])),
  toUint32Array: (s: Bits) => {
    recordVisit(s, () => {
      const words = s.collection.toUint32Array()
      const bits = s.means.keys.all as readonly number[]
      return bits.filter((bit) => (words[bit >>> 5]! >>> (bit & 31)) & 1).map((bit): [number, number] => [bit, SET])
    })
  },
}

function step(state: number, { name, got, given }: Operation): number | undefined {
  const isSet = state === SET
  const next = (expected: number, after: number): number | undefined => (got === expected ? after : undefined)
  switch (name) {
    case 'has':
      return next(Number(isSet), state)
    case 'get': // what an iteration has shown
      return next(state, state)
    case 'add':
      return next(Number(!isSet), SET)
    case 'delete':
      return next(Number(isSet), ABSENT)
    case 'flip':
      return got === ABSENT || got === Number(!isSet) ? (isSet ? ABSENT : SET) : undefined
    case 'set':
      return given
    case 'wipe':
      return ABSENT
    default:
      throw new Error(`no bitset has recorded ${name}`)
  }
}

/** The state that an operation may have left; undefined: the one that it found. After xor it is either. */
function stateAfter({ name, got }: Operation): number | undefined {
  if (name === 'add' || name === 'set') return SET
  if (name === 'flip') return got === 0 ? ABSENT : SET
  return name === 'delete' || name === 'wipe' ? ABSENT : undefined
}

const bitset: Recorded<SharedBitset> = {
  keysFor: (_plan, _heap, count) => keysFor(count),
  open: (heap, name) => heap.bitset(name, { length: LENGTH }) as unknown as SharedBitset,
  acts: ACTS,
  prepare: ACTS.add,
  readBack: ACTS.has,
  filler: (bits) => {
    let at = 0
    return ({ collection }) => {
      const bit = bits[at++ % bits.length] as number
      if (Math.floor(at / bits.length) % 2 === 0) collection.add(bit)
      else collection.delete(bit)
    }
  },
  surveyOf: (collection) => ({ pages: collection.stats().pages }),
  settle: (collection) => {
    const listed = [...collection].length
    if (collection.size !== listed) throw new Error(`${collection.size} bits are counted, and ${listed} listed`)
  },
  specification: {
    step,
    initial: ABSENT,
    isRead: ({ name }) => name === 'has' || name === 'get',
    stateAfter,
  } as Recorded['specification'],
}

export const HISTORIES: Readonly<Record<string, Recorded>> = { bitset }
