// What the three ways to do the same job have in common.

/** The result: a Map, or what reads like one. */
export interface WordCounts {
  readonly size: number
  get(word: string): number | undefined
  [Symbol.iterator](): Iterator<[string, number]>
  /** Lets go of what the result lives in, if it is not just garbage to be collected. */
  dispose?(): void
}

/** Counts the words of the files, and is done when the main thread can look up any word. */
export type Strategy = (files: string[], threads: number, onProgress: (done: number) => void) => Promise<WordCounts>
