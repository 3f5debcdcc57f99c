// Sets five keys of its own again and again, to values that rise; or listens, and waits to be killed.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedCache, type SharedCacheHandle } from 'tophash'

export interface Removing {
  readonly cache: SharedCacheHandle<number, number>
  /** Tells its keys from those of others. */
  readonly first: number
  /** 0: it listens. */
  readonly writes: number
}

const { cache: handle, first, writes } = workerData as Removing
const cache = SharedCache.attach(handle)
for (let i = 0; i < writes; i++) cache.set(first + (i % 5), i)
const removals = writes === 0 ? cache.removals() : undefined
parentPort!.postMessage(removals ? [removals.lost] : [])
if (removals) void listen(removals)

/** It is asleep when it is killed. No await at the top: see test/queue/work.worker.ts. */
async function listen(all: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of all);
}
