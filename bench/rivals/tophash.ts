import type { SharedMap } from 'tophash'
import { type Key, isNumberKind } from '../streams/keys.js'
import { ownVersion } from './packages.js'
import { record } from './tophash-record.js'
import type { Attached, Library, Purpose, Rival, Shared, Table, Value } from './rival.js'

type TophashModule = typeof import('tophash')

interface Options {
  key: 'number' | 'string'
  value: 'number' | 'any'
  capacity: number
}

interface Handle {
  heap: unknown
  name: string
  options: Options
}

class TophashTable implements Table {
  readonly #map: SharedMap<Key, Value>

  constructor(map: SharedMap<Key, Value>) {
    this.#map = map
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key)
  }

  set(key: Key, value: Value): void {
    this.#map.set(key, value)
  }

  remove(key: Key): boolean {
    return this.#map.delete(key)
  }

  increment(key: Key): void {
    ;(this.#map as SharedMap<Key, number>).increment(key)
  }

  scan(visit: (value: Value) => void): void {
    for (const value of this.#map.values()) visit(value)
  }
}

export const tophash: Rival = tophashFrom('tophash', 'tophash', 'tophash')

/** Another build of the library, by the URL of its index.js. */
export function otherBuild(url: string, name: string): Rival {
  return tophashFrom(name, 'other build', url)
}

function tophashFrom(name: string, title: string, specifier: string): Rival {
  return {
    name,
    title,
    threading: 'shared',
    records: true,
    load: async () => libraryOf((await import(specifier)) as TophashModule),
  }
}

/**
 * All maps of a process are in one heap, as the README advises programs with more than one: V8 inlines the calls into the
 * first heap only.
 */
function libraryOf({ SharedHeap }: TophashModule): Library {
  let heap: InstanceType<TophashModule['SharedHeap']> | undefined
  let maps = 0
  return {
    version: ownVersion(),
    create(purpose): Shared {
      const here = (heap ??= new SharedHeap())
      const [name, options] = [`map ${++maps}`, optionsFor(purpose)]
      const map = here.map<Key, Value>(name, options)
      return {
        table: new TophashTable(map),
        handle: { heap: here.handle, name, options } satisfies Handle,
        size: () => map.size,
        reportedBytes: () => map.stats().heapBytes,
        record: () => record(map),
        dispose() {
          map.dispose()
          here.delete(name)
        },
      }
    },
    attach(handle): Attached {
      const { heap: there, name, options } = handle as Handle
      const map = (heap ??= SharedHeap.attach(there)).map<Key, Value>(name, options)
      return { table: new TophashTable(map), dispose: () => map.dispose() }
    },
  }
}

function optionsFor({ keyKind, valueKind, presize, keyCount }: Purpose): Options {
  return {
    key: isNumberKind(keyKind) ? 'number' : 'string',
    value: valueKind === 'number' ? 'number' : 'any',
    capacity: presize ? keyCount : 0,
  }
}
