import { DevalueError } from 'devalue'
import { type TophashError, describe, typeError } from '../errors.js'
import { tagOfAny } from './structured-values.js'

// What goes wrong while a value is copied, for people.

/** The error to throw for one that was thrown in encoding. */
export function explainEncoding(error: unknown): unknown {
  if (error instanceof DevalueError) return refusal(error.path, error.value)
  if (isOverflow(error)) return tooDeep('copied')
  if (isTooLarge(error)) return wrongValue('The value is too large to be copied. Store its parts under several keys.')
  return error // from a getter or a proxy in the value: what it has to say is the program's business
}

/** The error to throw for one that was thrown in decoding. */
export function explainDecoding(error: unknown): TophashError {
  if (isOverflow(error)) return tooDeep('read')
  const reason = error instanceof Error ? error.message : String(error)
  return wrongValue(
    `The bytes of a value are not what the codec 'structured' writes (${reason}). ` +
      'All threads must open a map with the same codec, of the same version.',
  )
}

function refusal(path: string, value: unknown): TophashError {
  const where = path === '' ? 'The value is' : `The value has at ${path.length > 200 ? '…' + path.slice(-200) : path}`
  return wrongValue(`${where} ${describe(value)}, which cannot be copied. ${adviceFor(value)}`)
}

function adviceFor(value: unknown): string {
  if (typeof value === 'function') return 'Leave it out: a map holds data, and each thread has functions of its own.'
  if (typeof value === 'symbol') return 'Use a string instead.'
  const tag = tagOfAny(value)
  if (/^Shared(Map|Set|Heap)$/.test(tag)) {
    return `Store what is in the ${tag} as plain data; its handle goes to threads by postMessage or workerData.`
  }
  if (tag === 'SharedArrayBuffer' || tag === 'WebAssembly.Memory') {
    return 'Shared memory, and handles that hold it, go to threads by postMessage or workerData.'
  }
  if (tag === 'Promise') return 'Await it, and store what it resolves to.'
  if (/^Weak/.test(tag)) return 'Store what it refers to.'
  return 'Store a plain object with what it is made of.'
}

function tooDeep(what: 'copied' | 'read'): TophashError {
  return wrongValue(
    `The value is nested too deeply to be ${what} with the stack that this thread has left. ` +
      'Make it flatter, for example a linked list an array.',
  )
}

function wrongValue(message: string): TophashError {
  return typeError('ERR_VALUE_TYPE', message)
}

function isOverflow(error: unknown): boolean {
  return isRangeError(error) && /stack|recursion/i.test(error.message)
}

function isTooLarge(error: unknown): boolean {
  return isRangeError(error) && /(string|array) length|allocation|out of memory/i.test(error.message)
}

/** What engines throw when something is used up: one has a class of its own for it. */
function isRangeError(error: unknown): error is Error {
  return error instanceof RangeError || (error instanceof Error && error.name === 'InternalError')
}
