// What is to be found, and the numbers that stand for it.
import { newJob, type Job } from '../common/workers.js'

/**
 * A phrase is `length` words in a row; phrases overlap. In a large folder not all of them count, but those whose number
 * `divisor` divides. Each has a place, which is a number: the n-th of a file has the file's own place plus n. So of two
 * places, the smaller one comes first, and phrases that follow each other have places that do.
 */
export interface SearchJob extends Job {
  length: number
  divisor: number
  /** For how many phrases each file has room: as many as it has words. */
  rooms: number[]
  /** Where the places of each file begin. */
  places: number[]
  /** The file that is next to be read; how many files are done; how many workers have reached each of two points. */
  cursor: Int32Array
}

const CURSOR = { done: 1, points: 2 }

/** Of so many phrases, and fewer, all count: more would take gigabytes. */
const MOST_PHRASES = 25_000_000

/** @param words how many the file in the same place has, at most */
export function newSearchJob(files: string[], words: number[], length: number): SearchJob {
  let end = 0
  const places = words.map((room) => (end += room) - room)
  const cursor = new Int32Array(new SharedArrayBuffer(4 * 4))
  return { ...newJob(files), length, divisor: divisorFor(end), rooms: words, places, cursor }
}

/** A power of two. */
function divisorFor(words: number): number {
  let divisor = 1
  while (words / divisor > MOST_PHRASES) divisor *= 2
  return divisor
}

/** All places are below this. */
export function placeCount({ places, rooms }: SearchJob): number {
  return places.length === 0 ? 0 : places.at(-1)! + rooms.at(-1)!
}

/** The first `count` places of a file. */
export function placesOf({ places }: SearchJob, file: number, count: number): Float64Array {
  const all = new Float64Array(count)
  for (let n = 0; n < count; n++) all[n] = places[file]! + n
  return all
}

/** Files read, and files done: each counts once, so at the end there are twice as many as files. */
export function stepsDone({ files, cursor }: SearchJob): number {
  return Math.min(Atomics.load(cursor, 0), files.length) + Atomics.load(cursor, CURSOR.done)
}

export function countDone({ cursor }: SearchJob): void {
  Atomics.add(cursor, CURSOR.done, 1)
}

/** In a worker: waits until all of them are at this point, the first or the second. */
export function meet({ cursor }: SearchJob, point: 0 | 1, workers: number): void {
  const at = CURSOR.points + point
  if (Atomics.add(cursor, at, 1) === workers - 1) Atomics.notify(cursor, at)
  else for (let n = Atomics.load(cursor, at); n < workers; n = Atomics.load(cursor, at)) Atomics.wait(cursor, at, n)
}

/** The index of the file in which a place is. */
export function fileAt({ places }: SearchJob, place: number): number {
  let low = 0
  let high = places.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (places[middle]! <= place) low = middle
    else high = middle
  }
  return low
}
