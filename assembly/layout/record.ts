import { MAX_GENERATION, MAX_THREADS } from './limits'

/**
 * A collection's record: what all structures have. A record stays a record for ever and is used again.
 *
 *     0     what it is, who uses it           64 bytes, of which the last 24 are the structure's
 *     64    the structure's
 *     256   stripes[128]                      one per thread, made when the thread opens the collection
 *     768   the structure's, in cache lines of its own
 *     1024
 */
@unmanaged
export class CollectionRecord {
  magic: u32
  /** Which structure it is: see heap/registry.ts. */
  structure: u32
  keyKind: u32
  valueKind: u32
  /** Names the serialiser of objects: a hash of its name, or 0. */
  codec: u32
  /** The record made before this one in the same heap; 0 for none. */
  previous: u32
  /**
   * Rises with each collection that this record is: so that who comes with an old handle is told from who has a new one.
   * Even: the collection has no name, and ends with the last thread that has it open; odd: it stays until it is deleted.
   */
  generation: u32
  /**
   * Threads that have the collection open, plus one for its creator or its name, which deletion takes away: in a collection
   * without a name the last thread that closes it. With DOOMED set nobody can open it; who takes the last reference gives
   * the memory back. 0: a record that waits for a new use.
   */
  references: u32
  /** The record's own address, mixed: that there is a record is not believed of any other place. */
  seal: u32
}

export const DOOMED: u32 = 0x80000000

export const RECORD_MAGIC: u32 = 0x4c4c4f43 // "COLL"
/** The structure's words that are read with the record's: from offsetof<CollectionRecord>() on. */
export const OWN: u32 = 64
export const STRIPES: u32 = 256
export const STRIPES_END: u32 = STRIPES + (MAX_THREADS << 2)
export const OWN_LINES: u32 = STRIPES_END
export const RECORD_BYTES: u32 = 1024
/** What records and stripes are aligned to. */
export const RECORD_ALIGNMENT: u32 = 128
/** What seals are mixed with: neither an address nor a small number. */
export const SEAL: u32 = 0x7ab1_5ea1

// ---- Kinds of keys and values ----

export const NUMBER_KIND: u32 = 1
export const STRING_KIND: u32 = 2
export const BIGINT_KIND: u32 = 3
export const BYTES_KIND: u32 = 4
export const ANY_KIND: u32 = 5
/** The values of a set. */
export const NO_KIND: u32 = 6

// What a stripe says of its collection's kinds, so that no operation has to look at the record.
/** Keys can be blocks: string, bytes, any. */
export const BOXED_KEYS: u32 = 1
/** Values can be blocks. */
export const BOXED_VALUES: u32 = 2
/** Values are 64 bits of their own kind: bigint. */
export const RAW_VALUES: u32 = 4
export const NO_VALUES: u32 = 8
/** Entries end, and are counted: a cache's. Its structure adds this when a stripe is opened. */
export const WIDE: u32 = 16
/** They can end some time after their last use as well. */
export const IDLE: u32 = 32
/** What this thread writes to a cache now keeps the times of the values that it replaces. */
export const KEEPS_TIMES: u32 = 64

/** Whether a kind's words can be blocks. */
export function isBoxedKind(kind: u32): bool {
  return kind == STRING_KIND || kind == BYTES_KIND || kind == ANY_KIND
}

/** The flags that a stripe of this collection gets. */
export function flagsOf(record: u32): u32 {
  const key = changetype<CollectionRecord>(record).keyKind
  const value = changetype<CollectionRecord>(record).valueKind
  let flags: u32 = 0
  if (isBoxedKind(key)) flags |= BOXED_KEYS
  if (isBoxedKind(value)) flags |= BOXED_VALUES
  if (value == BIGINT_KIND) flags |= RAW_VALUES
  if (value == NO_KIND) flags |= NO_VALUES
  return flags
}

// ---- Generations and references ----

/** Whether the collection ends with the last thread that has it open. */
export function isUnnamed(record: u32): bool {
  return !(changetype<CollectionRecord>(record).generation & 1)
}

/** The generation of a record's next use: see CollectionRecord. */
export function nextGeneration(record: u32, unnamed: bool): u32 {
  const generation = changetype<CollectionRecord>(record).generation
  return unnamed ? (generation + 2) & ~1 : (generation + 1) | 1
}

/** Whether a record has been all the collections that it can be: it stays a record, but is not used again. */
export function isUsedUp(record: u32): bool {
  return changetype<CollectionRecord>(record).generation > MAX_GENERATION - 2
}

/** Whether the collection has been deleted. */
@inline
export function isDoomed(record: u32): bool {
  return (loadReferences(record) & DOOMED) != 0
}

/** Pairs with the stores of noteReferences in heap/deletion.ts. */
@inline
export function loadReferences(record: u32): u32 {
  return atomic.load<u32>(record, offsetof<CollectionRecord>('references'))
}

/** Address of the word that holds the stripe of thread `index`. */
@inline
export function stripeEntry(record: u32, index: u32): u32 {
  return record + STRIPES + (index << 2)
}
