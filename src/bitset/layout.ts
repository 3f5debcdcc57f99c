// Made by scripts/mirror.mjs from assembly/structures/bitset/mirror.json, which says what belongs here: do not edit.

/** Which structure a bitset is: see assembly/heap/registry.ts. */
export const BITSET_ID = 2

/** In the record of a bitset: its last bit. Of a page: which bits of an index name it; its bytes. */
export const BITSET = {
  lastBit: 36,
  pageBitsShift: 16,
  pageBytes: 8192,
} as const

/** What combinePage() does. */
export const COMBINE = {
  or: 0,
  and: 1,
  andNot: 2,
  xor: 3,
} as const
