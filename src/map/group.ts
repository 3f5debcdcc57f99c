import { ContentMap } from '../collection/local-map.js'
import { describe, typeError } from '../core/errors.js'

/**
 * The items of each key that `keyOf` returns, in their order, as Map.groupBy; Uint8Arrays are compared by their bytes.
 */
export function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Iterable<readonly [K, T[]]> {
  if (items === null || items === undefined) {
    throw typeError('ERR_OPTIONS', `groupBy(items, keyOf): items must be iterable; got ${describe(items)}.`)
  }
  if (typeof keyOf !== 'function') {
    throw typeError('ERR_OPTIONS', `groupBy(items, keyOf): keyOf must be a function; got ${describe(keyOf)}.`)
  }
  const groups = new ContentMap<K, T[]>()
  let index = 0
  for (const item of items) {
    const key = keyOf(item, index++)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
