import type { Bug } from '../bug.js'

/** Stores for hosts: what is counted, how long it lives, and who sees it. */
export const ADAPTERS: readonly Bug[] = [
  {
    name: 'a store reads a count, adds one, and sets it',
    file: 'src/adapters/windows.ts',
    replace: '    const hits = this.#cache.increment(key, 1, { ttl: ms })\n',
    by:
      '    const hits = (this.#cache.get(key) ?? 0) + 1\n' +
      '    this.#cache.set(key, hits, { ttl: hits === 1 ? ms : this.#cache.remaining(key) || 1 })\n',
    test: ['test/adapters/express-rate-limit.test.ts', 'counts each hit once, whatever other threads do'],
  },
  {
    name: 'a hit prolongs its window',
    file: 'src/adapters/windows.ts',
    replace: '    return { hits, left: hits === 1 ? ms : this.#left(key) }\n',
    by: '    this.#cache.touch(key, ms)\n    return { hits, left: hits === 1 ? ms : this.#left(key) }\n',
    test: ['test/adapters/express-rate-limit.test.ts', 'a window that begins with the first hit'],
  },
  {
    name: 'a store takes back hits that are not there',
    file: 'src/adapters/windows.ts',
    replace: 'hits === undefined ? SharedCache.remove : Math.max(hits - 1, 0)',
    by: '(hits ?? 0) - 1',
    test: ['test/adapters/express-rate-limit.test.ts', 'none that are not there'],
  },
  {
    name: 'touch writes the session of its request over what another has set',
    file: 'src/adapters/express-session.ts',
    replace: 'else this.#cache.touch(this.prefix + sid, ttl)\n',
    by: 'else this.#cache.set(this.prefix + sid, JSON.stringify(session), { ttl })\n',
    test: ['test/adapters/express-session.test.ts', 'changes nothing else and makes no session'],
  },
  {
    name: 'Keyv clears other namespaces too',
    file: 'src/adapters/keyv.ts',
    replace: "this.namespace === undefined ? '' : `${this.namespace}:`",
    by: "''",
    test: ['test/adapters/keyv.test.ts', 'clears its namespace'],
  },
  {
    name: 'a store counts keys that are not of its prefix',
    file: 'src/adapters/store.ts',
    replace: 'if (key.startsWith(prefix)) yield',
    by: 'yield',
    test: ['test/adapters/express-session.test.ts', 'the sessions of its prefix'],
  },
  {
    name: 'an entry of Keyv has the time of the cache',
    file: 'src/adapters/keyv.ts',
    replace: 'this.#cache.set(key, value, { ttl: Infinity })',
    by: 'this.#cache.set(key, value)',
    test: ['test/adapters/keyv.test.ts', 'with the time of Keyv and of no other'],
  },
  {
    name: 'an item of unstorage lives for milliseconds',
    file: 'src/adapters/unstorage.ts',
    replace: 'ttl * 1000',
    by: 'ttl',
    test: ['test/adapters/unstorage.test.ts', 'ends items after seconds'],
  },
  {
    name: 'a fetch of Next.js outlives the revalidation of its path',
    file: 'src/adapters/next-cache-handler.ts',
    replace: ', ...(context.softTags ?? [])',
    by: '',
    test: ['test/adapters/next-cache-handler.test.ts', 'heeds the tags that come with a read'],
  },
  {
    name: 'a store says nothing where processes share no memory',
    file: 'src/adapters/store.ts',
    replace: "if (cluster?.isWorker || env.NODE_UNIQUE_ID !== undefined) return 'node:cluster'",
    by: '',
    test: ['test/adapters/processes.test.ts', 'warns in a process of node:cluster'],
  },
  {
    name: 'a store takes options that have no effect',
    file: 'src/adapters/store.ts',
    replace: '  if (unknown !== undefined) throw optionsError(`${entry}: there',
    by: '  if (unknown === names[0]) throw optionsError(`${entry}: there',
    test: ['test/adapters/options.test.ts', 'of which it has none'],
  },
  {
    name: 'a store for Keyv deletes what has no time to live that is a number',
    file: 'src/adapters/keyv.ts',
    replace: '    else if (ttl <= 0) this.#cache.delete(key)\n    else ',
    by: '    else if (!(ttl > 0)) this.#cache.delete(key)\n    else ',
    test: ['test/adapters/options.test.ts', 'a time that is none'],
  },
]
