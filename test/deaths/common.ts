// What all actors write to at once: counters, texts, and collections that come and go.
import type { SharedMap } from 'tophash'
import { ANYTHING, type Collections, INTEGERS, NUMBERS, STRINGS } from './collections.js'
import { COUNTERS, type Ledger } from './ledger.js'
import type { Owner } from './owner.js'
import type { Random } from './steps.js'
import { same, short, sizeOf, textOf } from './values.js'

const TEXTS = 4
const COMERS = 3

/** One operation on what belongs to all. */
export function stepOnCommon(owner: Owner, random: Random): void {
  const choice = random(16)
  if (choice < 9) count(owner, random(COUNTERS))
  else if (choice < 15) stepOnText(owner, random)
  else owner.attempt(() => (random(2) ? visitComer(owner, random) : visitUnnamed(owner, random)))
}

// ---- Counters: in maps of three kinds ----

function counterMap(counter: number): number {
  return [NUMBERS, ANYTHING, INTEGERS][counter % 3]!
}

function counterKey(counter: number): unknown {
  return [-1 - counter, `counter ${counter}`, BigInt(-1 - counter)][counter % 3]
}

function count(owner: Owner, counter: number): void {
  const { actor, ledger } = owner
  const map = counterMap(counter)
  ledger.intendCount(actor, counter, 1)
  const isDone = owner.attempt(() => owner.map(map).increment(counterKey(counter), map === INTEGERS ? 1n : 1))
  if (isDone) ledger.acknowledgeCount(actor, counter)
  else ledger.intendCount(actor, counter, -1)
}

/** No acknowledged increment is lost, and none counts that nobody intended; at any moment. @throws */
export function checkCounters(opened: Collections, ledger: Ledger): void {
  for (let counter = 0; counter < COUNTERS; counter++) {
    const least = ledger.countAtLeast(counter)
    const found = Number(opened.maps[counterMap(counter)]!.get(counterKey(counter)) ?? 0)
    const most = ledger.countAtMost(counter)
    if (found >= least && found <= most) continue
    throw new Error(`Counter ${counter} is ${found}; acknowledged are ${least}, intended ${most}`)
  }
}

// ---- Texts: of whoever was the last ----

function stepOnText(owner: Owner, random: Random): void {
  const key = `text ${random(TEXTS)}`
  const texts = owner.map(STRINGS)
  const n = owner.ledger.tick(owner.actor)
  const text = textOf(`${key} of ${owner.actor}`, n, sizeOf(n))
  const check = (found: unknown): void => checkText(owner.ledger, key, found)
  switch (random(5)) {
    case 0:
      return check(texts.take(key))
    case 1:
      return void owner.attempt(() => check(texts.exchange(key, text)))
    case 2:
      return void owner.attempt(() => check(texts.getOrInsert(key, text)))
    case 3:
      return void owner.attempt(() => texts.update(key, (found) => (check(found), text)))
    default:
      return check(texts.get(key))
  }
}

/** A text was written for its key by somebody who has come that far. @throws */
export function checkText(ledger: Ledger, key: string, found: unknown): void {
  if (found === undefined) return
  const [name, number] = String(found).split('|', 2) as [string, string]
  const actor = Number(/ of (\d+)$/.exec(name)?.[1])
  const n = Number(number)
  const isWritten = name === `${key} of ${actor}` && actor < ledger.actors && n <= ledger.clock(actor)
  if (!isWritten || !same(found, textOf(name, n, sizeOf(n)))) throw new Error(`${key} holds ${short(found)}`)
}

// ---- Collections that come and go ----

/**
 * Opens one, or makes it; writes to it, so that it grows; and now and then deletes it, under whoever else has it open.
 * What it holds was written for its name: not for one that had its memory before.
 */
function visitComer({ opened, actor }: Owner, random: Random): void {
  const name = `comer ${random(COMERS)}`
  const map = opened.heap.map(name, { key: 'number', value: 'string', capacity: 1 })
  try {
    writeTo(map, name, actor, random)
    if (random(4) === 0) opened.heap.delete(name)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_DISPOSED') throw error // somebody has deleted it
  } finally {
    map.dispose()
  }
}

/** Writes to a map, and reads what it and others have written, which tells the map's name. */
function writeTo(map: SharedMap<number, string>, name: string, actor: number, random: Random): void {
  for (let i = 0; i < 30; i++) {
    const [key, other] = [random(400), random(400)]
    map.set(key, textOf(`${name}:${key}`, actor, random(100)))
    const found = map.get(other)
    if (found === undefined || found.startsWith(`${name}:${other}|`)) continue
    throw new Error(`${name}, ${other}: ${short(found)}`)
  }
}

/** The key, in the map of numbers, of what says where the newest map without a name is. */
const NEWEST = -1000

/**
 * Makes a map without a name, or opens the newest that somebody has made, unless all have let go of that. The last who
 * does frees it: at the latest when its death is dealt with.
 */
function visitUnnamed(owner: Owner, random: Random): void {
  const {
    opened: { heap },
    library: { SharedMap },
    actor,
  } = owner
  const newest = owner.map(NUMBERS).get(NEWEST) as number | undefined
  const kinds = { key: 'number', value: 'string' } as const
  let map: SharedMap<number, string>
  try {
    map =
      newest !== undefined && random(3) > 0
        ? SharedMap.attach({
            tophash: 'SharedMap',
            memory: heap.handle.memory,
            table: newest % 2 ** 32,
            generation: Math.floor(newest / 2 ** 32),
            ...kinds,
            codec: null,
          })
        : new SharedMap(null, { heap, ...kinds, capacity: 1 })
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_BAD_HANDLE') throw error // it is gone
    return
  }
  try {
    const { table, generation } = map.handle
    const place = generation * 2 ** 32 + table
    writeTo(map, `unnamed ${place}`, actor, random)
    owner.map(NUMBERS).set(NEWEST, place)
  } finally {
    map.dispose()
  }
}
