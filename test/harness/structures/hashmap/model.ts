// What each operation does to one key when nobody else is there: the specification that a history is held against.
import { ABSENT, type Operation, REFUSED } from '../../histories/history.js'
import { isNumber } from '../../histories/values.js'

/** The state of a key whose collection was deleted. */
export const DOOMED = -3

/** A collection that was deleted before its opener could see which one it is. */
export const UNKNOWN = -4

/** The next state of a key, if the operation can have come to what it did in this one; else undefined. */
export function step(state: number, operation: Operation): number | undefined {
  const { name, given, expected, got } = operation
  const isThere = state !== ABSENT
  if (state === DOOMED) return undefined // all that is recorded has succeeded, which nothing does any more
  switch (name) {
    case 'get':
      return same(got, state, state)
    case 'has':
      return same(got, Number(isThere), state)
    case 'set':
      return given
    case 'delete':
      return same(got, Number(isThere), ABSENT)
    case 'getOrInsert':
    case 'getOrInsertComputed': // given is ABSENT if the callback was not called
      return isThere ? same(got, state, state) : same(got, given, given)
    case 'exchange':
      return same(got, state, given)
    case 'take':
      return same(got, state, ABSENT)
    case 'compareAndSet':
      return same(got, Number(state === expected), got ? given : state)
    case 'compareAndDelete':
      return same(got, Number(state === expected), got ? ABSENT : state)
    case 'increment':
      return increment(state, operation)
    case 'update': // the callback made `given` of `expected`
      return state === expected ? same(got, given, given) : undefined
    case 'wipe': // clear, or deleteMany of several keys: removed, if it was there
      return ABSENT
    case 'sift': // the last refusal of a retain: removed as it was seen, or gone already
      return isThere ? same(state, expected, ABSENT) : ABSENT
    case 'doom':
      return DOOMED
    case 'open': // of a name: the collection that it has, or a new one
      return open(state, got)
    case 'close': // of a name: heap.delete
      return same(got, Number(isThere), ABSENT)
    case 'add':
    case 'flip':
      throw new Error(`no map or set has recorded ${name}`)
  }
}

function increment(state: number, { given, got }: Operation): number | undefined {
  if (got === REFUSED) return state !== ABSENT && !isNumber(state) ? state : undefined
  return same(got, (state === ABSENT ? 0 : state) + given, got)
}

function open(state: number, got: number): number | undefined {
  if (got === UNKNOWN) return state === ABSENT ? UNKNOWN : state
  return state === ABSENT || state === UNKNOWN ? got : same(got, state, state)
}

function same(a: number, b: number, next: number): number | undefined {
  return a === b ? next : undefined
}

/** Whether an operation has left the state as it was, whatever that was. */
export function isRead({ name, given, got }: Operation): boolean {
  switch (name) {
    case 'get':
    case 'has':
      return true
    case 'delete':
    case 'compareAndSet':
    case 'compareAndDelete':
      return got === 0
    case 'getOrInsert':
    case 'getOrInsertComputed':
      return got !== given
    case 'take':
      return got === ABSENT
    case 'increment':
      return got === REFUSED
    default:
      return false
  }
}

/** The state that an operation may have left; undefined: the one that it found. */
export function stateAfter(operation: Operation): number | undefined {
  if (isRead(operation)) return undefined
  switch (operation.name) {
    case 'increment':
    case 'open':
      return operation.got
    case 'delete':
    case 'take':
    case 'compareAndDelete':
    case 'wipe':
    case 'sift':
    case 'close':
      return ABSENT
    case 'doom':
      return DOOMED
    default:
      return operation.given
  }
}
