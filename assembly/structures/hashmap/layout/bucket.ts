import { BUCKET_CLASS_BYTES } from '../../../layout/limits'

/**
 * A bucket: 8 slots, a tophash byte for each, a lock word and a link. 144 bytes, so that heads lie densely;
 * overflow buckets take 160, because a link keeps the depth in its low 5 bits.
 *
 *     0       4       8               16      24      32                          144
 *     +-------+-------+---------------+-------+-------+-------+-------+-- ... ----+
 *     | lock  | next  | tophash 0..7  | key 0 |value 0| key 1 |value 1|     ... 7 |
 *     +-------+-------+---------------+-------+-------+-------+-------+-- ... ----+
 *      \____ one cache line: what every search reads ____/      \_ a hit reads one more
 *
 * lock     (head only)  unlocked: version << 3 | WAITERS | LIVE          see sync/lock.ts
 *                       locked:   owner << 3 | WAITERS | LIVE | LOCKED
 * next     address of the next overflow bucket (a multiple of 32) | depth (low 5 bits; head only)
 * tophash  byte i is 0 where slot i is empty, else 0x80 | the hash's top 7 bits
 *
 * The depth d of a head says which hashes are its own: those whose low d bits are its index. A split raises it.
 */
@unmanaged
@final
export class Bucket {
  lock: u32
  next: u32
  tophash: u64
  key0: u64
  value0: u64
}

export const BUCKET_BYTES: u32 = 144
export const OVERFLOW_BUCKET_BYTES: u32 = BUCKET_CLASS_BYTES
export const DEPTH_MASK: u32 = 31

const SLOT_BYTES_SHIFT: u32 = 4
const HIGH_BITS: u64 = 0x8080808080808080
const LOW_BITS: u64 = 0x0101010101010101

/**
 * A slot's name: the address of its bucket (a multiple of 8) with its index in the low bits. NO_SLOT is no slot;
 * STALE says that the chain changed underfoot and the search proves nothing.
 */
export type SlotRef = u32
export const NO_SLOT: SlotRef = 0
export const STALE: SlotRef = 1

@inline
export function slotRef(bucket: u32, index: u32): SlotRef {
  return bucket | index
}

@inline
export function bucketOf(ref: SlotRef): u32 {
  return ref & ~7
}

@inline
export function indexOf(ref: SlotRef): u32 {
  return ref & 7
}

/** Address of the slot's key word less the 16 bytes before slot 0; the value word is 8 further. */
@inline
export function baseOf(ref: SlotRef): u32 {
  return baseOfSlot(bucketOf(ref), indexOf(ref))
}

@inline
export function baseOfSlot(bucket: u32, index: u32): u32 {
  return bucket + (index << SLOT_BYTES_SHIFT)
}

/** The other way round. */
@inline
export function refOfBase(bucket: u32, base: u32): SlotRef {
  return slotRef(bucket, (base - bucket) >> SLOT_BYTES_SHIFT)
}

// ---- What lock-free readers see: aligned atomics of one width each. ----

/** Pairs with every storeNext. */
@inline
export function loadNext(bucket: u32): u32 {
  return atomic.load<u32>(bucket, offsetof<Bucket>('next'))
}

/** Publishes a filled overflow bucket, unlinks an empty one, or raises a depth. Holds the chain's lock. */
@inline
export function storeNext(bucket: u32, next: u32): void {
  atomic.store<u32>(bucket, next, offsetof<Bucket>('next'))
}

/** Pairs with every storeTophash. */
@inline
export function loadTophash(bucket: u32): u64 {
  return atomic.load<u64>(bucket, offsetof<Bucket>('tophash'))
}

/** Publishes a slot (its key and value were written before) or withdraws it. Holds the chain's lock. */
@inline
export function storeTophash(bucket: u32, tophash: u64): void {
  atomic.store<u64>(bucket, tophash, offsetof<Bucket>('tophash'))
}

/** Pairs, by way of the tophash word, with fillSlot: who sees the tophash byte sees the key. */
@inline
export function loadKey(ref: SlotRef): u64 {
  return loadKeyAt(baseOf(ref))
}

/** Pairs with storeValue, or by way of the tophash word with fillSlot. */
@inline
export function loadValue(ref: SlotRef): u64 {
  return loadValueAt(baseOf(ref))
}

/** The same by its base, for the shortest way through a read. */
@inline
export function loadKeyAt(base: u32): u64 {
  return atomic.load<u64>(base, offsetof<Bucket>('key0'))
}

@inline
export function loadValueAt(base: u32): u64 {
  return atomic.load<u64>(base, offsetof<Bucket>('value0'))
}

/** Address of a slot's value word, to be noted. */
@inline
export function valueWord(ref: SlotRef): u32 {
  return baseOf(ref) + u32(offsetof<Bucket>('value0'))
}

/** Address of a bucket's tophash word, to be noted. */
@inline
export function tophashWord(bucket: u32): u32 {
  return bucket + u32(offsetof<Bucket>('tophash'))
}

/** Address of a bucket's link, to be noted. */
@inline
export function nextWord(bucket: u32): u32 {
  return bucket + u32(offsetof<Bucket>('next'))
}

/** Replaces the value of a published slot: this store is the moment at which the new value is the value. */
@inline
export function storeValue(ref: SlotRef, value: u64): void {
  storeValueAt(baseOf(ref), value)
}

/** The same by its base, for the shortest way through a write. */
@inline
export function storeValueAt(base: u32, value: u64): void {
  atomic.store<u64>(base, value, offsetof<Bucket>('value0'))
}

/**
 * Fetches the bucket's other two cache lines while the first is still on its way: a search would ask for one of
 * them only after it has seen the tophash word, one memory latency later. There is no prefetch instruction in
 * WebAssembly; a load that nobody uses stays, because it could trap, and nothing waits for it.
 *
 * Not where the slot is all that is looked at, a word that is compared with another: processors begin the next operation
 * meanwhile, and two loads, of which one is for nothing, are two lines less for that. A block is found by its slot only.
 */
@inline
export function prefetchSlots(bucket: u32): void {
  load<u64>(bucket, 64)
  load<u64>(bucket, 128)
}

// ---- What only the lock's holder touches: plain memory. ----

/** Writes an empty slot. No reader heeds what is in a slot whose tophash byte is 0, so it is private until storeTophash. */
@inline
export function fillSlot(ref: SlotRef, key: u64, value: u64): void {
  store<u64>(baseOf(ref), value, offsetof<Bucket>('value0'))
  store<u64>(baseOf(ref), key, offsetof<Bucket>('key0'))
}

/** Completes a bucket that no reader can reach yet. */
@inline
export function storePrivate(bucket: u32, tophash: u64, next: u32): void {
  store<u32>(bucket, next, offsetof<Bucket>('next'))
  store<u64>(bucket, tophash, offsetof<Bucket>('tophash'))
}

/**
 * Makes a free block an empty overflow bucket that no reader can reach yet. What a head has for a lock stays: there the
 * allocator has its link, which is needed again if this comes to nothing.
 */
@inline
export function resetBucket(bucket: u32): void {
  store<u32>(bucket, 0, offsetof<Bucket>('next'))
  store<u64>(bucket, 0, offsetof<Bucket>('tophash'))
}

@inline
export function overflowOf(next: u32): u32 {
  return next & ~DEPTH_MASK
}

@inline
export function depthOf(next: u32): u32 {
  return next & DEPTH_MASK
}

/** Whether a head with this link and depth is responsible for a hash, if the search for that has begun at `start`. */
@inline
export function isHome(next: u32, start: u32, hash: u32): bool {
  return ((hash ^ start) << 1) << (~next & DEPTH_MASK) == 0 // their low `depth` bits are the same
}

// ---- The tophash word: 8 bytes compared at once (SWAR). ----

/** The tag of a hash in each of the 8 bytes. */
@inline
export function tagPattern(hash: u32): u64 {
  return u64(0x80 | (hash >> 25)) * LOW_BITS
}

/** A high bit for each byte that equals the pattern's, and now and then one for its neighbour: compare the keys. */
@inline
export function matchTag(tophash: u64, pattern: u64): u64 {
  const x = tophash ^ pattern
  return (x - LOW_BITS) & ~x & HIGH_BITS
}

/** A high bit for each empty slot. */
@inline
export function emptySlots(tophash: u64): u64 {
  return ~tophash & HIGH_BITS
}

/** A high bit for each used slot. */
@inline
export function usedSlots(tophash: u64): u64 {
  return tophash & HIGH_BITS
}

/** Index of the first slot of a non-zero set of high bits. */
@inline
export function firstSlot(slots: u64): u32 {
  return u32(ctz(slots)) >> 3
}

@inline
export function slotCount(slots: u64): u32 {
  return u32(popcnt(slots))
}

@inline
export function tagAt(tophash: u64, index: u32): u64 {
  return (tophash >> u64(index << 3)) & 0xff
}

@inline
export function withTag(tophash: u64, index: u32, tag: u64): u64 {
  return withoutTag(tophash, index) | (tag << u64(index << 3))
}

@inline
export function withoutTag(tophash: u64, index: u32): u64 {
  return tophash & ~(u64(0xff) << u64(index << 3))
}

/** Empties several slots, given as high bits. */
@inline
export function withoutTags(tophash: u64, slots: u64): u64 {
  return tophash & ~((slots >> 7) * 0xff)
}
