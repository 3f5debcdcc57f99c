// What the three ways to do the same job have in common.
import type { SearchJob } from '../job.js'

/** For each phrase of each file: the place at which it occurs first. */
export type Firsts = Float64Array[]

/** Calls `onProgress` with the number of files read and of files done, together. */
export type Strategy = (job: SearchJob, threads: number, onProgress: (steps: number) => void) => Promise<Firsts>

/** What a worker posts when it is done: for each phrase of its files, a place that stands for it. */
export interface Found {
  indices: number[]
  stands: Float64Array[]
}

/** For the main thread: puts what workers have found where it belongs. */
export function takeInto(all: Float64Array[]): (found: Found) => void {
  return ({ indices, stands }) => indices.forEach((index, i) => (all[index] = stands[i]!))
}

/** For workers: what is handed over and not copied. */
export function transferOf({ stands }: Found): ArrayBuffer[] {
  return stands.map(({ buffer }) => buffer as ArrayBuffer)
}

/** Calls `poll` ten times a second while workers work. */
export async function whilePolling<T>(poll: () => void, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(poll, 100)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
