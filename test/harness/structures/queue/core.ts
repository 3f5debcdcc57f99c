// The queue as the harness sees it through the core: its model is an array, and whether it is closed.
import { KIND_CODES, STATUS } from '../../../../src/core/layout.js'
import { QUEUE as LAYOUT, QUEUE_ID } from '../../../../src/queue/layout.js'
import type { Actor } from '../../core/actor.js'
import { Failure } from '../../core/thread.js'
import type { Answer, Structure } from '../../structure.js'
import { type Item, drain, pop, popMany, push, pushMany, receive } from './ends.js'

export interface Options {
  readonly capacity: number
}

export interface State {
  readonly items: Item[]
  isClosed: boolean
}

/** `take` receives and is done with it; `hold` receives and leaves that to the end of the thread, or to the next of its calls. */
export type Operation =
  | { readonly do: 'push'; readonly item: Item }
  | { readonly do: 'pushMany'; readonly items: readonly Item[] }
  | { readonly do: 'popMany' | 'take'; readonly most: number }
  | { readonly do: 'pop' | 'shut' | 'giveBack' | 'wait' }

export const pushing = (item: Item): Operation => ({ do: 'push', item })
export const pushingMany = (...items: Item[]): Operation => ({ do: 'pushMany', items })
export const popping: Operation = { do: 'pop' }
export const poppingMany = (most: number): Operation => ({ do: 'popMany', most })
export const taking = (most: number): Operation => ({ do: 'take', most })
/** Receives all and gives it back: of no effect, but not at one moment. */
export const givingBack: Operation = { do: 'giveBack' }
/** Says at both ends that it waits, and that it does not. */
export const waiting: Operation = { do: 'wait' }
export const closing: Operation = { do: 'shut' }

export const QUEUE: Structure<State, Operation, Options> = {
  name: 'queue',
  make: (core, { capacity }, isUnnamed) =>
    core.createCollection(QUEUE_ID, KIND_CODES.number, KIND_CODES.any, capacity, 0, isUnnamed) >>> 0,
  empty: () => ({ items: [], isClosed: false }),
  perform,
  apply,
  read,
  grow(actor, options, isFull) {
    const before = read(actor).items
    drain(actor)
    for (let n = 0; n < options.capacity; n++) tryPush(actor, n % 2 ? `item ${n}` : n, isFull)
    drain(actor)
    for (const item of before) tryPush(actor, item, isFull)
  },
  useAgain(actor, _, isFull) {
    drain(actor)
    tryPush(actor, 5, isFull)
    tryPush(actor, 'text', isFull)
    drain(actor)
  },
}

function tryPush(actor: Actor, item: Item, isFull: boolean): void {
  try {
    if (!push(actor, item)) throw new Error('there is no room')
  } catch (error) {
    const { status } = error as Partial<Failure>
    if (status !== STATUS.closed && !(isFull && status === STATUS.outOfMemory)) throw error
  }
}

function perform(actor: Actor, operation: Operation): Answer {
  const { core, stripe } = actor
  switch (operation.do) {
    case 'push':
      return orClosed(() => (push(actor, operation.item) ? 1 : 0))
    case 'pushMany':
      return orClosed(() => pushMany(actor, operation.items))
    case 'pop':
      return answerOf([pop(actor)])
    case 'popMany':
      return answerOf(popMany(actor, operation.most))
    case 'take': {
      const batch = receive(actor, operation.most)
      batch.finish()
      return answerOf(batch.items)
    }
    case 'giveBack':
      receive(actor, 99).giveBack()
      return { status: 0 }
    case 'wait':
      for (const end of [LAYOUT.consumers, LAYOUT.producers]) {
        core.beginWait(stripe, end)
        core.endWait(stripe, end)
      }
      return { status: 0 }
    default: {
      const status = core.closeQueue(stripe)
      if (status < 0) throw new Failure(status)
      return { status }
    }
  }
}

function orClosed(act: () => number): Answer {
  try {
    return { status: act() }
  } catch (error) {
    if ((error as Partial<Failure>).status !== STATUS.closed) throw error
    return { status: STATUS.closed }
  }
}

function answerOf(items: readonly (Item | undefined)[]): Answer {
  const found = items.filter((item) => item !== undefined)
  return { status: found.length, value: found.join() }
}

function apply(state: State, operation: Operation): Answer | undefined {
  switch (operation.do) {
    case 'push':
    case 'pushMany': {
      if (state.isClosed) return { status: STATUS.closed }
      const given = operation.do === 'push' ? [operation.item] : operation.items
      state.items.push(...given)
      return { status: given.length }
    }
    case 'pop':
      return answerOf(state.items.splice(0, 1))
    case 'popMany':
    case 'take':
      return answerOf(state.items.splice(0, operation.most))
    case 'shut': {
      const isNew = !state.isClosed
      state.isClosed = true
      return { status: isNew ? 1 : 0 }
    }
    default:
      return { status: 0 }
  }
}

/** All items, popped and pushed again; of a queue that is closed, received and given back. */
function read(actor: Actor): State {
  const state = readInPlace(actor)
  if (state.isClosed) return state
  drain(actor)
  for (const item of state.items) push(actor, item) // what came back is taken in steps of its own, which the model does not know
  return state
}

function readInPlace(actor: Actor): State {
  const batches = []
  for (let batch = receive(actor, 99); batch.items.length > 0; batch = receive(actor, 99)) batches.push(batch)
  for (const batch of batches) batch.giveBack()
  const isClosed = actor.view().getUint32(actor.table + LAYOUT.closed, true) === 1
  const items = batches.flatMap((batch) => batch.items)
  const counted = actor.core.countItems(actor.stripe)
  if (counted !== items.length) throw new Error(`${counted} items are counted, and ${items.length} were there`)
  return { items, isClosed }
}
