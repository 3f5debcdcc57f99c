// What is done to a map as a whole: it visits every entry of this thread's exactly once, whatever others do to theirs.
import type { TestMap } from '../support/untyped.js'
import type { MapOperation, MapScene } from './map-operations.js'
import { expectEqual } from './share.js'
import { ABSENT, expectValue } from './values.js'

/** The ways to visit all entries. */
const WALKS: readonly ((map: TestMap, visit: (entry: readonly [unknown, unknown]) => void) => void)[] = [
  (map, visit) => {
    for (const entry of map) visit(entry)
  },
  (map, visit) => [...map.entries()].forEach(visit),
  (map, visit) => map.forEach((value, key) => visit([key, value])),
]

/** Operations that take as long as the map is large. */
export const WHOLE = {
  iterate(scene) {
    const visit = visitor(scene)
    WALKS[scene.share.random(WALKS.length)]!(scene.map, visit)
    visit.end()
  },

  keys(scene) {
    const { map, share } = scene
    share.beginWalk()
    let visited = 0
    for (const key of map.keys()) if (share.visit(key) !== undefined) visited++
    share.endWalk(visited)
  },

  values({ map, share }) {
    let visited = 0
    for (const _ of map.values()) visited++
    if (share.isAlone) expectEqual('values', visited, share.size)
  },

  scan(scene) {
    const visit = visitor(scene)
    const limit = 1 + scene.share.random(300)
    for (let cursor = 0; ; ) {
      const step = scene.map.scan(cursor, limit)
      step.entries.forEach(visit)
      cursor = step.cursor
      if (cursor === 0) break
    }
    visit.end()
  },

  partition(scene) {
    const visit = visitor(scene)
    const parts = 1 + scene.share.random(9)
    for (let part = parts - 1; part >= 0; part--) for (const entry of scene.map.partition(part, parts)) visit(entry)
    visit.end()
  },

  /** Removes about every fourth entry. */
  retain(scene) {
    const { map, share } = scene
    const visit = visitor(scene)
    const refused: number[] = []
    const removed = map.retain((value, key) => {
      const n = visit([key, value])
      if (n === undefined || share.random(4)) return true
      refused.push(n)
      return false
    })
    visit.end()
    expectEqual('removed', removed, refused.length)
    for (const n of refused) share.put(n, ABSENT)
  },

  clear({ map, share }) {
    if (!share.isAlone) return
    map.clear()
    share.empty()
    expectEqual('size', map.size, 0)
  },

  reserve({ map, share }) {
    map.reserve(share.random(2 * share.size + 100))
  },

  size({ map, share }) {
    share.expectSize(map.size)
  },

  check({ map, share }) {
    if (share.isAlone) map.check()
  },
} satisfies Readonly<Record<string, MapOperation>>

/** Counts and compares entries: returns the number of an own one. Only end() says that all have come. */
function visitor({ share, value: kind }: MapScene) {
  share.beginWalk()
  let visited = 0
  const visit = ([key, value]: readonly [unknown, unknown]): number | undefined => {
    const n = share.visit(key)
    if (n === undefined) return undefined
    visited++
    expectValue(kind, value, share.at(n))
    return n
  }
  return Object.assign(visit, { end: () => share.endWalk(visited) })
}

/** Everything that has to be there is there, and nothing else. */
export function verifyMap(scene: MapScene): void {
  WHOLE.iterate(scene)
  WHOLE.size(scene)
}
