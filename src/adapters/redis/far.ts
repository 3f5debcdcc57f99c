import type { TieredConnection } from './connection.js'
import { Asking, type Command } from './asking.js'
import { away, explain } from './errors.js'

// The far level: what is said to the server. Each command has a time, so that nothing hangs.
//
// A load that writes what it has loaded must not write over what another machine has set or deleted meanwhile. So before it
// loads it takes a claim, a key beside the value's, or adopts the one that is there; set and delete remove it; and what was loaded is
// written only if the claim is still the same and there is no value. A claim ends by itself.

/** A value as it is on the server, and how many ms it has left there. */
export interface Found {
  readonly bytes: Uint8Array
  readonly left: number
}

/** What came of beginning a load: a value is there now, or there is this claim. */
export type Begun = { readonly found: Found } | { readonly claim: string; readonly isOwn: boolean }

/** What claims begin with: not with the prefix, or each would be told of as a change. */
const CLAIMS = 'tophash:claim:'

/** For so long, at least, a server is not waited for that has not answered in time. */
const SILENCE_MS = 1000

let claims = 0

export class Far {
  readonly #connection: TieredConnection
  readonly #prefix: string
  readonly #timeout: number
  readonly #isHeard: () => boolean
  /** Until then nobody waits for a server that has just been waited for in vain, unless it is heard of. */
  #silentUntil = 0
  readonly #asking: Asking
  /** Names this thread's claims. */
  readonly #name = globalThis.crypto.randomUUID()

  /** @param isHeard whether the server was heard of lately */
  constructor(connection: TieredConnection, prefix: string, timeout: number, isHeard: () => boolean) {
    this.#connection = connection
    this.#prefix = prefix
    this.#timeout = timeout
    this.#isHeard = isHeard
    this.#asking = new Asking((command) => this.#inTime(() => connection.command(command)))
  }

  async read(key: string): Promise<Found | undefined> {
    const name = this.#prefix + key
    const reply = await this.#asking.ask('read', name, name)
    return Array.isArray(reply) ? foundOf(reply[0], reply[1]) : undefined
  }

  async write(key: string, bytes: Uint8Array, ttl: number): Promise<void> {
    const name = this.#prefix + key
    const times = ttl === Infinity ? [] : ['PX', millis(ttl)]
    await this.#send([
      ['DEL', this.#claimOf(key)],
      ['SET', name, bytes, ...times],
    ])
  }

  async remove(key: string): Promise<boolean> {
    const [, removed] = await this.#send([
      ['DEL', this.#claimOf(key)],
      ['DEL', this.#prefix + key],
    ])
    return Number(removed) > 0
  }

  async begin(key: string, ms: number): Promise<Begun> {
    const own = `${this.#name}:${++claims}`
    const reply = await this.#asking.ask('begin', this.#prefix + key, this.#claimOf(key), own, '', millis(ms))
    const [bytes, other] = reply as [unknown, unknown]
    if (bytes !== null && bytes !== undefined) return { found: foundOf(bytes, other) ?? { bytes: asBytes(bytes), left: 1 } }
    const claim = textOf(other)
    return { claim, isOwn: claim === own }
  }

  /** Writes what was loaded. What is there instead, if it is; true: it is written; false: another has removed it meanwhile. */
  async store(key: string, claim: string, bytes: Uint8Array, ttl: number): Promise<Found | boolean> {
    const times = ttl === Infinity ? '' : millis(ttl)
    const reply = await this.#asking.ask('store', this.#prefix + key, this.#claimOf(key), claim, bytes, times)
    if (!Array.isArray(reply)) return Number(reply) === 1
    return foundOf(reply[0], reply[1]) ?? false
  }

  /** Gives a claim back, of a load that brought nothing. If that fails it ends by itself. */
  async release(key: string, claim: string): Promise<void> {
    await this.#asking.ask('release', this.#prefix + key, this.#claimOf(key), claim).catch(() => {})
  }

  #claimOf(key: string): string {
    return CLAIMS + this.#prefix + key
  }

  /** Sends commands one behind the other. @throws ERR_SERVER_AWAY, and what the server answers */
  #send(commands: readonly Command[]): Promise<unknown[]> {
    return this.#inTime(() => Promise.all(commands.map((command) => this.#connection.command(command))))
  }

  async #inTime<T>(asks: () => Promise<T>): Promise<T> {
    if (this.#connection.isReady === false) throw away('The client has no connection to the server')
    if (performance.now() < this.#silentUntil && !this.#isHeard()) throw away('The server was asked, and has not answered')
    try {
      return await within(asks(), this.#timeout, this.#isSilent)
    } catch (error) {
      throw explain(error)
    }
  }

  readonly #isSilent = (): void => {
    this.#silentUntil = performance.now() + Math.max(this.#timeout, SILENCE_MS)
  }
}

/** What a timer can wait for, in ms: some 25 days. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * What a promise comes to, if it does so in time. If this thread was busy meanwhile, what it waits for may have come and is read in
 * the next turn: so it is late only after that.
 *
 * @param onLate called when it is late: that the timer says so, and no other clock, by which a timer can be early
 * @throws ERR_SERVER_AWAY
 */
export function within<T>(promise: Promise<T>, ms: number, onLate?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let turn: NodeJS.Immediate | undefined
    const late = (): void => {
      onLate?.()
      reject(away(`The server has not answered for ${ms} ms`))
    }
    const timer = setTimeout(() => (turn = setImmediate(late)), Math.min(ms, LONGEST_TIMER))
    const end = (): void => {
      clearTimeout(timer)
      clearImmediate(turn)
    }
    promise.then(resolve, reject).finally(end)
  })
}

/** PTTL says -1 of what has no end, and -2 of what is not there any more. */
function foundOf(bytes: unknown, left: unknown): Found | undefined {
  if (bytes === null || bytes === undefined || Number(left) === -2) return undefined
  return { bytes: asBytes(bytes), left: Number(left) < 0 ? Infinity : Math.max(1, Number(left)) }
}

function asBytes(reply: unknown): Uint8Array {
  return typeof reply === 'string' ? new TextEncoder().encode(reply) : (reply as Uint8Array)
}

function textOf(reply: unknown): string {
  return typeof reply === 'string' ? reply : new TextDecoder().decode(reply as Uint8Array)
}

/** At least one, and whole: 0 would be no time at all. */
function millis(ms: number): string {
  return String(Math.max(1, Math.ceil(ms)))
}
