import { type Kind, SharedCache, type SharedCacheHandle, type SharedCacheOptions, type TophashError } from '../index.js'

// What all stores have in common: the cache that they stand on, and a word of warning where it cannot be shared.

/** Where a store keeps its entries: a cache that is made for it, or one that is there. */
export interface StoreOptions extends Omit<SharedCacheOptions, 'key' | 'value'> {
  /**
   * A SharedCache, or its handle: in the other threads, what `store.handle` returned in the first. Such a cache has its bounds
   * already. Default: a new one, with the other options.
   */
  cache?: unknown
}

/** A cache, and whether it was opened for this store: then it is closed with it. */
export interface Opened<V> {
  readonly cache: SharedCache<string, V>
  readonly isOwn: boolean
}

/** What any store can be given. Of the cache's other options it decides itself, or its host: they would have no effect. */
const NAMES: readonly string[] = ['max', 'maxBytes', 'capacity', 'codec', 'now', 'heap', 'name', 'cache']

/**
 * The cache of a store, whose keys are strings.
 *
 * @param entry the name of the entry point, for messages
 * @param given the options of the store, without those that it has looked at
 * @param value what the values of a new cache are
 * @param own the names of options that this store has beside
 * @throws ERR_OPTIONS, and what SharedCache throws
 */
export function openCache<V>(entry: string, given: StoreOptions, value: Kind, own: readonly string[] = []): Opened<V> {
  warnOfProcesses(entry)
  const { cache, ...options } = given
  const names = [...NAMES, ...own]
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined) throw optionsError(`${entry}: there is no option ${unknown}; there are ${names.join(', ')}.`)
  if (cache === undefined)
    return { cache: new SharedCache<string, V>({ ...options, key: 'string', value } as never), isOwn: true }
  const { codec, now, ...others } = options
  const [other] = Object.keys(others)
  if (other !== undefined) {
    throw optionsError(`${entry}: the cache that is given has its bounds and times already. Leave out ${other}.`)
  }
  const isOwn = !(cache instanceof SharedCache)
  const opened = isOwn ? SharedCache.attach<string, V>(cache, { codec, now }) : (cache as SharedCache<string, V>)
  try {
    checkKinds(entry, opened, value)
  } catch (error) {
    if (isOwn) opened.dispose()
    throw error
  }
  return { cache: opened, isOwn }
}

/** What keys begin with. @throws ERR_OPTIONS unless it is a string */
export function checkBeginning(entry: string, name: string, given: unknown = ''): string {
  if (typeof given === 'string') return given
  throw optionsError(`${entry}: the option ${name} must be a string.`)
}

/** @throws ERR_OPTIONS unless the cache can have strings as keys, and such values */
function checkKinds(entry: string, cache: SharedCache<string, any>, wanted: Kind): void {
  const { key, value } = cache.handle as SharedCacheHandle
  const isFit = (key === 'string' || key === 'any') && (value === wanted || value === 'any')
  if (isFit) return
  throw optionsError(
    `${entry} needs a cache with string keys and ${wanted} values, { key: 'string', value: '${wanted}' }; ` +
      `this one was made with { key: '${key}', value: '${value}' }.`,
  )
}

/** As the library makes it, which is not bundled here: a TypeError too. */
export function optionsError(message: string): TophashError {
  const brand = { name: 'TophashError', code: 'ERR_OPTIONS' as const, [Symbol.for('tophash.error')]: true }
  return Object.assign(new TypeError(message), brand) as unknown as TophashError
}

/** Those keys of a cache that begin so, without their beginning. */
export function* keysWith(cache: SharedCache<string, unknown>, prefix: string): Generator<string, void> {
  for (const key of cache.keys()) if (key.startsWith(prefix)) yield key.slice(prefix.length)
}

/** Removes the entries whose keys begin so. */
export function clearWith(cache: SharedCache<string, unknown>, prefix: string): void {
  if (prefix === '') return cache.clear()
  for (const key of keysWith(cache, prefix)) cache.delete(prefix + key)
}

let isWarned = false

/** Says once that this process is one of several, which share no memory. */
export function warnOfProcesses(entry: string): void {
  const found = isWarned ? undefined : severalProcesses()
  if (found === undefined) return
  isWarned = true
  process.emitWarning(
    `This is one of several processes (${found}), and each has a ${entry} of its own: what one has counted or stored, the others ` +
      'do not see. Run the program as one process with worker threads, or use a store on a server, such as Redis or Valkey. ' +
      '--disable-warning=TOPHASH_PROCESSES if it is meant to be so.',
    { type: 'TophashWarning', code: 'TOPHASH_PROCESSES' },
  )
}

/** What shows that a process is one of several; undefined: nothing does. */
function severalProcesses(): string | undefined {
  if (typeof process !== 'object' || typeof process.emitWarning !== 'function') return undefined
  const { env, getBuiltinModule } = process as typeof process & { getBuiltinModule?(name: string): unknown }
  // Node takes NODE_UNIQUE_ID out of the environment of a process of cluster's; those before 20.16 are left with the channel.
  const cluster = getBuiltinModule?.('node:cluster') as { isWorker?: boolean } | undefined
  if (cluster?.isWorker || env.NODE_UNIQUE_ID !== undefined) return 'node:cluster'
  // PM2 runs a program in one process as well: then nothing is wrong.
  if (env.pm_id !== undefined && (env.exec_mode === 'cluster_mode' || Number(env.instances) > 1)) return 'PM2'
  return undefined
}
