import { isSpecial, tagOfAny } from './structured-values.js'

// Errors inside values, as plain records. What is kept is what structuredClone keeps, the cause, a name of its own, and
// the errors of an AggregateError. Other properties of an error are not.

/** Where an error was made: properties of each error in Firefox, whose structuredClone keeps them. */
type Place = 'fileName' | 'lineNumber' | 'columnNumber'
const PLACE = (['fileName', 'lineNumber', 'columnNumber'] as const).filter((key) => Object.hasOwn(new Error(), key))

/** What is kept of an error. */
export interface ErrorRecord extends Partial<Record<Place, string | number>> {
  /** The standard class that it belongs to. */
  type: string
  /** Only if it is not that of the class. */
  name?: string
  message?: string
  stack?: string
  cause?: unknown
  errors?: unknown
}

const CLASSES = new Map<string, () => Error>([
  ['Error', () => new Error()],
  ['AggregateError', () => new AggregateError([])],
  ['EvalError', () => new EvalError()],
  ['RangeError', () => new RangeError()],
  ['ReferenceError', () => new ReferenceError()],
  ['SyntaxError', () => new SyntaxError()],
  ['TypeError', () => new TypeError()],
  ['URIError', () => new URIError()],
])

/** Whether this is an error, of this realm or another (`node:vm`, an iframe). */
export function isError(value: unknown): value is Error {
  return isSpecial(value) && (value instanceof Error || tagOfAny(value) === 'Error')
}

export function recordOf(error: Error): ErrorRecord {
  const type = typeOf(error)
  const { name, message, stack } = error
  const record: ErrorRecord = { type }
  if (typeof name === 'string' && name !== type) record.name = name
  if (typeof message === 'string' && (message !== '' || Object.hasOwn(error, 'message'))) record.message = message
  if (typeof stack === 'string') record.stack = stack
  if (Object.hasOwn(error, 'cause')) record.cause = error.cause
  if (type === 'AggregateError') record.errors = (error as AggregateError).errors
  for (const key of PLACE) {
    const value = (error as Partial<Record<Place, unknown>>)[key]
    if (typeof value === 'string' || typeof value === 'number') record[key] = value
  }
  return record
}

/** The nearest class of an error that exists in every thread. */
function typeOf(error: Error): string {
  for (let proto = Object.getPrototypeOf(error); proto !== null; proto = Object.getPrototypeOf(proto)) {
    const name: unknown = Object.hasOwn(proto, 'constructor') ? proto.constructor?.name : undefined
    if (typeof name === 'string' && CLASSES.has(name)) return name
  }
  return 'Error'
}

/** What an engine gives to each error that is made. */
const MADE: readonly (keyof ErrorRecord)[] = ['stack', ...PLACE]
const KEPT: readonly (keyof ErrorRecord)[] = ['name', 'message', 'cause', 'errors', ...MADE]

const made = new WeakMap<ErrorRecord, Error>()

/**
 * The error of a record. In a cycle (an error whose cause leads back to it) this is called twice for one record: first
 * from within, while cause and errors are still missing, then with the whole record. Both get the same error. One that
 * had no stack, or did not say where it was made, does not either, rather than say what is true of this place.
 */
export function errorOf(record: ErrorRecord): Error {
  const error = made.get(record) ?? make(record.type)
  made.set(record, error)
  for (const key of KEPT) {
    if (!(key in record) && !MADE.includes(key)) continue
    Object.defineProperty(error, key, { value: record[key], writable: true, configurable: true })
  }
  return error
}

function make(type: string): Error {
  const construct = CLASSES.get(type)
  if (!construct) throw new TypeError(`There is no error class ${type}.`)
  return construct()
}
