// Inserts keys into a map that grows, and notes how it goes: how many are in when, and the inserts that took longest.
import { valueOf } from '../../streams/keys.js'
import type { GrowResult } from '../run/protocol.js'
import { now, type MapLike } from './session.js'
import type { Stream } from './stream.js'

/** Between two samples of how many are in. */
const SAMPLE_MS = 1

/** So many of the longest inserts are kept. */
const KEPT = 24

/** Inserts between two times that the page is told. A power of two. */
const TOLD = 64

/** Each insert is timed; its key is there before. `progress` is where the page reads how many are in. */
export function grow(map: MapLike, stream: Stream, from: number, to: number, progress: Int32Array, index: number): GrowResult {
  const pauses = new Longest()
  const samples: number[] = []
  const started = now()
  const origin = performance.timeOrigin
  let nextSample = 0
  for (let rank = from; rank < to; rank++) {
    const key = stream.keyOf(rank)
    const before = performance.now()
    map.set(key, valueOf(rank, 0))
    const after = performance.now()
    pauses.add(before, after - before)
    if ((rank & (TOLD - 1)) === 0) Atomics.store(progress, index, rank + 1 - from)
    if (after < nextSample) continue
    samples.push(origin + after, rank + 1 - from)
    nextSample = after + SAMPLE_MS
  }
  const ended = now()
  samples.push(ended, to - from)
  Atomics.store(progress, index, to - from)
  const kept = pauses.sorted.map(({ start, duration }) => ({ start: origin + start, duration }))
  return { started, ended, operations: to - from, samples: Float64Array.from(samples), pauses: kept }
}

/** The longest so far, longest first. */
class Longest {
  readonly sorted: { start: number; duration: number }[] = []
  #least = -1

  add(start: number, duration: number): void {
    if (duration <= this.#least) return
    let place = this.sorted.length
    while (place > 0 && this.sorted[place - 1]!.duration < duration) place--
    this.sorted.splice(place, 0, { start, duration })
    if (this.sorted.length > KEPT) this.sorted.pop()
    if (this.sorted.length === KEPT) this.#least = this.sorted[KEPT - 1]!.duration
  }
}
