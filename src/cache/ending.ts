import type { LoadContext } from './times.js'

// How a load is told that nobody waits for it any more. Few are, and few loaders look: so there is a signal only where one was asked
// for. To make one for each load took as long as all else that a load does here.

/** The end of a load, before it has ended by itself. */
export class Ending {
  #control: AbortController | undefined
  #onEnd: (() => void) | undefined
  #reason: unknown
  #isEnded = false

  /** Aborted when it is ended. */
  get signal(): AbortSignal {
    if (!this.#control) {
      this.#control = new AbortController()
      if (this.#isEnded) this.#control.abort(this.#reason)
    }
    return this.#control.signal
  }

  /** What is called when it is ended, before whoever has the signal is told; nothing, if it was ended before. */
  onEnd(action: (() => void) | undefined): void {
    this.#onEnd = action
  }

  end(reason: unknown): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#reason = reason
    this.#onEnd?.()
    this.#control?.abort(reason)
  }
}

/** What a loader is given beside the key. */
export function contextOf(ending: Ending, ttl: number | undefined, isKept: boolean): LoadContext {
  return {
    get signal() {
      return ending.signal
    },
    ttl,
    isKept,
  }
}
