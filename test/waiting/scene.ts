// Two threads without threads: one that waits for a key, as far as the core knows of it, and one that writes; and all that it can write.
import { expect } from 'vitest'
import { KIND_CODES, LOCK, SCRATCH, STATUS } from '../../src/core/layout.js'
import { HASH_MAP } from '../../src/table/layout.js'
import { CACHE_ID } from '../../src/cache/layout.js'
import { Actor } from '../harness/core/actor.js'
import { CHECKPOINTS, Death, type Thread, type Value } from '../harness/core/thread.js'
import { RANDOM } from '../support/hashes.js'

const LOCK_AWAITED = CHECKPOINTS.indexOf('LockAwaited')

/** What was seen of a key: undefined for no entry. */
export interface Watched {
  readonly key: Value
  readonly seen: Value
}

/** Where a look has led to, for who sleeps then. */
export interface Sleep {
  readonly index: number
  readonly word: number
}

export class Member extends Actor {
  set(key: Value, value: Value): number {
    return this.run(this.core.set, this.stripe, key, { of: value })
  }

  remove(key: Value): number {
    return this.run(this.core.remove, this.stripe, key)
  }

  /** Looks as who is about to sleep does; undefined: the value is another. */
  watch({ key, seen }: Watched): Sleep | undefined {
    const look = (stripe: number): number => this.core.watch(stripe, seen !== undefined, seen === undefined)
    const status = this.run(look, this.stripe, key, undefined, seen === undefined ? undefined : { of: seen })
    if (status !== STATUS.matched) return undefined
    const address = this.result(SCRATCH.address)
    expect(address).not.toBe(0)
    return { index: address / 4, word: this.result(SCRATCH.cursor) | 0 }
  }

  words(): Int32Array {
    return new Int32Array(this.view().buffer)
  }

  /** Goes to sleep. False: the word is another already. */
  sleeps({ index, word }: Sleep): boolean {
    const { waitAsync } = Atomics as unknown as { waitAsync(...given: unknown[]): { async: boolean } }
    return waitAsync.call(Atomics, this.words(), index, word).async
  }

  /** Whether somebody sleeps there still, who is woken by that. */
  isAsleep({ index }: Sleep): boolean {
    return Atomics.notify(this.words(), index) > 0
  }
}

export interface Scene {
  readonly waiter: Member
  readonly writer: Member
  readonly table: number
}

export interface Kind {
  readonly structure: number
  readonly key: keyof typeof KIND_CODES
  readonly value: keyof typeof KIND_CODES
}

export const NUMBERS: Kind = { structure: HASH_MAP, key: 'number', value: 'number' }
export const TEXTS: Kind = { structure: HASH_MAP, key: 'string', value: 'any' }
export const CACHED: Kind = { structure: CACHE_ID, key: 'string', value: 'any' }
export const KINDS = { numbers: NUMBERS, texts: TEXTS, 'a cache': CACHED } as const

/** A table with room for so many entries, or a cache for ten, and two threads that have it open. */
export function sceneOf({ structure, key, value }: Kind, capacity = 1): Scene {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 512, shared: true })
  const waiter = new Member(memory)
  waiter.core.initializeHeap(512, 1, 2, ...RANDOM)
  waiter.attach()
  waiter.core.createDirectory()
  const bounds = new Float64Array(memory.buffer, waiter.scratch + SCRATCH.value, 4)
  bounds.set([10, 0, Infinity, 0])
  const table = waiter.core.createCollection(structure, KIND_CODES[key], KIND_CODES[value], capacity, 0, false) >>> 0
  waiter.core.keepCollection()
  const writer = new Member(memory).attach()
  for (const member of [waiter, writer]) member.open(table)
  return { waiter, writer, table }
}

export const keyOf = ({ key }: Kind, i: number): Value => (key === 'number' ? i : `key ${i}`)
export const valueOf = ({ value }: Kind, i: number): Value => (value === 'number' ? i : `value ${i}`)
export const long = (i: number): Value => `${i}`.repeat(20_000)

/** What is written, and what it makes of key 1, which was value 1 of `before`; or, for what ends in a key that was not there, key 2. */
export interface Change {
  readonly name: string
  readonly watched: (kind: Kind) => Watched
  readonly act: (scene: Scene, kind: Kind) => void
  /** Only of this kind. */
  readonly of?: Kind
}

export const first = (kind: Kind): Watched => ({ key: keyOf(kind, 1), seen: valueOf(kind, 1) })
export const absent = (kind: Kind): Watched => ({ key: keyOf(kind, 2), seen: undefined })

export const CHANGES: readonly Change[] = [
  { name: 'a replacement', watched: first, act: ({ writer }, kind) => void writer.set(keyOf(kind, 1), valueOf(kind, 7)) },
  { name: 'a removal', watched: first, act: ({ writer }, kind) => void writer.remove(keyOf(kind, 1)) },
  { name: 'an insertion', watched: absent, act: ({ writer }, kind) => void writer.set(keyOf(kind, 2), valueOf(kind, 2)) },
  { name: 'a clear', watched: first, act: ({ writer }) => void writer.core.clear(writer.stripe) },
  {
    name: 'an increment',
    of: NUMBERS,
    watched: first,
    act: ({ writer }) => void writer.run(writer.core.increment, writer.stripe, 1, { of: 5 }),
  },
  {
    name: 'a compareAndSet',
    watched: first,
    act: ({ writer }, kind) => {
      const [key, seen, value] = [keyOf(kind, 1), valueOf(kind, 1), valueOf(kind, 3)]
      expect(writer.run(writer.core.compareAndSet, writer.stripe, key, { of: value }, { of: seen })).toBe(STATUS.matched)
    },
  },
  {
    name: 'an exchange for a long value',
    of: TEXTS,
    watched: first,
    act: ({ writer }, kind) => void writer.run(writer.core.exchange, writer.stripe, keyOf(kind, 1), { of: long(3) }),
  },
  {
    name: 'the last of insertions by which the table grows',
    watched: (kind) => ({ key: keyOf(kind, 119), seen: undefined }),
    of: NUMBERS,
    act: ({ writer }, kind) => {
      for (let i = 100; i < 120; i++) writer.set(keyOf(kind, i), valueOf(kind, i))
    },
  },
]

export const CASES = Object.entries(KINDS).flatMap(([of, kind]) =>
  CHANGES.filter((change) => !change.of || change.of === kind).map((change) => ({ of, kind, change })),
)

export function prepared(kind: Kind): Scene {
  const scene = sceneOf(kind)
  scene.writer.set(keyOf(kind, 1), valueOf(kind, 1))
  return scene
}

/** At the checkpoint that is passed as number `at`, from 0, something else happens. */
export function interrupt(thread: Thread, at: number, action: () => void): { hasCome: () => boolean; place: () => string } {
  let passed = 0
  let last = -1
  thread.hook = (id) => {
    last = passed <= at ? id : last
    if (passed++ === at) action()
  }
  return { hasCome: () => passed > at, place: () => `${CHECKPOINTS[last]} (${at})` }
}

/** Does what cannot wait for a lock; if it has to, it has not happened. */
export function unlessLocked<T>(thread: Thread, action: () => T): T | undefined {
  const { hook } = thread
  thread.hook = (id) => {
    if (id === LOCK_AWAITED) throw new Death('waits for a lock')
  }
  try {
    return action()
  } catch (error) {
    if (!(error instanceof Death)) throw error
    return undefined
  } finally {
    thread.hook = hook
  }
}

export function inFlagged(member: Member, { index }: Sleep): boolean {
  return (Atomics.load(member.words(), index) & LOCK.waiters) !== 0
}
