import { sharedNow } from '../../core/clock.js'
import type { TieredConnection, TieredEvents, TieredListening } from './connection.js'
import { within } from './far.js'
import type { Shared } from './shared.js'

// Following the server, in the thread that has the right to. A connection is listened to until it is lost; then the right is given
// back, and all threads that want it try, this one after a pause. See tiered.ts for why it is right.

/** Milliseconds before a thread tries again whose connection was lost, or not to be had: the first time, and at most. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [20, 1000] as const
/** Milliseconds that it may take until the server says that it tells of changes, if commands may take less. */
const CONNECT_MS = 2000
/** What a timer can wait for, in ms: some 25 days. */
const LONGEST_TIMER = 2 ** 31 - 1

export class Listener {
  readonly #shared: Shared
  readonly #connection: TieredConnection
  readonly #prefix: string
  readonly #patience: number
  readonly #timeout: number
  readonly #end = new AbortController()
  readonly #ended: Promise<void>

  constructor(shared: Shared, connection: TieredConnection, prefix: string, patience: number, timeout: number) {
    this.#shared = shared
    this.#connection = connection
    this.#prefix = prefix
    this.#patience = patience
    this.#timeout = timeout
    this.#ended = this.#run()
  }

  /** Gives the right back, if this thread has it. */
  async close(): Promise<void> {
    this.#end.abort()
    await this.#ended
  }

  async #run(): Promise<void> {
    const { signal } = this.#end
    for (let pause: number = FIRST_PAUSE; !signal.aborted; ) {
      const hasListened = await this.#take().catch(() => false)
      pause = hasListened ? FIRST_PAUSE : Math.min(LONGEST_PAUSE, pause * 2)
      await rest(pause, signal)
    }
  }

  /** Waits for the right, and listens. Whether there was a connection. @throws when this is closed */
  async #take(): Promise<boolean> {
    const release = await this.#shared.right(this.#end.signal)
    try {
      return await this.#listen()
    } finally {
      release()
    }
  }

  /** Listens until the connection is lost. Whether there was one. */
  async #listen(): Promise<boolean> {
    const shared = this.#shared
    shared.lose() // whoever listened before may have died
    const session = new Session(shared, this.#prefix.length)
    const abort = (): void => session.lose()
    this.#end.signal.addEventListener('abort', abort)
    try {
      const listening = await within(this.#connection.listen(this.#prefix, session), Math.max(this.#timeout, CONNECT_MS))
      if (session.isLost) return false
      const moment = sharedNow()
      shared.begin()
      shared.refresh(moment, this.#patience)
      await this.#follow(session, listening)
      return true
    } catch {
      return false // the server is away, or refuses: it is tried again
    } finally {
      this.#end.signal.removeEventListener('abort', abort)
      session.lose()
    }
  }

  /** Asks now and then whether the server is there, until it does not answer. */
  async #follow(session: Session, listening: TieredListening): Promise<void> {
    while (!session.isLost) {
      const asked = sharedNow()
      if (!(await this.#answers(session, listening)) || session.isLost) break
      this.#shared.refresh(asked, this.#patience)
      await rest(this.#patience / 4, session.signal)
    }
    session.lose()
    listening.close()
  }

  /** Whether the server answers in time. */
  async #answers({ signal }: Session, listening: TieredListening): Promise<boolean> {
    let abort: () => void = () => {}
    const lost = new Promise<boolean>((resolve) => (abort = () => resolve(false)))
    signal.addEventListener('abort', abort)
    const answer = listening.ping().then(() => true)
    const isThere = await within(Promise.race([answer, lost]), this.#patience).catch(() => false)
    signal.removeEventListener('abort', abort)
    return isThere
  }
}

/** One connection, from before it is opened until it is lost. */
class Session implements TieredEvents {
  readonly #shared: Shared
  readonly #skipped: number
  readonly #control = new AbortController()

  constructor(shared: Shared, prefixLength: number) {
    this.#shared = shared
    this.#skipped = prefixLength
  }

  get signal(): AbortSignal {
    return this.#control.signal
  }

  get isLost(): boolean {
    return this.#control.signal.aborted
  }

  readonly invalidated = (keys: readonly (string | Uint8Array)[] | null): void => {
    if (this.isLost) return // another may listen by now, and knows more
    try {
      if (keys === null) this.#shared.cache.clear()
      else for (const key of keys) this.#shared.cache.delete(textOf(key).slice(this.#skipped))
      // And who asked before while nobody listened: a read that begins now, should this connection be lost, does not join it.
      if (keys === null) this.#shared.flights.clear()
      else for (const key of keys) this.#shared.flights.delete(textOf(key).slice(this.#skipped))
      this.#shared.count('invalidations', keys?.length ?? 1)
    } catch {
      this.lose() // what could not be removed must not be given out
    }
  }

  /** At once: this is the moment from which on changes may be missed. */
  readonly lost = (): void => this.lose()

  lose(): void {
    if (this.isLost) return
    this.#shared.lose()
    this.#control.abort()
  }
}

function textOf(key: string | Uint8Array): string {
  return typeof key === 'string' ? key : new TextDecoder().decode(key)
}

/** A pause, which the signal ends. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, Math.min(ms, LONGEST_TIMER))
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
