import { TophashError } from '../../index.js'
import { optionsError } from '../store.js'

export { optionsError }

/** The code of an error that a load ends with when there is nothing: it travels to the threads that wait for that load. */
const ABSENT_CODE = 'TOPHASH_ABSENT'

/** Thrown instead of made anew each time: nobody sees it. */
export const ABSENT: Error = Object.assign(new Error('There is no value for this key'), { code: ABSENT_CODE })

export function isAbsent(error: unknown): boolean {
  return codeOf(error) === ABSENT_CODE
}

/** The error for a server that cannot be asked. */
export function away(what: string, cause?: unknown): TophashError {
  const error = new TophashError(
    'ERR_SERVER_AWAY',
    `${what}. What is near is given out while the connection is followed; other keys need the server or a loader. ` +
      'The connection is sought again by itself.',
  )
  if (cause !== undefined) error.cause = cause
  return error
}

export function isAway(error: unknown): boolean {
  return codeOf(error) === 'ERR_SERVER_AWAY'
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined
}

/** The classes of which clients make errors that are replies of the server. */
const REPLIES: readonly string[] = ['ErrorReply', 'ReplyError']
/** The class of those of valkey-glide. Derived from it are errors that are none. */
const GLIDE_REPLY = 'RequestError'
/** Replies of a server that is there, and cannot serve yet; the same as valkey-glide says them. */
const NOT_YET: readonly string[] = ['LOADING', 'MASTERDOWN', 'CLUSTERDOWN', 'TRYAGAIN']
const GLIDE_NOT_YET: readonly string[] = ['BusyLoading', 'MasterDown', 'ClusterDown', 'TryAgain']

/** What a command was rejected with: a reply of the server's is passed on as it is, all else means that there is none. */
export function explain(error: unknown): unknown {
  if (isAway(error)) return error
  const message = error instanceof Error ? error.message : String(error)
  const isNotYet = NOT_YET.some((word) => message.startsWith(word)) || GLIDE_NOT_YET.some((word) => message.includes(word))
  if (isReply(error) && !isNotYet) return error
  return away(`The server cannot be asked: ${message}`, error)
}

/** Whether a script is not known to the server: NOSCRIPT, and NoScriptError with valkey-glide. */
export function isUnknownScript(error: unknown): boolean {
  return String((error as Error | undefined)?.message)
    .toUpperCase()
    .includes('NOSCRIPT')
}

function isReply(error: unknown): boolean {
  if (error instanceof Error && error.constructor.name === GLIDE_REPLY) return true
  for (let link: unknown = error; typeof link === 'object' && link !== null; link = Object.getPrototypeOf(link)) {
    if (REPLIES.includes((link as { constructor?: { name?: string } }).constructor?.name ?? '')) return true
  }
  return false
}
