/** What went wrong, for programs: stable across versions. */
export type TophashErrorCode =
  | 'ERR_KEY_TYPE'
  | 'ERR_VALUE_TYPE'
  | 'ERR_OUT_OF_MEMORY'
  | 'ERR_NOT_ISOLATED'
  | 'ERR_UNSUPPORTED'
  | 'ERR_BAD_HANDLE'
  | 'ERR_VERSION_MISMATCH'
  | 'ERR_OPTIONS'
  | 'ERR_DISPOSED'
  | 'ERR_CLOSED'
  | 'ERR_TOO_MANY_THREADS'
  | 'ERR_OWNER_UNRESPONSIVE'
  | 'ERR_CONTENDED'
  | 'ERR_TIMED_OUT'
  | 'ERR_SERVER_AWAY'
  | 'ERR_BROKEN_INVARIANT'
  | 'ERR_CORRUPT_HEAP'

const brand = Symbol.for('tophash.error')

/**
 * Every error that tophash throws. `code` says which for programs; the message says for people what was given, what
 * was expected and what to do. Where `Map` would throw a TypeError, the error is an instance of TypeError as well.
 */
export class TophashError extends Error {
  readonly code: TophashErrorCode
  readonly [brand] = true

  constructor(code: TophashErrorCode, message: string) {
    super(message)
    this.name = 'TophashError'
    this.code = code
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value
  }
}

/** The error for a heap in which something lies that tophash has not written; `found` says what. */
export function corruptHeap(found: string, cause?: unknown): TophashError {
  const error = new TophashError(
    'ERR_CORRUPT_HEAP',
    `${found}. Something else has written to the memory of this heap, or this is a bug in tophash: please report it. ` +
      'Make a new heap.',
  )
  if (cause !== undefined) error.cause = cause
  return error
}

/** An error about the type of what was given: a TypeError too, `instanceof` holds for both. */
export function typeError(code: TophashErrorCode, message: string): TophashError {
  return branded(new TypeError(message), code)
}

/** An error about a number that is out of range: a RangeError too. */
export function rangeError(code: TophashErrorCode, message: string): TophashError {
  return branded(new RangeError(message), code)
}

function branded(error: Error, code: TophashErrorCode): TophashError {
  return Object.assign(error, { name: 'TophashError', code, [brand]: true as const })
}

/** @throws ERR_OPTIONS unless this is a function, as the method of this name has to be */
export function checkMethod(name: string, given: unknown): void {
  if (typeof given === 'function') return
  throw typeError('ERR_OPTIONS', `The method ${name} must be a function; got ${describe(given)}.`)
}

/** Names a value for a message: short, and never throwing, whatever tricks the value knows. */
export function describe(value: unknown): string {
  try {
    return nameOf(value)
  } catch {
    return `a ${typeof value} that cannot be named`
  }
}

/** Longer bigints would take long to write out. */
const MAX_BITS = 128

function nameOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${JSON.stringify(value.length > 40 ? value.slice(0, 40) + '…' : value)}`
    case 'function':
      return `a function${value.name ? ` (${value.name})` : ''}`
    case 'object':
      return value === null ? 'null' : `an object (${Object.prototype.toString.call(value)})`
    case 'symbol':
      return 'a symbol'
    case 'bigint':
      return BigInt.asIntN(MAX_BITS, value) === value ? `the bigint ${value}` : `a bigint of more than ${MAX_BITS} bits`
    case 'undefined':
      return 'undefined'
    default:
      return `the ${typeof value} ${String(value)}`
  }
}
