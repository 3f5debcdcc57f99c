import { IDLE, WIDE } from '../../layout/record'
import { scratchValue } from '../../layout/scratch'
import { me } from '../../layout/thread'
import { note32 } from '../../sync/journal'
import { isHandedOut } from '../../sync/reach'
import { isReadable } from '../../memory/contents'
import { noteSegmentFreed } from '../../memory/segments'
import { tallySegment } from '../../memory/tally'
import {
  cacheOf, Control, controlAt, controlBytes, credits, isEnoughFor, MOST_CREDITS, USUAL_IDLE,
} from '../hashmap/layout/cache'
import { REMOVALS_BYTES } from '../hashmap/layout/removals'
import { isIdle, tableOf } from '../hashmap/layout/table'
import { IDLE_BUCKET_BYTES, idleOfMs, WIDE_BUCKET_BYTES } from '../hashmap/layout/wide'
import { isSoundWith, noteFreedWith, openStripe as openTable, tallyWith } from '../hashmap/hooks'
import { levelOf, makeBuckets } from '../hashmap/make'
import { dropClaim, forgetRemovals } from '../hashmap/removals'
import { giveBackBut } from './credits'
import { dropLeases } from './leases'
import { endListening } from './listen'
import { forget as forgetRead } from './read'

// What the heap asks of a cache: see heap/registry.ts. It is a hash map in all that is not here.

const LEAST_RING: u32 = 4
const MOST_RING: u32 = 20
/** Buckets are made for so many entries at first. */
const FIRST_ENTRIES: f64 = 4096
/** What an entry takes at least, if only bytes are bounded: the ring is made for so many. */
const LEAST_ENTRY_BYTES: f64 = 64

export function isSound(record: u32): bool {
  return isSoundWith(record, WIDE_BUCKET_BYTES) || isSoundWith(record, IDLE_BUCKET_BYTES)
}

/** In the value area lies, as doubles, what it is to be like: most entries, most bytes (0: not bounded), ttl, jitter, idle (0: none has). */
export function make(record: u32, capacity: f64): bool {
  const most = load<f64>(scratchValue())
  const mostBytes = load<f64>(scratchValue(), 8)
  if (!(most >= 0 && most <= MOST_CREDITS && mostBytes >= 0 && (most > 0 || mostBytes > 0))) return false
  const idle = load<f64>(scratchValue(), 32)
  const expected = most > 0 ? most : mostBytes / LEAST_ENTRY_BYTES
  const ringLog2 = ringFor(expected)
  let level = levelOf(capacity >= 1 ? capacity : min(expected, FIRST_ENTRIES))
  while (level && most > 0 && isEnoughFor(u32(most), level - 1)) level--
  const bucketBytes = idle > 0 ? IDLE_BUCKET_BYTES : WIDE_BUCKET_BYTES
  if (!makeBuckets(record, level, bucketBytes, controlBytes(ringLog2))) return false
  const control = changetype<Control>(controlAt(record))
  control.ringLog2 = ringLog2
  control.most = credits(
    most > 0 ? u32(most) : MOST_CREDITS, mostBytes > 0 ? u32(min<f64>(mostBytes / 8, MOST_CREDITS)) : MOST_CREDITS,
  )
  control.free = control.most
  control.isCounted = u32(mostBytes > 0)
  control.ttl = load<f64>(scratchValue(), 16)
  control.jitter = load<f64>(scratchValue(), 24)
  control.idle = idle > 0 ? idleOfMs(idle) : 0
  return true
}

function ringFor(entries: f64): u32 {
  let log2 = LEAST_RING
  while (log2 < MOST_RING && f64(1 << log2) < entries) log2++
  return log2
}

export function openStripe(stripe: u32): void {
  const cache = cacheOf(stripe)
  cache.flags |= isIdle(tableOf(stripe)) ? WIDE | IDLE : WIDE
  openTable(stripe)
  cache.control = controlAt(tableOf(stripe))
  const control = changetype<Control>(cache.control)
  if (control.ringLog2 > MOST_RING || !isHandedOut(cache.control, controlBytes(control.ringLog2))) unreachable()
  cache.nextTtl = NaN
  cache.nextIdle = USUAL_IDLE
  cache.isClaiming = 0
  cache.listens = 0
  cache.leaseWord = 0
  cache.hand = me().id * 0x9e3779b9 // each thread's begins somewhere else
  cache.sweeper = cache.hand
  cache.fillLeft = 0
  cache.emptyLeft = 0
}

/** This thread lets go of the cache: what it has of it is the others'. False: a lock is not to be had. */
export function leaveStripe(stripe: u32): bool {
  dropLeases(cacheOf(stripe).control)
  dropClaim(stripe)
  if (!endListening(stripe)) return false
  return cacheOf(stripe).credit ? giveBackBut(stripe, 0) : true
}

export function noteFreed(record: u32): bool {
  const extra = extraBytes(record)
  const control = changetype<Control>(controlAt(record))
  if (!control.ring) return noteFreedWith(record, extra)
  noteSegmentFreed(control.ring, REMOVALS_BYTES)
  note32(controlAt(record) + u32(offsetof<Control>('ring')))
  control.ring = 0
  return false
}

export function tally(record: u32): void {
  tallyWith(record, extraBytes(record))
  const ring = changetype<Control>(controlAt(record)).ring
  if (ring && isReadable(ring, REMOVALS_BYTES)) tallySegment(ring, REMOVALS_BYTES)
}

/** An exception came out of an operation. */
export function forget(): void {
  forgetRead()
  forgetRemovals()
}

function extraBytes(record: u32): u32 {
  const address = controlAt(record)
  if (!isHandedOut(address, controlBytes(0))) unreachable()
  const log2 = changetype<Control>(address).ringLog2
  if (log2 > MOST_RING) unreachable()
  return controlBytes(log2)
}

export { check } from './check'
