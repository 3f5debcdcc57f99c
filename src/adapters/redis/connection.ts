import { optionsError } from './errors.js'

// What a TieredCache asks of a server, and how node-redis and ioredis do it. The interface is as narrow as it can be, so that another
// client, such as valkey-glide, needs a few lines.

/** How a server is asked, and its invalidations are followed. */
export interface TieredConnection {
  /** false: the server cannot be asked now. Left out: it can be tried. */
  readonly isReady?: boolean
  /**
   * Sends a command, behind those that were sent before it. Bulk replies come as Uint8Arrays (as Buffers, say), numbers as numbers,
   * nil as null, lists as arrays; rejects with what the server answers if that is an error.
   */
  command(args: readonly (string | Uint8Array)[]): Promise<unknown>
  /**
   * Opens a connection of its own that is told which keys with this prefix have changed: `CLIENT TRACKING ON BCAST PREFIX`.
   * Resolves when the server follows them. It must not reconnect by itself.
   */
  listen(prefix: string, events: TieredEvents): Promise<TieredListening>
}

/** What is to be told of a connection that listens. */
export interface TieredEvents {
  /** These keys have changed (null: all), in the order in which the server says so, before any reply that came after them. */
  invalidated(keys: readonly (string | Uint8Array)[] | null): void
  /** The connection has ended. */
  lost(reason?: unknown): void
  /** Aborted when it is not wanted any more, also while it is being opened. */
  readonly signal: AbortSignal
}

/** A connection that listens. */
export interface TieredListening {
  /** Resolves when the server has answered on this connection. */
  ping(): Promise<unknown>
  close(): void
}

/** A client of node-redis (6) or ioredis (5 or 6), which is connected; or anything that can do what is asked here. */
export type TieredClient = TieredConnection | NodeRedis | IoRedis

/** What is used of a client of node-redis. */
export interface NodeRedis {
  readonly isOpen: boolean
  readonly isReady: boolean
  sendCommand(args: any, options?: any): Promise<any>
  duplicate(overrides?: any): any
}

/** What is used of a client of ioredis. */
export interface IoRedis {
  readonly status: string
  readonly options: any
  callBuffer(command: any, ...args: any[]): Promise<any>
  duplicate(override?: any): any
}

/** The first byte of a bulk string, by which node-redis is told what to make of one. */
const BULK = 36
/**
 * Bulk strings as bytes; and without the client's own timeout, which is an AbortSignal for each command: what is waited for has
 * one timer here.
 */
const AS_BYTES = { typeMapping: { [BULK]: Buffer }, timeout: undefined }
const CHANNEL = '__redis__:invalidate'

/** The connection that a client stands for. @throws ERR_OPTIONS */
export function connectionOf(client: unknown): TieredConnection {
  const given = client as Partial<TieredConnection & NodeRedis & IoRedis> | null | undefined
  const has = (...names: readonly string[]): boolean =>
    names.every((name) => typeof (given as Record<string, unknown> | null | undefined)?.[name] === 'function')
  if (has('command', 'listen')) return given as TieredConnection
  if (has('callBuffer', 'duplicate') && typeof given!.status === 'string') return ofIoRedis(given as IoRedis)
  if (has('sendCommand', 'duplicate') && typeof given!.isReady === 'boolean') return ofNodeRedis(given as NodeRedis)
  throw optionsError(
    'tophash/redis: the option client must be a client of node-redis or ioredis for one server (no cluster, sentinel or pool), ' +
      'or an object with command(args) and listen(prefix, events).',
  )
}

function ofNodeRedis(client: NodeRedis): TieredConnection {
  if (!client.isOpen) throw optionsError('tophash/redis: the client is not connected. Await client.connect() first.')
  return {
    get isReady() {
      return client.isReady
    },
    command: (args) => client.sendCommand(args.map(asBuffer), AS_BYTES),
    listen: (prefix, events) => listenByNodeRedis(client, prefix, events),
  }
}

async function listenByNodeRedis(client: NodeRedis, prefix: string, events: TieredEvents): Promise<TieredListening> {
  const { options } = client as { options?: { socket?: object } }
  const own = client.duplicate({
    RESP: 3,
    clientSideCache: undefined,
    emitInvalidate: true, // of all keys that this connection reads: it reads none, and that mode is left at once
    socket: { ...options?.socket, reconnectStrategy: false },
  })
  own.on('error', events.lost).on('end', events.lost)
  own.on('invalidate', (key: string | Uint8Array | null) => events.invalidated(key === null ? null : [key]))
  const close = closing(events, () => own.destroy())
  try {
    await own.connect()
    events.signal.throwIfAborted() // node-redis goes on connecting when it is destroyed meanwhile
    await own.sendCommand(['CLIENT', 'TRACKING', 'OFF'])
    await own.sendCommand(['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', prefix])
  } catch (error) {
    close()
    throw error
  }
  return { ping: () => own.sendCommand(['PING']), close }
}

function ofIoRedis(client: IoRedis): TieredConnection {
  if (client.options?.keyPrefix) {
    throw optionsError('tophash/redis: the client writes a keyPrefix before keys. Use one without, and the option prefix.')
  }
  return {
    get isReady() {
      return client.status === 'ready'
    },
    command: ([name, ...args]) => client.callBuffer(name, ...args.map(asBuffer)),
    listen: (prefix, events) => listenByIoRedis(client, prefix, events),
  }
}

/** In RESP2 invalidations are messages of a channel, of a connection that may be the one that is tracked. */
async function listenByIoRedis(client: IoRedis, prefix: string, events: TieredEvents): Promise<TieredListening> {
  const own = client.duplicate({
    lazyConnect: true,
    retryStrategy: null,
    reconnectOnError: null,
    autoResubscribe: false,
    protocol: 2,
  })
  own.on('error', events.lost).on('close', events.lost)
  own.on('messageBuffer', (channel: Uint8Array, keys: Uint8Array[] | null) => {
    if (String(channel) === CHANNEL) events.invalidated(Array.isArray(keys) ? keys : null)
  })
  const close = closing(events, () => own.disconnect())
  try {
    await own.connect()
    events.signal.throwIfAborted()
    const id = await own.call('CLIENT', 'ID')
    await own.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', String(id), 'BCAST', 'PREFIX', prefix)
    await own.subscribe(CHANNEL)
  } catch (error) {
    close()
    throw error
  }
  return { ping: () => own.ping(), close }
}

/** Ends a connection once, be it open or not. */
function closing({ signal }: TieredEvents, end: () => void): () => void {
  const close = (): void => {
    signal.removeEventListener('abort', close)
    try {
      end()
    } catch {
      // It has ended by itself.
    }
  }
  signal.addEventListener('abort', close, { once: true })
  return close
}

function asBuffer(part: string | Uint8Array): string | Buffer {
  return typeof part === 'string' ? part : Buffer.from(part.buffer, part.byteOffset, part.byteLength)
}
