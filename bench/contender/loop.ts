// Executes operations on a table, and counts what it finds. The cost of the loop itself is that of reading an operation
// and a key from arrays, a few nanoseconds; test/bench says what it must count.
import type { RemoteTable, Table, Value } from '../rivals/rival.js'
import { RANK_MASK, lastingPartOf, nextVersionOf, valueOf, versionAt } from '../streams/keys.js'
import type { Key } from '../streams/keys.js'
import { GET, INCREMENT, LOAD, MODIFY, REMOVE, SCAN, SET, type Plan, kindOf, rankOf } from '../streams/plan.js'

/**
 * What was found, by the indexes that follow. Not an object with a field for each: V8 believes that a field which begins with
 * 0 holds small whole numbers, and would throw its code away in each round, when the sum is none any more. Nor do loops sum
 * up in variables to add them in the end: what follows a long loop is not compiled well, as V8 has not seen it yet.
 */
export type Tally = Float64Array<ArrayBuffer>

const HITS = 0
const SUM = 1
const REMOVED = 2
const VISITED = 3

export function newTally(): Tally {
  return new Float64Array(4)
}

export interface Found {
  hits: number
  sum: number
  removed: number
  visited: number
}

export function foundIn(tally: Tally): Found {
  return { hits: tally[HITS]!, sum: tally[SUM]!, removed: tally[REMOVED]!, visited: tally[VISITED]! }
}

/** A part of a stream: operations, and their keys if these are not the ranks themselves. */
export interface Batch {
  operations: Uint32Array
  keys: ArrayLike<Key> | undefined
  from: number
  to: number
  /** Where `keys` begins. */
  keysFrom: number
  /** What counts of a value: nothing of counters, which change while others count. */
  mask: number
  booleans: boolean
}

export function maskOf({ counters }: Plan): number {
  return counters ? 0 : RANK_MASK
}

export function execute(table: Table, batch: Batch, tally: Tally): void {
  const { operations, keys, from, to, keysFrom, mask, booleans } = batch
  for (let place = from; place < to; place++) {
    const operation = operations[place]!
    const rank = rankOf(operation)
    const key = keys ? keys[place - keysFrom]! : rank
    switch (kindOf(operation)) {
      case GET: {
        const value = table.get(key)
        if (value === undefined) break
        tally[HITS]!++
        tally[SUM]! += (value as number) & mask // true counts as 1
        break
      }
      case SET:
        table.set(key, booleans ? true : valueOf(rank, versionAt(place)))
        break
      case REMOVE:
        if (table.remove(key)) tally[REMOVED]!++
        break
      case INCREMENT:
        table.increment(key)
        break
      case MODIFY: {
        const value = table.get(key)
        if (value === undefined) break
        tally[HITS]!++
        table.set(key, nextVersionOf(value as number))
        break
      }
      case LOAD: {
        const value = table.get(key)
        if (value === undefined) table.set(key, valueOf(rank, versionAt(place)))
        else {
          tally[HITS]!++
          tally[SUM]! += checked(value, rank)
        }
        break
      }
      case SCAN:
        table.scan(visitorOf(tally))
        break
      default:
        throw new Error(`there is no operation ${kindOf(operation)}`)
    }
  }
}

/** The same with one message in flight. */
export async function executeRemotely(table: RemoteTable, batch: Batch, tally: Tally): Promise<void> {
  const { operations, keys, from, to, keysFrom, mask, booleans } = batch
  for (let place = from; place < to; place++) {
    const operation = operations[place]!
    const rank = rankOf(operation)
    const key = keys ? keys[place - keysFrom]! : rank
    switch (kindOf(operation)) {
      case GET: {
        const value = await table.get(key)
        if (value === undefined) break
        tally[HITS]!++
        tally[SUM]! += (value as number) & mask
        break
      }
      case SET:
        await table.set(key, booleans ? true : valueOf(rank, versionAt(place)))
        break
      case REMOVE:
        if (await table.remove(key)) tally[REMOVED]!++
        break
      case INCREMENT:
        await table.increment(key)
        break
      case MODIFY: {
        const value = await table.get(key)
        if (value === undefined) break
        tally[HITS]!++
        await table.set(key, nextVersionOf(value as number))
        break
      }
      case LOAD: {
        const value = await table.get(key)
        if (value === undefined) await table.set(key, valueOf(rank, versionAt(place)))
        else {
          tally[HITS]!++
          tally[SUM]! += checked(value, rank)
        }
        break
      }
      case SCAN:
        await table.scan(visitorOf(tally))
        break
      default:
        throw new Error(`there is no operation ${kindOf(operation)}`)
    }
  }
}

/** What a cache found of a rank: it must be that one's. */
function checked(value: Value, rank: number): number {
  const found = lastingPartOf(value as number)
  if (found !== rank) throw new Error(`the key of rank ${rank} has the value of rank ${found}`)
  return found
}

function visitorOf(tally: Tally): (value: Value) => void {
  return (value) => {
    tally[VISITED]!++
    tally[SUM]! += lastingPartOf(value as number)
  }
}
