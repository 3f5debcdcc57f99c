// SharedCache: each thread opens it, as it does a SharedMap.
import { SharedHeap, type SharedCache } from 'tophash'
import { type Key, isNumberKind } from '../streams/keys.js'
import { ownVersion } from './packages.js'
import type { Library, Rival, Table, Value } from './rival.js'

interface Options {
  key: 'number' | 'string'
  value: 'number'
  max: number
}

interface Handle {
  heap: unknown
  name: string
  options: Options
}

class CacheTable implements Table {
  readonly #cache: SharedCache<Key, Value>

  constructor(cache: SharedCache<Key, Value>) {
    this.#cache = cache
  }

  get(key: Key): Value | undefined {
    return this.#cache.get(key)
  }

  set(key: Key, value: Value): void {
    this.#cache.set(key, value)
  }

  remove(key: Key): boolean {
    return this.#cache.delete(key)
  }

  increment(key: Key): void {
    ;(this.#cache as SharedCache<Key, number>).increment(key)
  }

  scan(visit: (value: Value) => void): void {
    for (const value of this.#cache.values()) visit(value)
  }
}

export const tophashCache: Rival = {
  name: 'tophash-cache',
  title: 'SharedCache',
  threading: 'shared',
  caches: 'only',
  async load(): Promise<Library> {
    let heap: SharedHeap | undefined // all in one: see tophash.ts
    let caches = 0
    return {
      version: ownVersion(),
      create({ keyKind, bound }) {
        const here = (heap ??= new SharedHeap())
        const name = `cache ${++caches}`
        const options: Options = { key: isNumberKind(keyKind) ? 'number' : 'string', value: 'number', max: bound }
        const cache = here.cache<Key, Value>(name, options)
        return {
          table: new CacheTable(cache),
          handle: { heap: here.handle, name, options } satisfies Handle,
          size: () => cache.size,
          reportedBytes: () => cache.stats().heapBytes,
          dispose() {
            cache.dispose()
            here.delete(name)
          },
        }
      },
      attach(handle) {
        const { heap: there, name, options } = handle as Handle
        const cache = (heap ??= SharedHeap.attach(there)).cache<Key, Value>(name, options)
        return { table: new CacheTable(cache), dispose: () => cache.dispose() }
      },
    }
  },
}
