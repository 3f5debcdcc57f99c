// The rival: a plain Map that lives on the page's main thread and answers the workers' messages.
import { newKeyMaker, lastingPartOf, valueOf, type Key, type KeyKind } from '../../streams/keys.js'
import { breathe } from './breathe.js'
import type { MapRequest } from './protocol.js'

/** Keys between two times that the page may live. */
const STRIDE = 256

export class MapService {
  readonly map = new Map<Key, number>()

  /** The end of a channel that a worker gets. */
  connect(): MessagePort {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }: MessageEvent<MapRequest>) => port1.postMessage(this.#answer(data))
    return port2
  }

  /** Sets all keys, unmeasured, unless `signal` says that it is over. */
  async fill(kind: KeyKind, keyCount: number, signal: AbortSignal): Promise<void> {
    const makeKey = newKeyMaker(kind)
    const rest = breathe(signal)
    for (let rank = 0; rank < keyCount; rank++) {
      this.map.set(makeKey(rank), valueOf(rank, 0))
      if (rank % STRIDE === 0) await rest()
    }
  }

  /** Throws unless each key has a value of its own. */
  async verify(kind: KeyKind, keyCount: number, signal: AbortSignal): Promise<void> {
    const makeKey = newKeyMaker(kind)
    const rest = breathe(signal)
    for (let rank = 0; rank < keyCount; rank++) {
      const value = this.map.get(makeKey(rank))
      if (value === undefined || lastingPartOf(value) !== rank) {
        throw new Error(`The Map on the main thread has ${value} for key number ${rank}`)
      }
      if (rank % STRIDE === 0) await rest()
    }
  }

  #answer(request: MapRequest): number | true | undefined {
    if (request.op === 'get') return this.map.get(request.key)
    this.map.set(request.key, request.value)
    return true
  }
}
