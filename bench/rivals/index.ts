// All rivals that are written in JavaScript. Their libraries are loaded in the processes of their contenders only.
import { bitset } from './bitset.js'
import { ems } from './ems.js'
import { lmdb } from './lmdb.js'
import { lruCache } from './lru-cache.js'
import { map } from './map.js'
import { postmessage } from './postmessage.js'
import type { Rival } from './rival.js'
import { sharedmap } from './sharedmap.js'
import { otherBuild, tophash } from './tophash.js'
import { tophashCache } from './tophash-cache.js'
import { tophashQueue } from './tophash-queue.js'

/** In the order of tables. */
export const RIVALS: readonly Rival[] = [
  tophash,
  map,
  postmessage,
  sharedmap,
  lmdb,
  ems,
  bitset,
  tophashQueue,
  tophashCache,
  lruCache,
]

/** The name of the rival that is another build of the library: with the URL of its index.js behind it. */
const OTHER_BUILD = 'against='

export function nameOfBuild(url: string): string {
  return OTHER_BUILD + url
}

export function findRival(name: string): Rival {
  if (name.startsWith(OTHER_BUILD)) return otherBuild(name.slice(OTHER_BUILD.length), name)
  const rival = RIVALS.find((known) => known.name === name)
  if (rival) return rival
  throw new Error(`there is no rival '${name}'`)
}
