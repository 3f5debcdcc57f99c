import { BulkMap } from './bulk-map.js'
import { mapTableOf } from './atomic-map.js'
import { checkFunction, clearTable, sizeOf } from '../collection/collection.js'
import { ensureThere } from '../collection/heap-collection.js'
import { mapIterator } from '../collection/iterator.js'
import { KEYS, VALUES } from '../table/columns.js'
import { Walk } from '../table/walk.js'

/** What a Map does to all of its entries. In a cache these are the live ones, and to visit one is no use of it. */
export abstract class IterableMap<K, V> extends BulkMap<K, V> {
  /**
   * Removes all entries, chain after chain: not atomic. An entry that another thread sets meanwhile may stay. Their memory
   * serves any use of the heap; so do the buckets of a table that has grown, or was reserved, if no other thread has it
   * open: then it grows anew. (Go: Clear.) O(n).
   */
  clear(): void {
    clearTable(mapTableOf(this))
  }

  /**
   * Entries: the sum of what each thread has counted. Exact while no thread writes. In a cache: those that are paid for, some of
   * which may have ended and not be swept yet; never more than max. O(threads).
   */
  get size(): number {
    return sizeOf(mapTableOf(this))
  }

  /** Calls back for each entry, as Map does. What is visited: see entries(). (Go: Range.) */
  forEach(callback: (value: V, key: K, map: this) => void, ...[thisArg]: [thisArg?: unknown]): void {
    const table = mapTableOf(this)
    table.ensureOpen()
    checkFunction('forEach', callback)
    const walk = new Walk(table)
    while (walk.nextBatch()) {
      for (let i = 0; i < walk.count; i++) {
        if (!walk.isThere(i)) continue
        // What is called without `call` is compiled into this loop, if nothing else has been called here.
        if (thisArg === undefined) callback(walk.valueAt(i), walk.keyAt(i), this)
        else callback.call(thisArg, walk.valueAt(i), walk.keyAt(i), this)
      }
    }
  }

  /**
   * Iterates over [key, value], in no useful order, while anyone may write. Every entry that is there during the
   * whole iteration is visited exactly once, and none twice, even if the table grows meanwhile; one that is set or
   * removed meanwhile may be visited or not. What this thread itself has removed is not visited. O(n).
   */
  entries(): MapIterator<[K, V]> {
    const table = mapTableOf(this)
    ensureThere(table)
    return mapIterator(new Walk(table))
  }

  /** Iterates over the keys: see entries(). */
  keys(): MapIterator<K> {
    const table = mapTableOf(this)
    ensureThere(table)
    return mapIterator(new Walk(table, { wanted: KEYS }))
  }

  /** Iterates over the values: see entries(). */
  values(): MapIterator<V> {
    const table = mapTableOf(this)
    ensureThere(table)
    return mapIterator(new Walk(table, { wanted: VALUES }))
  }

  declare [Symbol.iterator]: () => MapIterator<[K, V]>

  declare readonly [Symbol.toStringTag]: string
}

/**
 * Completes a class whose objects are maps: what Map.prototype has its prototype has as its own, for those who look for a method
 * there, or replace one; and its objects name themselves.
 */
export function completeMap({ prototype }: { readonly prototype: object }, name: string): void {
  for (const method of ['clear', 'size', 'forEach', 'entries', 'keys', 'values']) {
    Object.defineProperty(prototype, method, Object.getOwnPropertyDescriptor(IterableMap.prototype, method)!)
  }
  Object.defineProperty(prototype, Symbol.iterator, { value: IterableMap.prototype.entries, writable: true, configurable: true })
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true })
}
