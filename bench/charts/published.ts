// What the articles say, which the tables and one chart put beside our figures: from other machines and other versions.

/** In seconds. */
export interface Published {
  name: string
  taken: number
}

/** Article 1, Go 1.22: a million new keys in 100 batches of 10,000. */
export const STORE_KEYS = 1_000_000
export const PUBLISHED_STORE: Published[] = [
  { name: 'Go sync.Map', taken: 1.82 },
  { name: 'Go map + RWMutex', taken: 2.05 },
]

/** Article 5: how many times as fast as a locked map a concurrent one is said to be. */
export const PUBLISHED_OVER_LOCKED = 3.7
