// Made by scripts/mirror.mjs from assembly/heap/mirror.json, which says what belongs here: do not edit.

/** Which structure a record is: see assembly/heap/registry.ts. */
export const STRUCTURE = {
  hashMap: 1,
  bitset: 2,
  queue: 4,
  cache: 5,
} as const
