// What an actor does to its own keys: every operation, chosen at random. What each returns is known beforehand, since
// nobody else writes them.
import { INTEGERS, MEMBERS, NUMBERS, OWN, ownName } from './collections.js'
import { KEYS } from './ledger.js'
import { type Owner, expectSame, upTo } from './owner.js'

export type Random = (n: number) => number

/** The number of a value that no key ever has. */
const NEVER = 0x7fffffff

/** One operation on a key of a map, of which the value is `before` now. */
type Step = (owner: Owner, map: number, k: number, before: unknown, random: Random) => void

const set: Step = (owner, map, k) => owner.set(map, [k], ([value]) => owner.map(map).set(owner.key(map, k), value))

const remove: Step = (owner, map, k, before) => {
  owner.remove(map, [k], () => expectSame('delete', owner.map(map).delete(owner.key(map, k)), before !== undefined))
}

const take: Step = (owner, map, k, before) => {
  owner.remove(map, [k], () => expectSame('take', owner.map(map).take(owner.key(map, k)), before))
}

const exchange: Step = (owner, map, k, before) => {
  owner.set(map, [k], ([value]) => expectSame('exchange', owner.map(map).exchange(owner.key(map, k), value), before))
}

const getOrInsert: Step = (owner, map, k, before, random) => {
  const insert = (value: unknown): unknown => {
    const key = owner.key(map, k)
    return random(2) ? owner.map(map).getOrInsert(key, value) : owner.map(map).getOrInsertComputed(key, () => value)
  }
  if (before === undefined) owner.set(map, [k], ([value]) => expectSame('getOrInsert', insert(value), value))
  else owner.attempt(() => expectSame('getOrInsert', insert(owner.valueAt(map, k, NEVER)), before))
}

const compareAndSet: Step = (owner, map, k, before, random) => {
  const expected = before !== undefined && random(3) ? before : owner.valueAt(map, k, NEVER)
  const tried = (value: unknown): boolean => owner.map(map).compareAndSet(owner.key(map, k), expected, value)
  if (expected === before) owner.set(map, [k], ([value]) => expectSame('compareAndSet', tried(value), true))
  else owner.attempt(() => expectSame('compareAndSet in vain', tried(expected), false))
}

const compareAndDelete: Step = (owner, map, k, before) => {
  const tried = (expected: unknown): boolean => owner.map(map).compareAndDelete(owner.key(map, k), expected)
  const never = owner.valueAt(map, k, NEVER)
  if (before === undefined) owner.attempt(() => expectSame('compareAndDelete in vain', tried(never), false))
  else if (owner.tight)
    remove(owner, map, k, before, () => 0) // the comparison with a large value may take memory
  else owner.remove(map, [k], () => expectSame('compareAndDelete', tried(before), true))
}

const update: Step = (owner, map, k, before, random) => {
  const compute = (result: unknown) => (current: unknown, exists: boolean) => {
    expectSame('update, exists', exists, before !== undefined)
    expectSame('update, current', current, before)
    return result
  }
  const updated = (result: unknown): unknown => owner.map(map).update(owner.key(map, k), compute(result))
  if (random(3) || owner.tight) owner.set(map, [k], ([value]) => expectSame('update', updated(value), value))
  else owner.remove(map, [k], () => expectSame('update', updated(owner.library.SharedMap.remove), undefined))
}

const increment: Step = (owner, map, k, before) => {
  if (map !== NUMBERS && map !== INTEGERS) return
  owner.set(map, [k], ([value]) => {
    expectSame('increment', owner.map(map).increment(owner.key(map, k), minus(value, before)), value)
  })
}

/** The difference of two numbers, or of two bigints; of which the second may be missing. */
function minus(value: unknown, before: unknown): unknown {
  if (typeof value === 'bigint') return value - ((before as bigint | undefined) ?? 0n)
  return (value as number) - ((before as number | undefined) ?? 0)
}

const get: Step = (owner, map, k, before) => {
  expectSame('get', owner.map(map).get(owner.key(map, k)), before)
  expectSame('has', owner.map(map).has(owner.key(map, k)), before !== undefined)
}

const setMany: Step = (owner, map, k, _, random) => {
  const ks = someFrom(map, k, random)
  owner.set(map, ks, (values) => owner.map(map).setMany(values.map((value, i) => [owner.key(map, ks[i]!), value])))
}

const getOrInsertMany: Step = (owner, map, k, _, random) => {
  const ks = someFrom(map, k, random)
  const absent = ks.filter((one) => !owner.isThere(map, one))
  const there = ks.filter((one) => owner.isThere(map, one))
  const all = (values: readonly unknown[]): unknown => {
    // Those that are there come first: what finds no room for one of them has not set the only one that is not.
    const given = [
      ...there.map((one) => [owner.key(map, one), owner.valueAt(map, one, NEVER)]),
      ...absent.map((one, i) => [owner.key(map, one), values[i]]),
    ]
    const found = owner.map(map).getOrInsertMany(given as [unknown, unknown][]) as unknown[]
    there.forEach((one, i) => expectSame('getOrInsertMany', found[i], owner.current(map, one)))
    absent.forEach((_, i) => expectSame('getOrInsertMany', found[there.length + i], values[i]))
    return found
  }
  if (absent.length > 0) owner.set(map, absent, all)
  else owner.attempt(() => all([]))
}

const getMany: Step = (owner, map, k, _, random) => {
  const ks = someFrom(map, k, random)
  const found = owner.map(map).getMany(ks.map((one) => owner.key(map, one))) as unknown[]
  ks.forEach((one, i) => expectSame('getMany', found[i], owner.current(map, one)))
}

const deleteMany: Step = (owner, map, k, _, random) => {
  const ks = someFrom(map, k, random)
  const there = ks.filter((one) => owner.isThere(map, one)).length
  const keys = ks.map((one) => owner.key(map, one))
  owner.remove(map, ks, () => expectSame('deleteMany', owner.map(map).deleteMany(keys), there))
}

/** Each with how often it is chosen. */
const STEPS: readonly (readonly [weight: number, step: Step])[] = [
  [14, set],
  [6, remove],
  [5, take],
  [6, exchange],
  [6, getOrInsert],
  [6, compareAndSet],
  [4, compareAndDelete],
  [5, update],
  [8, increment],
  [6, get],
  [5, setMany],
  [4, getOrInsertMany],
  [3, getMany],
  [2, deleteMany],
]
const CHOICES = STEPS.flatMap(([weight, step]) => Array<Step>(weight).fill(step))

/** One operation on an own key of a collection. */
export function stepOnKey(owner: Owner, random: Random): void {
  const map = random(OWN + 1)
  const k = random(KEYS[map]!)
  if (map === OWN && !owner.attempt(() => owner.own)) return
  if (map === MEMBERS) stepOnMember(owner, k, random)
  else if (map === OWN && random(8) === 0) stepOnOwn(owner, random)
  else CHOICES[random(CHOICES.length)]!(owner, map, k, owner.current(map, k), random)
}

/** A few keys in a row: more in the own map, so that it grows. */
function someFrom(map: number, k: number, random: Random): number[] {
  const count = 1 + random(map === OWN ? 64 : 4)
  return upTo(count).map((n) => (k + n) % KEYS[map]!)
}

function stepOnMember(owner: Owner, k: number, random: Random): void {
  const { members } = owner.opened
  const key = owner.key(MEMBERS, k) as string
  const isThere = owner.isThere(MEMBERS, k)
  const ks = random(2) ? someFrom(MEMBERS, k, random) : [k]
  const keys = ks.map((one) => owner.key(MEMBERS, one) as string)
  switch (random(4)) {
    case 0:
      return owner.set(MEMBERS, ks, () => void (keys.length > 1 ? members.addMany(keys) : members.add(key)))
    case 1:
      return owner.remove(MEMBERS, [k], () => expectSame('delete of a member', members.delete(key), isThere))
    case 2: {
      const there = ks.filter((one) => owner.isThere(MEMBERS, one)).length
      return owner.remove(MEMBERS, ks, () => expectSame('deleteMany of members', members.deleteMany(keys), there))
    }
    default: {
      const found = members.hasMany(keys)
      return ks.forEach((one, i) => expectSame('hasMany', found[i], owner.isThere(MEMBERS, one)))
    }
  }
}

/** What can be done to a map as a whole by one to whom it belongs alone. */
function stepOnOwn(owner: Owner, random: Random): void {
  const all = upTo(KEYS[OWN])
  const there = all.filter((k) => owner.isThere(OWN, k))
  switch (random(5)) {
    case 0:
      return owner.remove(OWN, all, () => owner.own.clear())
    case 1:
      return deleteOwn(owner, all)
    case 2:
      return void owner.attempt(() => owner.own.reserve(random(1000)))
    case 3: {
      if (owner.tight) return // its comparison with a large value may take memory
      const refused = there.filter((k) => k % 3 === 0)
      const keys = new Set(refused.map((k) => owner.key(OWN, k)))
      return owner.remove(OWN, refused, () => {
        expectSame(
          'retain',
          owner.own.retain((_, key) => !keys.has(key)),
          refused.length,
        )
      })
    }
    default:
      return owner.checkOwn()
  }
}

/** Deletes the own map, with all that is in it or not at all. It is made again when it is needed. */
function deleteOwn(owner: Owner, all: readonly number[]): void {
  const isThere = owner.opened.heap.names().includes(ownName(owner.actor))
  owner.ledger.setEmptying(owner.actor, true)
  owner.remove(OWN, all, () => {
    expectSame('heap.delete', owner.opened.heap.delete(ownName(owner.actor)), isThere)
    owner.closeOwn()
  })
  owner.ledger.setEmptying(owner.actor, false)
}
