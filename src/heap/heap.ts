import { TextView } from '../core/text.js'
import { type CoreExports, MAX_PAGES, MIN_PAGES } from '../core/exports.js'
import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, STRIPE, PAGE_BYTES, STATUS, TYPE, TYPE_MASK } from '../core/layout.js'
import { instantiate } from '../core/instance.js'
import { later, randomWord, requireSharedMemory } from '../core/platform.js'
import type { WasmMemory } from '../core/wasm.js'
import { failure, tellingTime } from '../core/failure.js'
import { allocate, keyIn, keyOf } from './memory.js'
import { type Opening, Openings } from './openings.js'
import { type Copy, copies } from '../recovery/copies.js'
import { Deaths } from '../recovery/deaths.js'
import { guarded, soon } from '../recovery/exceptions.js'
import { Guardian, lookAround, whenKnown } from '../recovery/guardian.js'
import { leaveSlot, takeSlot } from '../recovery/identity.js'
import { onLockFreed, onLockLost, onceHeld } from '../recovery/web-locks.js'
import { callGuardians, clearToken } from '../core/slots.js'

/** Whatever of a heap this thread has open: a table, a trace, or the heap itself. Closing it calls `heap.release`. */
export interface HeapUser {
  close(): void
  /** What it uses is closed already, as the core sees it. */
  forget?(): void
}

/** One use of a heap. It does not keep the user alive, so that what a program drops is collected. */
export interface Use {
  readonly heap: Heap
  readonly user: WeakRef<HeapUser>
  /** The user again, if it must not be collected. */
  kept?: HeapUser
  readonly opening: Opening | undefined
  /** What the core has to be told at the end: a status. It refers to no user. */
  readonly end: ((core: CoreExports) => number) | undefined
}

/** What a heap starts with. Growing is cheap in Node and slow in Bun. */
const INITIAL_BYTES = 16 * PAGE_BYTES
/** After so long it is tried again to do what a lock was in the way of. */
const RETRY_MS = 1000

/**
 * One shared memory as this thread sees it: an instance of the core, the thread's slot, and views of its scratch page.
 * However many collections of a heap a thread opens, it has one binding; the last one that is closed gives the slot
 * back.
 */
export class Heap {
  readonly memory: WasmMemory
  readonly core: CoreExports
  /** This thread's id in the heap: 1 to MAX_THREADS. */
  readonly thread: number
  /** Byte address of this thread's scratch page. It lies below what the first views reach, so they stay good. */
  readonly scratch: number
  // Views reach as far as memory did when they were made: always over the scratch page, see #refresh.
  words: Int32Array
  floats: Float64Array
  bigints: BigInt64Array
  bytes: Uint8Array
  text: TextView
  /** Stands for this heap where the heap itself, and its memory, must not be held on to. */
  readonly space: object = {}
  /** Clocks of caches that have one of their own in this thread, by their stripes. */
  readonly clocks: Map<number, () => number>
  /** Whether one of them is being asked: then an operation is half done, and the core refuses all others. */
  isTellingTime = false
  /** What this thread knows of the deaths of others. */
  readonly deaths: Deaths
  /** The heap's random id, the same in all threads. */
  readonly id: string
  readonly #uses = new Set<Use>()
  readonly #openings = new Openings<Use>()
  readonly #guardian: Guardian
  #isAttached = true
  /** Whether mend() is called in the next microtask. */
  #isMendDue = false
  #atLeave: (() => void) | undefined

  private constructor(memory: WasmMemory, core: CoreExports, deaths: Deaths, key: string, clocks: Map<number, () => number>) {
    this.memory = memory
    this.clocks = clocks
    this.core = guarded(core, this.mend)
    this.deaths = deaths
    this.id = key
    this.thread = takeSlot(core, deaths)
    core.pages() // the slot's scratch page may lie where another thread made memory grow
    this.scratch = core.scratchAddress()
    this.words = new Int32Array(memory.buffer)
    this.floats = new Float64Array(memory.buffer)
    this.bigints = new BigInt64Array(memory.buffer)
    this.bytes = new Uint8Array(memory.buffer)
    this.text = new TextView(memory.buffer)
    this.#guardian = new Guardian(deaths.words, () => this.#lookAfter())
    onceHeld(() => this.#isAttached && callGuardians(deaths.words)) // let them see this thread's lock
    bindings.set(key, this)
    copies.add(copy)
  }

  /** Makes a heap of its own memory, which has `initialBytes` and may grow to `maxBytes`. */
  static create(maxBytes: number = MAX_PAGES * PAGE_BYTES, initialBytes: number = INITIAL_BYTES): Heap {
    requireSharedMemory()
    const maximum = Math.floor(maxBytes / PAGE_BYTES)
    const initial = Math.max(MIN_PAGES, Math.ceil(initialBytes / PAGE_BYTES))
    const memory = allocate(Math.min(initial, maximum), maximum)
    const deaths = new Deaths(memory)
    const clocks = new Map<number, () => number>()
    const core = instantiate(memory, deaths.recoverIfDead, clocks)
    const [idLow, idHigh] = [randomWord(), randomWord()]
    core.initializeHeap(maximum, idLow, idHigh, randomWord(), randomWord(), randomWord(), randomWord())
    return new Heap(memory, core, deaths, keyOf(idLow | 0, idHigh | 0), clocks)
  }

  /** Joins the heap in this memory, or returns this thread's binding if it has joined before. */
  static join(memory: WasmMemory): Heap {
    requireSharedMemory()
    const key = keyIn(memory)
    const known = bindings.get(key)
    if (known) return known
    const deaths = new Deaths(memory)
    const clocks = new Map<number, () => number>()
    return new Heap(memory, instantiate(memory, deaths.recoverIfDead, clocks), deaths, key, clocks)
  }

  // ---- Who uses it ----

  /**
   * Notes a user of this binding, until release() or until nobody refers to it any more.
   *
   * @param end what the core has to be told then
   * @param opening the table that it has open, if it is one
   */
  retain(user: HeapUser, end?: (core: CoreExports) => number, opening?: Opening): Use {
    const use: Use = { heap: this, user: new WeakRef(user), end, opening }
    for (const stale of this.#openings.add(use)) {
      this.#remove(stale)
      stale.user.deref()?.forget?.()
    }
    this.#uses.add(use)
    dropped.register(user, use, use)
    return use
  }

  /**
   * Ends a use: closes its table, or ends its trace, and leaves the heap if it was the last one.
   *
   * @throws ERR_OWNER_UNRESPONSIVE, ERR_UNSUPPORTED: then nothing has happened
   */
  release(use: Use): void {
    if (!this.#uses.has(use)) return
    this.ensureUsable()
    const status = this.hasEnded(use) ? 0 : (use.end?.(this.core) ?? 0)
    if (status < 0 && status !== STATUS.invalid) throw failure(this, status) // invalid: it is not open any more
    this.#remove(use)
    this.leaveIfUnused()
  }

  #remove(use: Use): void {
    dropped.unregister(use)
    this.#uses.delete(use)
    this.#openings.delete(use)
  }

  /** Whether a use has ended for the core: that has the table open less often than there are users. See openings.ts. */
  hasEnded(use: Use): boolean {
    if (!this.#uses.has(use)) return true
    return use.opening !== undefined && this.wordAt(use.opening.stripe + STRIPE.opens) < this.#openings.count(use)
  }

  /** The same for who cannot be told of a failure: what cannot be done now is done later. */
  releaseInTime(use: Use): void {
    try {
      this.release(use)
    } catch {
      this.later(() => this.releaseInTime(use))
    }
  }

  /** All that this thread has open in the heap. */
  users(): HeapUser[] {
    return [...this.#uses].flatMap(({ user }) => user.deref() ?? [])
  }

  /** Ends all uses, as far as that is possible: this thread is about to end, and what remains is a dead one's. */
  close(): void {
    this.mend()
    try {
      for (const use of [...this.#uses]) {
        use.user.deref()?.close()
        this.release(use)
      }
    } catch {
      // A lock is not to be had, so it would not be for the next one.
    }
  }

  /** Gives this thread's slot back unless somebody uses the heap; later, if a lock is in the way. */
  leaveIfUnused(): void {
    if (this.#uses.size > 0 || !this.#isAttached) return
    try {
      this.#atLeave?.()
      this.core.detachThread()
    } catch {
      this.later(() => this.leaveIfUnused())
      return
    }
    this.#isAttached = false
    bindings.delete(this.id)
    if (bindings.size === 0) copies.delete(copy)
    this.deaths.end()
    this.#guardian.end()
    leaveSlot()
  }

  /** Tries again what a lock is in the way of, unless this thread has left the heap by then. */
  later(action: () => void): void {
    later(RETRY_MS, () => this.#isAttached && action())
  }

  /** What is to be done before this thread leaves the heap. It throws if that cannot be done now. */
  set atLeave(action: () => void) {
    this.#atLeave = action
  }

  // ---- When something ends half way ----

  /** Undoes what an exception has left of an operation of this thread. Not from within an operation. */
  readonly mend = (): void => {
    this.#isMendDue = false
    if (!this.#isAttached) return
    let status = -1
    try {
      status = this.core.mend()
    } catch {
      // Near the end of the stack, where the exception came from. Until it is done the core refuses to take locks.
    }
    if (status !== 0) this.later(this.mend)
  }

  /** Resolves when the death of this thread would be noticed by others. */
  whenKnown(): Promise<void> {
    return whenKnown(this.deaths.words, this.thread)
  }

  /** This thread names its Web Lock no more. */
  clearToken(): void {
    clearToken(this.deaths.words, this.thread)
  }

  /** Somebody waits in vain for a lock, is short of memory, or has just come. */
  #lookAfter(): void {
    this.mend() // if it is for this thread
    this.deaths.sweepQuietly()
    this.#trim()
    void lookAround(this.deaths.words, this.thread)
  }

  /** Gives back the free blocks that this thread keeps at hand, for others to use. */
  #trim(): void {
    try {
      this.core.trim()
    } catch {
      // The end of the stack: nobody is here to be told, and it was a favour.
    }
  }

  // ---- What lies in it ----

  /** For what would not notice that the core refuses. @throws ERR_UNSUPPORTED in a clock of the program's */
  ensureUsable(): void {
    if (this.isTellingTime) throw tellingTime()
  }

  /** A word of 32 bits, unsigned, that lies at `at`. */
  wordAt(at: number): number {
    if (at >= this.words.byteLength) this.#refresh()
    return this.words[at >>> 2]! >>> 0
  }

  /** A float of 64 bits that lies at `at`. */
  floatAt(at: number): number {
    if (at >= this.floats.byteLength) this.#refresh()
    return this.floats[at >>> 3]!
  }

  /** A signed integer of 64 bits that lies at `at`. */
  bigintAt(at: number): bigint {
    if (at >= this.bigints.byteLength) this.#refresh()
    return this.bigints[at >>> 3]!
  }

  /** A copy of the payload of a block, which lies at `at`, perhaps in memory that has grown since. */
  payloadAt(meta: number, at: number): string | Uint8Array {
    const end = at + (meta >>> LENGTH_SHIFT)
    if (end > this.bytes.length) this.#refresh()
    return (meta & TYPE_MASK) <= TYPE.utf16 ? this.text.decode(meta, at) : this.bytes.slice(at, end)
  }

  /** A new block in the heap for a payload, within reach of the views. The caller hands it over or drops it. */
  newBlock(meta: number): number {
    const block = this.tryNewBlock(meta)
    if (block === 0) throw failure(this, STATUS.outOfMemory)
    return block
  }

  /**
   * The same; 0 if there is no memory. At the end of the stack the caller may not come to the `try` by which it would be
   * dropped: so mend() looks afterwards, once for all blocks of one turn of the event loop.
   */
  tryNewBlock(meta: number): number {
    if (!this.#isMendDue) void soon.then(this.mend)
    this.#isMendDue = true
    const block = this.core.newBlock(meta) >>> 0
    if (block + BLOCK_HEADER_BYTES + (meta >>> LENGTH_SHIFT) > this.bytes.length) this.#refresh()
    return block
  }

  /** Makes the views reach as far as memory does now: all of them, or none if the stack ends here. */
  #refresh(): void {
    this.core.pages() // without this call the buffer can be an old one for a moment
    const { buffer } = this.memory
    const [words, floats, bigints] = [new Int32Array(buffer), new Float64Array(buffer), new BigInt64Array(buffer)]
    const [bytes, text] = [new Uint8Array(buffer), new TextView(buffer)]
    this.words = words
    this.floats = floats
    this.bigints = bigints
    this.bytes = bytes
    this.text = text
  }
}

/** This thread's bindings, by heap id: a heap that arrives twice is joined once. Each stays as long as it has users. */
const bindings = new Map<string, Heap>()

/** Ends the uses of those that were dropped without dispose(). */
const dropped = new FinalizationRegistry<Use>((use) => use.heap.releaseInTime(use))

/** Another thread has ended. */
function sweepAll(): void {
  for (const { deaths } of [...bindings.values()]) deaths.sweepQuietly()
}

/** What others tell this copy of the library while it has bindings; from then on nothing holds on to it. */
const copy: Copy = {
  workerExited: sweepAll,
  threadEnds(): void {
    for (const binding of [...bindings.values()]) binding.close()
  },
}

onLockFreed(sweepAll)
onLockLost(() => {
  for (const binding of bindings.values()) binding.clearToken()
})
