// What the threads of a scenario do, as data, because it is sent to them; and what it comes to, one after the other:
// the sequential map that every interleaving is compared with.
import { STATUS } from '../../src/core/exports.js'

export type Datum = number | string

export type Operation =
  | { readonly do: 'get' | 'has' | 'remove' | 'take'; readonly key: Datum }
  | { readonly do: 'set' | 'insert' | 'exchange'; readonly key: Datum; readonly value: Datum }
  | { readonly do: 'add'; readonly key: Datum; readonly value: number }
  | { readonly do: 'compareAndSet'; readonly key: Datum; readonly expected: Datum; readonly value: Datum }
  | { readonly do: 'compareAndDelete'; readonly key: Datum; readonly expected: Datum }
  | { readonly do: 'clear' }
  | { readonly do: 'scan' }
  | { readonly do: 'deleteTable' }
  | { readonly do: 'reopen' }
  | { readonly do: 'close' }
  | { readonly do: 'reserve'; readonly entries: number }
  /** Waits until a thread of the scenario has ended; if it died, recovers it. */
  | { readonly do: 'recover'; readonly thread: number }

export const get = (key: Datum): Operation => ({ do: 'get', key })
export const has = (key: Datum): Operation => ({ do: 'has', key })
export const set = (key: Datum, value: Datum): Operation => ({ do: 'set', key, value })
export const remove = (key: Datum): Operation => ({ do: 'remove', key })
export const take = (key: Datum): Operation => ({ do: 'take', key })
export const insert = (key: Datum, value: Datum): Operation => ({ do: 'insert', key, value })
export const exchange = (key: Datum, value: Datum): Operation => ({ do: 'exchange', key, value })
export const add = (key: Datum, value: number): Operation => ({ do: 'add', key, value })
export const compareAndSet = (key: Datum, expected: Datum, value: Datum): Operation =>
  ({ do: 'compareAndSet', key, expected, value })
export const compareAndDelete = (key: Datum, expected: Datum): Operation => ({ do: 'compareAndDelete', key, expected })
export const clear: Operation = { do: 'clear' }
export const scan: Operation = { do: 'scan' }
export const deleteTable: Operation = { do: 'deleteTable' }
export const reopen: Operation = { do: 'reopen' }
export const close: Operation = { do: 'close' }
export const reserve = (entries: number): Operation => ({ do: 'reserve', entries })
export const recover = (thread: number): Operation => ({ do: 'recover', thread })

/** What an operation returned. */
export interface Answer {
  readonly status: number
  readonly value?: Datum | undefined
}

/** The sequential map. */
export interface State {
  readonly entries: ReadonlyMap<Datum, Datum>
  readonly isDeleted: boolean
}

/** What an operation does to a map that nobody else uses. No answer: any will do. */
export function apply(state: State, operation: Operation): { state: State; answer?: Answer } {
  if (operation.do === 'recover' || operation.do === 'scan') return { state }
  if (operation.do === 'deleteTable') {
    return { state: { entries: new Map(), isDeleted: true }, answer: { status: state.isDeleted ? 0 : STATUS.removed } }
  }
  if (operation.do === 'close') return { state, answer: { status: 0 } }
  if (state.isDeleted) return { state, answer: { status: STATUS.deleted } }
  if (operation.do === 'reserve' || operation.do === 'reopen') return { state, answer: { status: 0 } }
  if (operation.do === 'clear') return { state: { ...state, entries: new Map() }, answer: { status: 0 } }
  return applyToEntry(state, operation, state.entries.get(operation.key))
}

type OfEntry = Extract<Operation, { key: Datum }>

function applyToEntry(state: State, operation: OfEntry, before: Datum | undefined): { state: State; answer: Answer } {
  const { key } = operation
  const isThere = before !== undefined
  const others = [...state.entries].filter(([other]) => other !== key)
  const withEntries = (entries: [Datum, Datum][]) => ({ ...state, entries: new Map(entries) })
  const put = (value: Datum, answer: Answer) => ({ state: withEntries([...others, [key, value]]), answer })
  const drop = (answer: Answer) => ({ state: withEntries(others), answer })
  const keep = (answer: Answer) => ({ state, answer })
  switch (operation.do) {
    case 'get': return keep({ status: isThere ? STATUS.found : STATUS.absent, value: before })
    case 'has': return keep({ status: isThere ? STATUS.found : STATUS.absent })
    case 'set': return put(operation.value, { status: isThere ? STATUS.replaced : STATUS.inserted })
    case 'remove': return drop({ status: isThere ? STATUS.removed : STATUS.absent })
    case 'take': return drop({ status: isThere ? STATUS.removed : STATUS.absent, value: before })
    case 'exchange': return put(operation.value, { status: isThere ? STATUS.replaced : STATUS.inserted, value: before })
    case 'insert':
      return isThere ? keep({ status: 0, value: before }) : put(operation.value, { status: STATUS.inserted })
    case 'add': {
      const total = Number(before ?? 0) + operation.value
      return put(total, { status: STATUS.found, value: total })
    }
    case 'compareAndSet':
      return before === operation.expected ? put(operation.value, { status: STATUS.matched }) : keep({ status: 0 })
    case 'compareAndDelete':
      return before === operation.expected ? drop({ status: STATUS.matched }) : keep({ status: 0 })
  }
}
