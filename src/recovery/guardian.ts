import { ASKED_AT, MAX_THREADS, SLOT_KIND } from '../core/exports.js'
import { later } from '../core/platform.js'
import { type Token, findHeld, whenHeld } from './locks.js'
import { callGuardians, identityOf, isVouchedFor, kindOf, stateOf, vouchFor } from './slots.js'

// Guardians: who waits for a lock in vain calls for them, and who has an event loop that turns looks after the dead.

type WaitResult = { async: false } | { async: true; value: Promise<unknown> }
type WaitAsync = (words: Int32Array, index: number, value: number) => WaitResult

const { waitAsync } = Atomics as { waitAsync?: WaitAsync }
const ASKED = ASKED_AT / 4

/** Calls back, from the event loop, whenever somebody asks. A program that has nothing else to do ends all the same. */
export class Guardian {
  readonly #words: Int32Array
  readonly #answer: () => void
  #isOver = false

  constructor(words: Int32Array, answer: () => void) {
    this.#words = words
    this.#answer = answer
    this.#wait()
  }

  end(): void {
    this.#isOver = true
    Atomics.notify(this.#words, ASKED) // the others find that nobody has asked
  }

  #wait(): void {
    if (!waitAsync) return
    const seen = Atomics.load(this.#words, ASKED)
    const result = waitAsync.call(Atomics, this.#words, ASKED, seen)
    const woken = result.async ? result.value : Promise.resolve()
    void woken.then(() => {
      if (this.#isOver) return
      if (Atomics.load(this.#words, ASKED) !== seen) this.#answer()
      this.#wait()
    })
  }
}

// ---- Web Locks ----

/** Looks for the locks of the heap's other threads: from then on their ends are noticed here, and they are told so. */
export async function lookAround(words: Int32Array, self: number): Promise<void> {
  const held = await findHeld(tenants(words, self)).catch(() => []) // as when the page is about to go
  for (const { thread, state } of held) {
    if (stateOf(words, thread) === state && !isVouchedFor(words, thread)) vouchFor(words, thread)
  }
}

interface Tenant extends Token {
  readonly thread: number
  readonly state: number
}

function tenants(words: Int32Array, self: number): Tenant[] {
  const found: Tenant[] = []
  for (let thread = 1; thread <= MAX_THREADS; thread++) {
    const state = stateOf(words, thread)
    if (thread === self || kindOf(state) !== SLOT_KIND.attached) continue
    const { tokenLow, tokenHigh } = identityOf(words, thread)
    if (tokenLow !== 0 || tokenHigh !== 0) found.push({ thread, state, tokenLow, tokenHigh })
  }
  return found
}

/** How long to wait for another thread to say that it has seen this one. */
const PATIENCE_MS = 1000
const LOOK_MS = 20

/**
 * Resolves when another thread of the heap has seen this one's Web Lock, so that it would notice its end: at once where
 * that is noticed in other ways, and after a second if nobody answers.
 */
export async function whenKnown(words: Int32Array, self: number): Promise<void> {
  await whenHeld()
  const { tokenLow, tokenHigh } = identityOf(words, self)
  if (tokenLow === 0 && tokenHigh === 0) return
  callGuardians(words)
  for (let waited = 0; waited < PATIENCE_MS && !isVouchedFor(words, self); waited += LOOK_MS) {
    if (tenants(words, self).length === 0) return
    await new Promise<void>((resolve) => later(LOOK_MS, resolve))
  }
}
