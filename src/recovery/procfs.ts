import { builtinModule } from '../core/platform.js'
import { isDeno, mayUse } from '../core/detectors.js'

// Linux: what /proc says of the threads of this process.

/** A thread of the operating system; the start tells it from a later one of the same id. 0: unknown. */
export interface NativeThread {
  readonly nativeId: number
  readonly nativeStart: number
}

interface FileSystem {
  readlinkSync(path: string): string
  readFileSync(path: string, encoding: 'latin1'): string
}

const UNKNOWN: NativeThread = { nativeId: 0, nativeStart: 0 }
const SELF = '/proc/thread-self'

const files = builtinModule<FileSystem>('node:fs')

/** The thread that runs this. */
export const ownNative = findOwn()

function findOwn(): NativeThread {
  if (!files || !mayUse('native') || !mayRead()) return UNKNOWN
  try {
    const id = Number(files.readlinkSync(SELF).split('/')[2]) // such as 4711/task/4715
    const start = id > 0 ? startOf(id) : undefined
    return start === undefined ? UNKNOWN : { nativeId: id, nativeStart: start }
  } catch {
    return UNKNOWN // not Linux, or an old one
  }
}

/** Whether reading does not make Deno ask the user for permission. */
function mayRead(): boolean {
  if (!isDeno) return true
  const { Deno } = globalThis as unknown as { Deno: { permissions?: { querySync?(what: object): { state: string } } } }
  return Deno.permissions?.querySync?.({ name: 'read', path: SELF }).state === 'granted'
}

/** Whether a thread of this process has ended; undefined: that cannot be told. */
export function isGone({ nativeId, nativeStart }: NativeThread): boolean | undefined {
  if (nativeId === 0 || ownNative.nativeId === 0) return undefined
  try {
    // A /proc that does not even know the thread that asks has become another one.
    if (startOf(ownNative.nativeId) !== ownNative.nativeStart) return undefined
    const start = startOf(nativeId)
    // A start of 0 is not known yet: a slot is filled in word by word.
    return start === undefined || (nativeStart !== 0 && start !== nativeStart)
  } catch {
    return undefined
  }
}

/** When a thread of this process was started, as 32 bits; undefined: there is none of this id. Throws if unknown. */
function startOf(id: number): number | undefined {
  try {
    return parseStart(files!.readFileSync(`/proc/self/task/${id}/stat`, 'latin1'))
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}

/**
 * The 22nd field of a stat file, in ticks since the machine started; undefined if the thread has ended and only waits
 * for others to notice. The second field, a name in parentheses, may itself contain spaces and parentheses.
 */
export function parseStart(stat: string): number | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state] = fields
  if (state === 'Z' || state === 'X' || state === 'x') return undefined
  const start = Number(fields[22 - 3])
  if (!Number.isSafeInteger(start)) throw new Error(`This is no line of a stat file: ${stat}`)
  return start >>> 0
}
