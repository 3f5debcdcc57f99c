// The operations of a set, at random. A value that is in it has the code 1 in the model.
import type { SharedSet } from 'tophash'
import { type Share, expectEqual } from './share.js'
import { ABSENT } from './values.js'
import { numberOfKey } from './keys.js'

export interface SetScene {
  readonly set: SharedSet<any>
  readonly share: Share
}

export type SetOperation = (scene: SetScene) => void

const THERE = 1

/** Operations that do not depend on how large the set is. */
export const FEW = {
  has({ set, share }) {
    const n = share.pick()
    expectEqual('has', set.has(share.key(n)), share.at(n) === THERE)
  },

  add({ set, share }) {
    const n = share.pick()
    expectEqual('add', set.add(share.key(n)), set)
    share.put(n, THERE)
  },

  delete({ set, share }) {
    const n = share.pick()
    expectEqual('delete', set.delete(share.key(n)), share.at(n) === THERE)
    share.put(n, ABSENT)
  },

  hasMany({ set, share }) {
    const numbers = Array.from({ length: share.random(40) }, () => share.pick())
    const answers = set.hasMany(numbers.map((n) => share.key(n)))
    expectEqual('hasMany', answers.join(), numbers.map((n) => share.at(n) === THERE).join())
  },

  addMany({ set, share }) {
    const numbers = share.run(share.random(300))
    expectEqual('addMany', set.addMany(numbers.map((n) => share.key(n))), set)
    for (const n of numbers) share.put(n, THERE)
  },

  deleteMany({ set, share }) {
    const numbers = share.run(share.random(300))
    const there = numbers.filter((n) => share.at(n) === THERE).length
    expectEqual('deleteMany', set.deleteMany(numbers.map((n) => share.key(n))), there)
    for (const n of numbers) share.put(n, ABSENT)
  },
} satisfies Readonly<Record<string, SetOperation>>

/** The ways to visit all values. */
const WALKS: readonly ((set: SharedSet<any>, visit: (value: unknown) => void, random: Share['random']) => void)[] = [
  (set, visit) => {
    for (const value of set) visit(value)
  },
  (set, visit) => set.forEach((value) => visit(value)),
  (set, visit) => {
    for (const [value] of set.entries()) visit(value)
  },
  (set, visit, random) => {
    const parts = 1 + random(9)
    for (let part = 0; part < parts; part++) for (const value of set.partition(part, parts)) visit(value)
  },
  (set, visit, random) => {
    const limit = 1 + random(300)
    for (let cursor = 0; ; ) {
      const step = set.scan(cursor, limit)
      step.values.forEach(visit)
      cursor = step.cursor
      if (cursor === 0) return
    }
  },
]

/** Operations that take as long as the set is large. */
export const ALL = {
  walk({ set, share }) {
    walkBy(share, (visit) => WALKS[share.random(WALKS.length)]!(set, visit, share.random))
  },

  retain({ set, share }) {
    const refused: number[] = []
    let removed = 0
    walkBy(share, (visit) => {
      removed = set.retain((value) => {
        const n = visit(value)
        if (n === undefined || share.random(4)) return true
        refused.push(n)
        return false
      })
    })
    expectEqual('removed', removed, refused.length)
    for (const n of refused) share.put(n, ABSENT)
  },

  /** With some that are there, and some that are not. Others' values may come and go meanwhile. */
  combine({ set, share }) {
    const other = setOf(share, new Set(share.run(share.random(100))))
    const own = (values: Set<unknown>): string => {
      const numbers = Array.from(values, (value) => numberOfKey(share.kind, value)).filter((n) => share.owns(n))
      return numbers.sort((a, b) => a - b).join()
    }
    const isThere = (n: number): boolean => share.at(n) === THERE
    const there = ownNumbers(share)
    const others = [...other.numbers]
    const sorted = (numbers: number[]): string => numbers.sort((a, b) => a - b).join()
    expectEqual('union', own(set.union(other)), sorted([...new Set([...there, ...others])]))
    expectEqual('intersection', own(set.intersection(other)), sorted(others.filter(isThere)))
    expectEqual('difference', own(set.difference(other)), sorted(there.filter((n) => !other.numbers.has(n))))
    const [onlyHere, onlyThere] = [there.filter((n) => !other.numbers.has(n)), others.filter((n) => !isThere(n))]
    expectEqual('symmetricDifference', own(set.symmetricDifference(other)), sorted([...onlyHere, ...onlyThere]))
    expectEqual('isSupersetOf', set.isSupersetOf(other), others.every(isThere))
    if (!share.isAlone) return
    expectEqual(
      'isSubsetOf',
      set.isSubsetOf(other),
      there.every((n) => other.numbers.has(n)),
    )
    expectEqual('isDisjointFrom', set.isDisjointFrom(other), !others.some(isThere))
  },

  clear({ set, share }) {
    if (!share.isAlone) return
    set.clear()
    share.empty()
  },

  reserve({ set, share }) {
    set.reserve(share.random(2 * share.size + 100))
  },

  size({ set, share }) {
    share.expectSize(set.size)
  },

  check({ set, share }) {
    if (share.isAlone) set.check()
  },
} satisfies Readonly<Record<string, SetOperation>>

/** Has something visit the values; all of this thread's must come, once each. */
function walkBy(share: Share, walk: (visit: (value: unknown) => number | undefined) => void): void {
  share.beginWalk()
  let visited = 0
  walk((value) => {
    const n = share.visit(value)
    if (n !== undefined) visited++
    return n
  })
  share.endWalk(visited)
}

function ownNumbers(share: Share): number[] {
  return share.numbers.filter((n) => share.at(n) === THERE)
}

/** What the methods of ES2025 take for a set: bytes in it are found by what they hold. */
function setOf(share: Share, numbers: ReadonlySet<number>) {
  return {
    numbers,
    size: numbers.size,
    has: (value: unknown): boolean => numbers.has(numberOfKey(share.kind, value)),
    keys: () => Array.from(numbers, (n) => share.key(n))[Symbol.iterator](),
  }
}

/** Everything that has to be there is there, and nothing else. */
export function verifySet(scene: SetScene): void {
  ALL.walk(scene)
  ALL.size(scene)
}
