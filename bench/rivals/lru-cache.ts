// https://www.npmjs.com/package/lru-cache: the cache that most programs of Node have. It belongs to one thread.
import type { Key } from '../streams/keys.js'
import { requirePackage, versionOf } from './packages.js'
import type { Rival, Table, Value } from './rival.js'

/** What we use of it. */
interface LRUCache {
  readonly size: number
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
  delete(key: Key): boolean
  values(): Iterable<Value>
}

type Constructor = new (options: { max: number }) => LRUCache

const PACKAGE = 'lru-cache'

class LruCacheTable implements Table {
  readonly cache: LRUCache

  constructor(Cache: Constructor, max: number) {
    this.cache = new Cache({ max })
  }

  get(key: Key): Value | undefined {
    return this.cache.get(key)
  }

  set(key: Key, value: Value): void {
    this.cache.set(key, value)
  }

  remove(key: Key): boolean {
    return this.cache.delete(key)
  }

  increment(key: Key): void {
    this.cache.set(key, ((this.cache.get(key) as number | undefined) ?? 0) + 1)
  }

  scan(visit: (value: Value) => void): void {
    for (const value of this.cache.values()) visit(value)
  }
}

export const lruCache: Rival = {
  name: 'lru-cache',
  title: 'lru-cache',
  threading: 'one',
  caches: 'only',
  package: PACKAGE,
  async load() {
    const { LRUCache } = requirePackage(PACKAGE) as { LRUCache: Constructor }
    return {
      version: versionOf(PACKAGE),
      create({ bound }) {
        const table = new LruCacheTable(LRUCache, bound)
        return { table, size: () => table.cache.size, dispose() {} }
      },
    }
  },
}
