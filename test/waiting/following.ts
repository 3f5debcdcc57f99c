import type { SharedMapHandle } from 'tophash'

/** What a thread of follow.worker.ts does. */
export interface Work {
  readonly map: SharedMapHandle<string, number>
  readonly role: 'writer' | 'follower' | 'async follower' | 'ping' | 'pong'
  readonly key: string
  /** Rounds of ping and pong. */
  readonly count: number
}

/** Each value is larger than the one before; this one is the last. */
export const LAST = 1e12
