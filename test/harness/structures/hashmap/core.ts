// The hash map as the harness sees it through the core. A set is one without values.
import {
  BLOCK_HEADER_BYTES,
  KEY_AWAITED,
  KIND_CODES,
  LENGTH_SHIFT,
  SCRATCH,
  STATUS,
  TYPE,
  TYPE_MASK,
} from '../../../../src/core/layout.js'
import { HASH_MAP as ID } from '../../../../src/table/layout.js'
import type { Actor } from '../../core/actor.js'
import { CHECKPOINTS, Failure, type Value, decode } from '../../core/thread.js'
import type { Answer, Doing, Structure } from '../../structure.js'
import { type Datum, type Operation, applyTo } from './operations.js'

export type Entries = Map<Value, Value>

export interface Options {
  readonly key: keyof typeof KIND_CODES
  readonly value: keyof typeof KIND_CODES
  /** 1 unless it is given: the smallest table there is. */
  readonly capacity?: number | undefined
}

/** The checkpoint of who has looked in vain, and looks again when others have done something. */
const LOOKS_AGAIN = CHECKPOINTS.indexOf('GrowthAwaited')

/** Entries by which it is made to grow, and where their keys begin. */
const GROWTH = 60
const NEW_KEYS = 100_000
/** A key that no scenario uses. */
const SPARE = 1e9

export const HASH_MAP: Structure<Entries, Operation, Options> = {
  name: 'hashmap',
  make: (core, { key, value, capacity = 1 }, isUnnamed) =>
    core.createCollection(ID, KIND_CODES[key], KIND_CODES[value], capacity, 0, isUnnamed) >>> 0,
  empty: () => new Map(),
  begin: (actor) => void known.delete(actor),
  perform,
  apply: applyTo,
  read(actor, { key, value }) {
    const entries = actor.entries(actor.stripe, KIND_CODES[key], KIND_CODES[value])
    const size = actor.core.size(actor.stripe)
    if (size !== entries.size) throw new Error(`size ${size} of ${entries.size}`)
    return entries
  },
  objectionTo: (answer, operation, begin, all) => (operation.do === 'scan' ? wrongScan(answer, begin, all) : ''),
  grow,
  useAgain(actor, options, isFull) {
    add(actor, options, SPARE, isFull)
    if (actor.core.clear(actor.stripe) !== 0) throw new Error('cannot be emptied')
  },
}

// ---- Operations ----

function perform(actor: Actor, operation: Operation, { key, value: kind }: Options): Answer {
  const { core, stripe } = actor
  const value = 'value' in operation ? { of: operation.value } : undefined
  const expected = 'expected' in operation ? { of: operation.expected } : undefined
  switch (operation.do) {
    case 'get':
      if (key === 'number' && kind === 'number') return numberOf(actor, operation.key as number)
      return described(actor, actor.run(core.get, stripe, operation.key))
    case 'take':
      return described(actor, actor.run(core.take, stripe, operation.key))
    case 'getHot':
      return getHot(actor, operation.key as string, kind)
    case 'setHot': {
      const remembered = knownOf(actor, operation.key as string)
      const answer = remembered && setKnown(actor, remembered, operation.value)
      return answer ?? perform(actor, { ...operation, do: 'set' }, { key, value: kind })
    }
    case 'incrementHot': {
      const remembered = knownOf(actor, operation.key as string)
      const answer = remembered && incrementKnown(actor, remembered, operation.value)
      return answer ?? perform(actor, { ...operation, do: 'increment' }, { key, value: kind })
    }
    case 'has':
    case 'remove':
      return { status: actor.run(core[operation.do], stripe, operation.key) }
    case 'set':
    case 'compareAndSet':
    case 'compareAndDelete':
      return { status: actor.run(core[operation.do], stripe, operation.key, value, expected) }
    case 'insert':
    case 'exchange': {
      const status = actor.run(core[operation.do], stripe, operation.key, value)
      return status === STATUS.inserted ? { status } : { status, value: valueIn(actor) }
    }
    case 'increment':
      return described(actor, actor.run(core.increment, stripe, operation.key, value))
    case 'watch':
      return { status: look(actor, operation.key, operation.seen) }
    case 'await':
      return { status: awaitChange(actor, operation.key, operation.seen) }
    case 'clear':
      return { status: core.clear(stripe) }
    case 'reserve':
      return { status: core.reserve(stripe, operation.entries) }
    case 'scan':
      return { status: 0, value: JSON.stringify(scanned(actor, KIND_CODES[key], KIND_CODES[kind])) }
  }
}

/** What a thread remembers of the strings that it has asked for: by which blocks the core knows them. */
const known = new WeakMap<Actor, Map<string, KnownKey>>()

export interface KnownKey {
  readonly hash: number
  readonly block: number
  /** 64 bits, as the double that they are. */
  readonly retired: number
}

/** What a thread remembers of a key; undefined: it has not found it. */
export function knownOf(actor: Actor, key: string): KnownKey | undefined {
  return known.get(actor)?.get(key)
}

function getHot(actor: Actor, key: string, kind: Options['value']): Answer {
  const remembered = knownOf(actor, key)
  return (remembered && readKnown(actor, remembered, kind)) ?? learn(actor, key)
}

/** Looks for a key by its bytes, and remembers its block. */
function learn(actor: Actor, key: string): Answer {
  actor.view().setUint32(actor.scratch + SCRATCH.keyBlock, KEY_AWAITED, true)
  const answer = described(actor, actor.run(actor.core.get, actor.stripe, key))
  const block = actor.result(SCRATCH.keyBlock)
  const hash = actor.result(SCRATCH.key + 4) // in the header of its block
  const retired = actor.view().getFloat64(actor.scratch + SCRATCH.retired, true)
  actor.view().setUint32(actor.scratch + SCRATCH.keyBlock, 0, true)
  if (!known.has(actor)) known.set(actor, new Map())
  if (block === KEY_AWAITED) known.get(actor)!.delete(key)
  else known.get(actor)!.set(key, { hash, block, retired })
  return answer
}

/** What is there for a key that is known; undefined if it is not known any more. */
export function readKnown(actor: Actor, { hash, block, retired }: KnownKey, kind: Options['value']): Answer | undefined {
  const read = kind === 'number' ? actor.core.getKnown : actor.core.describeKnown
  const value = read(actor.stripe, hash, block, retired)
  if (value === value) return { status: STATUS.found, value }
  const status = actor.result(SCRATCH.status) | 0
  if (status === STATUS.outdated) return undefined
  if (status < 0) throw new Failure(status)
  return described(actor, status)
}

/** Sets a key that is known, by its block; undefined if it is not known any more. */
export function setKnown(actor: Actor, { hash, block, retired }: KnownKey, value: Datum): Answer | undefined {
  const { core, stripe, scratch } = actor
  const isNumber = typeof value === 'number'
  const meta = isNumber ? 0 : layText(actor, value)
  const status = isNumber
    ? core.setNumberKnown(stripe, hash, block, retired, value)
    : core.setBlockKnown(stripe, hash, block, retired, scratch + SCRATCH.value, meta)
  if (status === STATUS.outdated) return undefined
  if (status < 0) throw new Failure(status)
  return { status }
}

function layText(actor: Actor, text: string): number {
  const bytes = Buffer.from(text, 'latin1')
  new Uint8Array(actor.view().buffer, actor.scratch + SCRATCH.value + BLOCK_HEADER_BYTES, bytes.length).set(bytes)
  return bytes.length << LENGTH_SHIFT
}

/** Adds to the number of a key that is known, by its block; undefined if it is not known any more. */
export function incrementKnown(actor: Actor, { hash, block, retired }: KnownKey, by: number): Answer | undefined {
  const value = actor.core.incrementKnown(actor.stripe, hash, block, retired, by)
  if (value === value) return { status: STATUS.found, value }
  const status = actor.result(SCRATCH.status) | 0
  if (status === STATUS.outdated) return undefined
  throw new Failure(status)
}

/** The read that programs use most, which goes a shorter way than all others. */
function numberOf(actor: Actor, key: number): Answer {
  const value = actor.core.getByNumber(actor.stripe, key)
  if (value === value) return { status: STATUS.found, value }
  const status = actor.result(SCRATCH.status) | 0
  if (status < 0) throw new Failure(status)
  return described(actor, status)
}

/** Looks whether a key still has this value, as who is about to sleep does. */
function look(actor: Actor, key: Value, seen: Value): number {
  const watch = (stripe: number): number => actor.core.watch(stripe, seen !== undefined, seen === undefined)
  return actor.run(watch, actor.stripe, key, undefined, seen === undefined ? undefined : { of: seen })
}

/** Sleeps as long as the word is the one to sleep on, and looks again. What is in memory alone ends it: there is no time. */
function awaitChange(actor: Actor, key: Value, seen: Value): number {
  while (look(actor, key, seen) === STATUS.matched) {
    const [address, word] = [actor.result(SCRATCH.address), actor.result(SCRATCH.cursor)]
    const words = new Uint32Array(actor.view().buffer)
    while (address !== 0 && Atomics.load(words, address / 4) === word) actor.hook(LOOKS_AGAIN)
  }
  return 0
}

function described(actor: Actor, status: number): Answer {
  return status === STATUS.found ? { status, value: valueIn(actor) } : { status }
}

/** The value that the core describes in its results. */
function valueIn(actor: Actor): Datum {
  const view = actor.view()
  const { scratch } = actor
  const meta = view.getUint32(scratch + SCRATCH.meta, true)
  if ((meta & TYPE_MASK) === TYPE.number) return view.getFloat64(scratch + SCRATCH.word, true)
  if ((meta & TYPE_MASK) === TYPE.word) throw new Error('no value of a test is a word')
  const at = view.getUint32(scratch + SCRATCH.address, true)
  return Buffer.from(new Uint8Array(view.buffer, at + 8, meta >>> 3)).toString('latin1')
}

/** All entries, chain after chain, as they come. */
function scanned(actor: Actor, keyKind: number, valueKind: number): [unknown, unknown][] {
  const found: [unknown, unknown][] = []
  let cursor = 0
  do {
    const count = actor.core.scan(actor.stripe, cursor, 0xffffffff, 1, false)
    if (count < 0) throw new Failure(count)
    const view = actor.view()
    let at = actor.result(SCRATCH.address)
    for (let i = 0; i < count; i++) {
      const key = decode(view, at, keyKind)
      const value = decode(view, key.end, valueKind)
      at = value.end
      found.push([key.value, value.value])
    }
    cursor = actor.result(SCRATCH.cursor)
  } while (cursor !== 0)
  return found
}

/** What is there throughout is visited once, with its value; what is written meanwhile at most once. */
function wrongScan(answer: Answer, begin: Entries, all: readonly Doing[]): string {
  const found = JSON.parse(answer.value as string) as [Value, Value][]
  const written = (all as readonly Operation[]).flatMap((operation) =>
    'key' in operation && operation.do !== 'get' && operation.do !== 'getHot' && operation.do !== 'has' ? [operation.key] : [],
  )
  for (const [key, value] of begin) {
    if (written.includes(key as Datum)) continue
    const visits = found.filter(([other]) => other === key)
    if (visits.length !== 1) return `The scan visited ${key} ${visits.length} times: ${JSON.stringify(found)}`
    if (visits[0]![1] !== value) return `The scan found ${visits[0]![1]} for ${key}`
  }
  const twice = found.find(([key], i) => found.findIndex(([other]) => other === key) !== i)
  return twice ? `The scan visited ${twice[0]} twice: ${JSON.stringify(found)}` : ''
}

// ---- Going on ----

function grow(actor: Actor, options: Options, isFull: boolean): void {
  const { core, stripe } = actor
  let added = 0
  while (added < GROWTH && add(actor, options, NEW_KEYS + added, isFull)) added++
  if (!isFull && core.reserve(stripe, 300) !== 0) throw new Error('cannot grow')
  for (let i = 0; i < added; i++) {
    if (actor.run(core.remove, stripe, keyOf(options.key, NEW_KEYS + i)) !== STATUS.removed) throw new Error('not found again')
  }
}

/** False: there is no memory, and `isFull` says that there may be none. */
function add(actor: Actor, { key, value }: Options, i: number, isFull: boolean): boolean {
  try {
    const status = actor.run(actor.core.set, actor.stripe, keyOf(key, i), valueOf(value, i))
    if (status !== STATUS.inserted) throw new Error(`adding an entry returned ${status}`)
    return true
  } catch (error) {
    if (isFull && error instanceof Failure && error.status === STATUS.outOfMemory) return false
    throw error
  }
}

function keyOf(kind: Options['key'], i: number): Value {
  return kind === 'number' ? i : kind === 'bigint' ? BigInt(i) : `key ${i}`
}

function valueOf(kind: Options['value'], i: number): { of: Value } | undefined {
  if (kind === 'none') return undefined
  return { of: kind === 'number' ? i : kind === 'bigint' ? BigInt(i) : `value ${i}` }
}
