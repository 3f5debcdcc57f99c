// Made by scripts/mirror.mjs from assembly/structures/queue/mirror.json, which says what belongs here: do not edit.

/** Which structure a queue is: see assembly/heap/registry.ts. */
export const QUEUE_ID = 4

/** In the record of a queue. Which words its threads sleep on, one for each end; what it can hold. */
export const QUEUE = {
  capacity: 44,
  closed: 48,
  signals: 68,
  mostItems: 16777216,
  defaultItems: 1024,
  consumers: 0,
  producers: 1,
} as const

/** In a batch of items that were received: its first word, and how many. */
export const BATCH = {
  count: 12,
  words: 32,
  most: 4096,
} as const
