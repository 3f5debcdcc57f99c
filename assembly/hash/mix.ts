import { HashSecrets, SECRETS, SECRETS_END } from '../layout/heap'
import { sipHash } from './sip'

// Hashes of 32 bits. The low bits choose the bucket, the top 7 are the tag: at most 24 and 7, so they do not
// overlap. Keyed with secrets of the heap, so that nobody outside can prepare keys that collide. What is proven of
// each of the two, and against whom: docs/design/hashmap.md, section 2.

/** Odd; by which one a bijection spreads keys is no part of the proof. From David Stafford's "Better Bit Mixing". */
const SPREAD: u64 = 0xbf58476d1ce4e5b9

/**
 * Hash of a word: of a number, a bigint of 64 bits, undefined, null, a boolean. Pair-multiply-shift (Thorup, "High
 * Speed Hashing for Integers and Strings", 2015): the top 32 bits of the product are strongly universal, so two keys,
 * whichever they are, have any two hashes with the same probability. What is done before and after are bijections, which
 * take nothing from that; but for them the hashes of numbers in a row would form a pattern.
 */
@inline
export function hashNumber(bits: u64): u32 {
  const spread = (bits ^ (bits >> 32)) * SPREAD
  const product = (secrets().high + (spread >> 32)) * (secrets().low + u64(u32(spread))) + secrets().shift
  const hash = u32(product >> 32)
  return hash ^ (hash << 16)
}

/** Hash of `bytes` bytes at `address`, read as whole words: the padding must be zero. */
@inline
export function hashBytes(address: u32, bytes: u32): u32 {
  return u32(sipHash(address, bytes, secrets().key0, secrets().key1))
}

/** Draws a new heap's secrets from 128 random bits, which are kept nowhere: no hash of a key is one of the secrets. */
export function drawSecrets(random0: u64, random1: u64): void {
  for (let at = SECRETS; at < SECRETS_END; at += 8) {
    store<u64>(at, at)
    store<u64>(at, sipHash(at, 8, random0, random1))
  }
}

@inline
function secrets(): HashSecrets {
  return changetype<HashSecrets>(SECRETS)
}
