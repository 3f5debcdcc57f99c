// The built-in Map: what a program has that needs no threads. It cannot be shared, so one thread does the work of all.
import process from 'node:process'
import type { Key } from '../streams/keys.js'
import type { Rival, Shared, Table, Value } from './rival.js'

export class MapTable implements Table {
  readonly map = new Map<Key, Value>()

  get(key: Key): Value | undefined {
    return this.map.get(key)
  }

  set(key: Key, value: Value): void {
    this.map.set(key, value)
  }

  remove(key: Key): boolean {
    return this.map.delete(key)
  }

  increment(key: Key): void {
    this.map.set(key, ((this.map.get(key) as number | undefined) ?? 0) + 1)
  }

  scan(visit: (value: Value) => void): void {
    for (const value of this.map.values()) visit(value)
  }
}

/** The cache that a program writes itself: what is used goes to the end of the Map, and its first entry is evicted. */
export class BoundedMapTable extends MapTable {
  readonly #bound: number

  constructor(bound: number) {
    super()
    this.#bound = bound
  }

  override get(key: Key): Value | undefined {
    const value = this.map.get(key)
    if (value === undefined) return undefined
    this.map.delete(key)
    this.map.set(key, value)
    return value
  }

  override set(key: Key, value: Value): void {
    this.map.delete(key)
    this.map.set(key, value)
    if (this.map.size > this.#bound) this.map.delete(this.map.keys().next().value!)
  }
}

export const map: Rival = {
  name: 'map',
  title: 'Map',
  threading: 'one',
  refuses: ({ background }) => (background ? 'nobody else can write into a Map' : undefined),
  load: async () => ({ version: `V8 ${process.versions.v8}`, create: openMap }),
}

function openMap(): Shared {
  const table = new MapTable()
  return { table, size: () => table.map.size, dispose: () => table.map.clear() }
}
