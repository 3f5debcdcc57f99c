import { ASKED_AT, MAX_THREADS, SLOT_KIND } from '../core/layout.js'
import { later } from '../core/platform.js'
import { type Token, findHeld, whenHeld } from './web-locks.js'
import { callGuardians, identityOf, isVouchedFor, kindOf, stateOf, vouchFor } from '../core/slots.js'

// Guardians: who waits for a lock in vain calls for them, and who has an event loop that turns looks after the dead.

type WaitResult = { async: false } | { async: true; value: Promise<unknown> }
type WaitAsync = (words: Int32Array, index: number, value: number) => WaitResult

const { waitAsync } = Atomics as { waitAsync?: WaitAsync }
const ASKED = ASKED_AT / 4

/** The words of a heap's slots, and what to call. */
interface Post {
  readonly words: Int32Array
  readonly answer: () => void
}

/** Calls back, from the event loop, whenever somebody asks. A program that has nothing else to do ends all the same. */
export class Guardian {
  /** Undefined when it is over: the promise that is waited for lasts longer, and must not keep the memory with it. */
  #post: Post | undefined

  constructor(words: Int32Array, answer: () => void) {
    this.#post = { words, answer }
    this.#wait(words)
  }

  end(): void {
    const words = this.#post?.words
    this.#post = undefined
    if (words) Atomics.notify(words, ASKED) // the others find that nobody has asked
  }

  #wait(words: Int32Array): void {
    if (!waitAsync) return
    const seen = Atomics.load(words, ASKED)
    const result = waitAsync.call(Atomics, words, ASKED, seen)
    const woken = result.async ? result.value : Promise.resolve()
    void woken.then(() => this.#look(seen))
  }

  #look(seen: number): void {
    if (!this.#post) return
    const { words, answer } = this.#post
    if (Atomics.load(words, ASKED) !== seen) answer()
    if (this.#post) this.#wait(words)
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
