import { results } from '../../layout/scratch'
import { note32 } from '../../sync/journal'
import { isHandedOut } from '../../sync/reach'
import { isReadable } from '../../memory/contents'
import { noteSegmentFreed } from '../../memory/segments'
import { tallySegment } from '../../memory/tally'
import {
  BIT_PAGE_BYTES, Bitset, GROUP_BYTES, GROUP_COUNT, groupEntry, lastBitOf, loadEntry, PAGE_BITS, PAGE_BITS_SHIFT, pageEntry,
  PAGES_PER_GROUP,
} from './layout/bitset'
import { settleEntry } from './pages'

// What the heap asks of a bitset: see heap/registry.ts, which says what each is for.

const ENTRY_UNSOUND: i32 = 30
const BITS_BEYOND_THE_LAST: i32 = 31

/** A bitset of so many bits. It has no memory until one is set. */
export function make(record: u32, length: f64): bool {
  if (!(length >= 1 && length <= 4294967296.0)) return false
  changetype<Bitset>(record).lastBit = u32(length - 1)
  return true
}

export function settleMade(): void {
  settleEntry()
}

/** A page of the first group that is left, or the group when it has none. Nobody has the bitset open: plain loads and stores do. */
export function noteFreed(record: u32): bool {
  for (let group: u32 = 0; group < GROUP_COUNT; group++) {
    const entry = groupEntry(record, group)
    const address = load<u32>(entry)
    if (!address) continue
    if (!notePageFreed(record, address)) {
      noteSegmentFreed(address, GROUP_BYTES)
      noteCleared(entry)
      setFreed(record, 0)
    }
    return false
  }
  return true
}

/** Whether a page was left in the group. */
function notePageFreed(record: u32, group: u32): bool {
  isHandedOut(group, GROUP_BYTES)
  for (let page = changetype<Bitset>(record).freed; page < PAGES_PER_GROUP; page++) {
    const entry = pageEntry(group, page)
    if (!load<u32>(entry)) continue
    noteSegmentFreed(load<u32>(entry), BIT_PAGE_BYTES)
    noteCleared(entry)
    setFreed(record, page + 1)
    return true
  }
  return false
}

function noteCleared(entry: u32): void {
  note32(entry)
  store<u32>(entry, 0)
}

function setFreed(record: u32, freed: u32): void {
  note32(record + u32(offsetof<Bitset>('freed')))
  changetype<Bitset>(record).freed = freed
}

// ---- Check ----

/** Tallies groups and pages, as far as they lie in the heap: check() says if one does not. */
export function tally(record: u32): void {
  for (let group: u32 = 0; group < GROUP_COUNT; group++) {
    const address = loadEntry(groupEntry(record, group))
    if (!address || !isReadable(address, GROUP_BYTES)) continue
    tallySegment(address, GROUP_BYTES)
    for (let page: u32 = 0; page < PAGES_PER_GROUP; page++) {
      if (loadEntry(pageEntry(address, page))) tallySegment(loadEntry(pageEntry(address, page)), BIT_PAGE_BYTES)
    }
  }
}

/** Whether all groups and pages lie in the heap, and no bit is set that there is not. */
export function check(record: u32): i32 {
  const last = lastBitOf(record)
  for (let group: u32 = 0; group < GROUP_COUNT; group++) {
    const address = loadEntry(groupEntry(record, group))
    if (!address) continue
    results().address = address
    if (address & 7 || !isHandedOut(address, GROUP_BYTES)) return ENTRY_UNSOUND
    for (let page: u32 = 0; page < PAGES_PER_GROUP; page++) {
      const broken = checkPage(loadEntry(pageEntry(address, page)), group * PAGES_PER_GROUP + page, last)
      if (broken) return broken
    }
  }
  return 0
}

function checkPage(address: u32, page: u32, last: u32): i32 {
  if (!address) return 0
  results().address = address
  if (address & 7 || !isHandedOut(address, BIT_PAGE_BYTES)) return ENTRY_UNSOUND
  const base = page << PAGE_BITS_SHIFT
  if (base > last) return BITS_BEYOND_THE_LAST
  if (last - base >= PAGE_BITS - 1) return 0
  const beyond = last - base + 1 // of the bits of this page the first that there is not
  if (beyond & 63 && load<u64>(address + (beyond >> 6 << 3)) >> u64(beyond & 63)) return BITS_BEYOND_THE_LAST
  for (let at = (beyond + 63) >> 6 << 3; at < BIT_PAGE_BYTES; at += 8) if (load<u64>(address + at)) return BITS_BEYOND_THE_LAST
  return 0
}
