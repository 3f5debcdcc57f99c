// What the threads of one machine record for the checker: of each key the version that whoever reads it now must see at least.
//
// The versions of a key are numbers, and one thread writes them, one after the other, none twice. So if the server had version v of a
// key when it began to tell of changes, and has told n times, then version v + n at least was there before it did so the last time. A listener
// reads v before it listens, and counts up a key when the cache has dealt with what it was told.
import type { SharedHeap, SharedMap } from 'tophash'
import type { TieredConnection, TieredEvents, TieredListening } from 'tophash/redis'
import type { Client } from './client.js'

export const PREFIX = 'machines:'
/** Keys 0 to KEYS - 1; writer n of WRITERS writes those with rest n. The last one is outside of all caches. */
export const [KEYS, WORKERS] = [40, 3] as const
export const WRITERS = 2 * WORKERS + 1

/** The least version of each key that who reads it may be given. */
export interface Record_ {
  /** What the server has told of. */
  readonly told: SharedMap<number, number>
  /** What a thread of this machine has set, and been told that it is. */
  readonly written: SharedMap<number, number>
}

export function recordIn(heap: SharedHeap): Record_ {
  const kinds = { key: 'number', value: 'number' } as const
  return { told: heap.map('told', kinds), written: heap.map('written', kinds) }
}

const BYTES = { typeMapping: { 36: Buffer } }

/** A connection over node-redis that counts what it is told. */
export class Recorder implements TieredConnection {
  readonly #client: Client
  readonly #record: Record_
  readonly #begun: () => void

  /** @param begun called when this thread begins to listen */
  constructor(client: Client, record: Record_, begun: () => void) {
    this.#client = client
    this.#record = record
    this.#begun = begun
  }

  get isReady(): boolean {
    return this.#client.isReady
  }

  command(args: readonly (string | Uint8Array)[]): Promise<unknown> {
    return this.#client.sendCommand(
      args.map((part) => (typeof part === 'string' ? part : Buffer.from(part))),
      BYTES,
    )
  }

  async listen(prefix: string, events: TieredEvents): Promise<TieredListening> {
    const { told } = this.#record
    // What was there when it began counts from the first PING on: before it, nobody is promised more than that the server is asked.
    const least: number[] = []
    let hasBegun = false
    const record = (key: number): void => void told.update(key, (known = 0) => Math.max(known, least[key]!))
    const own = this.#client.duplicate({
      RESP: 3,
      emitInvalidate: true,
      socket: { ...this.#client.options.socket, reconnectStrategy: false },
    })
    const close = (): void => own.destroy()
    events.signal.addEventListener('abort', close)
    own.on('error', events.lost).on('end', events.lost)
    own.on('invalidate', (key: Buffer) => {
      events.invalidated([key])
      const index = Number(String(key).slice(PREFIX.length))
      least[index] = (least[index] ?? 0) + 1
      if (hasBegun && !events.signal.aborted) record(index)
    })
    await own.connect()
    if (events.signal.aborted) own.destroy() // node-redis goes on connecting when it is destroyed meanwhile
    await own.sendCommand(['CLIENT', 'TRACKING', 'OFF'])
    const versions = await own.mGet(Array.from({ length: KEYS }, (_, key) => PREFIX + key))
    for (const [key, version] of versions.entries()) least[key] = Number(version ?? 0)
    await own.sendCommand(['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', prefix])
    this.#begun()
    const ping = (): Promise<unknown> => {
      if (!hasBegun && !events.signal.aborted) for (const key of least.keys()) record(key)
      hasBegun = true
      return own.ping()
    }
    return { ping, close }
  }
}
