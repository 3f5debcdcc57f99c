import { MAX_THREADS, SLOT_KIND } from '../core/layout.js'
import { instantiate } from '../core/instance.js'
import { later } from '../core/platform.js'
import type { WasmMemory } from '../core/wasm.js'
import { trapped } from './exceptions.js'
import { isFreed } from './web-locks.js'
import { isGone } from './procfs.js'
import { type Identity, identityOf, isThread, kindOf, markDead, recovererOf, slotWords, stateOf } from '../core/slots.js'
import { isDeno } from '../core/detectors.js'
import { hasExited, noteExit } from './workers.js'

/** What came of looking at a thread: `stuck` is to be looked at again. */
type Outcome = 'recovered' | 'stuck' | 'alive'

const FIRST_DELAY_MS = 10
const LONGEST_DELAY_MS = 5000

/**
 * What one thread knows of the deaths of a heap's other threads. It never takes a thread for dead that might live. Who
 * is known to be dead is marked in its slot, by whomever, and recovered by an instance of the core that becomes it.
 */
export class Deaths {
  /** This thread's id in the heap; 0 as long as it has none. */
  self = 0
  readonly words: Int32Array
  readonly #memory: WasmMemory
  /** Who is being recovered by this thread right now: a recovery can come to wait for another dead thread. */
  readonly #underway = new Set<number>()
  #delayMs = FIRST_DELAY_MS
  #isWaiting = false
  #isOver = false

  constructor(memory: WasmMemory) {
    this.#memory = memory
    this.words = slotWords(memory)
  }

  /**
   * What the core calls from the middle of an operation that waits for a lock of `owner`: 1 if that one was dead and is
   * recovered. Throws nothing, or the operation would end half done.
   */
  readonly recoverIfDead = (owner: number): number => {
    try {
      return this.#settle(owner) === 'recovered' ? 1 : 0
    } catch {
      return 0 // the end of the stack
    }
  }

  /** Recovers all threads that are known to be dead. Returns how many. O(threads). */
  sweep(): number {
    let recovered = 0
    let isStuck = false
    for (let thread = 1; thread <= MAX_THREADS; thread++) {
      const outcome = this.#settle(thread)
      if (outcome === 'recovered') recovered++
      isStuck ||= outcome === 'stuck'
    }
    if (isStuck) this.#sweepLater()
    else this.#delayMs = FIRST_DELAY_MS
    return recovered
  }

  /** The same for who has nobody to tell of a failure, as of memory for one more instance of the core. */
  sweepQuietly(): void {
    try {
      this.sweep()
    } catch {
      this.#sweepLater()
    }
  }

  /** This thread leaves the heap: no more retries. */
  end(): void {
    this.#isOver = true
  }

  #sweepLater(): void {
    if (this.#isWaiting || this.#isOver || this.self === 0) return
    this.#isWaiting = true
    later(this.#delayMs, () => {
      this.#isWaiting = false
      if (!this.#isOver) this.sweepQuietly()
    })
    this.#delayMs = Math.min(2 * this.#delayMs, LONGEST_DELAY_MS)
  }

  /** Recovers a thread if it is dead; but first one that has died while it was recovering this one. */
  #settle(thread: number): Outcome {
    if (thread === this.self || !isThread(thread)) return 'alive'
    const state = stateOf(this.words, thread)
    switch (kindOf(state)) {
      case SLOT_KIND.attached:
        return this.#judge(thread, state)
      case SLOT_KIND.dead:
        return this.#recover(thread)
      case SLOT_KIND.recovering:
        return this.#takeOver(thread, state)
      default:
        return 'alive'
    }
  }

  #judge(thread: number, state: number): Outcome {
    const identity = identityOf(this.words, thread)
    const isOver = this.#hasExited(identity)
    const isNativelyGone = isGone(identity)
    const isDead = isNativelyGone ?? ((isOver && !isDeno) || isFreed(identity))
    if (!isDead) return isOver && isNativelyGone === false ? 'stuck' : 'alive' // it is ending, but still there
    return markDead(this.words, thread, state) ? this.#recover(thread) : 'alive'
  }

  /** Whether the exit of a thread has been seen, or of one that made it, or made that one: those below end first. */
  #hasExited(identity: Identity): boolean {
    let above: Identity | undefined = identity
    for (let steps = 0; above && steps < MAX_THREADS; steps++) {
      if (hasExited(above.threadId) || hasExited(above.parent)) {
        noteExit(identity.threadId) // for those that it made, when its slot is gone
        return true
      }
      above = this.#find(above.parent)
    }
    return false
  }

  /** The identity of the attached thread that has this id of a worker, plus 1. */
  #find(threadId: number): Identity | undefined {
    if (threadId === 0) return undefined
    for (let thread = 1; thread <= MAX_THREADS; thread++) {
      if (kindOf(stateOf(this.words, thread)) === SLOT_KIND.free) continue
      const identity = identityOf(this.words, thread)
      if (identity.threadId === threadId) return identity
    }
    return undefined
  }

  #takeOver(thread: number, state: number): Outcome {
    const recoverer = recovererOf(state)
    if (recoverer === this.self && recoverer !== 0) {
      if (this.#underway.has(thread)) return 'alive'
      return markDead(this.words, thread, state) ? this.#recover(thread) : 'alive' // see below: that was thrown out
    }
    if (recoverer === 0 || this.#settle(recoverer) !== 'recovered') return 'alive'
    return this.#settle(thread) // which is DEAD again
  }

  #recover(thread: number): Outcome {
    if (this.#underway.has(thread)) return 'alive'
    this.#underway.add(thread)
    let status = -1
    try {
      status = instantiate(this.#memory, this.recoverIfDead).recover(thread, this.self)
    } catch (error) {
      throw trapped(error)
    } finally {
      this.#underway.delete(thread)
      if (status < 0) this.#handBack(thread)
    }
    if (status < 0) return 'stuck'
    return status === 0 ? 'alive' : 'recovered'
  }

  /** An exception, such as a stack overflow, may have ended a recovery half way: it can be begun again. */
  #handBack(thread: number): void {
    const state = stateOf(this.words, thread)
    if (kindOf(state) !== SLOT_KIND.recovering || recovererOf(state) !== this.self) return
    markDead(this.words, thread, state)
  }
}
