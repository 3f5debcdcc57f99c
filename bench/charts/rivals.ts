// What the rivals are called in charts and tables, and which of them belong together.

/** In charts a family has a colour. */
export type Family = 'tophash' | 'map' | 'script' | 'bits' | 'native' | 'published'

interface Names {
  /** With the language, where that is not JavaScript. */
  full: string
  family: Family
}

export const TOPHASH = 'tophash'
export const MAP = 'map'
/** Of Go, behind one lock: what the articles compare with. */
export const LOCKED_MAP = 'go-locked-map'

const RIVALS: Record<string, Names> = {
  [TOPHASH]: { full: 'tophash', family: 'tophash' },
  [MAP]: { full: 'Map, one thread', family: 'map' },
  postmessage: { full: 'Map + postMessage', family: 'script' },
  sharedmap: { full: 'sharedmap', family: 'script' },
  lmdb: { full: 'lmdb', family: 'script' },
  ems: { full: 'ems', family: 'script' },
  against: { full: 'other build', family: 'script' },
  bitset: { full: 'set of bits', family: 'bits' },
  'go-sync-map': { full: 'Go sync.Map', family: 'native' },
  [LOCKED_MAP]: { full: 'Go map + RWMutex', family: 'native' },
  'go-sharded-map': { full: 'Go sharded map', family: 'native' },
  'go-xsync': { full: 'Go xsync.Map', family: 'native' },
  'rust-dashmap': { full: 'Rust dashmap', family: 'native' },
  'rust-papaya': { full: 'Rust papaya', family: 'native' },
  'java-concurrent-hash-map': { full: 'Java ConcurrentHashMap', family: 'native' },
  'tophash-queue': { full: 'tophash, queue + writer', family: 'script' },
}

/** One that is not in the list is called what the report calls it: another build of tophash, for example. */
export function nameOf(rival: string): string {
  return RIVALS[rival]?.full ?? rival
}

export function familyOf(rival: string): Family {
  return RIVALS[rival]?.family ?? 'script'
}

/** The place in the list, so that a rival has the same colour in all charts. */
export function placeOf(rival: string): number {
  return Math.max(0, Object.keys(RIVALS).indexOf(rival))
}

/** Shared between threads of JavaScript: neither another language, nor the Map that one thread has for itself. */
export function isSharedInScript(rival: string): boolean {
  const family = familyOf(rival)
  return family === 'tophash' || family === 'script'
}
