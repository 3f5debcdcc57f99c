// The reckoning at the end of a round, when all actors have left: everything is there, and all memory is accounted for.
import * as library from 'tophash'
import type { SharedHeap } from 'tophash'
import { Collections, FIELD, MEMBERS, OWN, SHARED, STORM } from './collections.js'
import { checkCounters } from './common.js'
import { KEYS, type Ledger } from './ledger.js'
import { type Job, Owner } from './owner.js'
import { checkStorm } from './storm.js'
import { idOfKey, short } from './values.js'

/** Checks all that is in the heap, then deletes it. Returns the bytes that the heap has then. @throws what is wrong */
export function tally(heap: SharedHeap, ledger: Ledger): number {
  heap.check()
  const opened = new Collections(library, heap.handle)
  try {
    for (let actor = 0; actor < ledger.actors; actor++) checkActor(heap, ledger, actor)
    checkCounters(opened, ledger)
    for (const map of [...opened.maps, opened.storm, opened.members]) expectGrowable(map)
    heap.check()
    for (const [map, { name }] of SHARED.entries()) checkSize(opened, ledger, map, name)
    expectEqual('members', opened.members.size, countThere(ledger, MEMBERS))
  } finally {
    opened.dispose()
  }
  for (const name of heap.names()) if (!heap.delete(name)) throw new Error(`${name} was gone before it was deleted`)
  const { threads, collections, heapBytes } = heap.stats()
  expectEqual('threads attached', threads, 1)
  expectEqual('collections', collections, 0)
  heap.check()
  return heapBytes
}

/** Nothing of an actor's was under way, so each of its keys is what was acknowledged. */
function checkActor(heap: SharedHeap, ledger: Ledger, actor: number): void {
  for (let map = 0; map <= OWN; map++) {
    for (let k = 0; k < KEYS[map]!; k++) {
      const code = ledger.acknowledged(actor, map, k)
      expectEqual(`collection ${map}, key ${k} of ${actor}`, ledger.intended(actor, map, k), code)
    }
  }
  const job: Job = {
    heap: heap.handle,
    ledger: ledger.buffer,
    actors: ledger.actors,
    actor,
    seed: 0,
    watches: 0,
    tight: false,
    leaves: false,
    checked: false,
  }
  const owner = new Owner(job, ledger, library)
  try {
    owner.settleAll()
    checkStorm(owner, STORM)
    checkStorm(owner, FIELD)
    if (owner.hasOwn) expectGrowable(owner.own)
    if (owner.hasField) expectGrowable(owner.storm(FIELD))
  } finally {
    owner.close()
  }
}

/** Whoever died while a collection grew has not stopped its growth. @throws ERR_OWNER_UNRESPONSIVE if so */
function expectGrowable(one: { readonly size: number; reserve(entries: number): void }): void {
  try {
    one.reserve(2 * one.size + 100)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_OUT_OF_MEMORY') throw error
  }
}

/** A map counts its entries right, and there are none but those known of. */
function checkSize(opened: Collections, ledger: Ledger, map: number, name: string): void {
  let [all, known] = [0, 0]
  for (const [key] of opened.maps[map]!) {
    all++
    if (idOfKey(key) >= 0) known++
    else if (!/^-|^text|^counter/.test(String(key))) throw new Error(`${name} has the key ${short(key)}`)
  }
  expectEqual(`entries of ${name}`, known, countThere(ledger, map))
  expectEqual(`size of ${name}`, opened.maps[map]!.size, all)
}

function countThere(ledger: Ledger, map: number): number {
  let count = 0
  for (let actor = 0; actor < ledger.actors; actor++) {
    for (let k = 0; k < KEYS[map]!; k++) if (ledger.acknowledged(actor, map, k) > 0) count++
  }
  return count
}

function expectEqual(what: string, given: number, expected: number): void {
  if (given !== expected) throw new Error(`${what}: ${given}, expected ${expected}`)
}
