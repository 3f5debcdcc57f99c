import { type Form, ownForm, sameForm } from './codecs/form.js'

// Callbacks of update, getOrInsertComputed and retain run without a lock, and what they decide is applied only if the
// entry is still what they saw. What such a callback itself writes to its key must not count as a change by somebody
// else: so as long as one runs, every write of its thread is noted with what it left.

/** A callback that runs, and what its thread has made of its key meanwhile. */
export interface Pending {
  readonly table: number
  readonly key: Form
  /** The callback around this one. */
  readonly outer: Pending | undefined
  /** Whether this thread has written the key since the callback began. */
  hasWritten: boolean
  /** What it has left there; undefined: nothing, the entry is gone. */
  written: Form | undefined
}

interface Activity {
  pending: Pending | undefined
}

/** Calls `callback` for a key of a table. Returns what it returned, and what of its doings concerns the key. */
export function callFor<T>(
  activity: Activity, table: number, key: Form, callback: () => T,
): { result: T; pending: Pending } {
  const pending: Pending = { table, key, outer: activity.pending, hasWritten: false, written: undefined }
  activity.pending = pending
  try {
    return { result: callback(), pending }
  } finally {
    activity.pending = pending.outer
  }
}

/** Notes that this thread has written a key; `value` undefined: has removed it. */
export function noteWrite({ pending }: Activity, table: number, key: Form, value: Form | undefined): void {
  for (let one = pending; one; one = one.outer) {
    if (one.table !== table || !sameForm(one.key, key)) continue
    one.hasWritten = true
    one.written = value && ownForm(value) // bytes are the program's, which may go on changing them
  }
}

/** Notes that this thread has cleared a table. */
export function noteClear({ pending }: Activity, table: number): void {
  for (let one = pending; one; one = one.outer) {
    if (one.table === table) Object.assign(one, { hasWritten: true, written: undefined })
  }
}
