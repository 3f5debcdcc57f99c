// Looks at what others write, at any moment: what was acknowledged before is there, what is there was intended, and
// nothing that has been seen gives way to something older.
import { type Collections, MEMBERS, OWN, SHARED, keyIn, kindsOf } from './collections.js'
import { checkCounters, checkText } from './common.js'
import { KEYS, type Ledger } from './ledger.js'
import type { Random } from './steps.js'
import { watchStorm } from './storm.js'
import { actorOf, idOf, idOfKey, indexOf, keyOf, numberOfValue, same, short, valueOf } from './values.js'

export class Watcher {
  readonly #ledger: Ledger
  /** The highest number that was seen of each key. */
  readonly #seen = new Map<string, number>()

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** Looks at one thing. @throws what is wrong */
  look(opened: Collections, random: Random): void {
    const choice = random(40)
    if (choice === 0) this.#visitAll(opened, random(SHARED.length))
    else if (choice < 4) checkCounters(opened, this.#ledger)
    else if (choice < 6) watchStorm(this.#ledger, opened.storm, random(this.#ledger.actors))
    else this.#lookAt(opened, random(OWN), random(this.#ledger.actors), random(KEYS[0]))
  }

  #lookAt(opened: Collections, map: number, actor: number, k: number): void {
    const acknowledged = this.#ledger.acknowledged(actor, map, k)
    const intended = this.#ledger.intended(actor, map, k)
    const found = this.#found(opened, map, actor, k)
    const later = this.#ledger.intended(actor, map, k)
    const isStill = acknowledged === intended && intended === later
    if (isStill && (found !== undefined && found !== false) !== acknowledged > 0) {
      throw new Error(`Collection ${map}, key ${k} of ${actor}: ${short(found)} found, ${acknowledged} acknowledged`)
    }
    if (map === MEMBERS || found === undefined) return
    const n = this.#check(map, idOf(actor, k), found)
    if (n >= Math.abs(acknowledged) && n <= Math.abs(later)) return
    throw new Error(`Collection ${map}, key ${k} of ${actor}: ${n} is none of ${acknowledged} to ${later}`)
  }

  #found(opened: Collections, map: number, actor: number, k: number): unknown {
    const key = keyIn(map, actor, k)
    return map === MEMBERS ? opened.members.has(key as string) : opened.maps[map]!.get(key)
  }

  /** The number of a value, which was written for this key and is none that was there before another that was seen. */
  #check(map: number, id: number, value: unknown): number {
    const n = numberOfValue(value)
    const isWhole = same(value, valueOf(kindsOf(map).value, id, n))
    if (!isWhole) throw new Error(`Collection ${map}, id ${id}: never written: ${short(value)}`)
    const key = `${map} ${id}`
    const seen = this.#seen.get(key) ?? 0
    if (n < seen) throw new Error(`Collection ${map}, id ${id}: ${n} after ${seen}`)
    this.#seen.set(key, n)
    return n
  }

  /** Visits a whole map: no key twice, and nothing that was not written for its key. */
  #visitAll(opened: Collections, map: number): void {
    const seen = new Set<number>()
    for (const [key, value] of opened.maps[map]!) {
      const id = idOfKey(key)
      if (Number.isNaN(id) || id < 0) {
        if (typeof key === 'string' && key.startsWith('text')) checkText(this.#ledger, key, value)
        continue
      }
      if (seen.has(id)) throw new Error(`Collection ${map}: ${short(key)} was visited twice`)
      seen.add(id)
      const isKnown = actorOf(id) < this.#ledger.actors && indexOf(id) < KEYS[map]!
      const isKey = isKnown && same(key, keyOf(kindsOf(map).key, id))
      if (!isKey) throw new Error(`Collection ${map}: ${short(key)} is nobody's key`)
      this.#check(map, id, value)
    }
  }
}
