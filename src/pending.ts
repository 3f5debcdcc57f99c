import { type Form, ownForm, sameForm } from './codecs/form.js'

// Callbacks of update, getOrInsertComputed and retain run without a lock, and what they decide is applied only if the
// entry is still what they saw. What such a callback itself writes to its key must not count as a change by somebody
// else: so as long as one runs, every write of its thread is noted with what it left.

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
  readonly key: Form
  /** The callback around this one. */
  readonly outer: Pending | undefined
  /** Whether this thread has written the key since the callback began. */
  hasWritten: boolean
  /** What it has left there; undefined: nothing, the entry is gone. */
  written: Form | undefined
}

/** Counts a write of this thread. */
export function countWrite(): void {
  writes++
}

/** Calls `callback` for a key of a table. Returns what it returned, and what of its doings concerns the key. */
export function callFor<T>(
  space: object, table: number, key: Form, callback: () => T,
): { result: T; pending: Pending } {
  const pending: Pending = { space, table, key, outer: innermost, hasWritten: false, written: undefined }
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

/** Notes that this thread has written a key; `value` undefined: has removed it. */
export function noteWrite(space: object, table: number, key: Form, value: Form | undefined): void {
  for (let one = innermost; one; one = one.outer) {
    if (one.space !== space || one.table !== table || !sameForm(one.key, key)) continue
    one.hasWritten = true
    one.written = value && ownForm(value) // bytes are the program's, which may go on changing them
  }
}

/** Notes that this thread has cleared a table. */
export function noteClear(space: object, table: number): void {
  for (let one = innermost; one; one = one.outer) {
    if (one.space === space && one.table === table) Object.assign(one, { hasWritten: true, written: undefined })
  }
}
