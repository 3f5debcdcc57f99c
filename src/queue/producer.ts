import type { AsyncWaitOptions } from './options.js'
import type { Ends, Items } from './ends.js'
import { QUEUE } from './layout.js'
import { AsyncEnd, BlockingEnd } from './waiting.js'

/** What of the options is read before anything is done. */
export type Wait = { readonly timeout: number; readonly signal: AsyncWaitOptions['signal'] }

/** Who pushes, for one thread: at once, blocking, or in the event loop. What an item is encoded to is made once, however often it is tried. */
export class Producer<T> {
  readonly #ends: Ends<T>
  readonly #blocking: BlockingEnd
  readonly #async: AsyncEnd

  constructor(table: Items<T>, ends: Ends<T>) {
    this.#ends = ends
    this.#blocking = new BlockingEnd(table, QUEUE.producers, 'pushAsync')
    this.#async = new AsyncEnd(table, QUEUE.producers)
  }

  push(item: T, timeout: number): boolean {
    if (this.#ends.push(item)) return true
    if (timeout === 0) return false
    const encoded = this.#ends.pack(item)
    return this.#blocking.wait(() => this.#ends.pushEncoded(encoded), timeout)
  }

  async pushAsync(item: T, { timeout, signal }: Wait): Promise<boolean> {
    const encoded = this.#ends.pack(item)
    const push = (): true | undefined => this.#ends.pushEncoded(encoded) || undefined
    return (await this.#async.wait(push, timeout, signal)) ?? false
  }

  pushMany(items: readonly T[], timeout: number): number {
    const pushSome = this.#pusherOf(items)
    let pushed = 0
    const push = (): boolean => {
      while (pushed < items.length) {
        const more = pushSome(pushed)
        if (more === 0) return false
        pushed += more
      }
      return true
    }
    try {
      this.#blocking.wait(push, timeout)
    } catch (error) {
      if (pushed === 0) throw error
    }
    return pushed
  }

  /** What pushes the items from some index on, as far as there is room, and says how many. */
  #pusherOf(items: readonly T[]): (from: number) => number {
    const ends = this.#ends
    if (ends.areNumbers(items)) return (from) => ends.pushNumbers(items as readonly number[], from)
    const encoded = items.map((item) => ends.pack(item))
    return (from) => ends.pushManyEncoded(encoded, from)
  }

  /** The queue is closed in this thread. */
  end(): void {
    this.#async.end()
  }
}
