// What iterations, scans and partitions promise, as operations on single keys: an entry that is there throughout is
// visited exactly once. Each key's place in the order is passed at one moment; there its entry is copied as it is, or
// there is none. So a visit has read each key at one moment between its call and its return: what it has shown, or
// nothing. Whether that can be so is for the checker to say; that nothing is shown twice has to be seen here.
import { ABSENT, type Interval, type Operation, groupedBy } from './history.js'

/** Some of what an iteration has shown: all of it, a batch of a scan, a part of a partition. */
export interface Visit extends Interval {
  readonly thread: number
  readonly place: number
  /** The same for all that belongs to one iteration. */
  readonly group: string
  readonly entries: readonly (readonly [key: number, value: number])[]
}

/** Visits as reads of these keys. @throws Error if an iteration has shown a key twice */
export function readsOf(visits: readonly Visit[], keys: readonly number[]): Operation[] {
  return groupedBy(visits, ({ group }) => group).flatMap((group) => readsOfOne(group, keys))
}

function readsOfOne(visits: readonly Visit[], keys: readonly number[]): Operation[] {
  const reads = new Map<number, Operation>()
  for (const visit of visits) {
    for (const [key, value] of visit.entries) {
      const first = reads.get(key)
      if (first) throw new Error(`Iteration ${visit.group} has shown key ${key} twice: ${first.got} and ${value}.`)
      reads.set(key, readOf(visit, key, value))
    }
  }
  const whole = {
    ...visits[0]!,
    call: Math.min(...visits.map(({ call }) => call)),
    returned: Math.max(...visits.map(({ returned }) => returned)),
  }
  return [...reads.values(), ...keys.filter((key) => !reads.has(key)).map((key) => readOf(whole, key, ABSENT))]
}

function readOf({ thread, place, call, returned }: Visit, key: number, got: number): Operation {
  return { thread, name: 'get', place, key, given: ABSENT, expected: ABSENT, got, call, returned }
}
