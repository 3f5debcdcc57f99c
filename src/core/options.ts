import { describe, typeError } from './errors.js'

// What the options of any call are checked by.

export type Options = Readonly<Record<string, unknown>>

/** @throws ERR_OPTIONS unless `options` is an object with these names at most */
export function checkNames(className: string, options: unknown = {}, names: readonly string[]): Options {
  if (typeof options !== 'object' || options === null) {
    throw typeError(
      'ERR_OPTIONS',
      `The options of ${className} must be an object, such as ${EXAMPLES[className]}; got ${describe(options)}.`,
    )
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue
    throw typeError('ERR_OPTIONS', `There is no option ${JSON.stringify(name)}; there are ${names.join(', ')}.`)
  }
  return options as Options
}

const EXAMPLES: Options = {
  SharedMap: "{ key: 'string', value: 'number' }",
  SharedSet: "{ value: 'string' }",
  SharedBitset: '{ length: 1_000_000 }',
  SharedQueue: '{ capacity: 1000 }',
  SharedHeap: '{ maxBytes: 2 ** 30 }',
  SharedCache: '{ max: 10_000, ttl: 60_000 }',
  'SharedCache.attach': '{ codec }',
  'SharedMap.attach': '{ codec }',
  'SharedQueue.attach': '{ codec }',
  'heap.map': "{ key: 'string', value: 'number' }",
  'heap.set': "{ value: 'string' }",
  'heap.bitset': '{ length: 1_000_000 }',
  'heap.queue': '{ capacity: 1000 }',
  'queue.push': '{ timeout: 1000 }',
  'queue.pushAsync': '{ timeout: 1000, signal }',
  'queue.pushMany': '{ timeout: 1000 }',
  'queue.pop': '{ timeout: 1000 }',
  'queue.popAsync': '{ timeout: 1000, signal }',
  'queue.popMany': '{ timeout: 1000 }',
  'queue.popManyAsync': '{ timeout: 1000, signal }',
  'queue.receive': '{ timeout: 1000 }',
  'queue.receiveAsync': '{ timeout: 1000, signal }',
  'queue.drain': '{ max: 1000, maxDelay: 50 }',
  'heap.cache': '{ max: 10_000, ttl: 60_000 }',
  set: '{ ttl: 60_000 }',
  getOrInsert: '{ ttl: 60_000 }',
  getOrInsertComputed: '{ ttl: 60_000 }',
  exchange: '{ ttl: 60_000 }',
  compareAndSet: '{ keepTtl: true }',
  update: '{ keepTtl: true }',
  resize: '{ max: 10_000 }',
  setMany: '{ ttl: 60_000 }',
  increment: '{ ttl: 60_000 }',
  fetch: '{ ttl: 60_000, staleFor: 300_000, timeout: 5_000, signal }',
  trace: '{ events: 65536 }',
  inspect: '{ buckets: 4096 }',
  toChrome: '{ entries: performance.getEntries() }',
}

/** @throws ERR_OPTIONS unless `count` is an integer from `least` to `most` */
export function checkCount(name: string, count: unknown, least: number, most: number, unit: string): void {
  if (Number.isInteger(count) && (count as number) >= least && (count as number) <= most) return
  throw typeError('ERR_OPTIONS', `${name} must be a whole number of ${unit} from ${least} to ${most}; got ${describe(count)}.`)
}
