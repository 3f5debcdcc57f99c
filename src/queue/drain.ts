import { describe, typeError } from '../core/errors.js'
import { checkCount, checkNames } from '../core/options.js'
import { type AsyncWaitOptions, checkSignal, checkTimeout } from './options.js'
import { BATCH } from './layout.js'
import type { Received } from './received.js'

// A queue that one consumer works off in batches.

/** How a queue is worked off. */
export interface DrainOptions<T> {
  /** Items of a batch at most, before they are merged: 1 to 4,096. Default: 1,000. */
  max?: number | undefined
  /** How long a batch may wait for more items after its first, in ms. Default: 0, what there is. */
  maxDelay?: number | undefined
  /** A name for each item: of several items of one name in a batch the last stays, where the first was. */
  coalesce?: ((item: T) => unknown) | undefined
  /** Ends it, when the handler is done with the batch that it has. */
  signal?: AbortSignal | undefined
}

/** What is drained. */
interface Source<T> {
  receiveAsync(max: number, options?: AsyncWaitOptions): Promise<Received<T>>
}

interface Plan<T> {
  readonly max: number
  readonly maxDelay: number
  readonly coalesce: ((item: T) => unknown) | undefined
  readonly signal: AbortSignal | undefined
}

/** How long a handler that throws is left alone before it gets its batch again, in ms: the first time, and at most. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [10, 1000] as const

/** See SharedQueue.drain. */
export async function drain<T>(source: Source<T>, handler: (items: T[]) => unknown, options: unknown): Promise<void> {
  if (typeof handler !== 'function') throw typeError('ERR_OPTIONS', `drain takes a function; got ${describe(handler)}.`)
  const plan = planDrain<T>(options)
  while (true) {
    const batch = await collect(source, plan)
    if (batch.length === 0) return
    try {
      await handle(handler, merged(batch, plan.coalesce), plan.signal)
      for (const received of batch) received.done()
    } finally {
      for (const received of batch) received.release() // nothing, if that is done with
    }
  }
}

function planDrain<T>(options: unknown): Plan<T> {
  const {
    max = 1000,
    maxDelay = 0,
    coalesce,
    signal,
  } = checkNames('queue.drain', options, ['max', 'maxDelay', 'coalesce', 'signal'], '{ max: 1000, maxDelay: 50 }')
  checkCount('The option max', max, 1, BATCH.most, 'items')
  if (coalesce !== undefined && typeof coalesce !== 'function') {
    throw typeError('ERR_OPTIONS', `The option coalesce must be a function; got ${describe(coalesce)}.`)
  }
  return {
    max: max as number,
    maxDelay: checkTimeout(maxDelay, 'maxDelay'),
    coalesce: coalesce as Plan<T>['coalesce'],
    signal: checkSignal(signal),
  }
}

/** The next batch, in the parts in which it came; none: the queue is closed and empty. */
async function collect<T>(source: Source<T>, { max, maxDelay, signal }: Plan<T>): Promise<Received<T>[]> {
  const first = await source.receiveAsync(max, { signal })
  if (first.items.length === 0) return []
  const parts = [first]
  const deadline = performance.now() + maxDelay
  try {
    for (let count = first.items.length; count < max; ) {
      const left = deadline - performance.now()
      if (left <= 0) break
      const next = await source.receiveAsync(max - count, { timeout: left, signal })
      if (next.items.length === 0) break
      parts.push(next)
      count += next.items.length
    }
  } catch (error) {
    for (const part of parts) part.release()
    throw error
  }
  return parts
}

/** All items, of each name the last, in the order in which the names came first. */
function merged<T>(parts: readonly Received<T>[], nameOf: Plan<T>['coalesce']): T[] {
  const items = parts.flatMap((part) => part.items)
  if (!nameOf) return items
  const byName = new Map<unknown, T>()
  for (const item of items) byName.set(nameOf(item), item)
  return [...byName.values()]
}

/** Calls the handler until it has not thrown. @throws the signal's reason, if it is aborted in a pause */
async function handle<T>(handler: (items: T[]) => unknown, items: T[], signal: AbortSignal | undefined): Promise<void> {
  for (let pause: number = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
    try {
      await handler([...items])
      return
    } catch (error) {
      if (signal?.aborted) throw error
    }
    await rest(pause, signal)
  }
}

function rest(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal!.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
