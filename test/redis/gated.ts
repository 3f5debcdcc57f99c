// A connection over node-redis, as a program may write one for another client, that can be held up: so tests decide what comes first.
import type { TieredConnection, TieredEvents, TieredListening } from 'tophash/redis'
import type { Client } from './client.js'

/** What passes when it is open, and waits when it is shut. */
export class Gate {
  #opened: Promise<void> | undefined
  #open: () => void = () => {}
  /** How many are held up. */
  waiting = 0

  shut(): void {
    this.#opened ??= new Promise((resolve) => (this.#open = resolve))
  }

  open(): void {
    this.#open()
    this.#opened = undefined
  }

  async pass(): Promise<void> {
    this.waiting++
    await this.#opened
    this.waiting--
  }
}

const BYTES = { typeMapping: { 36: Buffer } }

export class Gated implements TieredConnection {
  /** Replies to these commands, by their names; EVAL: to scripts, by whatever name. */
  readonly replies: Record<string, Gate> = {}
  /** What the server says of changes. */
  readonly changes = new Gate()
  /** Connections that listen. */
  readonly listens = new Gate()
  /** Commands, by their names. */
  readonly sent: string[] = []
  isReady = true
  /** Commands whose replies are lost: the server executes them, and who has sent them is not told. */
  readonly lost = new Set<string>()
  /** Whether nobody may listen. */
  isDeaf = false
  /** How often it was to listen. */
  listened = 0
  readonly #client: Client
  readonly #listening = new Set<{ lose(): void }>()

  constructor(client: Client) {
    this.#client = client
  }

  /** Shuts the gate of the replies to a command. */
  hold(command: string): Gate {
    const gate = (this.replies[command] ??= new Gate())
    gate.shut()
    return gate
  }

  async command(args: readonly (string | Uint8Array)[]): Promise<unknown> {
    const name = String(args[0])
    this.sent.push(name)
    const reply: unknown = await this.#client.sendCommand(
      args.map((part) => (typeof part === 'string' ? part : Buffer.from(part))),
      BYTES,
    )
    await this.replies[name === 'EVALSHA' ? 'EVAL' : name]?.pass()
    if (this.lost.has(name)) throw new Error('The connection was lost')
    return reply
  }

  async listen(prefix: string, events: TieredEvents): Promise<TieredListening> {
    this.listened++
    await this.listens.pass()
    if (this.isDeaf) throw new Error('Nobody may listen here')
    const own = this.#client.duplicate({
      RESP: 3,
      emitInvalidate: true,
      socket: { ...this.#client.options.socket, reconnectStrategy: false },
    })
    own.on('error', events.lost).on('end', events.lost)
    own.on('invalidate', (key: Buffer | null) => void this.changes.pass().then(() => events.invalidated(key && [key])))
    await own.connect()
    if (events.signal.aborted) own.destroy() // node-redis goes on connecting when it is destroyed meanwhile
    await own.sendCommand(['CLIENT', 'TRACKING', 'OFF'])
    await own.sendCommand(['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', prefix])
    const one = { lose: () => own.destroy() }
    this.#listening.add(one)
    const close = (): void => {
      this.#listening.delete(one)
      own.destroy()
    }
    events.signal.addEventListener('abort', close)
    return { ping: () => own.ping(), close }
  }

  /** Holds nothing up any more. */
  open(): void {
    this.isReady = true
    this.isDeaf = false
    for (const gate of [this.changes, this.listens, ...Object.values(this.replies)]) gate.open()
  }

  /** Breaks the connections that listen. */
  lose(): void {
    for (const one of this.#listening) one.lose()
  }
}
