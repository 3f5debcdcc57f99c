import type { AnyTable } from '../table/table.js'
import { CONTROL, FAILURE, LEASE } from './layout.js'
import type { Lease } from './leases.js'

// How loads have failed, for the threads that waited: the last few, each under the lease that it was loaded with. In a place:
// index of the lease, its word (0 while it is written), length, then JSON.

const HEADER_BYTES = 12
const ROOM = FAILURE.bytes - HEADER_BYTES

/** What of an error comes to other threads. */
interface Told {
  readonly name: string
  readonly message: string
  readonly code?: unknown
}

export class Failures {
  readonly #table: AnyTable
  readonly #control: number

  constructor(table: AnyTable) {
    this.#table = table
    this.#control = table.heap.core.controlOfCache(table.stripe) >>> 0
    table.heap.wordAt(this.#control + CONTROL.failures + FAILURE.count * FAILURE.bytes) // makes the views reach so far
  }

  #placeOf(index: number): number {
    return this.#control + CONTROL.failures + (index % FAILURE.count) * FAILURE.bytes
  }

  /** Enters how the load of a lease failed, before that is given back. */
  enter({ index, word }: Lease, error: unknown): void {
    const { words, bytes } = this.#table.heap
    const text = encode(told(error))
    // The counter of failures says which place is next: taken by one.
    const next = Atomics.add(words, (this.#control + CONTROL.loads) / 4 + 2, 1)
    const place = this.#placeOf(next >>> 0)
    Atomics.store(words, place / 4 + 1, 0)
    Atomics.store(words, place / 4, index)
    Atomics.store(words, place / 4 + 2, text.length)
    bytes.set(text, place + HEADER_BYTES)
    Atomics.store(words, place / 4 + 1, word & ~LEASE.overtaken) // publishes it: pairs with the loads of find
  }

  /** The error with which the load of a lease failed; undefined: it did not, or that is long ago. */
  find({ index, word }: Lease): Error | undefined {
    const { words, bytes } = this.#table.heap
    const wanted = word & ~LEASE.overtaken
    for (let i = 0; i < FAILURE.count; i++) {
      const place = this.#placeOf(i)
      if (Atomics.load(words, place / 4 + 1) !== wanted || Atomics.load(words, place / 4) !== index) continue
      const text = bytes.slice(place + HEADER_BYTES, place + HEADER_BYTES + Math.min(words[place / 4 + 2]!, ROOM))
      if (Atomics.load(words, place / 4 + 1) === wanted) return retold(text)
    }
    return undefined
  }

  /** Forgets an older load of this lease that failed: its word may come again. */
  forget({ index, word }: Lease): void {
    const { words } = this.#table.heap
    for (let i = 0; i < FAILURE.count; i++) {
      const at = this.#placeOf(i) / 4
      if (Atomics.load(words, at) === index) Atomics.compareExchange(words, at + 1, word, 0)
    }
  }
}

function told(error: unknown): Told {
  try {
    if (typeof error !== 'object' || error === null) return { name: 'Error', message: String(error) }
    const { name, message, code } = error as Partial<Told>
    return { name: String(name), message: String(message), ...(isPlain(code) ? { code } : {}) }
  } catch {
    return { name: 'Error', message: 'The loader threw something that cannot be read' }
  }
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

/** As JSON that fits: else with a shorter message. */
function encode(error: Told): Uint8Array {
  for (let most = error.message.length; ; most = Math.floor(most / 2)) {
    const text = new TextEncoder().encode(
      JSON.stringify({ ...error, name: error.name.slice(0, 50), message: error.message.slice(0, most) }),
    )
    if (text.length <= ROOM) return text
    if (most === 0) return new TextEncoder().encode('{"name":"Error","message":""}')
  }
}

function retold(text: Uint8Array): Error {
  const { name, message, code } = JSON.parse(new TextDecoder().decode(text)) as Told
  const error = new Error(message)
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
  return code === undefined ? error : Object.assign(error, { code })
}
