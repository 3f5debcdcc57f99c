// Programs that use the package as it is installed, and what they print.

export const PROGRAM = `
import { Worker, isMainThread, workerData } from 'node:worker_threads'
import { SharedHeap, SharedMap } from 'tophash'

if (isMainThread) {
  const map = new SharedMap([['start', 1]], { key: 'string', value: 'number' })
  const heap = new SharedHeap()
  const handles = { handle: map.handle, heap: heap.handle }
  const workers = [1, 2].map((id) => new Worker(new URL(import.meta.url), { workerData: { id, ...handles } }))
  const codes = await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))))
  map.check()
  heap.check()
  const people = Object.fromEntries([...heap.map('people')].sort())
  console.log(JSON.stringify({ codes, entries: [...map].sort(), people }))
} else {
  const { id, handle, heap } = workerData
  const map = SharedMap.attach(handle)
  for (let n = 0; n < 10_000; n++) map.increment('count')
  map.set('worker ' + id, id)
  SharedHeap.attach(heap).map('people').set(id, { name: 'worker ' + id, tags: [id] })
}
`
export const PRINTED =
  '{"codes":[0,0],"entries":[["count",20000],["start",1],["worker 1",1],["worker 2",2]],' +
  '"people":{"1":{"name":"worker 1","tags":[1]},"2":{"name":"worker 2","tags":[2]}}}'

export const LITE = `
import { SharedMap, SharedSet } from 'tophash/lite'
const map = new SharedMap([['ann', 1]])
let refused
try {
  map.set('bob', {})
} catch ({ code }) {
  refused = code
}
const { SharedMap: full } = await import('tophash')
console.log(JSON.stringify([[...map], [...new SharedSet([1n])].length, refused, full === SharedMap]))
`

export const BUNDLED = `
import { SharedMap } from 'tophash'
console.log(JSON.stringify(new SharedMap([['ann', { name: 'Ann' }]]).get('ann')))
`

export const REQUIRING = `
const { SharedMap } = require('tophash')
const lite = require('tophash/lite')
const { onCheckpoint } = require('tophash/checked')
let refused
try {
  new lite.SharedMap([['ann', {}]], { value: 'string' })
} catch ({ code }) {
  refused = code
}
const people = new SharedMap([['ann', { name: 'Ann' }]])
const numbers = new SharedMap([[1, 2]], { key: 'number', value: 'number' })
console.log(numbers.get(1), JSON.stringify(people.get('ann')), refused, onCheckpoint.length)
`

export const CHECKED = `
import { SharedMap, onCheckpoint } from 'tophash/checked'
const map = new SharedMap()
let steps = 0
onCheckpoint(() => steps++)
map.set('ann', 1)
console.log(JSON.stringify([map.get('ann'), steps > 5]))
`

export const RESOLVING = `
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
const bytes = await readFile(fileURLToPath(import.meta.resolve('tophash/tophash.wasm')))
const { version } = JSON.parse(await readFile(fileURLToPath(import.meta.resolve('tophash/package.json')), 'utf8'))
const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(({ name }) => name)
console.log(JSON.stringify({ version, imports }))
const deep = await import('tophash/dist/index.js').catch(({ code }) => code)
console.log(deep)
`

export const TYPED = `
import { SharedHeap, SharedMap, SharedSet, TophashError, type SharedMapHandle } from 'tophash'
import { SharedMap as LiteMap } from 'tophash/lite'
const map = new SharedMap([['ann', 1]], { key: 'string', value: 'number' })
export const total: number = map.increment('ann')
export const handle: SharedMapHandle = map.handle
export const code: string = new TophashError('ERR_OPTIONS', '').code
export const people = new SharedHeap().map<string, { name: string }>('people').set('ann', { name: 'Ann' })
export const words: SharedSet<string> = new SharedSet(['a'])
export class Scores extends SharedMap<string, number> {}
export const pairs: [string, number][] = [...new LiteMap([['ann', 1]])]
{
  using scores = new Scores([['ann', 1]])
  scores.increment('ann')
}
export const again = SharedMap.attach(map.handle)
export const more: number = again.increment('ann')
export const given: SharedMap<string, { name: string }> = SharedMap.attach<string, { name: string }>(JSON.parse('{}'))
map.update('ann', () => SharedMap.remove)
map.handle.memory satisfies object
// @ts-expect-error the values are numbers
map.set('ann', 'one')
`

/** What comes from require() is of the same types as what is imported. */
export const TYPED_COMMONJS = `
import tophash = require('tophash')
import type { SharedMapHandle } from 'tophash'
import lite = require('tophash/lite')
import { SharedMap, TophashError } from 'tophash'
import { onCheckpoint, type Checkpoint } from 'tophash/checked'
const map: tophash.SharedMap<string, number> = new SharedMap([['ann', 1]], { key: 'string', value: 'number' })
export const total: number = map.increment('ann')
export const handle: SharedMapHandle = map.handle
export const code: string = new TophashError('ERR_OPTIONS', '').code
export const words: tophash.SharedSet<string> = new lite.SharedSet(['a'])
class Scores extends SharedMap<string, number> {}
export const best: number | undefined = new Scores().get('ann')
onCheckpoint((step: Checkpoint) => void step)
// @ts-expect-error the values are numbers
map.set('ann', 'one')
`

/** Two files of this in one process: each has a copy of its own. */
export const JEST = `
const { Worker } = require('node:worker_threads')
const { SharedMap, TophashError } = require('tophash')

const WORKER = \`
  const { SharedMap } = require('tophash')
  const map = SharedMap.attach(require('node:worker_threads').workerData)
  for (let n = 0; n < 1000; n++) map.increment('count')
\`

test('counts in a worker', async () => {
  const map = new SharedMap([['people', { ann: 1 }]])
  const worker = new Worker(WORKER, { eval: true, workerData: map.handle })
  expect(await new Promise((resolve) => worker.once('exit', resolve))).toBe(0)
  expect([map.get('count'), map.get('people')]).toEqual([1000, { ann: 1 }])
  map.check()
})

test('throws errors of its own', () => {
  const map = new SharedMap(null, { key: 'string' })
  expect(() => map.get(1)).toThrow(TophashError)
})
`

/** What is the same class to import and to require(), and how one copy in a thread is to another. */
export const BOTH = `
import { createRequire } from 'node:module'
import { SharedHeap, SharedMap, TophashError } from 'tophash'
const require = createRequire(import.meta.url)
const other = require('tophash')
const map = new SharedMap([['ann', { age: 1 }]])
const copy = other.SharedMap.attach(map.handle)
copy.set('bob', { age: 2 })
map.update('ann', ({ age }) => ({ age: age + 1 }))
let refused
try {
  copy.set(Symbol(), 1)
} catch (error) {
  refused = error instanceof TophashError
}
const heap = new SharedHeap()
const there = new other.SharedMap([[1, 2]], { heap, name: 'numbers' })
map.check()
console.log(JSON.stringify({
  people: Object.fromEntries([...map].sort()), refused, numbers: [...heap.map('numbers')], listeners: process.listenerCount('worker'),
}))
`

/** Workers are terminated in the middle of their work; then all slots but one are free, and the map is whole. */
export const DEATH = `
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'

async function main() {
  const map = new SharedMap(null, { key: 'string' })
  for (let n = 0; n < 10; n++) {
    const worker = new Worker(process.argv[1], { workerData: map.handle })
    await new Promise((resolve) => worker.once('message', resolve))
    await worker.terminate()
  }
  for (let n = 0; map.recover() + map.stats().threads > 1 && n < 100; n++) await new Promise((resolve) => setTimeout(resolve, 20))
  for (let n = 0; n < 100; n++) map.set('word ' + n, n)
  map.check()
  console.log(map.stats().threads, 'whole')
  process.exit()
}

function work() {
  const map = SharedMap.attach(workerData)
  parentPort.postMessage('at work')
  for (let n = 0; ; n++) {
    map.set('word ' + (n % 100), { n, text: 'x'.repeat(n % 300) })
    if (n % 3 === 0) map.delete('word ' + ((n * 7) % 100))
  }
}

if (isMainThread) main()
else work()
`

/** The stores where their hosts are not installed: by import and by require. */
export const ADAPTERS = `
import { createRequire } from 'node:module'
import { SharedCache } from 'tophash'
import { KeyvTophash } from 'tophash/keyv'
const require = createRequire(import.meta.url)
const required = require('tophash/keyv')
const cache = new SharedCache({ key: 'string', max: 10 })
await new KeyvTophash({ cache }).set('a', { n: 1 })
const found = await new required.KeyvTophash({ cache: cache.handle }).get('a')
const names = []
for (const entry of ['express-rate-limit', 'fastify-rate-limit', 'unstorage', 'bentocache', 'next-cache-handler', 'redis']) {
  const [imported, same] = [await import('tophash/' + entry), require('tophash/' + entry)]
  names.push(Object.keys(imported).filter((name) => name in same && name !== 'module.exports' && name !== '__esModule').join(' '))
}
const absent = await import('tophash/express-session').catch(({ code }) => code)
console.log(JSON.stringify([found, names, absent]))
`
export const ADAPTED = JSON.stringify([
  { n: 1 },
  [
    'TophashStore',
    'tophashStore',
    'default tophashDriver',
    'TophashDriver tophashDriver',
    'tophashCacheHandler',
    'TieredCache connectionOf',
  ],
  'ERR_MODULE_NOT_FOUND',
])
