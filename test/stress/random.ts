// Seeded random numbers: a stress test that fails prints its seed, and runs again with TOPHASH_SEED=<seed>.

/** The seed of this run. */
export function seedOf(): number {
  const given = Number(process.env.TOPHASH_SEED)
  return Number.isInteger(given) && given > 0 ? given : (Math.random() * 0xffffffff) >>> 0
}

/** Integers from 0 to n - 1. Mulberry32, by Tommy Ettinger. */
export function randomOf(seed: number): (n: number) => number {
  let state = seed >>> 0
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n)
  }
}
