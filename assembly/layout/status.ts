// What an export returns or leaves in results().status. The TypeScript side turns the negative ones into errors.

export const ABSENT: i32 = 0
export const FOUND: i32 = 1
export const REPLACED: i32 = 0
export const INSERTED: i32 = 1
export const REMOVED: i32 = 1
/** Of a queue: the item is in it; there is no room for it. */
export const PUSHED: i32 = 1
export const FULL: i32 = 0
/** compareAndSet: whether the value was the expected one. */
export const MATCHED: i32 = 1
export const DIFFERENT: i32 = 0
/** take, exchange: the entry is as it was, because its value has to be read before it is lost. */
export const SPARED: i32 = 2

export const OUT_OF_MEMORY: i32 = -1
export const OWNER_UNRESPONSIVE: i32 = -2
export const TOO_MANY_THREADS: i32 = -3
/** The collection was deleted from its heap. */
export const DELETED: i32 = -4
export const NOT_A_NUMBER: i32 = -5
/** The sum does not fit into 64 bits. */
export const OVERFLOW: i32 = -6
/** The answer does not fit into what is left of the page. Comes out of the core only if an exception has come out of getMany. */
export const NO_ROOM: i32 = -7
/** What was given is nothing that this thread may use: no table that it has open, no block of its own. */
export const INVALID: i32 = -8
/** What was found is nothing that the core has written. */
export const CORRUPT: i32 = -9
/** The queue takes no more items. */
export const CLOSED: i32 = -10
/** A cache: this thread has no credit for an entry. Does not come out of the core. */
export const NO_CREDIT: i32 = -11
/** The entry alone is larger than all that the cache may hold. */
export const TOO_LARGE: i32 = -12
/** What was loaded is not kept: its key was written meanwhile. */
export const OVERTAKEN: i32 = -13
/** A key that is known by its block may be another's by now, or lies elsewhere: it has to be looked for by its bytes. */
export const OUTDATED: i32 = -14
