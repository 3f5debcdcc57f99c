// Replacement policies of caches, as plain as they can be written: what SharedCache is compared with.

export interface Policy {
  /** Asks for a key, and enters it if it is not there. Whether it was. */
  request(key: number): boolean
  /** Entries that are there. */
  readonly size: number
}

export type NewPolicy = (capacity: number) => Policy

/** The oldest key of a set or map, which keep the order of insertion; undefined for none. */
export function oldestOf(keys: Iterable<number>): number | undefined {
  for (const key of keys) return key
  return undefined
}
