// How properties get into an object that is read. Engines remember at each place in the code which name it has stored, and into objects
// of which makes: for one name that is an assignment as fast as any, for many a search. So each of the names that a thread meets first
// has a place of its own.

/** Adds a property to an object. */
export type Store = (object: Record<string, unknown>, key: string, value: unknown) => void

/** For names that have no place of their own. */
export const common: Store = (object, key, value) => (object[key] = value)

const vacant: Store[] = [
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
  (object, key, value) => (object[key] = value),
]

const taken = new Map<string, Store>()

/** Takes what has a place of its own, if there are any left. */
export function storeOf(key: string): Store {
  let store = taken.get(key)
  if (!store && (store = vacant.pop())) taken.set(key, store)
  return store ?? common
}

/** The same name as the string that engines have just one of, as of the names in a program: no other is found at once. */
export function internalized(key: string): string {
  return Object.keys({ [key]: 0 })[0]!
}
