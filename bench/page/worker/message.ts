// The Map on the main thread: every operation is a message there and a message back.
import { lastingPartOf, valueOf, versionAt, type Key } from '../../streams/keys.js'
import { GET, kindOf, rankOf } from '../../streams/plan.js'
import type { MapRequest } from '../run/protocol.js'
import type { Latency } from './latency.js'
import { nothingFound, type Found, type Session } from './session.js'
import type { Stream } from './stream.js'

/** `inFlight` requests are under way at a time; with one, the worker awaits each answer before it asks again. */
export function openMessage(port: MessagePort, inFlight: number, stream: Stream): Session {
  return {
    fill: () => {}, // the main thread fills its Map itself
    work: (milliseconds, latency) => converse(port, inFlight, stream, milliseconds, latency),
    verify: () => {},
    close: () => port.close(),
  }
}

/** Asks until the time is over and all answers are here. They come in the order of the requests. */
function converse(
  port: MessagePort,
  inFlight: number,
  stream: Stream,
  milliseconds: number,
  latency: Latency | undefined,
): Promise<Found> {
  return new Promise((resolve) => {
    const found = nothingFound()
    const started = performance.now()
    const deadline = started + milliseconds
    const sentAt: number[] = []
    let sent = 0
    const send = (at: number): void => {
      stream.prepare(1)
      port.postMessage(nextRequest(stream))
      stream.advance(1)
      sentAt[sent++ % inFlight] = at
    }
    port.onmessage = ({ data }: MessageEvent<number | true | undefined>) => {
      const answered = performance.now()
      latency?.record(answered - sentAt[found.operations % inFlight]!)
      found.operations++
      if (typeof data === 'number') {
        found.hits++
        found.sum += lastingPartOf(data)
      }
      if (answered < deadline) send(answered)
      if (found.operations < sent) return
      found.busyMs = answered - started
      resolve(found)
    }
    for (let slot = 0; slot < inFlight; slot++) send(started)
  })
}

function nextRequest({ operations, keys, fresh, place }: Stream): MapRequest {
  const operation = operations[place]!
  const rank = rankOf(operation)
  const key: Key = keys[fresh ? 0 : rank]!
  if (kindOf(operation) === GET) return { op: 'get', key }
  return { op: 'set', key, value: valueOf(rank, versionAt(place)) }
}
