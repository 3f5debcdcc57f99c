import { MAX_LEVEL, MAX_THREADS } from './limits'

/**
 * One collection: where its buckets are, and what each thread keeps for it.
 *
 *     0     kinds, level                  read now and then
 *     64    directory[33]                 where bucket i lies: entry 32 - clz(i)
 *     256   stripes[128]                  one per thread, made when the thread opens the table
 *     768   growing                       taken by the thread that raises the level
 *     896   cursor                        next range of children to evacuate
 *     1024
 *
 * Head buckets lie in segments. Segment 0 has 2^baseLevel buckets; each growth adds one segment with as many
 * buckets as there are already, and nothing ever moves:
 *
 *     directory   0 .. base        base + 1         base + 2
 *                 |                |                |
 *                 v                v                v
 *                 [ 2^base       ] [ 2^base       ] [ 2^(base+1)                  ]
 *       bucket    0              2^base           2^(base+1)                      2^(base+2)
 *
 * An entry holds the address that bucket 0 would have if the segment reached down to it, so that the address of
 * bucket i is directory[32 - clz(i)] + i * 144, without a branch.
 */
@unmanaged
@final
export class Table {
  magic: u32
  keyKind: u32
  valueKind: u32
  baseLevel: u32
  /** 2^level head buckets. Written by the thread that holds `growing`; its readers cache it. */
  level: u32
  /** The table made before this one in the same heap; 0 for none. */
  previous: u32
  /** How many collections this record has been: so that who comes with an old handle is told from who has a new one. */
  generation: u32
  /** Names the serialiser of objects: a hash of its name, or 0. */
  codec: u32
  /**
   * Threads that have the table open, plus one for its creator or its name, which deletion takes away. With DOOMED set
   * nobody can open it; who takes the last reference gives the memory back. 0: a record that waits for a new use.
   */
  references: u32
  /** The record's own address, mixed: that there is a record is not believed of any other place. */
  seal: u32
}

export const DOOMED: u32 = 0x80000000

export const TABLE_MAGIC: u32 = 0x4c424154 // "TABL"
export const DIRECTORY: u32 = 64
export const STRIPES: u32 = 256
export const GROWING: u32 = 768
export const CURSOR: u32 = 896
export const TABLE_BYTES: u32 = 1024
/** What tables and stripes are aligned to. */
export const TABLE_ALIGNMENT: u32 = 128
/** What seals are mixed with: neither an address nor a small number. */
export const SEAL: u32 = 0x7ab1_5ea1

export const NUMBER_KIND: u32 = 1
export const STRING_KIND: u32 = 2
export const BIGINT_KIND: u32 = 3
export const BYTES_KIND: u32 = 4
export const ANY_KIND: u32 = 5
/** The values of a set. */
export const NO_KIND: u32 = 6

// What a stripe says of its table's kinds, so that no operation has to look at the table.
/** Keys can be blocks: string, bytes, any. */
export const BOXED_KEYS: u32 = 1
/** Values can be blocks. */
export const BOXED_VALUES: u32 = 2
/** Values are 64 bits of their own kind: bigint. */
export const RAW_VALUES: u32 = 4
export const NO_VALUES: u32 = 8

/** Whether a kind's words can be blocks. */
export function isBoxedKind(kind: u32): bool {
  return kind == STRING_KIND || kind == BYTES_KIND || kind == ANY_KIND
}

/** The flags that a stripe of this table gets. */
export function flagsOf(table: u32): u32 {
  const key = changetype<Table>(table).keyKind
  const value = changetype<Table>(table).valueKind
  let flags: u32 = 0
  if (isBoxedKind(key)) flags |= BOXED_KEYS
  if (isBoxedKind(value)) flags |= BOXED_VALUES
  if (value == BIGINT_KIND) flags |= RAW_VALUES
  if (value == NO_KIND) flags |= NO_VALUES
  return flags
}

/**
 * What one thread keeps for one table: its share of the counters (so that counting touches no shared cache line)
 * and its view of the level. Only its thread writes it; others sum it up. Aligned to two cache lines.
 */
@unmanaged
@final
export class Stripe {
  table: u32
  /** A level that the table has reached; perhaps no longer the newest. Correct all the same: see locate.ts. */
  level: u32
  /** Entries inserted less entries removed by this thread; the sum over the stripes is the size. */
  count: i32
  /** Buckets evacuated by this thread; the sum says when a growth is finished. */
  evacuated: u32
  /** Overflow buckets linked less unlinked by this thread. */
  overflow: i32
  /** Inserts since this thread last looked whether the table must grow. */
  inserts: u32
  lockWaits: u32
  readRetries: u32
  /** Of the table's kinds. */
  flags: u32
  /** How often this thread has the table open. */
  opens: u32
  /** While it is open: the stripe's own address and its thread's, mixed. Every call that is given a stripe looks. */
  seal: u32
}

export const STRIPE_BYTES: u32 = 128

// @ts-ignore: decorator
@inline
export function tableOf(stripe: u32): u32 {
  return changetype<Stripe>(stripe).table
}

// @ts-ignore: decorator
@inline
export function hasFlag(stripe: u32, flag: u32): bool {
  return (changetype<Stripe>(stripe).flags & flag) != 0
}

/** Whether the collection has been deleted. */
// @ts-ignore: decorator
@inline
export function isDoomed(table: u32): bool {
  return (loadReferences(table) & DOOMED) != 0
}

/** Pairs with the stores of noteReferences in deletion.ts. */
// @ts-ignore: decorator
@inline
export function loadReferences(table: u32): u32 {
  return atomic.load<u32>(table, offsetof<Table>('references'))
}

/** Address of the word that holds the stripe of thread `index`. */
// @ts-ignore: decorator
@inline
export function stripeEntry(table: u32, index: u32): u32 {
  return table + STRIPES + (index << 2)
}

export const STRIPES_END: u32 = STRIPES + (MAX_THREADS << 2)

/**
 * Pairs with the store in grow.ts: who sees a level sees the directory entry of its segment. One that no table can have
 * would make many a loop endless.
 */
export function loadLevel(table: u32): u32 {
  const level = atomic.load<u32>(table, offsetof<Table>('level'))
  if (level > MAX_LEVEL) unreachable()
  return level
}

/**
 * Address of a head bucket. A plain load: a thread asks only for buckets of a level that it has seen, and the
 * directory entry was written before that level (or the depth, or the stripe) that told it.
 */
// @ts-ignore: decorator
@inline
export function headAt(table: u32, index: u32): u32 {
  return load<u32>(table + (u32(32 - clz(index)) << 2), DIRECTORY) + index * 144
}

// @ts-ignore: decorator
@inline
export function maskOf(level: u32): u32 {
  return (1 << level) - 1
}

/** The bucket that held a bucket's entries before it: the same index without its highest bit. */
// @ts-ignore: decorator
@inline
export function parentOf(index: u32): u32 {
  return index & ~(0x80000000 >> u32(clz(index)))
}
