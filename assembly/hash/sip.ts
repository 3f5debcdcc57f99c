/**
 * SipHash-1-3 of the `bytes` bytes at `address`: a pseudorandom function of its 128-bit key (Aumasson and Bernstein,
 * "SipHash: a fast short-input PRF", 2012), with one round for each word and three at the end, as Rust, Python and Ruby
 * hash the keys of their tables. Read as whole words: what follows the last byte in its word must be zero.
 */
export function sipHash(address: u32, bytes: u32, key0: u64, key1: u64): u64 {
  let v0 = key0 ^ 0x736f6d6570736575 // "somepseudorandomlygeneratedbytes"
  let v1 = key1 ^ 0x646f72616e646f6d
  let v2 = key0 ^ 0x6c7967656e657261
  let v3 = key1 ^ 0x7465646279746573
  const end = address + (bytes & ~7)
  let isLast: bool
  do {
    isLast = address == end
    let word: u64 = isLast ? u64(bytes) << 56 : load<u64>(address)
    if (isLast && bytes & 7) word |= load<u64>(address)
    address += 8
    v3 ^= word
    // A round: this one and the one below are the same.
    v0 += v1
    v2 += v3
    v1 = rotl(v1, 13) ^ v0
    v3 = rotl(v3, 16) ^ v2
    v0 = rotl(v0, 32)
    v2 += v1
    v0 += v3
    v1 = rotl(v1, 17) ^ v2
    v3 = rotl(v3, 21) ^ v0
    v2 = rotl(v2, 32)
    v0 ^= word
  } while (!isLast)
  v2 ^= 0xff
  for (let round = 0; round < 3; round++) {
    v0 += v1
    v2 += v3
    v1 = rotl(v1, 13) ^ v0
    v3 = rotl(v3, 16) ^ v2
    v0 = rotl(v0, 32)
    v2 += v1
    v0 += v3
    v1 = rotl(v1, 17) ^ v2
    v3 = rotl(v3, 21) ^ v0
    v2 = rotl(v2, 32)
  }
  return v0 ^ v1 ^ v2 ^ v3
}
