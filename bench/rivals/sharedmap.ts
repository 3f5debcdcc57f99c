// https://www.npmjs.com/package/sharedmap: a hash map of fixed size in a SharedArrayBuffer, with locks. It keeps strings, and
// room for the longest key and value must be made before: it needs one character more than it says, or finds other keys.
import { type KeyKind, type Key, isNumberKind, newKeyMaker, MOST_KEYS } from '../streams/keys.js'
import { requirePackage, versionOf } from './packages.js'
import type { Attached, Library, Purpose, Rival, Shared, Table, Value } from './rival.js'

/** What we use of it. */
interface SharedMap {
  readonly length: number
  get(key: string, options?: Lock): string | undefined
  set(key: string, value: number, options?: Lock): void
  delete(key: string): void
  reduce(visit: (seen: undefined, value: string) => undefined, initial: undefined): void
  lockWrite(): void
  unlockWrite(): void
}

interface Lock {
  lockWrite: true
}

type SharedMapClass = new (size: number, keyLength: number, valueLength: number) => SharedMap

interface Handle {
  map: object
  booleans: boolean
}

const PACKAGE = 'sharedmap'
const LOCKED: Lock = { lockWrite: true }
const LONGEST_VALUE = 11
/** Places for each entry: it becomes slow when it is nearly full. */
const ROOM = 2

export const sharedmap: Rival = {
  name: 'sharedmap',
  title: 'sharedmap',
  threading: 'shared',
  package: PACKAGE,
  slow: true,
  notes: ['of fixed size, twice as many places as keys'],
  refuses: ({ keyKind }) => (isNumberKind(keyKind) ? 'its keys are strings' : undefined),
  async load(): Promise<Library> {
    const Class = requirePackage(PACKAGE) as SharedMapClass
    return { version: versionOf(PACKAGE), create: (purpose) => create(Class, purpose), attach: (handle) => attach(Class, handle) }
  },
}

class SharedmapTable implements Table {
  readonly #map: SharedMap
  readonly #booleans: boolean

  constructor(map: SharedMap, booleans: boolean) {
    this.#map = map
    this.#booleans = booleans
  }

  get(key: Key): Value | undefined {
    const text = this.#map.get(key as string)
    return text === undefined ? undefined : this.#read(text)
  }

  set(key: Key, value: Value): void {
    this.#map.set(key as string, Number(value))
  }

  /** It throws if there is none. */
  remove(key: Key): boolean {
    try {
      this.#map.delete(key as string)
      return true
    } catch (error) {
      if (error instanceof RangeError) return false
      throw error
    }
  }

  increment(key: Key): void {
    const map = this.#map
    map.lockWrite()
    map.set(key as string, Number(map.get(key as string, LOCKED) ?? 0) + 1, LOCKED)
    map.unlockWrite()
  }

  scan(visit: (value: Value) => void): void {
    this.#map.reduce((_, text) => {
      visit(this.#read(text))
      return undefined
    }, undefined)
  }

  #read(text: string): Value {
    return this.#booleans ? text === '1' : Number(text)
  }
}

function create(Class: SharedMapClass, { keyKind, keyCount, valueKind }: Purpose): Shared {
  const map = new Class(keyCount * ROOM, longestOf(keyKind) + 1, LONGEST_VALUE + 1)
  const booleans = valueKind === 'boolean'
  return {
    table: new SharedmapTable(map, booleans),
    handle: { map, booleans } satisfies Handle,
    size: () => map.length,
    dispose: () => {},
  }
}

/** As its documentation has it. */
function attach(Class: SharedMapClass, handle: unknown): Attached {
  const { map, booleans } = handle as Handle
  Object.setPrototypeOf(map, Class.prototype)
  return { table: new SharedmapTable(map as SharedMap, booleans), dispose: () => {} }
}

function longestOf(kind: KeyKind): number {
  return String(newKeyMaker(kind)(MOST_KEYS)).length
}
