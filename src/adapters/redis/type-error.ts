import type { TophashError, TophashErrorCode } from '../../index.js'

/** A TophashError that is a TypeError too, as the library makes it, which is not bundled here. */
export function typeError(code: TophashErrorCode, message: string, cause?: unknown): TophashError {
  const brand = { name: 'TophashError', code, [Symbol.for('tophash.error')]: true }
  const error = Object.assign(new TypeError(`tophash/redis: ${message}`), brand) as unknown as TophashError
  if (cause !== undefined) error.cause = cause
  return error
}
