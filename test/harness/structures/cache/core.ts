// The cache as the harness sees it through the core: a hash map of which entries are evicted, or end. The harness's clock goes on by
// a millisecond with each look at it.
import { KIND_CODES, SCRATCH, STATUS } from '../../../../src/core/layout.js'
import { CACHE_ID } from '../../../../src/cache/layout.js'
import type { Actor } from '../../core/actor.js'
import { Failure } from '../../core/thread.js'
import type { Answer, Structure } from '../../structure.js'
import { type Entries, HASH_MAP, type Options as MapOptions } from '../hashmap/core.js'
import type { Datum, Operation as OfMap } from '../hashmap/operations.js'

export interface Options extends MapOptions {
  /** Most entries; most bytes. 0: not bounded so. */
  readonly max: number
  readonly maxBytes?: number
  readonly ttl?: number
  readonly idle?: number
}

export type Operation =
  | OfMap
  | { readonly do: 'touch' | 'peek'; readonly key: Datum }
  | { readonly do: 'sweep'; readonly buckets: number }
  | { readonly do: 'resize'; readonly max: number }
  | { readonly do: 'listen'; readonly begins: boolean }
  | { readonly do: 'hear'; readonly number: number }

export const touch = (key: Datum): Operation => ({ do: 'touch', key })
export const peek = (key: Datum): Operation => ({ do: 'peek', key })
export const sweep = (buckets: number): Operation => ({ do: 'sweep', buckets })
export const resize = (max: number): Operation => ({ do: 'resize', max })

/** Begins to listen for removals of all causes, or ends. */
export const listen = (begins: boolean): Operation => ({ do: 'listen', begins })
/** Reads the removal of a number. */
export const hear = (number: number): Operation => ({ do: 'hear', number })

/** A mask of all causes. */
export const ALL_CAUSES = 30

const GROWTH = 60
const NEW_KEYS = 100_000

export const CACHE: Structure<Entries, Operation, Options> = {
  name: 'cache',
  make(core, { key, value, capacity = 1, max, maxBytes = 0, ttl = Infinity, idle = 0 }, isUnnamed, memory) {
    const at = core.scratchAddress() + SCRATCH.value
    new Float64Array(memory.buffer, at, 5).set([max, maxBytes, ttl, 0, idle])
    return core.createCollection(CACHE_ID, KIND_CODES[key], KIND_CODES[value], capacity, 0, isUnnamed) >>> 0
  },
  empty: () => new Map(),
  begin: HASH_MAP.begin!,
  perform,
  apply(entries, operation) {
    switch (operation.do) {
      case 'touch':
        return { status: entries.has(operation.key) ? STATUS.found : STATUS.absent }
      case 'peek':
        return HASH_MAP.apply(entries, { do: 'get', key: operation.key })
      case 'sweep':
      case 'resize':
      case 'listen':
      case 'hear':
        return undefined
      default:
        return HASH_MAP.apply(entries, operation)
    }
  },
  read(actor, options) {
    const entries = actor.entries(actor.stripe, KIND_CODES[options.key], KIND_CODES[options.value])
    const size = actor.core.size(actor.stripe)
    if (size < entries.size) throw new Error(`size ${size} of ${entries.size}`)
    if (options.max > 0 && size > options.max) throw new Error(`size ${size} of at most ${options.max}`)
    return entries
  },
  objectionTo: (answer, operation, begin, all) =>
    operation.do === 'scan' ? HASH_MAP.objectionTo!(answer, operation, begin, all) : '',
  grow(actor, options, isFull) {
    for (let i = 0; i < GROWTH; i++) {
      if (!put(actor, options, NEW_KEYS + i, isFull)) return
    }
    if (!isFull && actor.core.reserve(actor.stripe, 300) !== 0) throw new Error('cannot grow')
    for (let i = 0; i < GROWTH; i++) actor.run(actor.core.remove, actor.stripe, keyOf(options, NEW_KEYS + i))
  },
  useAgain(actor, options, isFull) {
    // What a dead thread had is not lost: there is room for as many entries as there may be.
    const most = options.max > 0 ? Math.min(boundOf(actor), 100) : 0
    let added = 0
    actor.core.setTimes(actor.stripe, Infinity, NaN, false) // else the first can have ended, and be swept, before the last is there
    while (added < most && put(actor, options, 2 * NEW_KEYS + added, isFull)) added++
    actor.core.setTimes(actor.stripe, NaN, NaN, false)
    if (!isFull && most > 0 && actor.core.size(actor.stripe) < most) {
      throw new Error(`${actor.core.size(actor.stripe)} entries where ${most} were added`)
    }
    if (actor.core.clear(actor.stripe) !== 0) throw new Error('cannot be emptied')
    if (actor.core.size(actor.stripe) !== 0) throw new Error('not empty')
  },
}

function perform(actor: Actor, operation: Operation, options: Options): Answer {
  const { core, stripe } = actor
  switch (operation.do) {
    case 'touch':
      return { status: actor.run(core.touch, stripe, operation.key) }
    case 'peek':
      return HASH_MAP.perform(actor, { do: 'get', key: operation.key }, options)
    case 'sweep':
      return { status: checked(core.sweep(stripe, operation.buckets)) }
    case 'listen':
      return { status: checked(core.listenToCache(stripe, ALL_CAUSES, operation.begins)) }
    case 'hear':
      return { status: checked(core.readRemovalOf(stripe, operation.number, ALL_CAUSES)) }
    case 'resize':
      return { status: checked(core.resizeCache(stripe, operation.max, 0)) }
    default:
      return HASH_MAP.perform(actor, operation, options)
  }
}

/** Most entries: who dies while the bound is changed leaves one that lies between. */
function boundOf(actor: Actor): number {
  checked(actor.core.writeCacheStats(actor.stripe))
  return actor.view().getFloat64(actor.scratch + SCRATCH.value + 8, true)
}

function checked(status: number): number {
  if (status < 0) throw new Failure(status)
  return status
}

/** False: there is no memory, and `isFull` says that there may be none. */
function put(actor: Actor, options: Options, i: number, isFull: boolean): boolean {
  try {
    actor.run(actor.core.set, actor.stripe, keyOf(options, i), { of: options.value === 'number' ? i : `value ${i}` })
    return true
  } catch (error) {
    if (isFull && error instanceof Failure && error.status === STATUS.outOfMemory) return false
    throw error
  }
}

function keyOf({ key }: Options, i: number): Datum {
  return key === 'number' ? i : `key ${i}`
}
