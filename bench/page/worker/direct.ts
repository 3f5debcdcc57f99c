// A map that the worker calls itself: a SharedMap, or a Map of its own. A worker only ever has maps of one of the two,
// so that the engine compiles these loops for that one.
import { SharedMap } from 'tophash'
import { RANK_MASK, lastingPartOf, valueOf, versionAt, type Key } from '../../streams/keys.js'
import { SET, kindOf, rankOf } from '../../streams/plan.js'
import { grow } from './grow.js'
import type { Latency } from './latency.js'
import { nothingFound, type Found, type MapLike, type Session } from './session.js'
import { BATCH, type Stream } from './stream.js'

/** Operations between two looks at the clock, which costs as much as an operation. */
const SLICE = 256

export function openShared(handle: unknown, stream: Stream): Session {
  const map = SharedMap.attach<Key, number>(handle)
  return { ...direct(map, stream), close: () => map.dispose() }
}

export function openOwn(stream: Stream): Session {
  return { ...direct(new Map<Key, number>(), stream), close: () => {} }
}

function direct(map: MapLike, stream: Stream): Omit<Session, 'close'> {
  return {
    fill: (from, to) => fill(map, stream, from, to),
    work: (milliseconds, latency) => (latency ? workTimed(map, stream, milliseconds, latency) : work(map, stream, milliseconds)),
    grow: (from, to, progress, index) => grow(map, stream, from, to, progress, index),
    verify: (from, to) => verify(map, stream, from, to),
  }
}

function fill(map: MapLike, stream: Stream, from: number, to: number): void {
  for (let rank = from; rank < to; rank++) map.set(stream.keyOf(rank), valueOf(rank, 0))
}

function work(map: MapLike, stream: Stream, milliseconds: number): Found {
  const found = nothingFound()
  const deadline = performance.now() + milliseconds
  let ended: number
  do {
    const count = stream.prepare(stream.fresh ? BATCH : SLICE)
    const started = performance.now()
    execute(map, stream, count, found)
    ended = performance.now()
    stream.advance(count)
    found.operations += count
    found.busyMs += ended - started
  } while (ended < deadline)
  return found
}

function execute(map: MapLike, { operations, keys, fresh, place }: Stream, count: number, found: Found): void {
  let { hits, sum } = found
  for (let at = 0; at < count; at++) {
    const operation = operations[place + at]!
    const rank = operation & RANK_MASK
    const key = keys[fresh ? at : rank]!
    if (kindOf(operation) === SET) {
      map.set(key, valueOf(rank, versionAt(place + at)))
    } else {
      const value = map.get(key)
      if (value !== undefined) {
        hits++
        sum += lastingPartOf(value)
      }
    }
  }
  found.hits = hits
  found.sum = sum
}

/** One operation between two looks at the clock; what it found is added up, and its time recorded, outside. */
function workTimed(map: MapLike, stream: Stream, milliseconds: number, latency: Latency): Found {
  const found = nothingFound()
  const deadline = performance.now() + milliseconds
  let ended = 0
  do {
    const count = stream.prepare(BATCH)
    let done = 0
    while (done < count && ended < deadline) {
      const place = stream.place + done
      const operation = stream.operations[place]!
      const rank = rankOf(operation)
      const key = stream.keys[stream.fresh ? done : rank]!
      const written = kindOf(operation) === SET ? valueOf(rank, versionAt(place)) : undefined
      const started = performance.now()
      const value = written === undefined ? map.get(key) : map.set(key, written)
      ended = performance.now()
      latency.record(ended - started)
      found.busyMs += ended - started
      done++
      if (written !== undefined || value === undefined) continue
      found.hits++
      found.sum += lastingPartOf(value as number)
    }
    stream.advance(done)
    found.operations += done
  } while (ended < deadline)
  return found
}

function verify(map: MapLike, stream: Stream, from: number, to: number): void {
  for (let rank = from; rank < to; rank++) {
    const key = stream.keyOf(rank)
    const value = map.get(key)
    if (value === undefined || lastingPartOf(value) !== rank) {
      throw new Error(`${JSON.stringify(key)} has the value ${value}, which does not belong to key number ${rank}`)
    }
  }
}
