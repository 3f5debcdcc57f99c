// How a run tells the page what goes on.
import type { SharedMap } from 'tophash'
import type { Key } from '../../streams/keys.js'

export interface Progress {
  done: number
  total: number
  doing: string
}

export interface Watcher {
  progress(progress: Progress): void
  /** There are new figures; a good moment to draw, for nothing is measured now. */
  changed(): void
  /** The map that can be looked into from now on, or no longer. */
  watch(map: SharedMap<Key, number> | undefined): void
}
