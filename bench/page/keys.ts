// The data of the benchmark: everything follows from a key's index, so that each worker can make the keys for itself
// and anyone can say what a read must have returned.

export type KeyKind = 'number' | 'string' | 'long'
export type Key = number | string

export const KEY_KINDS: Record<KeyKind, string> = {
  number: 'Numbers',
  string: 'Short strings',
  long: '64-char strings',
}

export function makeKey(kind: KeyKind, index: number): Key {
  if (kind === 'number') return index
  if (kind === 'string') return `key_${index}`
  return `key_${String(index).padStart(60, '0')}`
}

/** Stays below 2^30, where V8 holds a number without allocating: the maps are measured, not the collector. */
export function valueOf(index: number): number {
  return Math.imul(index + 1, 0x9e3779b1) >>> 2
}

/** The half-open range of indices that worker `index` of `workers` fills. */
export function shareOf(keyCount: number, index: number, workers: number): { from: number; to: number } {
  return { from: Math.floor((keyCount * index) / workers), to: Math.floor((keyCount * (index + 1)) / workers) }
}

/** xorshift32: cheap enough to sit in a measured loop, and replayable from its seed. */
export function nextRandom(state: number): number {
  state ^= state << 13
  state ^= state >>> 17
  return state ^ (state << 5)
}

/** Maps a random state to an index below `keyCount` without a division. */
export function indexOf(state: number, keyCount: number): number {
  return Math.floor((state >>> 0) * 2 ** -32 * keyCount)
}

/** What `reads` random reads must have summed to, by replaying them without a map. */
export function expectedSum(seed: number, reads: number, keyCount: number): number {
  let sum = 0
  for (let state = seed; reads > 0; reads--) {
    state = nextRandom(state)
    sum = (sum + valueOf(indexOf(state, keyCount))) | 0
  }
  return sum
}
