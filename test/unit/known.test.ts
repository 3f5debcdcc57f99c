// What a read says of the key that it has found, and how long that holds: assembly/structures/hashmap/known.ts.
import { beforeEach, describe, expect, it } from 'vitest'
import { RETIRED, SCRATCH, STATUS } from '../../src/core/layout.js'
import { Actor } from '../harness/core/actor.js'
import { dyingAt } from '../harness/core/deaths.js'
import { Death, Failure, Thread } from '../harness/core/thread.js'
import { HASH_MAP, incrementKnown, knownOf, readKnown, setKnown } from '../harness/structures/hashmap/core.js'
import { type Operation, clear, get, getHot, increment, remove, set } from '../harness/structures/hashmap/operations.js'
import { RANDOM, twinTexts } from '../support/hashes.js'

const OPTIONS = { key: 'string', value: 'number' } as const

let memory: WebAssembly.Memory
let reader: Actor
let writer: Actor
let table: number

function begin(): void {
  memory = new WebAssembly.Memory({ initial: 16, maximum: 256, shared: true })
  const first = new Thread(memory)
  first.core.initializeHeap(256, 1, 2, ...RANDOM)
  first.attach()
  table = HASH_MAP.make(first.core, OPTIONS, false, memory)
  first.core.keepCollection()
  reader = new Actor(memory).attach().open(table)
  writer = new Actor(memory).attach().open(table)
}
beforeEach(begin)

const does = (actor: Actor, operation: Operation) => HASH_MAP.perform(actor, operation, OPTIONS)
const write = (operation: Operation): unknown => does(writer, operation)
const keys = (count: number): string[] => Array.from({ length: count }, (_, i) => `key ${i}`)

/** Learns the blocks of these keys. */
function remember(all: readonly string[]): void {
  for (const key of all) does(reader, getHot(key))
}

/** What is there for a key that is remembered; undefined: it is not known any more. */
function valueOf(key: string): unknown {
  return readKnown(reader, knownOf(reader, key)!, 'number')?.value
}

describe('a key is known', () => {
  it('of all entries of a table, which it leads to', () => {
    const all = keys(1000)
    all.forEach((key, i) => write(set(key, i)))
    remember(all)
    expect(all.map(valueOf)).toEqual(all.map((_, i) => i))
  })

  it('to who asks for it, once', () => {
    write(set('a', 1))
    does(reader, getHot('a'))
    expect(knownOf(reader, 'a')!.block).toBeGreaterThan(1)
    does(reader, get('a'))
    expect(reader.result(SCRATCH.keyBlock)).toBe(0)
  })

  it('only if it is there', () => {
    does(reader, getHot('a'))
    expect(knownOf(reader, 'a')).toBeUndefined()
  })

  it('whatever is written to it and to others of its chain, and while the table grows', () => {
    const all = keys(1000)
    for (const key of all.slice(0, 20)) write(set(key, 1))
    remember(all.slice(0, 20))
    for (const key of all) write(set(key, 2))
    expect(all.slice(0, 20).map(valueOf)).toEqual(all.slice(0, 20).map(() => 2))
    for (const key of all.slice(20, 500)) write(remove(key)) // which moves some of them, and gives up keys beside them
    remember(all.slice(0, 20))
    expect(all.slice(0, 20).map(valueOf)).toEqual(all.slice(0, 20).map(() => 2))
  })

  it('to writes as well, which change its entry and no other', () => {
    const all = keys(100)
    for (const key of all) write(set(key, 1))
    remember(all)
    const known = knownOf(reader, 'key 5')!
    expect(setKnown(reader, known, 7)).toEqual({ status: STATUS.replaced })
    expect(incrementKnown(reader, known, 0.5)).toEqual({ status: STATUS.found, value: 7.5 })
    for (const key of all) expect(does(writer, get(key)).value).toBe(key === 'key 5' ? 7.5 : 1)
  })
})

/** Everything that is asked of a key that was removed says that it is not known, and changes nothing. */
function expectUnknown(key: string, entries: number): void {
  const known = knownOf(reader, key)!
  expect(readKnown(reader, known, 'number')).toBeUndefined()
  expect(readKnown(reader, known, 'string')).toBeUndefined()
  expect(reader.core.hasKnown(reader.stripe, known.hash, known.block, known.retired)).toBeNaN()
  expect(setKnown(reader, known, 99)).toBeUndefined()
  expect(incrementKnown(reader, known, 99)).toBeUndefined()
  expect(reader.core.size(reader.stripe)).toBe(entries)
}

describe('a key is not known any more', () => {
  it('when it was removed', () => {
    write(set('a', 1))
    remember(['a'])
    write(remove('a'))
    expectUnknown('a', 0)
  })

  it('when it was removed, and its slot and its block are of another, whose word is the same', () => {
    const [one, other] = twinTexts()
    write(set(one, 1))
    remember([one])
    const { block } = knownOf(reader, one)!
    write(remove(one))
    write(set(other, 2))
    does(writer, getHot(other))
    expect(knownOf(writer, other)!.block).toBe(block)
    expectUnknown(one, 1)
    expect(does(writer, get(other)).value).toBe(2)
  })

  it('when it is removed, and another takes its slot and its block, while the read tells it', () => {
    const [one, other] = twinTexts()
    let moments = 0
    for (let at = 0; ; at++) {
      begin()
      write(set(one, 1))
      let steps = 0
      reader.hook = () => {
        if (steps++ !== at) return
        write(remove(one))
        write(set(other, 2))
      }
      remember([one])
      reader.hook = () => {}
      if (steps <= at) break
      moments++
      if (knownOf(reader, one)) expect(valueOf(one)).toBeUndefined()
    }
    expect(moments).toBeGreaterThan(5)
  })

  it('and not found under another hash, at another block, or by another count', () => {
    const all = keys(100)
    for (const key of all) write(set(key, 1))
    remember(all)
    const { hash, block, retired } = knownOf(reader, 'key 1')!
    const other = knownOf(reader, 'key 2')!
    for (const wrong of [
      { hash: hash ^ 1, block, retired },
      { hash: hash ^ 0x8000_0000, block, retired },
      { hash: other.hash, block, retired },
      { hash, block: other.block, retired },
      { hash, block: block + 4, retired }, // of which 8 is not a factor: the same
      { hash, block: -8, retired },
      { hash, block, retired: retired + 1 },
      { hash, block, retired: Number.NaN },
    ]) {
      if (wrong.block === block + 4) expect(readKnown(reader, wrong, 'number')?.value).toBe(1)
      else for (const outcome of [readKnown(reader, wrong, 'number'), setKnown(reader, wrong, 9)]) expect(outcome).toBeUndefined()
    }
    for (const key of all) expect(does(reader, get(key)).value).toBe(1)
  })

  it('when it was removed and set again, into the same block', () => {
    write(set('a', 1))
    remember(['a'])
    const { block } = knownOf(reader, 'a')!
    write(remove('a'))
    write(set('a', 2))
    expectUnknown('a', 1)
    remember(['a'])
    expect(knownOf(reader, 'a')!.block).toBe(block)
    expect(valueOf('a')).toBe(2)
  })

  it('when the table was cleared, and its block is of another, whose word is the same', () => {
    const [one, other] = twinTexts()
    write(set(one, 1))
    remember([one])
    const { block } = knownOf(reader, one)!
    write(clear)
    write(set(other, 2))
    does(writer, getHot(other))
    expect(knownOf(writer, other)!.block).toBe(block)
    expectUnknown(one, 1)
  })

  it('however often it was removed: the counters have 64 bits', () => {
    write(set('a', 1))
    remember(['a'])
    const counters = new BigUint64Array(memory.buffer, RETIRED.first, (RETIRED.end - RETIRED.first) / 8)
    const at = (knownOf(reader, 'a')!.block >>> 5) % counters.length
    counters[at] = 0xffff_ffffn
    write(remove('a'))
    expect(counters[at]).toBe(0x1_0000_0000n)
    expectUnknown('a', 0)
  })

  it('when the table is deleted', () => {
    write(set('a', 1))
    remember(['a'])
    writer.core.deleteCollection(table, writer.generation)
    expect(() => valueOf('a')).toThrow(new Failure(STATUS.deleted))
  })

  it('and refused when the table is closed, or is none', () => {
    write(set('a', 1))
    remember(['a'])
    const known = knownOf(reader, 'a')!
    reader.core.closeCollection(reader.stripe)
    const invalid = new Failure(STATUS.invalid)
    for (const kind of ['number', 'string'] as const) expect(() => readKnown(reader, known, kind)).toThrow(invalid)
    expect(() => setKnown(reader, known, 1)).toThrow(invalid)
    expect(() => incrementKnown(reader, known, 1)).toThrow(invalid)
  })

  it('or right, when the table has shrunk, and has grown again', () => {
    writer.leave() // who shrinks a table has it open alone
    const all = keys(1000)
    const fill = (order: readonly string[]): void => order.forEach((key) => void does(reader, set(key, all.indexOf(key))))
    fill(all)
    remember(all)
    for (const key of all) does(reader, remove(key))
    fill([...all].reverse())
    expect(all.map(valueOf)).toEqual(all.map(() => undefined))
    remember(all)
    expect(all.map(valueOf)).toEqual(all.map((_, i) => i))
  })

  it('or right, when who was changing its chain has died at any step and is recovered', () => {
    let deaths = 0
    for (const operation of [remove('a'), set('a', 2), set('b', 2), increment('a', 1), remove('key 3'), clear]) {
      for (let at = 0; ; at++) {
        begin()
        for (const key of ['a', ...keys(9)]) write(set(key, 1))
        remember(['a'])
        if (!diesAt(at, operation)) break
        deaths++
        recoverWriter()
        const value = valueOf('a')
        const wanted = does(reader, get('a')).value
        if (value !== undefined) expect(value).toBe(wanted)
        const written = setKnown(reader, knownOf(reader, 'a')!, 77)
        expect(does(reader, get('a')).value).toBe(written ? 77 : wanted)
      }
    }
    expect(deaths).toBeGreaterThan(40)
  })
})

describe('a key that goes while who removes it dies', () => {
  it.each(['remove', 'clear'] as const)('is counted before its block is free: %s', (how) => {
    let gone = 0
    for (let at = 0; ; at++) {
      begin()
      write(set('a', 1))
      remember(['a'])
      const { block, retired } = knownOf(reader, 'a')!
      if (!diesAt(at, how === 'clear' ? clear : remove('a'))) break
      recoverWriter()
      if (does(reader, get('a')).status === STATUS.found) continue
      gone++
      const counters = new Float64Array(memory.buffer, RETIRED.first, (RETIRED.end - RETIRED.first) / 8)
      expect(counters[(block >>> 5) % counters.length]).not.toBe(retired)
    }
    expect(gone).toBeGreaterThan(3)
  })
})

function recoverWriter(): void {
  reader.markDead(writer.id)
  expect(new Thread(memory).core.recover(writer.id, reader.id)).toBe(1)
}

function diesAt(at: number, operation: Operation): boolean {
  writer.hook = dyingAt(at).hook
  try {
    write(operation)
    return false
  } catch (error) {
    if (error instanceof Death) return true
    throw error
  }
}
