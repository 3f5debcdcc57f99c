import { type Encoded, ownEncoded, sameEncoded } from '../codecs/encoded.js'

// Callbacks of update, getOrInsertComputed and retain run without a lock, and what they decide is applied only if the
// entry is still what they saw. What such a callback itself writes to its key is no change by somebody else, but it must
// not hide one either. So as long as a callback runs, every write of its thread is noted with what it replaced and what it
// left: one that replaced what was seen counts as seen itself, and any other says that somebody else has come first.

/** When this thread has last written to a table, through whatever object. */
export interface Written {
  /** The number of that run. */
  run: number
}

/**
 * Runs of writes by this thread, in whatever heaps: each is to one table. Who is about to read entries ends the one at hand, and so
 * sees later, by the number of a new one, whether there has been a write since, and to which table.
 */
export let runs = 0
/** The table that the run at hand is to. */
let latest: Written | undefined
/** Whether writes must be noted: a callback is running. */
export let isNoting = false

// These are variables of the module, because every write touches them: behind objects they cost a tenth of a set. For the same reason
// only the first write of a run is put down.

/** What is known of tables, by their heaps and by where they lie there. */
const known = new WeakMap<object, Map<number, Written>>()

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

/** What is known of a table. One that comes to lie where another was deleted goes on with that, which does no harm. */
export function writtenIn(space: object, table: number): Written {
  let tables = known.get(space)
  if (!tables) known.set(space, (tables = new Map()))
  let written = tables.get(table)
  if (!written) tables.set(table, (written = { run: 0 }))
  return written
}

/** Counts a write of this thread. */
export function countWrite(written: Written): void {
  if (written !== latest) beginRun(written)
}

function beginRun(written: Written): void {
  latest = written
  written.run = ++runs
}

/** Ends the run at hand, before entries are read. Returns its number. */
export function endRun(): number {
  latest = undefined
  return runs
}

/** Whether this thread has written to a table since a run that was ended. */
export function isWrittenSince(written: Written, run: number): boolean {
  return written.run > run
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
