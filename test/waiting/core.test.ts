// Who waits for a key sleeps on the lock word of its chain. No interleaving of a look with a write loses the wake-up, at whichever step
// the one comes into the other; nor does a death, of who writes, at any step, or of who waits. Whether somebody was woken is asked of
// Atomics.notify, which says how many still sleep: no test here waits.
import { describe, expect, it } from 'vitest'
import { KIND_CODES, LOCK, SCRATCH, STATUS, TYPE } from '../../src/core/layout.js'
import { STRUCTURE } from '../../src/core/structure-ids.js'
import { Actor } from '../harness/core/actor.js'
import { dyingAt } from '../harness/core/deaths.js'
import { CHECKPOINTS, Death, Thread, type Value } from '../harness/core/thread.js'
import { HASH_MAP } from '../harness/structures/hashmap/core.js'
import { RANDOM } from '../support/hashes.js'

const LOCK_AWAITED = CHECKPOINTS.indexOf('LockAwaited')

/** What was seen of a key: undefined for no entry. */
interface Watched {
  readonly key: Value
  readonly seen: Value
}

/** Where a look has led to, for who sleeps then. */
interface Sleep {
  readonly index: number
  readonly word: number
}

class Member extends Actor {
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

interface Scene {
  readonly waiter: Member
  readonly writer: Member
  readonly table: number
}

interface Kind {
  readonly structure: number
  readonly key: keyof typeof KIND_CODES
  readonly value: keyof typeof KIND_CODES
}

const NUMBERS: Kind = { structure: STRUCTURE.hashMap, key: 'number', value: 'number' }
const TEXTS: Kind = { structure: STRUCTURE.hashMap, key: 'string', value: 'any' }
const CACHED: Kind = { structure: STRUCTURE.cache, key: 'string', value: 'any' }
const KINDS = { numbers: NUMBERS, texts: TEXTS, 'a cache': CACHED } as const

/** A table with room for so many entries, or a cache for ten, and two threads that have it open. */
function sceneOf({ structure, key, value }: Kind, capacity = 1): Scene {
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

const keyOf = ({ key }: Kind, i: number): Value => (key === 'number' ? i : `key ${i}`)
const valueOf = ({ value }: Kind, i: number): Value => (value === 'number' ? i : `value ${i}`)
const long = (i: number): Value => `${i}`.repeat(20_000)

/** What is written, and what it makes of key 1, which was value 1 of `before`; or, for what ends in a key that was not there, key 2. */
interface Change {
  readonly name: string
  readonly watched: (kind: Kind) => Watched
  readonly act: (scene: Scene, kind: Kind) => void
  /** Only of this kind. */
  readonly of?: Kind
}

const first = (kind: Kind): Watched => ({ key: keyOf(kind, 1), seen: valueOf(kind, 1) })
const absent = (kind: Kind): Watched => ({ key: keyOf(kind, 2), seen: undefined })

const CHANGES: readonly Change[] = [
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

const CASES = Object.entries(KINDS).flatMap(([of, kind]) =>
  CHANGES.filter((change) => !change.of || change.of === kind).map((change) => ({ of, kind, change })),
)

function prepared(kind: Kind): Scene {
  const scene = sceneOf(kind)
  scene.writer.set(keyOf(kind, 1), valueOf(kind, 1))
  return scene
}

/** At the checkpoint that is passed as number `at`, from 0, something else happens. */
function interrupt(thread: Thread, at: number, action: () => void): { hasCome: () => boolean; place: () => string } {
  let passed = 0
  let last = -1
  thread.hook = (id) => {
    last = passed <= at ? id : last
    if (passed++ === at) action()
  }
  return { hasCome: () => passed > at, place: () => `${CHECKPOINTS[last]} (${at})` }
}

/** Does what cannot wait for a lock; if it has to, it has not happened. */
function unlessLocked<T>(thread: Thread, action: () => T): T | undefined {
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

function inFlagged(member: Member, { index }: Sleep): boolean {
  return (Atomics.load(member.words(), index) & LOCK.waiters) !== 0
}

describe('who sleeps', () => {
  it.each(CASES)('is woken by $change.name, in $of', ({ kind, change }) => {
    const scene = prepared(kind)
    const sleep = scene.waiter.watch(change.watched(kind))!
    expect(scene.waiter.sleeps(sleep)).toBe(true)
    expect(inFlagged(scene.waiter, sleep)).toBe(true)
    change.act(scene, kind)
    expect(scene.waiter.isAsleep(sleep)).toBe(false)
    expect(inFlagged(scene.waiter, sleep)).toBe(false)
    expect(scene.waiter.watch(change.watched(kind))).toBe(undefined)
  })

  it.each(CASES)('is woken by $change.name that comes at any step of the look, or does not sleep, in $of', ({ kind, change }) => {
    for (let at = 0; ; at++) {
      const scene = prepared(kind)
      const when = interrupt(scene.waiter, at, () => change.act(scene, kind))
      const sleep = scene.waiter.watch(change.watched(kind))
      if (!when.hasCome()) {
        expect(at).toBeGreaterThan(3)
        break
      }
      scene.waiter.hook = () => {}
      if (sleep) expect(scene.waiter.sleeps(sleep), when.place()).toBe(false)
    }
  })

  it.each(CASES)('is woken by $change.name if it has looked at any step of that, in $of', ({ kind, change }) => {
    let slept = 0
    for (let at = 0; ; at++) {
      const scene = prepared(kind)
      const { waiter, writer } = scene
      waiter.core.detachThread() // comes again as one that only looks for locks
      waiter.attach(false).open(scene.table)
      let sleep: Sleep | undefined
      const when = interrupt(writer, at, () => {
        sleep = unlessLocked(waiter, () => waiter.watch(change.watched(kind)))
        if (sleep && !waiter.sleeps(sleep)) throw new Error('the word is another')
      })
      change.act(scene, kind)
      writer.hook = () => {}
      if (!when.hasCome()) break
      if (!sleep) continue
      slept++
      expect(waiter.isAsleep(sleep), when.place()).toBe(false)
    }
    expect(slept).toBeGreaterThan(0)
  })

  it('is woken when its collection is deleted, and finds that it is', () => {
    const { waiter, writer, table } = prepared(NUMBERS)
    const sleeps = [first(NUMBERS), absent(NUMBERS)].map((watched) => waiter.watch(watched)!)
    for (const sleep of sleeps) expect(waiter.sleeps(sleep)).toBe(true)
    expect(writer.core.deleteCollection(table, 1)).toBe(STATUS.removed)
    for (const sleep of sleeps) expect(waiter.isAsleep(sleep)).toBe(false)
    expect(() => waiter.watch(first(NUMBERS))).toThrow(`${STATUS.deleted}`)
  })

  it('is woken when its head goes back with the segments of a table that is emptied', () => {
    const { waiter, writer } = sceneOf(NUMBERS)
    writer.leave()
    for (let i = 0; i < 3000; i++) waiter.set(i, i)
    for (let i = 1; i < 3000; i++) waiter.remove(i)
    const all = Array.from({ length: 500 }, (_, i) => ({
      watched: { key: -1 - i, seen: undefined },
      ...waiter.watch({ key: -1 - i, seen: undefined })!,
    }))
    for (const { index } of all) expect(waiter.sleeps({ index, word: Atomics.load(waiter.words(), index) })).toBe(true)
    waiter.remove(0) // the last
    for (const sleep of all) {
      if (!waiter.isAsleep(sleep)) continue
      const again = waiter.watch(sleep.watched)!
      expect(again.index).toBe(sleep.index) // at home there still
    }
    expect(waiter.core.checkHeap()).toBe(0)
  })

  it('of a cache is told how long the entry lives, and sees no more of it then', () => {
    const { waiter, writer } = sceneOf(CACHED)
    writer.core.setTimes(writer.stripe, 50, false)
    writer.set('key 1', 'value 1')
    const sleep = waiter.watch({ key: 'key 1', seen: 'value 1' })
    expect(sleep).toBeDefined()
    const left = waiter.view().getFloat64(waiter.scratch + SCRATCH.word, true)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(50)
    for (let looks = 0; looks < 100; looks++) waiter.core.remaining(waiter.stripe) // each look takes a millisecond
    expect(waiter.watch({ key: 'key 1', seen: 'value 1' })).toBe(undefined)
    expect(waiter.watch({ key: 'key 1', seen: undefined })).toBeDefined()
    expect(waiter.view().getFloat64(waiter.scratch + SCRATCH.word, true)).toBe(Infinity)
  })

  it('of a cache is woken when its entry is evicted', () => {
    const { waiter, writer } = sceneOf(CACHED)
    writer.set('key 1', 'value 1')
    for (let i = 100, sleep = waiter.watch({ key: 'key 1', seen: 'value 1' }); sleep; i++) {
      const isAsleep = waiter.sleeps(sleep)
      writer.set(`key ${i}`, 'another')
      const again = waiter.watch({ key: 'key 1', seen: 'value 1' })
      if (!again) expect(isAsleep && waiter.isAsleep(sleep)).toBe(false)
      else waiter.isAsleep(sleep)
      sleep = again
      expect(i).toBeLessThan(200)
    }
  })

  it('of a kind that can be undefined sees such a value and none as the same', () => {
    const { waiter, writer } = sceneOf(TEXTS)
    const look = (): number => {
      const at = waiter.scratch + SCRATCH.expectedOperand
      waiter.stage(SCRATCH.expectedOperand, SCRATCH.expected, undefined)
      expect(waiter.view().getUint32(at, true)).toBe(TYPE.word)
      waiter.stage(SCRATCH.keyOperand, SCRATCH.key, 'key')
      return waiter.core.watch(waiter.stripe, true, true)
    }
    expect(look()).toBe(STATUS.matched)
    writer.set('key', undefined)
    expect(look()).toBe(STATUS.matched)
    writer.set('key', 'text')
    expect(look()).toBe(0)
  })
})

describe('who writes', () => {
  it('to another key of the chain wakes once who sleeps there, and nobody if nobody does', () => {
    const { waiter, writer } = prepared(NUMBERS)
    const sleep = waiter.watch(first(NUMBERS))!
    expect(waiter.sleeps(sleep)).toBe(true)
    writer.set(2, 2)
    expect(waiter.isAsleep(sleep)).toBe(false)
    const again = waiter.watch(first(NUMBERS))!
    expect(again.index).toBe(sleep.index)
    expect(waiter.sleeps(again)).toBe(true)
    expect(waiter.isAsleep(again)).toBe(true)
  })

  it('finds a flag that nobody sleeps by once: whoever died while it waited costs nothing afterwards', () => {
    for (let at = 0; ; at++) {
      const { waiter, writer } = prepared(NUMBERS)
      const place = writer.watch(first(NUMBERS))!
      writer.set(1, 1) // takes its own flag away
      const death = dyingAt(at)
      waiter.hook = death.hook
      try {
        waiter.watch(first(NUMBERS))
        expect(at).toBeGreaterThan(3)
        break
      } catch (error) {
        if (!(error instanceof Death)) throw error
      }
      writer.markDead(waiter.id)
      expect(new Thread(writer.memory).core.recover(waiter.id, writer.id)).toBe(1)
      writer.set(1, 1)
      expect(inFlagged(writer, place), death.place()).toBe(false)
      writer.set(1, 2)
      expect([writer.core.checkHeap(), inFlagged(writer, place)], death.place()).toEqual([0, false])
    }
  })

  it.each(CASES)(
    'and dies at any step of $change.name, in $of, has woken who sleeps, or who recovers it does',
    ({ kind, change }) => {
      for (let at = 0; ; at++) {
        const scene = prepared(kind)
        const { waiter, writer } = scene
        const sleep = waiter.watch(change.watched(kind))!
        expect(waiter.sleeps(sleep)).toBe(true)
        const death = dyingAt(at)
        writer.hook = death.hook
        try {
          change.act(scene, kind)
          expect(at).toBeGreaterThan(3)
          break
        } catch (error) {
          if (!(error instanceof Death)) throw error
        }
        waiter.markDead(writer.id)
        const second = new Thread(waiter.memory)
        second.hook = dyingAt(at % 7).hook // who recovers it may die as well
        try {
          second.core.recover(writer.id, waiter.id)
        } catch (error) {
          if (!(error instanceof Death)) throw error
          waiter.markDead(writer.id)
        }
        if (waiter.kindOf(writer.id) !== 0) expect(new Thread(waiter.memory).core.recover(writer.id, waiter.id)).toBe(1)
        const again = waiter.watch(change.watched(kind))
        const isAtHome = again?.index === sleep.index && again.word === sleep.word
        if (!isAtHome) expect(waiter.isAsleep(sleep), death.place()).toBe(false)
      }
    },
  )

  it('and is thrown out of a write wakes who sleeps when it is mended', () => {
    for (let at = 0; ; at++) {
      const { waiter, writer } = prepared(NUMBERS)
      const sleep = waiter.watch(first(NUMBERS))!
      expect(waiter.sleeps(sleep)).toBe(true)
      const death = dyingAt(at)
      writer.hook = death.hook
      try {
        writer.set(1, 9)
        break
      } catch (error) {
        if (!(error instanceof Death)) throw error
      }
      writer.hook = () => {}
      expect(writer.core.mend()).toBe(0)
      if (!waiter.watch(first(NUMBERS))) expect(waiter.isAsleep(sleep), death.place()).toBe(false)
    }
  })
})

it('a look is refused what it must not touch', () => {
  const { waiter } = prepared(NUMBERS)
  expect(waiter.core.watch(waiter.stripe + 8, false, true)).toBe(STATUS.invalid)
  expect(HASH_MAP.name).toBe('hashmap')
})
