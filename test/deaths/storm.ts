// Many numbers in one call: most of its time such a call is inside of the core, so this is where many threads die. Each
// actor has a run of keys in a map that all share, where they meet in every bucket, and a field: a map of its own,
// which grows from nothing and is deleted again.
//
// The ledger has one code for all keys of a run. In the middle of a call they are a mixture of what was acknowledged
// and what is intended: in the order of the keys, where the call has an order.
import { type AnyMap, FIELD, STORM } from './collections.js'
import type { Ledger } from './ledger.js'
import { type Owner, upTo } from './owner.js'
import type { Random } from './steps.js'
import { ID_SPAN } from './values.js'

const LENGTHS: Readonly<Record<number, number>> = { [STORM]: 500, [FIELD]: 2000 }

/** How the keys are removed follows from the code, so that whoever comes later knows. */
type Removal = 'one by one' | 'by clear' | 'by deletion of the map'

function removalOf(map: number, code: number): Removal {
  if (map === STORM) return 'one by one'
  return (['one by one', 'by clear', 'by deletion of the map'] as const)[-code % 3]!
}

/** Sets all keys of a run, or removes them; or first finishes what has come to no end. */
export function stepOnStorm(owner: Owner, random: Random): void {
  const map = random(3) ? STORM : FIELD
  const { actor, ledger } = owner
  const intended = ledger.intended(actor, map, 0)
  if (ledger.acknowledged(actor, map, 0) === intended) {
    const isRemoval = intended > 0 && random(map === FIELD ? 2 : 5) === 0
    ledger.intend(actor, map, 0, isRemoval ? -ledger.tick(actor) : ledger.tick(actor))
  }
  const code = ledger.intended(actor, map, 0)
  if (code > 0 && !owner.attempt(() => setAll(owner, map, code))) return // some may be set: the next step goes on
  if (code < 0 && !removeAll(owner, map, code)) return
  ledger.acknowledge(actor, map, 0, code)
}

function setAll(owner: Owner, map: number, code: number): void {
  const numbers = owner.storm(map) as AnyMap & { setMany(keys: Float64Array, values: Float64Array): unknown }
  numbers.setMany(keysOf(map, owner.actor), valuesOf(map, code))
}

/** False: there was not even room to open the map. */
function removeAll(owner: Owner, map: number, code: number): boolean {
  if (map === FIELD && !owner.hasField) return true
  const removal = removalOf(map, code)
  if (removal === 'by deletion of the map') owner.deleteField()
  else if (!owner.attempt(() => owner.storm(map))) return false
  else if (removal === 'by clear') owner.storm(map).clear()
  else owner.storm(map).deleteMany(keysOf(map, owner.actor))
  return true
}

/** After a death: keys hold what was acknowledged or intended, in order; and the field counts right. @throws */
export function checkStorm(owner: Owner, map: number): void {
  const { actor, ledger } = owner
  const isThere = map === STORM || owner.hasField
  const keys = keysOf(map, actor)
  const found = isThere ? getAll(owner.storm(map), keys) : new Float64Array(keys.length).fill(NaN)
  const [before, after] = [ledger.acknowledged(actor, map, 0), ledger.intended(actor, map, 0)]
  const fits = (code: number, i: number): boolean => Object.is(found[i], valueAt(i, code))
  const here = `Storm ${map} of ${actor}, ${before} acknowledged, ${after} intended`
  const wrong = upTo(keys.length).find((i) => !fits(before, i) && !fits(after, i))
  if (wrong !== undefined) throw new Error(`${here}: ${found[wrong]} at ${wrong}`)
  const old = upTo(keys.length).filter((i) => !fits(after, i)) // not there yet, or both are the same
  const removal = after < 0 ? removalOf(map, after) : 'one by one'
  const [done, left] = [keys.length - old.length, old.length]
  const isMixed = left > 0 && done > 0
  if (isMixed && removal === 'one by one' && old[0] !== done) throw new Error(`${here}: no order, ${old[0]}, ${done}`)
  if (isMixed && removal === 'by deletion of the map') throw new Error(`${here}: half deleted, ${left} left`)
  const size = found.reduce((sum, value) => sum + Number(!Number.isNaN(value)), 0)
  if (map === FIELD && isThere && owner.storm(FIELD).size !== size) {
    throw new Error(`${here}: size is ${owner.storm(FIELD).size}, there are ${size}`)
  }
}

/** Looks at another's run of keys at any moment. @throws what was never written, or is older than acknowledged */
export function watchStorm(ledger: Ledger, numbers: AnyMap, actor: number): void {
  const least = Math.abs(ledger.acknowledged(actor, STORM, 0))
  const found = getAll(numbers, keysOf(STORM, actor))
  const most = Math.abs(ledger.intended(actor, STORM, 0))
  found.forEach((value, i) => {
    if (Number.isNaN(value)) return
    const n = Math.floor(value / ID_SPAN)
    if (n >= least && n <= most && value === valueAt(i, n)) return
    throw new Error(`Storm of ${actor}: ${value} at ${i}, which is none of ${least} to ${most}`)
  })
}

function getAll(numbers: AnyMap, keys: Float64Array): Float64Array {
  return numbers.getMany(keys) as Float64Array
}

/** The run of keys: neighbours belong to different actors. */
function keysOf(map: number, actor: number): Float64Array {
  return Float64Array.from({ length: LENGTHS[map]! }, (_, i) => i * 64 + actor)
}

function valuesOf(map: number, code: number): Float64Array {
  return Float64Array.from({ length: LENGTHS[map]! }, (_, i) => valueAt(i, code))
}

/** The i-th value; NaN for none. */
function valueAt(i: number, code: number): number {
  return code > 0 ? code * ID_SPAN + i : NaN
}
