// The ways to know that a thread has ended. None of them guesses: a thread that is slow or stopped never seems dead.
//
//   native   Linux lists the threads of a process in /proc: by its own id a thread is there, or not. At any time, also
//            while this thread is in the middle of an operation. Node and Bun; Deno with all permissions.   procfs.ts
//   events   Workers of Node and Bun tell the thread that made them when they have ended.                  workers.ts
//   locks    Browsers free the Web Locks of a thread that has ended.                                       web-locks.ts

export type Way = 'native' | 'events' | 'locks'

const seam = Symbol.for('tophash.without')

/** Whether a way may be used. Tests leave some out, by a list of ways that they put there before the library loads. */
export function mayUse(way: Way): boolean {
  const without = (globalThis as { [seam]?: readonly Way[] })[seam]
  return !without?.includes(way)
}

/**
 * Whether this is Deno. It says that a worker has exited, and frees its Web Locks, while its thread still runs, perhaps
 * for ever; and it may ask the user before it reads a file.
 */
export const isDeno = 'Deno' in globalThis
