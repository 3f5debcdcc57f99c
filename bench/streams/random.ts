// Random numbers that a seed repeats, so that all contenders, threads and runs see the same streams.

/** Returns a function that draws a whole number below its argument, which is 2^32 at most. */
export type Draw = (below: number) => number

/** sfc32 by Chris Doty-Humphrey: small, fast, and passes PractRand. */
export function newDraw(seed: number): Draw {
  let [a, b, c, counter] = [0, seed | 0, 0, 1]
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let i = 0; i < 15; i++) next() // until the seed has reached all of the state
  return (below) => Math.floor(next() * 2 ** -32 * below)
}

/** A number from 0 to 1, without 1, of which all 53 bits are random. */
export function drawFraction(draw: Draw): number {
  return (draw(2 ** 21) * 2 ** 32 + draw(2 ** 32)) * 2 ** -53
}

/** 0 to count - 1 in random order (Fisher-Yates). */
export function shuffledRanks(count: number, draw: Draw): Uint32Array {
  const ranks = Uint32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = draw(i + 1)
    const swapped = ranks[i]!
    ranks[i] = ranks[j]!
    ranks[j] = swapped
  }
  return ranks
}

/** Mixes 32 bits so that different ones stay different (the finalizer of MurmurHash3). */
export function mix(bits: number): number {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
