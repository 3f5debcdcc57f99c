import { mix } from '../streams/random.js'
import type { Policy } from './policy.js'

const MOST_USES = 3
/** With 6 a loop that is twice as long as the cache hits more often than with 8, whatever the hash; the rest stays alike. */
const GHOSTS_PER_BUCKET = 6
/** As in the cache: its table is made for so many entries for each bucket; if they are few, for less. */
const [MOST_PER_BUCKET, FEW_PER_BUCKET, FEW] = [8, 6.5, 4096]

interface Entry {
  key: number
  uses: number
  isSmall: boolean
}

interface Bucket {
  entries: Entry[]
  /** Tags of 8 bits; -1 where there is none. The oldest is replaced. */
  ghosts: number[]
}

/**
 * S3-FIFO in the order of the hashes: the main part has no list. A hand goes round the buckets, takes one use from each entry
 * and evicts the first that has none. Ghosts are tags, six for each bucket.
 */
export class HashOrder implements Policy {
  readonly #capacity: number
  readonly #smallCapacity: number
  readonly #buckets: Bucket[]
  readonly #small = new Set<Entry>()
  #size = 0
  #hand = 0
  /** The place in that bucket of the next entry to look at. */
  #handSlot = 0

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#smallCapacity = Math.max(1, Math.floor(capacity / 10))
    const count = 2 ** Math.max(0, Math.ceil(Math.log2(capacity / (capacity <= FEW ? FEW_PER_BUCKET : MOST_PER_BUCKET))))
    this.#buckets = Array.from({ length: count }, () => ({ entries: [], ghosts: Array(GHOSTS_PER_BUCKET).fill(-1) }))
  }

  get size(): number {
    return this.#size
  }

  request(key: number): boolean {
    const bucket = this.#bucketOf(key)
    const found = bucket.entries.find((entry) => entry.key === key)
    if (found) {
      found.uses = Math.min(found.uses + 1, MOST_USES)
      return true
    }
    while (this.#size >= this.#capacity) this.#evict()
    const ghost = bucket.ghosts.indexOf(tagOf(key))
    if (ghost >= 0) forgetGhost(bucket, ghost)
    const entry: Entry = { key, uses: 0, isSmall: ghost < 0 }
    bucket.entries.push(entry)
    if (entry.isSmall) this.#small.add(entry)
    this.#size++
    return false
  }

  #bucketOf(key: number): Bucket {
    return this.#buckets[mix(key) & (this.#buckets.length - 1)]!
  }

  #evict(): void {
    if (this.#small.size >= this.#smallCapacity || this.#small.size === this.#size) this.#evictSmall()
    else this.#evictMain()
  }

  /** What was asked for since it came stays where it is, as a part of the main part. */
  #evictSmall(): void {
    for (const entry of this.#small) {
      this.#small.delete(entry)
      entry.isSmall = false
      if (entry.uses > 0) {
        entry.uses = 0
      } else {
        const bucket = this.#bucketOf(entry.key)
        this.#remove(bucket, entry)
        bucket.ghosts.shift()
        bucket.ghosts.push(tagOf(entry.key))
      }
      return
    }
  }

  /** Goes on where it stopped, also within a bucket: else the first entries of one would lose a use with each eviction. */
  #evictMain(): void {
    for (;;) {
      const bucket = this.#buckets[this.#hand]!
      while (this.#handSlot < bucket.entries.length) {
        const entry = bucket.entries[this.#handSlot]!
        if (!entry.isSmall && entry.uses === 0) return this.#remove(bucket, entry)
        if (!entry.isSmall) entry.uses--
        this.#handSlot++
      }
      this.#hand = (this.#hand + 1) % this.#buckets.length
      this.#handSlot = 0
    }
  }

  #remove(bucket: Bucket, entry: Entry): void {
    bucket.entries.splice(bucket.entries.indexOf(entry), 1)
    this.#size--
  }
}

function tagOf(key: number): number {
  return mix(key) >>> 24
}

function forgetGhost(bucket: Bucket, index: number): void {
  bucket.ghosts.splice(index, 1)
  bucket.ghosts.unshift(-1)
}
