// What threads do to a map, at random, one call each. All of it is recorded.
import type { TestMap } from '../../../support/untyped.js'
import { ABSENT, type Name, REFUSED } from '../../histories/history.js'
import type { Call, Session } from '../../histories/session.js'
import { recordBatches, recordVisit } from '../../histories/visiting.js'

type MapSession = Session<TestMap>
type Act = (session: MapSession, key: number) => void

const nothing = (): number => ABSENT

/** Each act by its name; `key` is one of the recorded keys. */
export const MAP_ACTS = {
  get: (s, key) =>
    s.record(
      { name: 'get', key },
      () => s.collection.get(s.keyOf(key)),
      (value) => s.numberOf(value),
    ),
  has: (s, key) => s.record({ name: 'has', key }, () => s.collection.has(s.keyOf(key)), Number),
  delete: (s, key) => s.record({ name: 'delete', key }, () => s.collection.delete(s.keyOf(key)), Number),
  take: (s, key) => {
    s.record(
      { name: 'take', key },
      () => s.collection.take(s.keyOf(key)),
      (value) => s.numberOf(value),
    )
  },
  set: (s, key) => writeFresh(s, 'set', key, (value) => void s.collection.set(s.keyOf(key), value)),
  exchange: (s, key) => writeFresh(s, 'exchange', key, (value) => s.collection.exchange(s.keyOf(key), value)),
  getOrInsert: (s, key) => {
    writeFresh(s, 'getOrInsert', key, (value) => s.collection.getOrInsert(s.keyOf(key), value))
  },
  getOrInsertComputed: compute,
  compareAndSet: (s, key) => {
    const [expected, given] = [expectation(s, key), s.fresh()]
    const [seen, value] = [s.valueOf(expected), s.valueOf(given)]
    const plan = { name: 'compareAndSet', key, given, expected } as const
    s.record(plan, () => s.collection.compareAndSet(s.keyOf(key), seen, value), Number)
  },
  compareAndDelete: (s, key) => {
    const expected = expectation(s, key)
    const seen = s.valueOf(expected)
    const plan = { name: 'compareAndDelete', key, expected } as const
    s.record(plan, () => s.collection.compareAndDelete(s.keyOf(key), seen), Number)
  },
  increment,
  update,
  getMany: (s, key) => {
    const plans = some(s, key).map((one): Call => ({ name: 'get', key: one }))
    const keys = plans.map((plan) => s.keyOf(plan.key))
    s.recordMany(
      plans,
      () => s.collection.getMany(keys),
      (values, index) => s.numberOf((values as unknown[])[index]),
    )
  },
  setMany: (s, key) => {
    const plans = some(s, key).map((one): Call => ({ name: 'set', key: one, given: s.fresh() }))
    const entries = plans.map((plan) => [s.keyOf(plan.key), s.valueOf(plan.given!)])
    s.recordMany(plans, () => s.collection.setMany(entries), nothing)
  },
  getOrInsertMany: (s, key) => {
    const plans = some(s, key).map((one): Call => ({ name: 'getOrInsert', key: one, given: s.fresh() }))
    const entries = plans.map((plan) => [s.keyOf(plan.key), s.valueOf(plan.given!)])
    s.recordMany(
      plans,
      () => s.collection.getOrInsertMany(entries),
      (values, index) => s.numberOf((values as unknown[])[index]),
    )
  },
  /** Of one key it says whether it was there; of several only how many were. */
  deleteMany: (s, key) => {
    const keys = s.means.random(2) ? [key] : some(s, key)
    const plans = keys.map((one): Call => ({ name: keys.length === 1 ? 'delete' : 'wipe', key: one }))
    s.recordMany(plans, () => s.collection.deleteMany(keys.map((one) => s.keyOf(one))), Number)
  },
  clear: (s) => {
    const plans = s.means.keys.all.map((_, key): Call => ({ name: 'wipe', key }))
    s.recordMany(plans, () => s.collection.clear(), nothing)
  },
  retain,
  iterate: (s) => recordVisit(s, () => [...s.collection]),
  forEach: (s) => {
    recordVisit(s, () => {
      const entries: [unknown, unknown][] = []
      s.collection.forEach((value, key) => entries.push([key, value]))
      return entries
    })
  },
  scan: (s) => recordBatches(s, (cursor) => s.collection.scan(cursor, 1 + s.means.random(20))),
  size: (s) => {
    const { size } = s.collection
    if (!(size >= 0)) throw new Error(`The size is ${size}.`)
  },
} satisfies Record<string, Act>

export type MapAct = keyof typeof MAP_ACTS

/** Some of the recorded keys, each once, the given one first. */
export function some({ means: { keys, together, random } }: Session<unknown>, first: number): number[] {
  const count = Math.min(1 + random(4), together ?? keys.all.length)
  return Array.from({ length: count }, (_, i) => (first + i) % keys.all.length)
}

/** Writes a value that was never written before. */
function writeFresh(s: MapSession, name: Name, key: number, write: (value: unknown) => unknown): void {
  const given = s.fresh()
  const value = s.valueOf(given)
  s.record(
    { name, key, given },
    () => write(value),
    (result) => s.numberOf(result),
  )
}

/** A value to compare with: what the key was seen to have, which it may still have; now and then one it never had. */
function expectation(s: MapSession, key: number): number {
  const seen = s.means.random(8) ? s.lastSeen(key) : ABSENT
  return seen >= 0 ? seen : s.fresh()
}

function compute(s: MapSession, key: number): void {
  let given = ABSENT
  const begin = s.means.recorder.now()
  const value = s.collection.getOrInsertComputed(s.keyOf(key), () => s.valueOf((given = s.fresh())))
  s.note({ name: 'getOrInsertComputed', key, given }, begin, s.means.recorder.now(), s.numberOf(value))
}

/** In a map of kind any the value may be none that can be added to: then it says so and does nothing. */
function increment(s: MapSession, key: number): void {
  const given = 1 + s.means.random(9)
  const by = typeof s.valueOf(given) === 'bigint' ? BigInt(given) : given
  const read = (result: unknown): number => (result === REFUSED ? REFUSED : s.numberOf(result))
  s.record(
    { name: 'increment', key, given },
    () => {
      try {
        return s.collection.increment(s.keyOf(key), by)
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ERR_VALUE_TYPE') throw error
        return REFUSED
      }
    },
    read,
  )
}

/** Its callback is told what is there, and may be asked again: what counts is what it was told and answered last. */
function update(s: MapSession, key: number): void {
  const { recorder, random } = s.means
  let [expected, given] = [ABSENT, ABSENT]
  const begin = recorder.now()
  const result = s.collection.update(s.keyOf(key), (current, exists) => {
    expected = s.numberOf(current)
    if (exists !== (expected !== ABSENT)) throw new Error(`update says exists: ${exists}, and shows ${expected}.`)
    given = random(4) ? s.fresh() : ABSENT
    return given === ABSENT ? REMOVE : s.valueOf(given)
  })
  s.note({ name: 'update', key, given, expected }, begin, recorder.now(), s.numberOf(result))
}

/** SharedMap.remove, whichever build of the library is in use. */
const REMOVE = Symbol.for('tophash.remove')

/**
 * What the predicate is shown is a read; what it refuses last is removed as it was shown, if it is not gone by then. If
 * retain throws, that may have happened to some.
 */
function retain(s: MapSession): void {
  const { recorder, random, keys } = s.means
  const shown: { key: number; seen: number; isKept: boolean }[] = []
  const begin = recorder.now()
  let end = Infinity
  try {
    s.collection.retain((value, key) => {
      const number = keys.numberOf(key)
      if (number === undefined) return random(4) > 0
      shown.push({ key: number, seen: s.numberOf(value), isKept: random(2) === 0 })
      return shown.at(-1)!.isKept
    })
    end = recorder.now()
  } finally {
    const last = new Map(shown.map((one) => [one.key, one]))
    for (const { key, seen } of shown) s.note({ name: 'get', key }, begin, end, seen)
    for (const { key, seen, isKept } of last.values()) {
      if (!isKept) s.note({ name: 'sift', key, expected: seen }, begin, end, ABSENT)
    }
  }
}
