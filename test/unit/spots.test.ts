// What a read says of where it has found its entry, and when that holds no more: assembly/structures/hashmap/spot.ts.
import { beforeEach, describe, expect, it } from 'vitest'
import { SCRATCH, STATUS } from '../../src/core/layout.js'
import { Actor } from '../harness/core/actor.js'
import { dyingAt } from '../harness/core/deaths.js'
import { Death, Failure, Thread } from '../harness/core/thread.js'
import { HASH_MAP, readAt, spotOf } from '../harness/structures/hashmap/core.js'
import { type Operation, get, getHot, remove, set } from '../harness/structures/hashmap/operations.js'
import { RANDOM } from '../support/hashes.js'

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

/** Remembers where these keys are. */
function remember(all: readonly string[]): void {
  for (const key of all) does(reader, getHot(key))
}

/** What is at the spot that is remembered of a key; undefined: it is outdated. */
function valueAt(key: string): unknown {
  return readAt(reader, spotOf(reader, key)!, 'number')?.value
}

describe('the spot of an entry', () => {
  it('is told of nearly all of a table that has grown, and leads to its value', () => {
    const all = keys(1000)
    all.forEach((key, i) => write(set(key, i)))
    remember(all)
    const found = all.filter((key) => spotOf(reader, key)!.spot > 1)
    expect(found.length).toBeGreaterThan(950) // but of what lies behind a false match of the tags, far down the chain
    expect(found.map(valueAt)).toEqual(found.map((key) => all.indexOf(key)))
  })

  it('is told to who asks for it, once', () => {
    write(set('a', 1))
    does(reader, getHot('a'))
    const told = reader.result(SCRATCH.spot)
    expect(told).toBeGreaterThan(1)
    reader.view().setUint32(reader.scratch + SCRATCH.spot, 0, true)
    does(reader, get('a'))
    expect(reader.result(SCRATCH.spot)).toBe(0)
  })

  it('is none of what is not there', () => {
    does(reader, getHot('a'))
    expect(valueAt('a')).toBeUndefined()
  })
})

describe('a spot is outdated', () => {
  it('when anything in its chain was written', () => {
    for (const key of ['a', 'b']) write(set(key, 1))
    remember(['a'])
    expect(valueAt('a')).toBe(1)
    write(set('b', 2))
    expect(valueAt('a')).toBeUndefined()
  })

  it('when its key was removed, and its slot and its block are of another', () => {
    write(set('a', 1))
    remember(['a'])
    write(remove('a'))
    write(set('b', 2))
    expect(valueAt('a')).toBeUndefined()
  })

  it('when the entry has moved, out of a bucket that is cut off', () => {
    const all = keys(1000)
    for (const key of all) write(set(key, 1))
    remember(all)
    const isBehindHead = (key: string): boolean => ((spotOf(reader, key)!.spot >> 3) & 3) === 1
    const moved = all.filter((key) => isBehindHead(key) && valueAt(key) === 1)
    expect(moved.length).toBeGreaterThan(10)
    for (const key of all) if (!moved.includes(key)) write(remove(key))
    expect(moved.map(valueAt)).toEqual(moved.map(() => undefined))
  })

  it('when the table is deleted', () => {
    write(set('a', 1))
    remember(['a'])
    writer.core.deleteCollection(table, writer.generation)
    expect(valueAt('a')).toBeUndefined()
    expect(() => does(reader, getHot('a'))).toThrow(new Failure(STATUS.deleted))
  })

  it('and refused when the table is closed, or is none', () => {
    write(set('a', 1))
    remember(['a'])
    const spot = spotOf(reader, 'a')!
    reader.core.closeCollection(reader.stripe)
    for (const kind of ['number', 'string'] as const)
      expect(() => readAt(reader, spot, kind)).toThrow(new Failure(STATUS.invalid))
  })

  it('when the table has shrunk, and has grown again with the same changes in each chain', () => {
    writer.leave() // who shrinks a table has it open alone
    const all = keys(1000)
    const fill = (order: readonly string[]): void => order.forEach((key) => void does(reader, set(key, all.indexOf(key))))
    fill(all)
    remember(all)
    for (const key of all) does(reader, remove(key))
    fill([...all].reverse())
    const values = all.map(valueAt)
    expect(values.every((value, i) => value === undefined || value === i)).toBe(true)
    remember(all)
    expect(all.filter((key, i) => valueAt(key) === i).length).toBeGreaterThan(950)
  })

  it('or right, when who was changing its chain has died at any step and is recovered', () => {
    let deaths = 0
    for (const operation of [remove('a'), set('a', 2), set('b', 2), remove('key 3')]) {
      for (let at = 0; ; at++) {
        begin()
        for (const key of ['a', ...keys(9)]) write(set(key, 1))
        remember(['a'])
        if (!diesAt(at, operation)) break
        deaths++
        reader.markDead(writer.id)
        expect(new Thread(memory).core.recover(writer.id, reader.id)).toBe(1)
        const value = valueAt('a')
        if (value !== undefined) expect(value).toBe(does(reader, get('a')).value)
      }
    }
    expect(deaths).toBeGreaterThan(20)
  })
})

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
