import { SharedCache } from 'tophash'

/** A cache with a clock of its own. */
export function timed(options: { max?: number; maxBytes?: number; ttl?: number; idle?: number; jitter?: number } = {}) {
  const clock = { now: 0 }
  const cache = new SharedCache<string, number>({ key: 'string', value: 'number', max: 1000, ...options, now: () => clock.now })
  return { cache, clock }
}
