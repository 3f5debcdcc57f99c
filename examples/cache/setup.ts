import type { SharedHeapHandle } from 'tophash'

/** What a server is started with. */
export interface Setup {
  readonly heap: SharedHeapHandle
}

/** Answers, by what they were. */
export interface Count {
  ok: number
  limited: number
  wrong: number
}

export const PAGES = 25
/** Requests that a client may make in a minute. */
export const LIMIT = 60
