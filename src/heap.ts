import { TextView } from './codecs/text.js'
import {
  type CoreExports, HEADER, LAYOUT_VERSION, MAGIC, MAX_PAGES, MAX_THREADS, MIN_PAGES, PAGE_BYTES, SCRATCH, STATUS,
} from './core/exports.js'
import { instantiate } from './core/instance.js'
import { mayBlock, onThreadExit, randomWord, requireSharedMemory } from './core/platform.js'
import { TophashError, typeError } from './errors.js'

/** Whoever has opened something in a heap. */
export interface HeapUser {
  dispose(): void
}

/** Pages that a heap starts with. Growing is cheap in Node and slow in Bun. */
const INITIAL_PAGES = 16

/**
 * One shared memory as this thread sees it: an instance of the core, the thread's slot, and views of its scratch page.
 * However many maps of a heap a thread opens, it has one binding; the last one that is disposed gives the slot back.
 */
export class Heap {
  readonly memory: WebAssembly.Memory
  readonly core: CoreExports
  /** This thread's id in the heap: 1 to MAX_THREADS. */
  readonly thread: number
  /** Byte address of this thread's scratch page. It lies below what the first views reach, so they stay good. */
  readonly scratch: number
  // Views reach as far as memory did when they were made: always over the scratch page, see #refresh.
  words: Int32Array
  floats: Float64Array
  text: TextView
  readonly #key: string
  /** Writes by this thread, in any map of the heap: an iteration that sees it move looks again. */
  changes = 0
  readonly #users = new Set<HeapUser>()

  private constructor(memory: WebAssembly.Memory, core: CoreExports, key: string) {
    this.memory = memory
    this.core = core
    this.#key = key
    this.thread = core.attachThread(mayBlock())
    if (this.thread < 0) throw attachError(this.thread)
    core.pages() // the slot's scratch page may lie where another thread made memory grow
    this.scratch = core.scratchAddress()
    this.words = new Int32Array(memory.buffer)
    this.floats = new Float64Array(memory.buffer)
    this.text = new TextView(memory.buffer)
    bindings.set(key, new WeakRef(this))
    abandoned.register(this, { key, core }, this)
  }

  /** Makes a heap of its own memory, which may grow to `maxBytes`. */
  static create(maxBytes: number = MAX_PAGES * PAGE_BYTES): Heap {
    requireSharedMemory()
    const maximum = Math.floor(maxBytes / PAGE_BYTES)
    const memory = allocate(Math.min(INITIAL_PAGES, maximum), maximum)
    const core = instantiate(memory)
    const [idLow, idHigh] = [randomWord(), randomWord()]
    core.initializeHeap(maximum, idLow, idHigh, randomWord(), randomWord())
    return new Heap(memory, core, keyOf(idLow | 0, idHigh | 0))
  }

  /** Joins the heap in this memory, or returns this thread's binding if it has joined before. */
  static join(memory: WebAssembly.Memory): Heap {
    requireSharedMemory()
    const words = new Int32Array(memory.buffer, 0, PAGE_BYTES / 4)
    checkHeader(words)
    const key = keyOf(words[HEADER.idLow / 4]!, words[HEADER.idHigh / 4]!)
    return bindings.get(key)?.deref() ?? new Heap(memory, instantiate(memory), key)
  }

  /** Notes a user of this binding. */
  retain(user: HeapUser): void {
    this.#users.add(user)
  }

  /** Forgets a user; the last one leaves the heap. */
  release(user: HeapUser): void {
    this.#users.delete(user)
    this.leaveIfUnused()
  }

  /** Gives this thread's slot back unless somebody uses the heap. */
  leaveIfUnused(): void {
    if (this.#users.size > 0 || !abandoned.unregister(this)) return
    bindings.delete(this.#key)
    this.core.detachThread()
  }

  /** Disposes of all that this thread has opened in the heap. */
  dispose(): void {
    for (const user of [...this.#users]) user.dispose()
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

  /** Where the core put a result that was too long for the scratch page. */
  resultAddress(): number {
    return this.words[(this.scratch + SCRATCH.address) >>> 2]! >>> 0
  }

  /** Text of a block whose payload lies at `at`, which may be in memory that has grown since. */
  decode(meta: number, at: number): string {
    if (at + (meta >>> 1) > this.text.byteLength) this.#refresh()
    return this.text.decode(meta, at)
  }

  /** Writes a text to a block of the heap and returns its address. The caller hands it over or drops it. */
  newBlock(text: string, meta: number): number {
    const block = this.core.newBlock(meta) >>> 0
    if (block === 0) throw this.failure(STATUS.outOfMemory)
    if (block + 8 + (meta >>> 1) > this.text.byteLength) this.#refresh()
    this.text.encode(text, block + 8)
    return block
  }

  /** The error for a status that an export returned. */
  failure(status: number): TophashError {
    const ownerAt = (this.scratch + SCRATCH.owner) / 4
    const owner = this.words[ownerAt]!
    this.words[ownerAt] = 0
    if (status === STATUS.ownerUnresponsive || owner !== 0) {
      return new TophashError(
        'ERR_OWNER_UNRESPONSIVE',
        `Thread ${owner} has held a lock for too long: it ended in the middle of an operation, or is stopped. The ` +
          'map is unchanged by this call; try again when the thread runs.',
      )
    }
    return new TophashError(
      'ERR_OUT_OF_MEMORY',
      `The heap has no room left (it may have ${this.#maxBytes()} bytes). The map is unchanged by this call: delete ` +
        'entries and try again, or create it with a larger maxBytes.',
    )
  }

  /** Makes the views reach as far as memory does now. */
  #refresh(): void {
    this.core.pages() // without this call the buffer can be an old one for a moment
    this.words = new Int32Array(this.memory.buffer)
    this.floats = new Float64Array(this.memory.buffer)
    this.text = new TextView(this.memory.buffer)
  }

  #maxBytes(): number {
    return this.wordAt(HEADER.maxPages) * PAGE_BYTES
  }
}

/** This thread's bindings, by heap id: a heap that arrives twice is joined once. Weak, so that unused maps can go. */
const bindings = new Map<string, WeakRef<Heap>>()

/** Gives the slots of bindings back whose maps were dropped without dispose(). */
const abandoned = new FinalizationRegistry<{ key: string; core: CoreExports }>(({ key, core }) => {
  if (!bindings.get(key)?.deref()) bindings.delete(key)
  core.detachThread()
})

onThreadExit(() => {
  for (const binding of [...bindings.values()]) binding.deref()?.dispose()
})

function keyOf(idLow: number, idHigh: number): string {
  return `${idLow},${idHigh}`
}

function allocate(initial: number, maximum: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial, maximum, shared: true })
  } catch (cause) {
    const error = new TophashError(
      'ERR_OUT_OF_MEMORY',
      `The runtime has no address space left for a heap of up to ${maximum * PAGE_BYTES} bytes. Create it with a ` +
        'smaller maxBytes, or let maps share a heap.',
    )
    error.cause = cause
    throw error
  }
}

function checkHeader(words: Int32Array): void {
  if (words[HEADER.magic / 4] !== MAGIC) {
    throw typeError('ERR_BAD_HANDLE', 'The memory of this handle holds no tophash heap. Pass what map.handle returned.')
  }
  const version = words[HEADER.layoutVersion / 4]
  if (version !== LAYOUT_VERSION) {
    throw new TophashError(
      'ERR_VERSION_MISMATCH',
      `This heap has layout version ${version}, this copy of tophash reads version ${LAYOUT_VERSION}. Let all ` +
        'threads load the same version of tophash.',
    )
  }
}

function attachError(status: number): TophashError {
  if (status === STATUS.tooManyThreads) {
    return new TophashError(
      'ERR_TOO_MANY_THREADS',
      `All ${MAX_THREADS} thread slots of this heap are taken. Call dispose() in threads that are done with it.`,
    )
  }
  return new TophashError(
    'ERR_OUT_OF_MEMORY',
    'The heap has no room for one more thread, which needs 64 KiB. Create it with a larger maxBytes, of at least ' +
      `${MIN_PAGES * PAGE_BYTES} bytes.`,
  )
}
