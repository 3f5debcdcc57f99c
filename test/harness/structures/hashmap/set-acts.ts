// What threads do to a set, at random, one call each. All of it is recorded: a value that is in the set is a key whose
// value is 1.
import type { SharedSet } from 'tophash'
import { ABSENT } from '../../histories/history.js'
import { some } from './map-acts.js'
import type { Call, Session } from '../../histories/session.js'
import { recordBatches, recordVisit } from '../../histories/visiting.js'

type SetSession = Session<SharedSet>
type Act = (session: SetSession, key: number) => void

const IN_SET = 1
const nothing = (): number => ABSENT

export const SET_ACTS = {
  has: (s, key) => s.record({ name: 'has', key }, () => s.collection.has(s.keyOf(key)), Number),
  add: (s, key) => s.record({ name: 'set', key, given: IN_SET }, () => s.collection.add(s.keyOf(key)), nothing),
  delete: (s, key) => s.record({ name: 'delete', key }, () => s.collection.delete(s.keyOf(key)), Number),
  hasMany: (s, key) => {
    const plans = some(s, key).map((one): Call => ({ name: 'has', key: one }))
    const values = plans.map((plan) => s.keyOf(plan.key))
    s.recordMany(
      plans,
      () => s.collection.hasMany(values),
      (found, index) => Number((found as boolean[])[index]),
    )
  },
  addMany: (s, key) => {
    const plans = some(s, key).map((one): Call => ({ name: 'set', key: one, given: IN_SET }))
    s.recordMany(plans, () => s.collection.addMany(plans.map((plan) => s.keyOf(plan.key))), nothing)
  },
  deleteMany: (s, key) => {
    const plans = some(s, key).map((one): Call => ({ name: 'wipe', key: one }))
    s.recordMany(plans, () => s.collection.deleteMany(plans.map((plan) => s.keyOf(plan.key))), nothing)
  },
  clear: (s) => {
    const plans = s.means.keys.all.map((_, key): Call => ({ name: 'wipe', key }))
    s.recordMany(plans, () => s.collection.clear(), nothing)
  },
  iterate: (s) => recordVisit(s, () => Array.from(s.collection, paired)),
  scan: (s) => {
    recordBatches(s, (from) => {
      const { cursor, values } = s.collection.scan(from, 1 + s.means.random(20))
      return { cursor, entries: values.map(paired) }
    })
  },
} satisfies Record<string, Act>

export type SetAct = keyof typeof SET_ACTS

function paired(value: unknown): [unknown, unknown] {
  return [value, IN_SET]
}
