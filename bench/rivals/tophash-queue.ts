// A SharedMap that one thread alone writes: the others push what it is to set into a SharedQueue, and read for themselves. The articles'
// job by a channel and a writer. A round is over when all is written.
import { Worker } from 'node:worker_threads'
import { SharedHeap, type SharedMap, type SharedQueue } from 'tophash'
import { GET, SET } from '../streams/plan.js'
import type { Key } from '../streams/keys.js'
import { ownVersion } from './packages.js'
import type { Attached, Library, Rival, Shared, Table, Value } from './rival.js'

export type Change = readonly [key: Key, value: Value]

export interface Handle {
  readonly heap: unknown
  readonly map: string
  readonly queue: string
  /** Two words: changes that are pushed, as far as threads have said so; changes that are written. */
  readonly progress: SharedArrayBuffer
}

export const PUSHED = 0
export const WRITTEN = 1

export const tophashQueue: Rival = {
  name: 'tophash-queue',
  title: 'tophash, queue + writer',
  threading: 'shared',
  operations: [GET, SET],
  notes: ['one more thread writes what the others push'],
  load: async (): Promise<Library> => ({ version: ownVersion(), create, attach }),
}

class WrittenBehind implements Table {
  readonly #map: SharedMap<Key, Value>
  readonly #queue: SharedQueue<Change>
  readonly #progress: Int32Array
  #pushed = 0

  constructor(map: SharedMap<Key, Value>, queue: SharedQueue<Change>, progress: SharedArrayBuffer) {
    this.#map = map
    this.#queue = queue
    this.#progress = new Int32Array(progress)
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key)
  }

  set(key: Key, value: Value): void {
    this.#queue.push([key, value])
    this.#pushed++
  }

  /** Waits until everything is written that this thread, and those who were here before, have pushed. */
  settle(): void {
    const progress = this.#progress
    const pushed = Atomics.add(progress, PUSHED, this.#pushed) + this.#pushed
    this.#pushed = 0
    for (let written = Atomics.load(progress, WRITTEN); written < pushed; written = Atomics.load(progress, WRITTEN)) {
      Atomics.wait(progress, WRITTEN, written)
    }
  }

  remove(): boolean {
    throw new Error('it only writes')
  }

  increment(): void {
    throw new Error('it does not count')
  }

  scan(visit: (value: Value) => void): void {
    for (const value of this.#map.values()) visit(value)
  }
}

let heap: SharedHeap | undefined
let maps = 0

function create(): Shared {
  const here = (heap ??= new SharedHeap())
  const handle: Handle = {
    heap: here.handle,
    map: `map ${++maps}`,
    queue: `queue ${maps}`,
    progress: new SharedArrayBuffer(8),
  }
  const map = here.map<Key, Value>(handle.map)
  const queue = here.queue<Change>(handle.queue)
  const writer = new Worker(new URL('./tophash-writer.js', import.meta.url), { workerData: handle })
  const table: Table = new WrittenBehind(map, queue, handle.progress)
  return {
    table,
    handle,
    fill: (entries) => void map.setMany(entries),
    size: () => map.size,
    reportedBytes: () => map.stats().heapBytes,
    async dispose() {
      const ended = new Promise((resolve) => writer.once('exit', resolve))
      queue.close()
      await ended
      for (const one of [map, queue]) one.dispose()
      for (const name of [handle.map, handle.queue]) here.delete(name)
    },
  }
}

function attach(handle: unknown): Attached {
  const { heap: there, map: mapName, queue: queueName, progress } = handle as Handle
  const here = (heap ??= SharedHeap.attach(there))
  const [map, queue] = [here.map<Key, Value>(mapName), here.queue<Change>(queueName)]
  return {
    table: new WrittenBehind(map, queue, progress),
    dispose() {
      map.dispose()
      queue.dispose()
    },
  }
}
