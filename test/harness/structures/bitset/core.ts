// The bitset as the harness sees it through the core: its model is the set of the bits that are set.
import { KIND_CODES, SCRATCH, STATUS } from '../../../../src/core/layout.js'
import { BITSET_ID } from '../../../../src/bitset/layout.js'
import type { Actor } from '../../core/actor.js'
import { Failure } from '../../core/thread.js'
import type { Answer, Structure } from '../../structure.js'

export interface Options {
  readonly length: number
}

/**
 * Ranges are from `first` to `last`, both included; within 64 bits that begin at a multiple of 64 they are atomic. `and` keeps those
 * bits of the first page that are named; so it is atomic if only one of its words has others.
 */
export type Operation =
  | { readonly do: 'add' | 'delete' | 'flip' | 'has'; readonly bit: number }
  | { readonly do: 'addRange' | 'deleteRange' | 'count'; readonly first: number; readonly last: number }
  | { readonly do: 'next'; readonly bit: number }
  | { readonly do: 'and'; readonly bits: readonly number[] }

export const add = (bit: number): Operation => ({ do: 'add', bit })
export const remove = (bit: number): Operation => ({ do: 'delete', bit })
export const flip = (bit: number): Operation => ({ do: 'flip', bit })
export const has = (bit: number): Operation => ({ do: 'has', bit })
export const next = (bit: number): Operation => ({ do: 'next', bit })
export const and = (...bits: number[]): Operation => ({ do: 'and', bits })
export const addRange = (first: number, last: number): Operation => ({ do: 'addRange', first, last })
export const deleteRange = (first: number, last: number): Operation => ({ do: 'deleteRange', first, last })
export const count = (first: number, last: number): Operation => ({ do: 'count', first, last })

/** Bits of a page, and of a group of pages: where the tree has another branch. */
const PAGE_BITS = 65_536
/** The operation, as assembly/structures/bitset/algebra.ts numbers them. */
const AND = 1
/** Pages that are made by growing. */
const GROWTH = 5

export const BITSET: Structure<Set<number>, Operation, Options> = {
  name: 'bitset',
  make: (core, { length }, isUnnamed) =>
    core.createCollection(BITSET_ID, KIND_CODES.number, KIND_CODES.none, length, 0, isUnnamed) >>> 0,
  empty: () => new Set(),
  perform: (actor, operation) => ({ status: answered(run(actor, operation), operation) }),
  apply,
  read,
  grow(actor, { length }, isFull) {
    for (let page = 0; page < GROWTH; page++) {
      const bit = Math.max(0, length - 1 - page * PAGE_BITS)
      const wasSet = actor.core.hasBit(actor.stripe, bit) === 1
      if (add1(actor, bit, isFull) && !wasSet && actor.core.deleteBit(actor.stripe, bit) !== STATUS.removed) {
        throw new Error(`bit ${bit} is not set`)
      }
    }
  },
  useAgain(actor, { length }, isFull) {
    actor.core.deleteBit(actor.stripe, 0)
    if (!add1(actor, 0, isFull)) return
    actor.core.deleteBits(actor.stripe, 0, length - 1)
    if (actor.core.countBits(actor.stripe, 0, length - 1) !== 0) throw new Error('cannot be emptied')
  },
}

/** Sets a bit. False: there is no memory, and `isFull` says that there may be none. */
function add1(actor: Actor, bit: number, isFull: boolean): boolean {
  const status = run(actor, add(bit))
  if (isFull && status === STATUS.outOfMemory) return false
  if (status < 0) throw new Failure(status)
  return true
}

/** What the core returns. */
function run(actor: Actor, operation: Operation): number {
  const { core, stripe } = actor
  switch (operation.do) {
    case 'and':
      return combineWith(actor, operation.bits)
    case 'add':
      return orMakePage(() => core.addBit(stripe, operation.bit))
    case 'flip':
      return orMakePage(() => core.flipBit(stripe, operation.bit))
    case 'delete':
      return core.deleteBit(stripe, operation.bit)
    case 'has':
      return core.hasBit(stripe, operation.bit)
    case 'next':
      return core.nextBit(stripe, operation.bit, 1)
    case 'addRange':
      return core.addBits(stripe, operation.first, operation.last)
    case 'deleteRange':
      return core.deleteBits(stripe, operation.first, operation.last)
    case 'count':
      return core.countBits(stripe, operation.first, operation.last)
  }

  function orMakePage(change: () => number): number {
    const status = change()
    if (status !== STATUS.spared) return status
    const made = core.makePageOf(stripe, 'bit' in operation ? operation.bit : 0)
    return made < 0 ? made : change()
  }
}

/** Combines the first page with one that has only these bits, which goes through the value area. */
function combineWith({ core, stripe, scratch, memory }: Actor, bits: readonly number[]): number {
  const other = new Uint8Array(memory.buffer, scratch + SCRATCH.value, PAGE_BITS / 8).fill(0)
  for (const bit of bits) other[bit >> 3]! |= 1 << (bit & 7)
  return core.combinePage(stripe, 0, AND)
}

/** Searches return -1 for nothing, and a negative status less 1. */
function answered(result: number, { do: name }: Operation): number {
  const status = name === 'next' && result < -1 ? result + 1 : result
  if (status < 0 && !(name === 'next' && result === -1)) throw new Failure(status)
  return status
}

function apply(bits: Set<number>, operation: Operation): Answer {
  switch (operation.do) {
    case 'add': {
      const isNew = !bits.has(operation.bit)
      bits.add(operation.bit)
      return { status: isNew ? STATUS.inserted : STATUS.absent }
    }
    case 'delete':
      return { status: bits.delete(operation.bit) ? STATUS.removed : STATUS.absent }
    case 'flip': {
      const wasSet = bits.delete(operation.bit)
      if (!wasSet) bits.add(operation.bit)
      return { status: wasSet ? 0 : 1 }
    }
    case 'has':
      return { status: bits.has(operation.bit) ? 1 : 0 }
    case 'next': {
      const following = [...bits].filter((bit) => bit >= operation.bit)
      return { status: following.length > 0 ? Math.min(...following) : -1 }
    }
    case 'and':
      for (const bit of bits) if (bit < PAGE_BITS && !operation.bits.includes(bit)) bits.delete(bit)
      return { status: 0 }
    default:
      return { status: applyRange(bits, operation) }
  }
}

/** How many bits are concerned. */
function applyRange(bits: Set<number>, { do: name, first, last }: Extract<Operation, { first: number }>): number {
  const before = bits.size
  if (name === 'addRange') {
    for (let bit = first; bit <= last; bit++) bits.add(bit)
    return bits.size - before
  }
  const concerned = [...bits].filter((bit) => bit >= first && bit <= last)
  if (name === 'deleteRange') for (const bit of concerned) bits.delete(bit)
  return concerned.length
}

/** All bits that are set, as they are listed; that must be as many as are counted. */
function read(actor: Actor, { length }: Options): Set<number> {
  const { core, stripe } = actor
  const bits = new Set<number>()
  for (let from = 0; from < length; ) {
    const listed = core.listBits(stripe, from)
    if (listed < 0) throw new Failure(listed)
    const view = actor.view()
    for (let i = 0; i < listed; i++) bits.add(view.getUint32(actor.scratch + SCRATCH.value + i * 4, true))
    from = Number(view.getBigUint64(actor.scratch + SCRATCH.word, true))
  }
  const counted = core.countBits(stripe, 0, length - 1)
  if (counted !== bits.size) throw new Error(`${counted} bits are counted, and ${bits.size} listed`)
  return bits
}
