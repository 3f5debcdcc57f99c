// Long work on the main thread, in slices short enough that the page still answers clicks.

const SLICE_MS = 8

/** Returns a function to await now and then: it lets the page live whenever a slice is used up. */
export function breathe(): () => Promise<void> | void {
  let until = performance.now() + SLICE_MS
  return () => {
    if (performance.now() < until) return undefined
    return new Promise((resolve) => {
      setTimeout(() => {
        until = performance.now() + SLICE_MS
        resolve()
      })
    })
  }
}
