// Threads without threads: each instance of the checked core over one memory is a thread of its own, with its own slot. A
// test lets one "die" by an exception that comes out of a checkpoint; the instance is never used again. So a death at
// exactly one step is repeatable, and takes a millisecond.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CHECKPOINTS } from '../../../src/core/layout.js'
import type { CoreExports, Universal } from '../../../src/core/exports.js'
import {
  KIND_CODES,
  OPERAND,
  SCRATCH,
  SLOTS_AT,
  SLOT_BYTES,
  SLOT,
  SLOT_KIND,
  KIND_MASK,
  STATUS,
  TYPE,
  TYPE_MASK,
} from '../../../src/core/layout.js'

const ROOT = new URL('../../../', import.meta.url)
let compiled: WebAssembly.Module | undefined

/** The checked core; not before somebody needs it, for there are suites that only need to know what a structure is. */
function checkedCore(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(fileURLToPath(new URL('build/tophash-checked.wasm', ROOT))))
  return compiled
}

export { CHECKPOINTS }

/** The clock of all threads: each look at it takes a millisecond. */
let time = 0

/** Lets time pass for all threads. Returns what time it is then. */
export function passTime(ms: number): number {
  return (time += ms)
}

/** An error without a stack: these are thrown and caught a million times. */
class Thrown extends Error {
  constructor(message?: string) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** What is thrown where a thread dies. */
export class Death extends Thrown {}

/** A key or value of a test: as in `any`, but bigints are words of 64 bits. */
export type Value = number | string | bigint | undefined

/** A value of this many characters is too long for the scratch page; so is a key of a fifth of it. */
export const LONG = 60_000

/** The word of undefined: see assembly/layout/word.ts. */
const UNDEFINED = 0xfff8_0000_0000_0001n

/** What a thread calls at each checkpoint. */
export type Hook = (id: number) => void
const ignore: Hook = () => {}

/** What threads here say of themselves, so that others can tell whether they live. */
const SIGN_OF_LIFE = 4711

export class Thread {
  readonly memory: WebAssembly.Memory
  readonly core: CoreExports
  id = 0
  hook: Hook = ignore
  /** Called when the thread has waited for the owner of a lock; 1: it has been recovered. */
  recoverIfDead: (owner: number) => number = () => 0
  #view = new DataView(new ArrayBuffer(0))

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory
    const checkpoint = (id: number): void => this.hook(id)
    const recoverIfDead = (owner: number): number => this.recoverIfDead(owner)
    const { exports } = new WebAssembly.Instance(checkedCore(), {
      env: { memory, checkpoint, recoverIfDead, clock: () => ++time },
    })
    this.core = exports as unknown as CoreExports
  }

  /** Takes a slot. A thread that may not block only spins where others sleep. */
  attach(mayBlock = true): this {
    this.id = this.core.attachThread(mayBlock, 0, 0, SIGN_OF_LIFE, 0, 0, 0)
    if (this.id < 0) throw new Error(`attach: ${this.id}`)
    return this
  }

  // ---- Memory ----

  view(): DataView {
    this.core.pages()
    const { buffer } = this.memory
    if (this.#view.buffer !== buffer) this.#view = new DataView(buffer)
    return this.#view
  }

  get scratch(): number {
    return this.core.scratchAddress() >>> 0
  }

  /** A word of the results. */
  result(at: number): number {
    return this.view().getUint32(this.scratch + at, true)
  }

  // ---- Operands ----

  /** Lays a key or value out for a universal operation. Returns the block that it needed. */
  stage(operand: number, area: number, value: Value): number {
    const at = this.scratch + operand
    const view = this.view()
    if (typeof value === 'string') {
      const isLong = value.length > (area === SCRATCH.key ? 8_000 : 27_000)
      const meta = (value.length << 3) | TYPE.latin1
      const source = isLong ? this.core.newBlock(meta) >>> 0 : this.scratch + area
      if (source === 0) throw new Failure(STATUS.outOfMemory)
      new Uint8Array(this.view().buffer, source + 8, value.length).set(Buffer.from(value, 'latin1'))
      this.view().setUint32(at + OPERAND.meta, meta, true)
      this.view().setUint32(at + OPERAND.source, source, true)
      return isLong ? source : 0
    }
    view.setUint32(at + OPERAND.meta, typeof value === 'number' ? TYPE.number : TYPE.word, true)
    if (typeof value === 'number') view.setFloat64(at + OPERAND.word, value, true)
    else view.setBigUint64(at + OPERAND.word, value === undefined ? UNDEFINED : BigInt.asUintN(64, value), true)
    return 0
  }

  /** Runs a universal operation. @throws Failure for a negative status */
  run(operation: Universal, stripe: number, key: Value, value?: { of: Value }, expected?: { of: Value }): number {
    const blocks = [
      this.stage(SCRATCH.keyOperand, SCRATCH.key, key),
      value ? this.stage(SCRATCH.valueOperand, SCRATCH.value, value.of) : 0,
      expected ? this.stage(SCRATCH.expectedOperand, SCRATCH.expected, expected.of) : 0,
    ]
    const status = operation(stripe)
    for (const block of blocks) if (block !== 0) this.core.dropBlock(block)
    if (status < 0) throw new Failure(status)
    return status
  }

  /** All entries of a table, as the core hands them out. */
  entries(stripe: number, keyKind: number, valueKind: number): Map<Value, Value> {
    const found = new Map<Value, Value>()
    for (let cursor = 0, isDone = false; !isDone; ) {
      const count = this.core.scan(stripe, cursor, 0xffffffff, 64, false)
      if (count < 0) throw new Failure(count)
      cursor = this.result(SCRATCH.cursor)
      isDone = cursor === 0
      const view = this.view()
      let at = this.result(SCRATCH.address)
      for (let i = 0; i < count; i++) {
        const key = decode(view, at, keyKind)
        const value = decode(view, key.end, valueKind)
        at = value.end
        if (found.has(key.value)) throw new Error(`the key ${String(key.value).slice(0, 20)} came twice`)
        found.set(key.value, value.value)
      }
      this.core.dropResult()
    }
    return found
  }

  // ---- Death ----

  /** State word of a thread's slot. */
  state(thread: number): Int32Array {
    return new Int32Array(this.memory.buffer, SLOTS_AT + (thread - 1) * SLOT_BYTES, 1)
  }

  /** Says that a thread has died. @throws if others could not have known: its slot says no more how to tell, or not yet */
  markDead(thread: number): void {
    const state = this.state(thread)
    const isAttached = (Atomics.load(state, 0) & KIND_MASK) === SLOT_KIND.attached
    const said = (field: number): number => this.view().getUint32(state.byteOffset + field, true)
    if (isAttached && said(SLOT.threadId) !== SIGN_OF_LIFE) throw new Error(`nobody could know that thread ${thread} is dead`)
    if (isAttached && said(SLOT.id) !== thread) throw new Error(`who recovers thread ${thread} would be ${said(SLOT.id)}`)
    Atomics.store(state, 0, (Atomics.load(state, 0) & ~3) | SLOT_KIND.dead)
  }

  kindOf(thread: number): number {
    return Atomics.load(this.state(thread), 0) & 3
  }
}

/** A negative status. */
export class Failure extends Thrown {
  constructor(readonly status: number) {
    super(`status ${status}`)
  }
}

/** A key or value of a batch (see assembly/structures/hashmap/iterate.ts), and where the next one begins. */
export function decode(view: DataView, at: number, kind: number): { value: Value; end: number } {
  if (kind === KIND_CODES.none) return { value: undefined, end: at }
  if (kind === KIND_CODES.number) return { value: view.getFloat64(at, true), end: at + 8 }
  if (kind === KIND_CODES.bigint) return { value: view.getBigInt64(at, true), end: at + 8 }
  const meta = view.getUint32(at, true)
  const type = meta & TYPE_MASK
  if (type === TYPE.number) return { value: view.getFloat64(at + 8, true), end: at + 16 }
  if (type === TYPE.word) return { value: undefined, end: at + 16 }
  const bytes = new Uint8Array(view.buffer, at + 8, meta >>> 3)
  return { value: Buffer.from(bytes).toString('latin1'), end: at + 8 + (((meta >>> 3) + 7) & ~7) }
}
