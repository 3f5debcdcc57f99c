// The two ends of a queue as a thread calls them through the core.
import { SCRATCH, STATUS, TYPE } from '../../../../src/core/layout.js'
import { BATCH } from '../../../../src/queue/layout.js'
import { Failure, type Thread } from '../../core/thread.js'

/** An item of a test. */
export type Item = number | string

/** A thread that has a queue open. */
export interface Member extends Thread {
  readonly stripe: number
}

/** What receive() has brought, and how that ends. */
export interface Batch {
  readonly items: Item[]
  finish(): void
  giveBack(): void
}

/** Whether there was room. */
export function push(member: Member, item: Item): boolean {
  const { core, stripe } = member
  if (typeof item === 'number') return checked(core.pushNumber(stripe, item)) === STATUS.pushed
  const block = member.stage(SCRATCH.valueOperand, SCRATCH.value, item)
  const status = core.pushBlock(stripe, block || member.scratch + SCRATCH.value, (item.length << 3) | TYPE.latin1)
  if (block && status !== STATUS.pushed) core.dropBlock(block)
  return checked(status) === STATUS.pushed
}

/** Pushes short items in one call. Returns how many. */
export function pushMany(member: Member, items: readonly Item[]): number {
  const pushed = items.every((item) => typeof item === 'number') ? pushNumbers(member, items) : pushItems(member, items)
  const status = member.result(SCRATCH.status) | 0
  if (checked(pushed) === 0 && status !== STATUS.full) checked(status)
  return pushed
}

function pushNumbers(member: Member, numbers: readonly number[]): number {
  const view = member.view()
  for (const [i, number] of numbers.entries()) view.setFloat64(member.scratch + SCRATCH.value + 8 * i, number, true)
  return member.core.pushNumbers(member.stripe, numbers.length)
}

function pushItems(member: Member, items: readonly Item[]): number {
  let at = member.scratch + SCRATCH.value
  const view = member.view()
  for (const item of items) {
    const isText = typeof item === 'string'
    view.setUint32(at, isText ? (item.length << 3) | TYPE.latin1 : TYPE.number, true)
    if (isText) new Uint8Array(view.buffer, at + 8, item.length).set(Buffer.from(item, 'latin1'))
    else view.setFloat64(at + 8, item, true)
    at += isText ? 8 + ((item.length + 7) & ~7) : 16
  }
  return member.core.pushMany(member.stripe, items.length)
}

/** The first item, or undefined. One that is spared is received. */
export function pop(member: Member): Item | undefined {
  const raw = member.core.pop(member.stripe, 0)
  if (raw === raw) return raw
  const status = checked(member.result(SCRATCH.status) | 0)
  if (status === STATUS.absent) return undefined
  if (status === STATUS.found) return read(member, member.result(SCRATCH.meta), 0, member.result(SCRATCH.address))
  const batch = receive(member, 1)
  batch.finish()
  return batch.items[0]
}

/** Pushes bytes that stand for an object. */
export function pushObject(member: Member, text: string): boolean {
  member.stage(SCRATCH.valueOperand, SCRATCH.value, text)
  return (
    checked(member.core.pushBlock(member.stripe, member.scratch + SCRATCH.value, (text.length << 3) | TYPE.object)) ===
    STATUS.pushed
  )
}

/** What the first item says, which is an object, and its position; `take` takes it, if it is the first still. */
export function see(member: Member): { readonly text: Item; take(): boolean } {
  const { core, stripe } = member
  const raw = core.pop(stripe, 0)
  if (raw === raw || (member.result(SCRATCH.status) | 0) !== STATUS.spared) throw new Error('the first item is no object')
  const text = read(member, member.result(SCRATCH.meta), 0, member.result(SCRATCH.address))
  const position = member.view().getFloat64(member.scratch + SCRATCH.word, true)
  return { text, take: () => checked(core.takeSeen(stripe, position)) === STATUS.removed }
}

/** The first items, as one step takes them. */
export function popMany(member: Member, most: number): Item[] {
  const count = checked(member.core.popMany(member.stripe, most))
  let at = member.scratch + SCRATCH.value
  if (member.result(SCRATCH.meta) === TYPE.number) {
    return Array.from({ length: count }, (_, i) => member.view().getFloat64(at + 8 * i, true))
  }
  return Array.from({ length: count }, () => {
    const item = read(member, member.view().getUint32(at, true), at + 8, at)
    at += typeof item === 'string' ? 8 + ((item.length + 7) & ~7) : 16
    return item
  })
}

export function receive(member: Member, most: number): Batch {
  const count = checked(member.core.receive(member.stripe, most))
  const batch = member.result(SCRATCH.address)
  const items = Array.from({ length: count }, (_, i) => {
    const at = batch + BATCH.words + 8 * i
    const word = member.view().getBigUint64(at, true)
    const block = Number(word & 0x1fff_ffffn) * 8
    const isText = word >> 51n === 0x1fffn
    return read(member, isText ? member.view().getUint32(block, true) : TYPE.number, at, block)
  })
  const end = (how: 'finishReceived' | 'giveBack') => (): void => {
    if (count > 0 && checked(member.core[how](member.stripe, batch)) === 0) throw new Error(`${how} found no batch`)
  }
  return { items, finish: end('finishReceived'), giveBack: end('giveBack') }
}

/** All that is in it, one by one. */
export function drain(member: Member): Item[] {
  const items: Item[] = []
  for (let item = pop(member); item !== undefined; item = pop(member)) items.push(item)
  return items
}

function read(member: Member, meta: number, numberAt: number, block: number): Item {
  if (meta === TYPE.number) return member.view().getFloat64(numberAt, true)
  return Buffer.from(new Uint8Array(member.view().buffer, block + 8, meta >>> 3)).toString('latin1')
}

function checked(status: number): number {
  if (status < 0) throw new Failure(status)
  return status
}
