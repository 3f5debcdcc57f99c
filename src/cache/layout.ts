// Made by scripts/mirror.mjs from assembly/structures/cache/mirror.json, which says what belongs here: do not edit.

/** Which structure a cache is: see assembly/heap/registry.ts. */
export const CACHE_ID = 5

/** Byte offsets from the control of a cache: loads that are under way, and three counters behind it; leases; how loads failed. */
export const CONTROL = {
  loads: 512,
  leases: 1024,
  failures: 2048,
} as const

/**
 * Byte offsets in the ring of removals: the next number, how many there was no room for, the word that listeners sleep
 * on; its bytes.
 */
export const REMOVALS = {
  next: 0,
  dropped: 128,
  sleep: 192,
  bytes: 327936,
} as const

/** How many leases there are, in lines of so many; which bits of a lease's word say what. */
export const LEASE = {
  count: 256,
  line: 16,
  tag: 16776704,
  overtaken: 256,
} as const

/** How many failures are kept, of so many bytes each. */
export const FAILURE = {
  count: 16,
  bytes: 512,
} as const
