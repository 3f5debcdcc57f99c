// The operations of a map, at random: each is done to the map and to the model, and what it returns is compared.
import { SharedMap, TophashError } from 'tophash'
import type { TestMap } from '../support/untyped.js'
import { type Share, expectEqual } from './share.js'
import { ABSENT, expectValue, incrementOf, isNoNumber, valueAt } from './values.js'

/** A map whose values are of a kind, with a thread's share of it. */
export interface MapScene {
  readonly map: TestMap
  readonly value: 'any' | 'number' | 'bigint' | 'string' | 'bytes'
  readonly share: Share
}

export type MapOperation = (scene: MapScene) => void

const value = ({ value: kind }: MapScene, code: number): unknown => valueAt(kind, code)
const expectResult = ({ value: kind }: MapScene, given: unknown, code: number): void => expectValue(kind, given, code)

/** Operations on one key. */
export const SINGLE = {
  get(scene) {
    const n = scene.share.pick()
    expectResult(scene, scene.map.get(scene.share.key(n)), scene.share.at(n))
  },

  has({ map, share }) {
    const n = share.pick()
    expectEqual('has', map.has(share.key(n)), share.at(n) !== ABSENT)
  },

  set(scene) {
    const { map, share } = scene
    const [n, code] = [share.pick(), share.draw()]
    expectEqual('set', map.set(share.key(n), value(scene, code)), map)
    share.put(n, code)
  },

  delete({ map, share }) {
    const n = share.pick()
    expectEqual('delete', map.delete(share.key(n)), share.at(n) !== ABSENT)
    share.put(n, ABSENT)
  },

  getOrInsert(scene) {
    const { map, share } = scene
    const [n, code] = [share.pick(), share.draw()]
    const given = map.getOrInsert(share.key(n), value(scene, code))
    if (share.at(n) === ABSENT) share.put(n, code)
    expectResult(scene, given, share.at(n))
  },

  getOrInsertComputed(scene) {
    const { map, share } = scene
    const [n, code] = [share.pick(), share.draw()]
    let calls = 0
    const given = map.getOrInsertComputed(share.key(n), () => (calls++, value(scene, code)))
    expectEqual('calls', calls, Number(share.at(n) === ABSENT))
    if (share.at(n) === ABSENT) share.put(n, code)
    expectResult(scene, given, share.at(n))
  },

  exchange(scene) {
    const { map, share } = scene
    const [n, code] = [share.pick(), share.draw()]
    expectResult(scene, map.exchange(share.key(n), value(scene, code)), share.at(n))
    share.put(n, code)
  },

  take(scene) {
    const { map, share } = scene
    const n = share.pick()
    expectResult(scene, map.take(share.key(n)), share.at(n))
    share.put(n, ABSENT)
  },

  compareAndSet(scene) {
    const { map, share } = scene
    const [n, code, expected] = [share.pick(), share.draw(), share.draw()]
    const tried = expectedAt(share, n, expected)
    const matches = tried === share.at(n)
    expectEqual('compareAndSet', map.compareAndSet(share.key(n), value(scene, tried), value(scene, code)), matches)
    if (matches) share.put(n, code)
  },

  compareAndDelete(scene) {
    const { map, share } = scene
    const n = share.pick()
    const tried = expectedAt(share, n, share.draw())
    const matches = tried === share.at(n)
    expectEqual('compareAndDelete', map.compareAndDelete(share.key(n), value(scene, tried)), matches)
    if (matches) share.put(n, ABSENT)
  },

  increment(scene) {
    const { map, share, value: kind } = scene
    const n = share.pick()
    const increment = incrementOf(kind, share.at(n), share.random)
    if (increment) {
      const sum = map.increment(share.key(n), increment.by)
      share.put(n, increment.code)
      expectResult(scene, sum, increment.code)
    } else if (isNoNumber(kind, share.at(n)) && share.random(8) === 0) {
      expectRefusal(() => map.increment(share.key(n)))
      expectResult(scene, map.get(share.key(n)), share.at(n))
    }
  },

  update(scene) {
    const { map, share } = scene
    const n = share.pick()
    const [before, after] = [share.at(n), share.random(4) === 0 ? ABSENT : share.draw()]
    let calls = 0
    const given = map.update(share.key(n), (current, exists) => {
      calls++
      expectEqual('exists', exists, before !== ABSENT)
      expectResult(scene, current, before)
      return after === ABSENT ? SharedMap.remove : value(scene, after)
    })
    expectEqual('calls', calls, 1)
    share.put(n, after)
    expectResult(scene, given, after)
  },
} satisfies Readonly<Record<string, MapOperation>>

/** In three of four cases what is there, if anything is. */
function expectedAt(share: Share, n: number, other: number): number {
  return share.at(n) !== ABSENT && share.random(4) ? share.at(n) : other
}

function expectRefusal(action: () => unknown): void {
  try {
    action()
  } catch (error) {
    if (error instanceof TophashError && error.code === 'ERR_VALUE_TYPE') return
    throw error
  }
  throw new Error('an increment of what is no number was not refused')
}

/** Operations on many keys. */
export const MANY = {
  getMany(scene) {
    const { map, share } = scene
    const numbers = Array.from({ length: share.random(40) }, () => share.pick())
    const values = map.getMany(numbers.map((n) => share.key(n))) as unknown[]
    expectEqual('answers', values.length, numbers.length)
    numbers.forEach((n, i) => expectResult(scene, values[i], share.at(n)))
  },

  setMany(scene) {
    const { map, share } = scene
    const codes = Array.from({ length: share.random(40) }, () => [share.pick(), share.draw()] as const)
    expectEqual('setMany', map.setMany(codes.map(([n, code]) => [share.key(n), value(scene, code)])), map)
    for (const [n, code] of codes) share.put(n, code)
  },

  getOrInsertMany(scene) {
    const { map, share } = scene
    const codes = Array.from({ length: share.random(40) }, () => [share.pick(), share.draw()] as const)
    const values = map.getOrInsertMany(codes.map(([n, code]) => [share.key(n), value(scene, code)])) as unknown[]
    codes.forEach(([n, code], i) => {
      if (share.at(n) === ABSENT) share.put(n, code)
      expectResult(scene, values[i], share.at(n))
    })
  },

  deleteMany({ map, share }) {
    const numbers = Array.from({ length: share.random(40) }, () => share.pick())
    const there = new Set(numbers.filter((n) => share.at(n) !== ABSENT)).size
    expectEqual('deleteMany', map.deleteMany(numbers.map((n) => share.key(n))), there)
    for (const n of numbers) share.put(n, ABSENT)
  },

  /** Numbers to numbers go without any boxes. */
  floats(scene) {
    const { map, share, value: kind } = scene
    if (share.kind !== 'number' || kind !== 'number') return
    const numbers = share.run(share.random(200))
    const codes = numbers.map(() => share.draw())
    const keys = Float64Array.from(numbers, (n) => share.key(n) as number)
    const before = map.getMany(keys) as Float64Array
    numbers.forEach((n, i) => {
      if (share.at(n) !== ABSENT) expectResult(scene, before[i], share.at(n))
      else if (!Number.isNaN(before[i])) throw new Error(`got ${before[i]}, expected NaN for none`)
    })
    map.setMany(
      keys,
      Float64Array.from(codes, (code) => value(scene, code) as number),
    )
    numbers.forEach((n, i) => share.put(n, codes[i]!))
  },

  /** Makes the map grow. */
  fill(scene) {
    const { map, share } = scene
    const codes = share.run(share.random(300)).map((n) => [n, share.draw()] as const)
    map.setMany(codes.map(([n, code]) => [share.key(n), value(scene, code)]))
    for (const [n, code] of codes) share.put(n, code)
  },

  /** Makes it shrink. */
  drain({ map, share }) {
    const numbers = share.run(share.random(300))
    const there = numbers.filter((n) => share.at(n) !== ABSENT).length
    expectEqual('drain', map.deleteMany(numbers.map((n) => share.key(n))), there)
    for (const n of numbers) share.put(n, ABSENT)
  },
} satisfies Readonly<Record<string, MapOperation>>
