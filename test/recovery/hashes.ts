// The hash function of assembly/hash/mix.ts backwards, for the seed of the scenes: number keys that collide.

const [MIX_1, MIX_2] = [0xbf58476d1ce4e5b9n, 0x94d049bb133111ebn]
/** As Scene seeds its heap. */
const SEED = (4n << 32n) | 3n

/** So many numbers whose hashes have these low 20 bits; the other 12 differ. */
export function numbersOfHash(low: number, count: number): number[] {
  const found: number[] = []
  for (let i = 0; found.length < count; i++) {
    const mixed = unshift(cut(((BigInt(low) | (BigInt(i) << 20n)) << 32n) * inverse(MIX_2)), 29n)
    const word = unshift(cut(mixed * inverse(MIX_1)), 32n) ^ SEED
    const number = new Float64Array(new BigUint64Array([word]).buffer)[0]!
    if (number === number && !found.includes(number)) found.push(number)
  }
  return found
}

/** Undoes x ^ (x >> by). */
function unshift(x: bigint, by: bigint): bigint {
  let result = x
  for (let i = 0; i < 3; i++) result = x ^ (result >> by)
  return result
}

/** Of an odd number, modulo 2^64: Newton's iteration. */
function inverse(odd: bigint): bigint {
  let x = odd
  for (let i = 0; i < 6; i++) x = cut(x * (2n - odd * x))
  return x
}

function cut(x: bigint): bigint {
  return BigInt.asUintN(64, x)
}
