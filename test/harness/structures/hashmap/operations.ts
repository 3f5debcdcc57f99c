// What threads do to a hash map, as data; and what it comes to, one after the other: the sequential map that every
// interleaving is compared with.
import { STATUS } from '../../../../src/core/layout.js'
import type { Value } from '../../core/thread.js'
import type { Answer } from '../../structure.js'

export type Datum = number | string

export type Operation =
  | { readonly do: 'get' | 'getHot' | 'has' | 'remove' | 'take'; readonly key: Datum }
  | { readonly do: 'set' | 'setHot' | 'insert' | 'exchange'; readonly key: Datum; readonly value: Datum }
  | { readonly do: 'increment' | 'incrementHot'; readonly key: Datum; readonly value: number }
  | { readonly do: 'compareAndSet'; readonly key: Datum; readonly expected: Datum; readonly value: Datum }
  | { readonly do: 'compareAndDelete'; readonly key: Datum; readonly expected: Datum }
  /** Looks whether it still has this value; or waits until it has not: an answer of 0. */
  | { readonly do: 'watch' | 'await'; readonly key: Datum; readonly seen: Datum | undefined }
  | { readonly do: 'clear' }
  | { readonly do: 'scan' }
  | { readonly do: 'reserve'; readonly entries: number }

export const get = (key: Datum): Operation => ({ do: 'get', key })
/** A get that remembers the block of a key, a string, as hot-strings.ts does; and writes of such keys. */
export const getHot = (key: Datum): Operation => ({ do: 'getHot', key })
export const setHot = (key: Datum, value: Datum): Operation => ({ do: 'setHot', key, value })
export const incrementHot = (key: Datum, value: number): Operation => ({ do: 'incrementHot', key, value })
export const has = (key: Datum): Operation => ({ do: 'has', key })
export const set = (key: Datum, value: Datum): Operation => ({ do: 'set', key, value })
export const remove = (key: Datum): Operation => ({ do: 'remove', key })
export const take = (key: Datum): Operation => ({ do: 'take', key })
export const insert = (key: Datum, value: Datum): Operation => ({ do: 'insert', key, value })
export const exchange = (key: Datum, value: Datum): Operation => ({ do: 'exchange', key, value })
export const increment = (key: Datum, value: number): Operation => ({ do: 'increment', key, value })
export const compareAndSet = (key: Datum, expected: Datum, value: Datum): Operation => ({
  do: 'compareAndSet',
  key,
  expected,
  value,
})
export const compareAndDelete = (key: Datum, expected: Datum): Operation => ({ do: 'compareAndDelete', key, expected })
export const watch = (key: Datum, seen: Datum | undefined): Operation => ({ do: 'watch', key, seen })
export const awaitChange = (key: Datum, seen: Datum | undefined): Operation => ({ do: 'await', key, seen })
export const clear: Operation = { do: 'clear' }
export const scan: Operation = { do: 'scan' }
export const reserve = (entries: number): Operation => ({ do: 'reserve', entries })

/** What an operation does to a map that nobody else uses. No answer: any will do, see wrongScan() in core.ts. */
export function applyTo(entries: Map<Value, Value>, operation: Operation): Answer | undefined {
  switch (operation.do) {
    case 'scan':
      return undefined
    case 'reserve':
      return { status: 0 }
    case 'clear':
      entries.clear()
      return { status: 0 }
    default:
      return applyToEntry(entries, operation, entries.get(operation.key) as Datum | undefined)
  }
}

type OfEntry = Extract<Operation, { key: Datum }>

function applyToEntry(entries: Map<Value, Value>, operation: OfEntry, before: Datum | undefined): Answer {
  const { key } = operation
  const isThere = before !== undefined
  const put = (value: Datum, answer: Answer): Answer => {
    entries.set(key, value)
    return answer
  }
  const drop = (answer: Answer): Answer => {
    entries.delete(key)
    return answer
  }
  switch (operation.do) {
    case 'get':
    case 'getHot':
      return { status: isThere ? STATUS.found : STATUS.absent, value: before }
    case 'has':
      return { status: isThere ? STATUS.found : STATUS.absent }
    case 'set':
    case 'setHot':
      return put(operation.value, { status: isThere ? STATUS.replaced : STATUS.inserted })
    case 'remove':
      return drop({ status: isThere ? STATUS.removed : STATUS.absent })
    case 'take':
      return drop({ status: isThere ? STATUS.removed : STATUS.absent, value: before })
    case 'exchange':
      return put(operation.value, { status: isThere ? STATUS.replaced : STATUS.inserted, value: before })
    case 'insert':
      return isThere ? { status: 0, value: before } : put(operation.value, { status: STATUS.inserted })
    case 'increment':
    case 'incrementHot': {
      const total = Number(before ?? 0) + operation.value
      return put(total, { status: STATUS.found, value: total })
    }
    case 'watch':
    case 'await':
      return { status: before === operation.seen ? STATUS.matched : 0 }
    case 'compareAndSet':
      return before === operation.expected ? put(operation.value, { status: STATUS.matched }) : { status: 0 }
    case 'compareAndDelete':
      return before === operation.expected ? drop({ status: STATUS.matched }) : { status: 0 }
  }
}
