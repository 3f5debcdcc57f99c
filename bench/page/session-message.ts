// The Map on the main thread: every operation is a message there and a message back.
import { indexOf, nextRandom, valueOf, type Key } from './keys.js'
import type { MapRequest } from './protocol.js'
import { now, type FillResult, type Range, type ReadResult, type Session } from './session.js'

/** `inFlight` requests are under way at a time; with one, the worker awaits each answer before it asks again. */
export function openMessage(port: MessagePort, inFlight: number, keys: Key[]): Session {
  return {
    fill: (range, milliseconds) => fill(port, inFlight, keys, range, milliseconds),
    read: (seed, milliseconds) => read(port, inFlight, keys, seed, milliseconds),
    close: () => port.close(),
  }
}

async function fill(
  port: MessagePort, inFlight: number, keys: Key[], { from, to }: Range, milliseconds: number,
): Promise<FillResult> {
  const deadline = now() + milliseconds
  let index = from
  const operations = await converse(port, inFlight, () => {
    if (index === to || now() >= deadline) return undefined
    const request: MapRequest = { op: 'set', key: keys[index]!, value: valueOf(index) }
    index++
    return request
  })
  return { operations, ended: now() }
}

async function read(
  port: MessagePort, inFlight: number, keys: Key[], seed: number, milliseconds: number,
): Promise<ReadResult> {
  const deadline = now() + milliseconds
  let state = seed
  let sum = 0
  const next = (): MapRequest | undefined => {
    if (now() >= deadline) return undefined
    state = nextRandom(state)
    return { op: 'get', key: keys[indexOf(state, keys.length)]! }
  }
  const operations = await converse(port, inFlight, next, (value) => {
    sum = (sum + value) | 0
  })
  return { operations, sum, ended: now() }
}

/** Sends what `next` returns until it returns nothing and all answers are here; says how many there were. */
function converse(
  port: MessagePort, inFlight: number, next: () => MapRequest | undefined, receive?: (value: number) => void,
): Promise<number> {
  return new Promise((resolve) => {
    let sent = 0
    let answered = 0
    const send = (): void => {
      const request = next()
      if (request === undefined) return
      sent++
      port.postMessage(request)
    }
    port.onmessage = ({ data }: MessageEvent<number>) => {
      answered++
      receive?.(data)
      send()
      if (answered === sent) resolve(answered)
    }
    for (let slot = 0; slot < inFlight; slot++) send()
    if (sent === 0) resolve(0)
  })
}
