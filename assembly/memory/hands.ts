import { self } from '../layout/thread'

// Hands: registers of the thread slot for memory that is this thread's alone, between the allocator and a table. A hand
// is one word of 64 bits, so that it is filled and emptied by one store. Which there are: layout/thread.ts.

@inline
export function handAt(offset: u32): u32 {
  return self + offset
}

@inline
export function addressIn(hand: u32): u32 {
  return load<u32>(hand)
}

@inline
export function bytesIn(hand: u32): u32 {
  return load<u32>(hand, 4)
}

@inline
export function fillHand(hand: u32, address: u32, bytes: u32): void {
  store<u64>(hand, u64(address) | (u64(bytes) << 32))
}

@inline
export function emptyHand(hand: u32): void {
  store<u64>(hand, 0)
}

