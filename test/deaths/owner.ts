// Writes to an actor's own keys, each noted in the ledger before and after; and the reckoning with a dead predecessor.
import type { SharedHeapHandle } from 'tophash'
import { type AnyMap, Collections, type Library, MEMBERS, OWN, STORM, fieldName, keyIn, kindsOf, ownName } from './collections.js'
import { KEYS, type Ledger } from './ledger.js'
import { idOf, numberOfValue, same, short, valueOf } from './values.js'

/** What a thread of these tests is told. */
export interface Job {
  readonly heap: SharedHeapHandle
  readonly ledger: SharedArrayBuffer
  readonly actors: number
  /** Which of them to be. */
  readonly actor: number
  readonly seed: number
  /** Of 100 steps so many are looks at what others do. */
  readonly watches: number
  /** Whether the heap may be full: then writes may fail with ERR_OUT_OF_MEMORY, and have changed nothing. */
  readonly tight: boolean
  /** Whether the actor leaves the heap now and then, and comes back. */
  readonly leaves: boolean
  /** Whether to use the checked core, and to linger now and then in the middle of an operation. */
  readonly checked: boolean
}

export class Owner {
  readonly actor: number
  readonly ledger: Ledger
  readonly tight: boolean
  readonly library: Library
  readonly #handle: SharedHeapHandle
  #opened: Collections | undefined
  #own: AnyMap | undefined
  #field: AnyMap | undefined

  constructor(job: Job, ledger: Ledger, library: Library) {
    this.library = library
    this.actor = job.actor
    this.tight = job.tight
    this.ledger = ledger
    this.#handle = job.heap
  }

  // ---- What is open ----

  get opened(): Collections {
    return (this.#opened ??= new Collections(this.library, this.#handle))
  }

  /** Opens everything, if it is not open. False: the heap is full, and has no room for what a thread needs. */
  tryOpen(): boolean {
    try {
      return this.opened !== undefined
    } catch (error) {
      if (!this.tight || (error as { code?: unknown }).code !== 'ERR_OUT_OF_MEMORY') throw error
      return false
    }
  }

  /** The actor's own map; made if it is not there. */
  get own(): AnyMap {
    return (this.#own ??= this.opened.own(this.actor))
  }

  /** A collection by its number; not the set. */
  map(map: number): AnyMap {
    return map === OWN ? this.own : this.opened.maps[map]!
  }

  /** Whether the own map is there; it is not after it was deleted. */
  get hasOwn(): boolean {
    return this.#own !== undefined || this.opened.heap.names().includes(ownName(this.actor))
  }

  closeOwn(): void {
    this.#own?.dispose()
    this.#own = undefined
  }

  /** The map of a storm; the own one is made if it is not there. */
  storm(map: number): AnyMap {
    return map === STORM ? this.opened.storm : (this.#field ??= this.opened.field(this.actor))
  }

  get hasField(): boolean {
    return this.#field !== undefined || this.opened.heap.names().includes(fieldName(this.actor))
  }

  deleteField(): void {
    this.opened.heap.delete(fieldName(this.actor))
    this.#field?.dispose()
    this.#field = undefined
  }

  close(): void {
    this.closeOwn()
    this.#field?.dispose()
    this.#field = undefined
    this.#opened?.dispose()
    this.#opened = undefined
  }

  // ---- What is there ----

  key(map: number, k: number): unknown {
    return keyIn(map, this.actor, k)
  }

  isThere(map: number, k: number): boolean {
    return this.ledger.acknowledged(this.actor, map, k) > 0
  }

  /** The value of an own key as it must be now; undefined for none. */
  current(map: number, k: number): unknown {
    const code = this.ledger.acknowledged(this.actor, map, k)
    return code > 0 ? this.valueAt(map, k, code) : undefined
  }

  valueAt(map: number, k: number, n: number): unknown {
    return valueOf(kindsOf(map).value, idOf(this.actor, k), n)
  }

  /** Whether an own key is in the set; or the value that it has in a map. */
  look(map: number, k: number): unknown {
    if (map === OWN && !this.hasOwn) return undefined
    if (map === MEMBERS) return this.opened.members.has(this.key(map, k) as string)
    return this.map(map).get(this.key(map, k))
  }

  // ---- Writing ----

  /**
   * Sets own keys, by an action that gets their new values: all of them, or those that the action has come to when it
   * dies. In a full heap it may do nothing.
   */
  set(map: number, ks: readonly number[], action: (values: unknown[]) => void): void {
    const codes = ks.map(() => this.ledger.tick(this.actor))
    this.#write(map, ks, codes, () => action(codes.map((code, i) => this.valueAt(map, ks[i]!, code))))
  }

  /** Removes own keys, by an action that must not fail. */
  remove(map: number, ks: readonly number[], action: () => void): void {
    const codes = ks.map(() => -this.ledger.tick(this.actor))
    this.#write(map, ks, codes, action)
  }

  /** Runs what may find no room in the heap. Whether it did. */
  attempt(action: () => unknown): boolean {
    try {
      action()
      return true
    } catch (error) {
      if (!this.tight || (error as { code?: unknown }).code !== 'ERR_OUT_OF_MEMORY') throw error
      this.ledger.addRefusal(this.actor)
      return false
    }
  }

  #write(map: number, ks: readonly number[], codes: readonly number[], action: () => void): void {
    ks.forEach((k, i) => this.ledger.intend(this.actor, map, k, codes[i]!))
    const mayFail = codes[0]! > 0
    const isDone = mayFail ? this.attempt(action) : (action(), true)
    if (isDone) ks.forEach((k, i) => this.ledger.acknowledge(this.actor, map, k, codes[i]!))
    else if (ks.length > 1)
      for (const k of ks) this.settle(map, k) // many at once: some may be set
    else this.ledger.intend(this.actor, map, ks[0]!, this.ledger.acknowledged(this.actor, map, ks[0]!))
  }

  // ---- After a death ----

  /** Finds out what has become of all own keys, and that it is what may have. */
  settleAll(): void {
    const { actor, ledger } = this
    const wasEmptying = ledger.emptying(actor)
    const before = upTo(KEYS[OWN]).filter((k) => this.isThere(OWN, k)).length
    for (let map = 0; map <= OWN; map++) for (let k = 0; k < KEYS[map]!; k++) this.settle(map, k)
    const left = upTo(KEYS[OWN]).filter((k) => this.isThere(OWN, k)).length
    if (wasEmptying && left !== 0 && left !== before) throw new Error(`Half deleted: ${left} of ${before} are left`)
    ledger.setEmptying(actor, false)
    if (this.hasOwn) this.checkOwn()
  }

  /** The own map holds exactly what it ought to, and counts right: nobody else writes to it. */
  checkOwn(): void {
    const expected = upTo(KEYS[OWN]).filter((k) => this.isThere(OWN, k)).length
    const seen = new Set<unknown>()
    for (const [key, value] of this.own) {
      if (seen.has(key)) throw new Error(`${short(key)} was visited twice`)
      seen.add(key)
      const k = upTo(KEYS[OWN]).find((one) => this.key(OWN, one) === key)
      if (k !== undefined && same(value, this.current(OWN, k))) continue
      throw new Error(`Visited ${short(key)}, ${short(value)}`)
    }
    if (seen.size !== expected) throw new Error(`Visited ${seen.size} entries of ${expected}`)
    if (this.own.size !== expected) throw new Error(`Size is ${this.own.size}, but there are ${expected} entries`)
  }

  /** What an own key holds is what was acknowledged or intended; from here on it is known which. */
  settle(map: number, k: number): void {
    const { actor, ledger } = this
    const found = this.look(map, k)
    for (const code of [ledger.acknowledged(actor, map, k), ledger.intended(actor, map, k)]) {
      if (!this.#fits(map, k, found, code)) continue
      ledger.acknowledge(actor, map, k, code)
      return
    }
    const codes = `${ledger.acknowledged(actor, map, k)} acknowledged, ${ledger.intended(actor, map, k)} intended`
    throw new Error(`Collection ${map}, key ${k}: found ${short(found)} (${numberOfValue(found)}), ${codes}`)
  }

  #fits(map: number, k: number, found: unknown, code: number): boolean {
    if (map === MEMBERS) return found === code > 0
    return code > 0 ? same(found, this.valueAt(map, k, code)) : found === undefined
  }
}

/** 0 to count - 1. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n)
}

/** @throws unless both are the same */
export function expectSame(what: string, given: unknown, expected: unknown): void {
  if (!same(given, expected)) throw new Error(`${what}: got ${short(given)}, expected ${short(expected)}`)
}
