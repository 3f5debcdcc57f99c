// The rival: a plain Map that lives on the page's main thread and answers the workers' messages.
import { makeKey, valueOf, type Key, type KeyKind } from './keys.js'
import type { MapRequest } from './protocol.js'
import { breathe } from './breathe.js'

export class MapService {
  readonly map = new Map<Key, number>()

  /** The end of a channel that a worker gets. */
  connect(): MessagePort {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }: MessageEvent<MapRequest>) => port1.postMessage(this.#answer(data))
    return port2
  }

  /** Sets, unmeasured, what the workers had no time for: so that the reads find as many keys as elsewhere. */
  async complete(kind: KeyKind, keyCount: number): Promise<void> {
    const rest = breathe()
    for (let index = 0; index < keyCount; index++) {
      const key = makeKey(kind, index)
      if (!this.map.has(key)) this.map.set(key, valueOf(index))
      if (index % 256 === 0) await rest()
    }
  }

  #answer(request: MapRequest): number | true | undefined {
    if (request.op === 'get') return this.map.get(request.key)
    this.map.set(request.key, request.value)
    return true
  }
}
