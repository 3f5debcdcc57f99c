import { isUnknownScript } from './errors.js'

// What a thread asks for in one turn of its event loop travels in one command: a script that does one act after the other. What a
// command takes, here and on the server, is most of what a miss takes. An act that fails does not concern the others: it is sent
// again, alone, and fails with the server's own words.

/**
 * KEYS: of each act, the value and the claim. ARGV: its name, a claim, a value, ms or nothing. What can fail comes first in each: so an
 * act that has failed has done nothing.
 */
const SCRIPT = `local function act(what, key, beside, claim, value, ms)
  if what == 'release' then
    return redis.call('GET', beside) == claim and redis.call('DEL', beside) or 0
  end
  local found = redis.call('GET', key)
  if what == 'store' then
    local unbroken = redis.call('GET', beside) == claim
    if found and unbroken then redis.call('DEL', beside) end
    if found then return {found, redis.call('PTTL', key)} end
    if not unbroken then return 0 end
    if ms == '' then redis.call('SET', key, value) else redis.call('SET', key, value, 'PX', ms) end
    redis.call('DEL', beside)
    return 1
  end
  if found then return {found, redis.call('PTTL', key)} end
  if what == 'read' then return false end
  local there = redis.call('GET', beside)
  if not there then redis.call('SET', beside, claim, 'PX', ms) end
  return {false, there or claim}
end
if #KEYS == 2 then return {act(ARGV[1], KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])} end
local replies = {}
for n = 1, #KEYS / 2 do
  local isDone, reply = pcall(act, ARGV[4 * n - 3], KEYS[2 * n - 1], KEYS[2 * n], ARGV[4 * n - 2], ARGV[4 * n - 1], ARGV[4 * n])
  if isDone then replies[n] = reply else replies[n] = 'failed' end
end
return replies`

/** What one command asks for at most: a script is not interrupted. */
const [MOST_ACTS, MOST_BYTES] = [32, 65_536] as const

export type Act = 'read' | 'begin' | 'store' | 'release'
export type Command = readonly (string | Uint8Array)[]

interface Asked {
  readonly keys: Command
  readonly args: Command
  readonly resolve: (reply: unknown) => void
  readonly reject: (reason: unknown) => void
}

export class Asking {
  readonly #send: (command: Command) => Promise<unknown>
  #asked: Asked[] = []
  #bytes = 0

  /** @param send sends a command */
  constructor(send: (command: Command) => Promise<unknown>) {
    this.#send = send
  }

  /** What the server answers. It is asked after this call, and before this turn of the event loop is over. */
  ask(act: Act, key: string, beside: string, claim = '', value: string | Uint8Array = '', ms = ''): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const count = this.#asked.push({ keys: [key, beside], args: [act, claim, value, ms], resolve, reject })
      this.#bytes += value.length
      if (count === MOST_ACTS || this.#bytes > MOST_BYTES) this.#flush()
      else if (count === 1) process.nextTick(this.#flush) // when all are done that this turn has woken
    })
  }

  readonly #flush = (): void => {
    const asked = this.#asked
    this.#asked = []
    this.#bytes = 0
    if (asked.length > 0) void this.#run(asked)
  }

  async #run(asked: readonly Asked[]): Promise<void> {
    try {
      const replies = (await this.#evaluate(asked)) as unknown[]
      for (const [index, one] of asked.entries()) {
        if (asked.length > 1 && isText(replies[index])) void this.#run([one])
        else one.resolve(replies[index])
      }
    } catch (error) {
      for (const one of asked) one.reject(error)
    }
  }

  /** Runs the script by its name, and by its text if the server does not know it yet, or not any more. */
  async #evaluate(asked: readonly Asked[]): Promise<unknown> {
    const rest = [String(2 * asked.length), ...asked.flatMap(({ keys }) => keys), ...asked.flatMap(({ args }) => args)]
    try {
      return await this.#send(['EVALSHA', name ?? (await nameOf(SCRIPT)), ...rest])
    } catch (error) {
      if (!isUnknownScript(error)) throw error
      return await this.#send(['EVAL', SCRIPT, ...rest])
    }
  }
}

/** No act has a text for an answer: it says that this one has failed. */
function isText(reply: unknown): boolean {
  return typeof reply === 'string' || reply instanceof Uint8Array
}

let name: string | undefined

/** What the server calls the script: its SHA-1. */
async function nameOf(script: string): Promise<string> {
  const hash = await globalThis.crypto.subtle.digest('SHA-1', new TextEncoder().encode(script))
  name = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return name
}
