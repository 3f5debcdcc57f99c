import { STRUCTURES } from '../core/structures.js'
import { DevalueError } from 'devalue'
import { type TophashError, describe, typeError } from '../core/errors.js'
import { tagOfAny } from './structured-values.js'
import { isArrayBuffer } from './views.js'

// What goes wrong while a value is copied, for people. What is caught here may have come up near the end of the stack; so no
// regular expression runs here: V8 (Node 20 and 22) ends the process if it has to compile one there. See compiled.ts.

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
  if (ArrayBuffer.isView(value) || isArrayBuffer(value)) {
    return 'Its bytes are gone: the buffer was transferred to another thread, or has shrunk. Store it before, or a copy.'
  }
  if (tag === 'SharedHeap' || Object.values(STRUCTURES).some(({ className }) => className === tag)) {
    return `Store what is in the ${tag} as plain data; its handle goes to threads by postMessage or workerData.`
  }
  if (tag === 'SharedArrayBuffer' || tag === 'WebAssembly.Memory') {
    return 'Shared memory, and handles that hold it, go to threads by postMessage or workerData.'
  }
  if (tag === 'Promise') return 'Await it, and store what it resolves to.'
  if (tag.startsWith('Weak')) return 'Store what it refers to.'
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

/** Of what engines say when the stack, or memory, or the length of something is used up. In lower case. */
const OF_OVERFLOWS = ['stack', 'recursion']
const OF_LENGTHS = ['string length', 'array length', 'allocation', 'out of memory']

function isOverflow(error: unknown): boolean {
  return isRangeError(error) && says(error, OF_OVERFLOWS)
}

function isTooLarge(error: unknown): boolean {
  return isRangeError(error) && says(error, OF_LENGTHS)
}

/** What engines throw when something is used up: one has a class of its own for it. */
function isRangeError(error: unknown): error is Error {
  return error instanceof RangeError || (error instanceof Error && error.name === 'InternalError')
}

function says({ message }: Error, words: readonly string[]): boolean {
  const text = String(message).toLowerCase()
  for (const word of words) if (text.includes(word)) return true
  return false
}
