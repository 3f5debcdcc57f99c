// AssemblyScript that searches a hash function for differences that keep keys together, whatever the secrets are.

/** What hashing was before: a mixer that is keyed at its beginning only. The search finds what was wrong with it. */
const BEFORE = `
const GOLDEN: u64 = 0x9e3779b97f4a7c15
const MIX_1: u64 = 0xbf58476d1ce4e5b9
const MIX_2: u64 = 0x94d049bb133111eb

function bytesBefore(address: u32, bytes: u32): u32 {
  let x = load<u64>(SECRETS) ^ (u64(bytes) * GOLDEN)
  for (const end = address + bytes; address < end; address += 8) {
    x = (x ^ load<u64>(address)) * MIX_1
    x ^= x >> 29
  }
  x = (x ^ (x >> 32)) * MIX_2
  return u32(x >> 32)
}
`

/** Which function: the hash of bytes, as it is and as it was, and that of words. */
export const FUNCTIONS = { bytes: 0, bytesBefore: 1, word: 2 } as const

export const SEARCH = `
import { SECRETS, SECRETS_END } from './assembly/layout/heap'
import { hashBytes, hashNumber } from './assembly/hash/mix'
export { hashBytes, hashNumber, drawSecrets } from './assembly/hash/mix'
export { sipHash } from './assembly/hash/sip'
${BEFORE}
/** Where the key lies, and the difference. */
const KEY: u32 = 4096
const DIFFERENCE: u32 = 8192
/** Trials of each difference: few, and if one of them hits so many more. */
const FIRST: u32 = 2
const MORE: u32 = 64

let state: u64 = 0

export function seed(to: u64): void {
  state = to | 1
}

/** Marsaglia's xorshift64*. */
function random(): u64 {
  state ^= state >> 12
  state ^= state << 25
  state ^= state >> 27
  return state * 0x2545f4914f6cdd1d
}

function hash(which: u32, bytes: u32): u32 {
  if (which == 0) return hashBytes(KEY, bytes)
  if (which == 1) return bytesBefore(KEY, bytes)
  return hashNumber(load<u64>(KEY))
}

/** How many of so many keys keep their bucket, of 4096, when they get the difference: each under other secrets. */
function hits(which: u32, bytes: u32, trials: u32): u32 {
  let count: u32 = 0
  const words = (bytes + 7) >> 3
  const odd = bytes & 7
  for (; trials; trials--) {
    for (let at = SECRETS; at < SECRETS_END; at += 8) store<u64>(at, random())
    for (let i: u32 = 0; i < words; i++) store<u64>(KEY + (i << 3), random())
    if (odd) store<u64>(KEY + (words - 1 << 3), load<u64>(KEY + (words - 1 << 3)) & ((u64(1) << u64(odd << 3)) - 1))
    const before = hash(which, bytes)
    for (let i: u32 = 0; i < words; i++) store<u64>(KEY + (i << 3), load<u64>(KEY + (i << 3)) ^ load<u64>(DIFFERENCE + (i << 3)))
    count += u32(((hash(which, bytes) ^ before) & 0xfff) == 0)
  }
  return count
}

let most: u32 = 0

function tryDifference(which: u32, bytes: u32): void {
  if (hits(which, bytes, FIRST)) most = max(most, hits(which, bytes, MORE))
}

function flip(bit: u32): void {
  const at = DIFFERENCE + (bit >> 6 << 3)
  store<u64>(at, load<u64>(at) ^ (u64(1) << u64(bit & 63)))
}

/**
 * The most of 64 keys that keep their bucket, of all differences of one to three bits of which the lowest is in
 * [first, lowestEnd), in steps, and the others before the end.
 */
export function search(which: u32, bytes: u32, first: u32, lowestEnd: u32, step: u32, end: u32): u32 {
  memory.fill(DIFFERENCE, 0, 512)
  most = 0
  for (let a = first; a < lowestEnd; a += step) {
    flip(a)
    tryDifference(which, bytes)
    for (let b = a + 1; b < end; b++) {
      flip(b)
      tryDifference(which, bytes)
      for (let c = b + 1; c < end; c++) {
        flip(c)
        tryDifference(which, bytes)
        flip(c)
      }
      flip(b)
    }
    flip(a)
  }
  return most
}
`
