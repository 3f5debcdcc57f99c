import { self } from '../layout/thread'

// Hands: registers of the thread slot for memory that is this thread's alone, between the allocator and a table. A hand
// is one word of 64 bits, so that it is filled and emptied by one store. Which there are: layout/thread.ts.

// @ts-ignore: decorator
@inline
export function handAt(offset: u32): u32 {
  return self + offset
}

// @ts-ignore: decorator
@inline
export function addressIn(hand: u32): u32 {
  return load<u32>(hand)
}

// @ts-ignore: decorator
@inline
export function bytesIn(hand: u32): u32 {
  return load<u32>(hand, 4)
}

// @ts-ignore: decorator
@inline
export function fillHand(hand: u32, address: u32, bytes: u32): void {
  store<u64>(hand, u64(address) | (u64(bytes) << 32))
}

// @ts-ignore: decorator
@inline
export function emptyHand(hand: u32): void {
  store<u64>(hand, 0)
}

/** Lets go of the first bytes of a stretch. */
// @ts-ignore: decorator
@inline
export function shorten(hand: u32, bytes: u32): void {
  const rest = bytesIn(hand) - bytes
  fillHand(hand, rest ? addressIn(hand) + bytes : 0, rest)
}
