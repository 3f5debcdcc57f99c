/** What the words mean that all threads of flight.test.ts have. */
export const FLIGHT = {
  /** The clock of the cache. */
  now: 0,
  /** Whether who loads is to be killed: it says who it is, and never ends. */
  hang: 1,
  loader: 2,
  /** Calls of the loader. */
  loads: 3,
  stop: 4,
} as const
