// Gives attach() handles that are none, and handles of heaps that something else has written to. Either it works, or it
// throws a TophashError; and a good heap is as good as before, and its other users go on.
import type * as library from 'tophash'
import { beginCase, beginStep, end, factor, layout, note, oneOf, random } from './task.js'
import { type Case, randomHandle, wrongHandles } from './handles.js'

const { DIRECTORY_AT, HEADER, HEADER_PARTS, HEADER_BYTES, LIMITS, POOL_AT, RINGS_AT, SLOT, SLOT_PARTS, STRIPES_AT, TABLE } =
  layout
const CODES = [
  'ERR_BAD_HANDLE',
  'ERR_VERSION_MISMATCH',
  'ERR_OPTIONS',
  'ERR_DISPOSED',
  'ERR_OUT_OF_MEMORY',
  'ERR_TOO_MANY_THREADS',
  'ERR_CORRUPT_HEAP',
  'ERR_BROKEN_INVARIANT',
  'ERR_OWNER_UNRESPONSIVE',
  'ERR_KEY_TYPE',
  'ERR_VALUE_TYPE',
]

/** Where an operation would wait for a lock whose owner is none: it would throw ERR_OWNER_UNRESPONSIVE after 10 s. */
class Waited extends Error {}

/** The core asks for the owner of a lock that it has waited for, 20 ms long; here it is thrown out of that. */
const { Instance } = WebAssembly
WebAssembly.Instance = new Proxy(Instance, {
  construct: (target, [module, imports]: [WebAssembly.Module, { env: object }]) => {
    const ask = (): never => {
      throw new Waited()
    }
    return new target(module, { ...imports, env: { ...imports.env, recoverIfDead: ask } })
  },
})

const { SharedMap, SharedSet, SharedHeap } = (await import('tophash')) as typeof library
// Another copy of the library is another thread: it makes what is attached, and uses it.
const owner = (await import('tophash/checked')) as unknown as typeof library

type Attach = (handle: unknown) => { dispose(): void }
const ATTACH: Readonly<Record<string, Attach>> = {
  SharedMap: (handle) => SharedMap.attach(handle),
  SharedSet: (handle) => SharedSet.attach(handle),
  SharedHeap: (handle) => SharedHeap.attach(handle),
}

const heap = new owner.SharedHeap({ maxBytes: 48 * 65_536 })
const map = heap.map('numbers', { key: 'number', value: 'number' })
const anything = heap.map('anything')
const set = heap.set('set', { value: 'string' })
for (let n = 0; n < 40; n++) {
  map.set(n, n)
  anything.set(n % 2 ? n : `key ${n}`, n % 3 ? `value ${n}` : { n })
  set.add(`value ${n}`)
}
const { memory } = heap.handle
const good = new Uint8Array(memory.buffer).slice()

/** Runs, and counts what comes of it. Anything but a TophashError of a known code is a failure. */
function attempt<T>(step: string, action: () => T): T | undefined {
  beginStep(step)
  try {
    const result = action()
    note('done')
    return result
  } catch (error) {
    if (error instanceof Waited) note('waited')
    else if (error instanceof owner.TophashError && CODES.includes(error.code)) note(error.code)
    else throw new Error(`${step}: ${String(error)}`, { cause: error })
    return undefined
  }
}

/** A good heap, of which a handle was given that is none. */
function refuse([name, handle]: Case): void {
  for (const [className, attach] of Object.entries(ATTACH)) {
    beginCase(`${className}.attach, ${name}`)
    attempt('attach', () => attach(handle))?.dispose()
    const n = random(40)
    if (map.get(n) !== n || map.set(n, n).size !== 40 || !set.has(`value ${n}`)) throw new Error('The heap has changed.')
    heap.check()
    if (map.stats().threads !== 1) throw new Error('A slot did not come back.')
  }
}

for (const { handle } of [map, set, heap] as const) wrongHandles(handle as library.SharedMapHandle).forEach(refuse)
for (let n = 0; n < 500 * factor; n++) refuse(randomHandle(oneOf([map.handle, set.handle as never, heap.handle as never])))

// ---- Heaps that something else has written to ----

const VALUES = [0, 1, 2, 4, 64, 65_536, HEADER_BYTES, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_ff80]

/** Words of the header, of this heap's tables, and of the slot that the next thread gets. */
function words(): number[] {
  const range = (begin: number, end: number): number[] =>
    Array.from({ length: (end - begin) / 4 }, (_, index) => begin + index * 4)
  const tables = [map, anything, set].flatMap(({ handle }) =>
    [...range(0, TABLE.end), ...range(DIRECTORY_AT, DIRECTORY_AT + 20), STRIPES_AT, STRIPES_AT + 4].map(
      (at) => handle.table + at,
    ),
  )
  const slot = layout.SLOTS_AT + layout.SLOT_BYTES
  return [
    ...range(HEADER_PARTS.identity, HEADER_PARTS.identityEnd),
    LIMITS.endPages,
    LIMITS.records,
    ...range(POOL_AT + 4, RINGS_AT + 4),
    ...tables,
    ...range(slot + SLOT.state, slot + SLOT.id + 8),
    ...range(slot + SLOT_PARTS.journal, slot + SLOT_PARTS.handsEnd),
  ]
}

let id = 1

/** The good heap again, under another name, so that this thread joins it anew. */
function restore(): Int32Array {
  const bytes = new Uint8Array(memory.buffer)
  bytes.set(good)
  bytes.fill(0, good.length)
  const view = new Int32Array(memory.buffer)
  view[HEADER.idLow / 4] = id++
  return view
}

function useCorrupt(at: number, value: number, handles: readonly [unknown, unknown, unknown]): void {
  beginCase(`word ${at} = ${value}`)
  restore()[at / 4] = value
  const opened = [
    attempt('attach', () => SharedMap.attach<number, number>(handles[0])),
    attempt('attach', () => SharedMap.attach<any, any>(handles[1])),
  ]
  for (const one of opened) {
    if (!one) continue
    attempt('get', () => one.get(3))
    attempt('set', () => one.set(100, 1))
    attempt('delete', () => one.delete(5))
    attempt('exchange', () => one.exchange(7, 8))
    attempt('iterate', () => [...one].length)
    attempt('size', () => one.size)
    attempt('getMany', () => one.getMany([1, 2, 3]))
    attempt('reserve', () => one.reserve(200))
    attempt('stats', () => one.stats())
    attempt('check', () => one.check())
    attempt('clear', () => one.clear())
    attempt('dispose', () => one.dispose())
  }
  const joined = attempt('attach', () => SharedHeap.attach(handles[2]))
  if (!joined) return
  attempt('names', () => joined.names())
  attempt('map', () => joined.map('numbers', { key: 'number', value: 'number' }).dispose())
  attempt('map', () => joined.map('new').dispose())
  attempt('delete', () => joined.delete('anything'))
  attempt('recover', () => joined.recover())
  attempt('dispose', () => joined.dispose())
}

const handles = [map.handle, anything.handle, heap.handle] as const
for (const at of words()) {
  const begin = random(VALUES.length) // others in each run; TOPHASH_FUZZ=4: all of them
  const times = Math.floor(3 * factor + random(100) / 100)
  for (let n = 0; n < Math.min(VALUES.length, times); n++) useCorrupt(at, VALUES[(begin + n) % VALUES.length]!, handles)
}
restore()
end()
