import { type Encoded, ownEncoded, sameEncoded } from '../codecs/encoded.js'

// Callbacks of update, getOrInsertComputed and retain run without a lock, and what they decide is applied only if the
// entry is still what they saw. What such a callback itself writes to its key is no change by somebody else, but it must
// not hide one either. So as long as a callback runs, every write of its thread is noted with what it replaced and what it
// left: one that replaced what was seen counts as seen itself, and any other says that somebody else has come first.

/** Writes by this thread, in whatever heap: an iteration that sees it move looks again. */
export let writes = 0
/** Whether writes must be noted: a callback is running. */
export let isNoting = false

// Both are variables of the module, because every write touches them: behind objects they cost a tenth of a set.

/** The innermost callback that runs in this thread. */
let innermost: Pending | undefined

/** A callback that runs, and what its thread has made of its key meanwhile. */
export interface Pending {
  /** The heap, and where the table lies in it. */
  readonly space: object
  readonly table: number
  readonly key: Encoded
  /** The callback around this one. */
  readonly outer: Pending | undefined
  /** What the callback has seen, or what its thread has made of that; undefined: no entry. */
  seen: Encoded | undefined
  /** Whether a write of this thread has replaced something else: what another thread had written meanwhile. */
  isOvertaken: boolean
}

/** Counts a write of this thread. */
export function countWrite(): void {
  writes++
}

/** Calls `callback` for a key that it sees as `seen`. Returns what it returned, and what has become of the key meanwhile. */
export function callFor<T>(
  { space, address }: { readonly space: object; readonly address: number },
  key: Encoded,
  seen: Encoded | undefined,
  callback: () => T,
): { result: T; pending: Pending } {
  const pending: Pending = { space, table: address, key, outer: innermost, seen, isOvertaken: false }
  enter(pending)
  try {
    return { result: callback(), pending }
  } finally {
    enter(pending.outer)
  }
}

function enter(pending: Pending | undefined): void {
  innermost = pending
  isNoting = pending !== undefined
}

/** Whether a callback runs that has to know of each write to this table. */
export function isWatched({ space, address }: { readonly space: object; readonly address: number }): boolean {
  for (let one = innermost; one; one = one.outer) if (one.space === space && one.table === address) return true
  return false
}

/** Notes that this thread has made `after` of `before` at a key; undefined: there was, or is, no entry. */
export function noteWrite(
  space: object,
  table: number,
  key: Encoded,
  before: Encoded | undefined,
  after: Encoded | undefined,
): void {
  for (let one = innermost; one; one = one.outer) {
    if (one.space !== space || one.table !== table || !sameEncoded(one.key, key)) continue
    if (!isSame(one.seen, before)) one.isOvertaken = true
    one.seen = after && ownEncoded(after) // bytes are the program's, which may go on changing them
  }
}

function isSame(a: Encoded | undefined, b: Encoded | undefined): boolean {
  return a && b ? sameEncoded(a, b) : a === b
}
