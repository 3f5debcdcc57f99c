import { builtinMap } from './builtin-map.js'
import type { Rival } from './rival.js'
import { tophash } from './tophash.js'

/** Calls `use` with the one in question, then with what it is compared with. */
export function compare<T>(use: (rival: Rival) => T): [T, T] {
  return [use(tophash), use(builtinMap)]
}
