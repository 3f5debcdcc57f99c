// What arrives in another thread or process if something else is sent than a handle, and what attach says then.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, SharedSet, TophashError } from 'tophash'
import { expectError, thrownBy } from '../support/errors.js'

const map = new SharedMap([['a', 1]], { key: 'string', value: 'number' })
const set = new SharedSet([1])
const heap = new SharedHeap()
heap.map('scores')

describe('an object of one thread', () => {
  class Cache extends SharedMap<string, number> {}
  const objects = { map, set, heap, subclass: new Cache([['a', 1]]), trace: map.trace({ events: 1 }) }

  it.each(Object.entries(objects))('is refused by structured cloning: %s', (_, object) => {
    for (const sent of [object, { deep: [object] }]) {
      const error = thrownBy(() => structuredClone(sent)) as Error
      expect(error).toBeInstanceOf(DOMException)
      expect(error.name).toBe('DataCloneError')
      expect(thrownBy(() => new MessageChannel().port1.postMessage(sent))).toBeInstanceOf(DOMException)
    }
  })

  it('is still what it was', () => {
    expect([map.get('a'), set.has(1), heap.names()]).toEqual([1, true, ['scores']])
    expect(structuredClone({ handle: map.handle }).handle.table).toBe(map.handle.table)
  })
})

describe('attach says what it got, and what to do', () => {
  const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
  class Event {
    get data(): unknown {
      return map.handle
    }
  }
  const hostile = new Proxy(
    {},
    {
      get() {
        throw new Error('no')
      },
      ownKeys() {
        throw new Error('no')
      },
      has() {
        throw new Error('no')
      },
    },
  )

  it.each<[what: string, attach: () => unknown, fragments: readonly string[]]>([
    ['nothing', () => SharedMap.attach(undefined), ['It got undefined', 'workerData: map.handle']],
    ['null, as workerData is by default', () => SharedHeap.attach(null), ['It got null', 'workerData: heap.handle']],
    ['the map itself', () => SharedMap.attach(map), ['the SharedMap itself', 'map.handle']],
    ['the set itself, for a map', () => SharedMap.attach(set), ['the SharedSet itself', 'set.handle']],
    [
      "a heap's handle, for a map",
      () => SharedMap.attach(heap.handle),
      ['the handle of a SharedHeap', 'SharedHeap.attach(handle)', 'heap.map(name)'],
    ],
    ["a heap's handle, for a set", () => SharedSet.attach(heap.handle), ['SharedHeap.attach(handle)', 'heap.set(name)']],
    [
      "a map's handle, for a heap",
      () => SharedHeap.attach(map.handle),
      ['the handle of a SharedMap', 'SharedMap.attach(handle)'],
    ],
    ["a map's handle, for a set", () => SharedSet.attach(map.handle), ['the handle of a SharedMap', 'SharedMap.attach(handle)']],
    [
      'what a map becomes that is sent where nothing refuses it',
      () => SharedMap.attach({}),
      ['an empty object', 'Send map.handle'],
    ],
    ['workerData with the handle in it', () => SharedMap.attach({ id: 1, scores: map.handle }), ['its property scores']],
    ['the event of a message', () => SharedMap.attach(new Event()), ['its property data']],
    ['a text', () => SharedMap.attach(JSON.stringify(map.handle)), ['cannot travel as text']],
    [
      'a handle that was JSON',
      () => SharedMap.attach(json(map.handle)),
      ['no shared memory', 'JSON', 'processes cannot share', 'node:worker_threads'],
    ],
    ['a number', () => SharedMap.attach(5), ['the number 5']],
    ['what cannot be looked at', () => SharedMap.attach(hostile), ['SharedMap.attach takes']],
    ['a memory that says it is another', () => SharedMap.attach({ ...map.handle, memory: lyingMemory() }), ['no shared memory']],
    [
      'a memory that threads do not share',
      () => SharedMap.attach({ ...map.handle, memory: new WebAssembly.Memory({ initial: 1 }) }),
      ['no shared memory'],
    ],
  ])('%s', (_, attach, fragments) => {
    const error = thrownBy(attach)
    for (const fragment of fragments) expectError(error, 'ERR_BAD_HANDLE', fragment)
  })

  it('and what it says is true', () => {
    const scores = SharedHeap.attach(heap.handle).map<string, number>('scores').set('ann', 1)
    expect(heap.map('scores').get('ann')).toBe(1)
    expect(SharedMap.attach({ scores: map.handle }.scores).get('a')).toBe(1)
    scores.dispose()
  })
})

describe('a process', () => {
  const child = `
    import { SharedMap } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}
    process.once('message', (handle) => {
      try { SharedMap.attach(handle) } catch ({ code, message }) { process.send({ code, message }) }
    })
    process.send('ready')`

  it('gets a handle without its memory by send(), and attach says why', async () => {
    const process = fork('-', { execArgv: ['--input-type=module', '--eval', child] })
    try {
      await once(process, 'message')
      process.send(map.handle as never)
      const [{ code, message }] = (await once(process, 'message')) as [{ code: string; message: string }]
      expect(code).toBe('ERR_BAD_HANDLE')
      expect(message).toContain('processes cannot share')
      expect(message).toContain('Worker of node:worker_threads')
    } finally {
      process.kill()
    }
  })

  it('with advanced serialization gets none at all: send() throws', async () => {
    const process = fork('-', { execArgv: ['--input-type=module', '--eval', child], serialization: 'advanced' })
    try {
      await once(process, 'message')
      expect(thrownBy(() => process.send(map.handle as never))).not.toBeInstanceOf(TophashError)
    } finally {
      process.kill()
    }
  })
})

function lyingMemory(): unknown {
  const { memory } = new SharedMap().handle
  return Object.defineProperty(memory, 'buffer', { value: new SharedArrayBuffer(1 << 20) })
}
