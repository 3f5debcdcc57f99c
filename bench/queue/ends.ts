// The two ends of each contender, as one thread has them: what a program would write.
import type { MessagePort } from 'node:worker_threads'
import { SharedQueue } from 'tophash'
import { requirePackage } from '../rivals/packages.js'
import { type Item, type Kind, makerOf, worthOf } from './items.js'

/** A thread has one of these, of one contender, so that its loop sees one class. */
export interface Ends {
  /** Sends the items from `begin` to before `end`. */
  send(begin: number, end: number): void | Promise<void>
  /** Takes so many, and says what they are worth. */
  take(count: number): number | Promise<number>
}

/** Items in an array, where they go in arrays. */
export const AT_ONCE = 100

abstract class Loops {
  protected readonly make: (n: number) => Item
  protected readonly worth: (item: Item) => number

  constructor(kind: Kind) {
    this.make = makerOf(kind)
    this.worth = worthOf(kind)
  }

  protected batch(begin: number, end: number): Item[] {
    const items: Item[] = []
    for (let n = begin; n < end; n++) items.push(this.make(n))
    return items
  }
}

// ---- SharedQueue ----

export class OneByOne extends Loops implements Ends {
  protected readonly queue: SharedQueue<Item>

  constructor(kind: Kind, handle: unknown) {
    super(kind)
    this.queue = SharedQueue.attach<Item>(handle)
  }

  send(begin: number, end: number): void {
    for (let n = begin; n < end; n++) this.queue.push(this.make(n))
  }

  take(count: number): number | Promise<number> {
    let sum = 0
    for (let n = 0; n < count; n++) sum += this.worth(this.queue.pop()!)
    return sum
  }
}

export class ForAwait extends OneByOne {
  override async take(count: number): Promise<number> {
    let sum = 0
    let taken = 0
    for await (const item of this.queue) {
      sum += this.worth(item)
      if (++taken === count) break
    }
    return sum
  }
}

export class Many extends OneByOne {
  override send(begin: number, end: number): void {
    for (let n = begin; n < end; n += AT_ONCE) this.queue.pushMany(this.batch(n, Math.min(end, n + AT_ONCE)))
  }

  override take(count: number): number {
    let sum = 0
    for (let left = count; left > 0; ) {
      const items = this.queue.popMany(Math.min(left, AT_ONCE))
      for (const item of items) sum += this.worth(item)
      left -= items.length
    }
    return sum
  }
}

// ---- Messages ----

/** A port, or a worker: what messages go to and come from. */
export interface Link extends Pick<MessagePort, 'postMessage'> {
  on(event: 'message', listener: (message: never) => void): unknown
}

/** Messages that come are taken when they come; nothing keeps back who sends them. */
abstract class Messages<Message> extends Loops implements Ends {
  protected readonly links: readonly Link[]
  #taken = 0
  #wanted = 0
  #sum = 0
  #resolve: ((sum: number) => void) | undefined

  constructor(kind: Kind, links: readonly Link[]) {
    super(kind)
    this.links = links
    for (const link of links) link.on('message', (message) => this.#come(message))
  }

  abstract send(begin: number, end: number): void

  take(count: number): Promise<number> {
    this.#wanted = count
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#look()
    })
  }

  protected abstract itemsOf(message: Message): number

  /** What the items of a message are worth. */
  protected abstract sumOf(message: Message): number

  #come(message: Message): void {
    this.#sum += this.sumOf(message)
    this.#taken += this.itemsOf(message)
    this.#look()
  }

  #look(): void {
    if (this.#resolve === undefined || this.#taken < this.#wanted) return
    const [resolve, sum] = [this.#resolve, this.#sum]
    this.#resolve = undefined
    this.#taken = 0
    this.#sum = 0
    resolve(sum)
  }
}

export class Posted extends Messages<Item> {
  send(begin: number, end: number): void {
    const { links } = this
    for (let n = begin, link = 0; n < end; n++) {
      links[link]!.postMessage(this.make(n))
      link = link + 1 === links.length ? 0 : link + 1
    }
  }

  protected itemsOf(): number {
    return 1
  }

  protected sumOf(item: Item): number {
    return this.worth(item)
  }
}

export class PostedMany extends Messages<Item[]> {
  send(begin: number, end: number): void {
    const { links } = this
    for (let n = begin, link = 0; n < end; n += AT_ONCE) {
      links[link]!.postMessage(this.batch(n, Math.min(end, n + AT_ONCE)))
      link = link + 1 === links.length ? 0 : link + 1
    }
  }

  protected itemsOf(items: Item[]): number {
    return items.length
  }

  protected sumOf(items: Item[]): number {
    let sum = 0
    for (const item of items) sum += this.worth(item)
    return sum
  }
}

// ---- ringbuf.js: numbers, from one thread to one ----

interface RingBuffer {
  push(items: Float64Array, length?: number): number
  pop(items: Float64Array, length?: number): number
}
type RingBufferClass = {
  new (memory: SharedArrayBuffer, type: Float64ArrayConstructor): RingBuffer
  getStorageForCapacity(capacity: number, type: Float64ArrayConstructor): SharedArrayBuffer
}

const ringBufferClass = (): RingBufferClass => (requirePackage('ringbuf.js') as { RingBuffer: RingBufferClass }).RingBuffer

export function newRing(capacity: number): SharedArrayBuffer {
  return ringBufferClass().getStorageForCapacity(capacity, Float64Array)
}

/** It has nothing to wait with: who finds no room, or nothing, looks again. */
export class Ring implements Ends {
  readonly #ring: RingBuffer
  readonly #numbers: Float64Array

  constructor(memory: unknown, atOnce: number) {
    const Class = ringBufferClass()
    this.#ring = new Class(memory as SharedArrayBuffer, Float64Array)
    this.#numbers = new Float64Array(atOnce)
  }

  send(begin: number, end: number): void {
    const numbers = this.#numbers
    for (let n = begin; n < end; ) {
      const count = Math.min(numbers.length, end - n)
      for (let i = 0; i < count; i++) numbers[i] = n + i
      let done = this.#ring.push(numbers, count)
      n += done
      while (done === 0) {
        done = this.#ring.push(numbers, count)
        n += done
      }
    }
  }

  take(count: number): number {
    const numbers = this.#numbers
    let sum = 0
    for (let left = count; left > 0; ) {
      const got = this.#ring.pop(numbers, Math.min(left, numbers.length))
      for (let i = 0; i < got; i++) sum += numbers[i]!
      left -= got
    }
    return sum
  }
}
