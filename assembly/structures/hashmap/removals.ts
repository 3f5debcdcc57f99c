import { BLOCK_HEADER_BYTES, NUMBER, paddedBytes, WORD } from '../../layout/block'
import { MAX_THREADS } from '../../layout/limits'
import { BOXED_KEYS, BOXED_VALUES, stripeEntry } from '../../layout/record'
import { hasFlag, STRIPE_BYTES } from '../../layout/stripe'
import { me } from '../../layout/thread'
import { addressOf, isBlock, isBoxed, Word } from '../../layout/word'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { ensureReach } from '../../sync/reach'
import { copyWords } from '../../memory/contents'
import { loadKey, loadValue, SlotRef } from './layout/bucket'
import { cacheOf, CacheStripe } from './layout/cache'
import {
  beginAt, beginIn, causeAt, causeBit, causesOf, DELETED_BY, DROPPED, EXPIRED, loadStamp, markOf, MOST_WORDS, numberIn, PLACE_COUNT,
  placeAt, REMOVAL_HEAD, REMOVAL_TAIL, REMOVALS_BYTES, ringOf, SLEEP, STORE_WORDS, storeAt, storeOrigin, threadAt,
} from './layout/removals'
import { tableOf } from './layout/table'
import { wasDead } from './live'

// Removals, for those who listen to a cache (layout/removals.ts): who takes a value out of it claims a number, under the lock of the
// chain and before the commit, and copies key and value; after the commit it publishes them. So of one key the numbers are in the order
// in which it happened, and there is no removal without a number, as long as somebody listens.
//
// A number whose thread dies, or is thrown out, before it publishes it is void: those who listen count it as lost. Nobody has to repair
// that. Before it claims a number a thread says in its stripe which it may become (`claim`), and takes that back when all of its numbers
// are published; so a number that is claimed and not published, and is no stripe's, is void. (In the one order of all atomics the claim
// comes after that word; who has seen the claim, and then looks at the stripes, sees the word or what came after, and looks at the
// place again.) What a dead thread's stripe says is taken back when it is recovered.
//
// Places and store go round: the tail moves over what is published or void, never over what is being written. If it cannot, the
// removal has no room, which is counted, and the operation goes on.

/** Why the next entry is removed; 0: it is deleted. */
let nextCause: u32 = 0
/** The stripe whose `claim` says something, 0: none; and the number behind the last that was claimed. */
let claiming: u32 = 0
let claimedEnd: u32 = 0
/** Where the number that was claimed last begins in the store. */
let claimedBegin: u32 = 0

/** The next entry is removed for this cause. */
export function removeFor(cause: u32): void {
  nextCause = cause
}

/** An exception came out of an operation: what it has claimed is void. */
export function forgetRemovals(): void {
  nextCause = 0
  if (claiming) dropClaim(claiming)
  claiming = 0
}

/** This thread, or the one that it has become, writes no removal any more. */
export function dropClaim(stripe: u32): void {
  atomic.store<u8>(stripe, 0, offsetof<CacheStripe>('isClaiming'))
}

/** Under the lock, before the commit: an entry is about to be removed. */
@inline
export function beginRemoval(stripe: u32, ref: SlotRef): void {
  if (causesOf(stripe)) enterFor(stripe, ref, nextCause ? nextCause : DELETED_BY)
  nextCause = 0
}

/** The same of one that is about to lose its value to another. */
@inline
export function beginReplacement(stripe: u32, ref: SlotRef, cause: u32): void {
  if (causesOf(stripe)) enterFor(stripe, ref, cause)
}

/** An entry that has ended was none: whatever takes it away, it is that. */
function enterFor(stripe: u32, ref: SlotRef, given: u32): void {
  const cause = given > EXPIRED && wasDead(stripe, ref) ? EXPIRED : given
  if (causesOf(stripe) & causeBit(cause)) enter(stripe, loadKey(ref), loadValue(ref), cause)
}

function enter(stripe: u32, key: Word, value: Word, cause: u32): void {
  const ring = ringOf(stripe)
  ensureReach(ring + REMOVALS_BYTES)
  const words = wordsFor(key, hasFlag(stripe, BOXED_KEYS)) + wordsFor(value, hasFlag(stripe, BOXED_VALUES))
  if (words > MOST_WORDS || !claim(stripe, ring, words)) {
    atomic.add<u32>(ring + DROPPED, 1)
    return
  }
  const place = placeAt(ring, claimedEnd - 1)
  storeOrigin(place, claimedBegin, me().id, cause, words)
  atomic.store<u64>(place, u64(claimedEnd - 1)) // being written: pairs with loadStamp
  checkpoint(Checkpoint.RemovalClaimed)
  const end = copyTo(storeAt(ring, claimedBegin), key, hasFlag(stripe, BOXED_KEYS))
  copyTo(end, value, hasFlag(stripe, BOXED_VALUES))
}

/** Words of a key or value in the format of a batch. */
function wordsFor(word: Word, isBoxedKind: bool): u32 {
  if (!isBoxedKind) return 1
  if (!isBlock(word)) return 2
  const block = addressOf(word)
  ensureReach(block + BLOCK_HEADER_BYTES)
  const bytes = BLOCK_HEADER_BYTES + paddedBytes(load<u32>(block))
  ensureReach(block + bytes)
  return bytes >> 3
}

function copyTo(target: u32, word: Word, isBoxedKind: bool): u32 {
  if (!isBoxedKind) {
    store<u64>(target, word)
    return target + 8
  }
  if (!isBlock(word)) {
    store<u64>(target, isBoxed(word) ? WORD : NUMBER)
    store<u64>(target, word, 8)
    return target + 16
  }
  const bytes = wordsFor(word, true) << 3
  copyWords(target, addressOf(word), bytes)
  return target + bytes
}

/** Takes the next number, and room in the store. False: there is none. */
function claim(stripe: u32, ring: u32, words: u32): bool {
  while (true) {
    const head = atomic.load<u64>(ring + REMOVAL_HEAD)
    sayClaim(stripe, numberIn(head))
    const offset = beginIn(head) & (STORE_WORDS - 1)
    const begin = offset + words <= STORE_WORDS ? beginIn(head) : beginIn(head) + STORE_WORDS - offset // in one piece
    if (!makeRoom(stripe, ring, head, begin + words)) {
      takeBack(stripe)
      return false
    }
    if (atomic.cmpxchg<u64>(ring + REMOVAL_HEAD, head, markOf(numberIn(head) + 1, begin + words)) != head) continue
    claimedBegin = begin
    claimedEnd = numberIn(head) + 1
    return true
  }
  return false
}

/** Says that numbers from this one on may be this thread's; of several, the first stays said. */
function sayClaim(stripe: u32, number: u32): void {
  if (claiming) return
  claiming = stripe
  claimedEnd = number
  atomic.store<u32>(stripe, number, offsetof<CacheStripe>('claim'))
  atomic.store<u8>(stripe, 1, offsetof<CacheStripe>('isClaiming')) // before the claim: pairs with isVoid
}

/** Nothing was claimed now: if nothing was before, nothing is said any more. */
function takeBack(stripe: u32): void {
  if (claimedEnd != atomic.load<u32>(stripe, offsetof<CacheStripe>('claim'))) return
  dropClaim(stripe)
  claiming = 0
}

/** After the commit, under the lock still: publishes what this thread has claimed, and wakes who sleeps. */
@inline
export function publishRemovals(): void {
  if (claiming) publish(claiming)
}

function publish(stripe: u32): void {
  const ring = ringOf(stripe)
  for (let number = atomic.load<u32>(stripe, offsetof<CacheStripe>('claim')); number != claimedEnd; number++) {
    const place = placeAt(ring, number)
    if (loadStamp(place) != u64(number) || threadAt(place) != me().id) continue // another thread's
    atomic.store<u64>(place, markOf(number, causeAt(place))) // with what lies in the store: pairs with loadStamp
    checkpoint(Checkpoint.RemovalPublished)
  }
  dropClaim(stripe)
  claiming = 0
  if (atomic.load<u32>(ring + SLEEP)) wakeAll(ring)
}

function wakeAll(ring: u32): void {
  atomic.store<u32>(ring + SLEEP, 0)
  atomic.notify(ring + SLEEP, -1)
}

// ---- Room ----

/** Lets the tail go on until so many words, and a place, are free. False: something in the way is being written. */
function makeRoom(stripe: u32, ring: u32, head: u64, end: u32): bool {
  while (true) {
    const tail = atomic.load<u64>(ring + REMOVAL_TAIL)
    if (end - beginIn(tail) <= STORE_WORDS && numberIn(head) - numberIn(tail) < PLACE_COUNT) return true
    if (!moveTail(stripe, ring, head, tail)) return atomic.load<u64>(ring + REMOVAL_HEAD) != head // then it is tried anew
  }
  return false
}

/** Moves the tail to the next number that has a place. False: what is in between is being written. */
function moveTail(stripe: u32, ring: u32, head: u64, tail: u64): bool {
  let number = numberIn(tail)
  if (number != numberIn(head)) {
    if (!isPublished(ring, number) && !isVoid(stripe, ring, number)) return false
    number++
    while (number != numberIn(head) && numberIn(loadStamp(placeAt(ring, number))) != number) {
      if (!isVoid(stripe, ring, number)) return false
      number++
    }
  }
  const next = number == numberIn(head) ? head : markOf(number, beginAt(placeAt(ring, number)))
  atomic.cmpxchg<u64>(ring + REMOVAL_TAIL, tail, next) // if that fails, another thread has moved it
  return true
}

@inline
export function isPublished(ring: u32, number: u32): bool {
  const stamp = loadStamp(placeAt(ring, number))
  return numberIn(stamp) == number && beginIn(stamp) != 0
}

/** Whether a number that is claimed will never be published: it is none that a thread says may be its own. */
export function isVoid(stripe: u32, ring: u32, number: u32): bool {
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const other = atomic.load<u32>(stripeEntry(tableOf(stripe), index)) // pairs with settleRaw in supply.ts
    if (!other) continue
    ensureReach(other + STRIPE_BYTES)
    const isClaiming = atomic.load<u8>(other, offsetof<CacheStripe>('isClaiming'))
    if (isClaiming && i32(number - atomic.load<u32>(other, offsetof<CacheStripe>('claim'))) >= 0) return false
  }
  return !isPublished(ring, number)
}
