import { builtinMap } from './builtin-map.js'
import type { Rival } from './rival.js'
import { tophash } from './tophash.js'

/** What tophash is compared with. */
let other: Rival = builtinMap

/**
 * Takes another build of the library instead of the Map, by the URL of its index.js. It gets an adapter of its own: the
 * query makes Node load the module a second time, so that the two share no code that V8 could tune for both.
 */
export async function compareWithBuild(url: string): Promise<void> {
  const adapter = (await import(`./tophash.js?${encodeURIComponent(url)}`)) as typeof import('./tophash.js')
  const library = (await import(url)) as typeof import('tophash')
  other = adapter.rivalOf('other build', library.SharedMap)
}

/** Calls `use` with the one in question, then with what it is compared with. */
export function compare<T>(use: (rival: Rival) => T): [T, T] {
  return [use(tophash), use(other)]
}
