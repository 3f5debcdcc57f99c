// What an export returns or leaves in results().status. The TypeScript side turns the negative ones into errors.

export const ABSENT: i32 = 0
export const FOUND: i32 = 1
export const REPLACED: i32 = 0
export const INSERTED: i32 = 1
export const REMOVED: i32 = 1

export const OUT_OF_MEMORY: i32 = -1
export const OWNER_UNRESPONSIVE: i32 = -2
export const TOO_MANY_THREADS: i32 = -3
