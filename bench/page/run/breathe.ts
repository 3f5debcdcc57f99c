// Long work on the main thread, in slices short enough that the page still answers clicks.

const SLICE_MS = 8

/** Returns what is to be awaited now and then: it lets the page live when a slice is used up, and throws if it is over. */
export function breathe(signal: AbortSignal): () => Promise<void> | void {
  let until = performance.now() + SLICE_MS
  return () => {
    if (performance.now() < until) return undefined
    return pause(0).then(() => {
      signal.throwIfAborted()
      until = performance.now() + SLICE_MS
    })
  }
}

/** Not by animation frames, which a hidden page does not get. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
