import { expect } from 'vitest'
import { TophashError, type TophashErrorCode } from 'tophash'

/** What `action` throws; fails if it does not. */
export function thrownBy(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown.')
}

/** Codes of errors where Map would throw a TypeError, or that are about the type of what was given. */
const TYPE_ERRORS: readonly TophashErrorCode[] = ['ERR_KEY_TYPE', 'ERR_VALUE_TYPE', 'ERR_OPTIONS', 'ERR_BAD_HANDLE']

/** Expects a TophashError of this code, with this in its message, that is a TypeError exactly if the code asks for it. */
export function expectError(error: unknown, code: TophashErrorCode, fragment: string): void {
  expect(error).toBeInstanceOf(TophashError)
  expect(error).toBeInstanceOf(Error)
  const { name, message, code: given } = error as TophashError
  expect({ name, code: given, isTypeError: error instanceof TypeError }).toEqual({
    name: 'TophashError',
    code,
    isTypeError: TYPE_ERRORS.includes(code),
  })
  expect(message).toContain(fragment)
  expect(message).toMatch(/\.$/) // a sentence, or several
}

/** What a promise is rejected with, as it must be. */
export async function rejected(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('fulfilled'),
    (error) => error,
  )
}
