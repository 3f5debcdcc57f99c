import { hashSeed } from '../layout/heap'

// Hashes of 32 bits. The low bits choose the bucket, the top 7 are the tag: at most 24 and 7, so they do not
// overlap. Seeded per heap, so that nobody outside can prepare keys that collide.
//
// The mixer is the multiply-xorshift of MurmurHash3's finaliser; the multipliers are from David Stafford's
// "Better Bit Mixing" (Mix13) and the golden ratio of Knuth, TAOCP 6.4.

const GOLDEN: u64 = 0x9e3779b97f4a7c15
const MIX_1: u64 = 0xbf58476d1ce4e5b9
const MIX_2: u64 = 0x94d049bb133111eb

/** Hash of a number key by its bits. Doubles keep small integers in their top bits, hence the first fold. */
// @ts-ignore: decorator
@inline
export function hashNumber(bits: u64): u32 {
  let x = bits ^ hashSeed()
  x = (x ^ (x >> 32)) * MIX_1
  x = (x ^ (x >> 29)) * MIX_2
  return u32(x >> 32)
}

/** Hash of `bytes` bytes at `address`, read as whole words: the padding must be zero. */
export function hashBytes(address: u32, bytes: u32): u32 {
  let x = hashSeed() ^ (u64(bytes) * GOLDEN)
  for (const end = address + bytes; address < end; address += 8) {
    x = (x ^ load<u64>(address)) * MIX_1
    x ^= x >> 29
  }
  x = (x ^ (x >> 32)) * MIX_2
  return u32(x >> 32)
}
