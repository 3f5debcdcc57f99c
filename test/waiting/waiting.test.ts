// wait and waitAsync of maps, in one thread and in two copies of the library that are two threads to it.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { stateOf } from './pending.js'

const other = await anotherCopy('waiting')
const TIME = { timeout: 120_000 }

async function rejected(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('fulfilled'),
    (error) => error,
  )
}

/** A map of one chain. */
const ofOneChain = (): SharedMap<string, any> => new SharedMap<string, any>(null, { key: 'string', capacity: 6 })

const LONG = 'long text '.repeat(20_000)
const VALUES = [0, 1.5, NaN, '', 'text', '☃', LONG, 0n, 2n ** 200n, true, null, { a: [1] }, new Map([[1, { b: 2 }]]), new Uint8Array([1, 2]), new Date(5)] // biome-ignore format: one line

describe('wait', () => {
  it('returns at once if the value is another', () => {
    using map = ofOneChain()
    map.set('key', 1)
    expect([map.wait('key', 2), map.wait('key', '1'), map.wait('key', undefined), map.wait('none', 1)]).toEqual(
      Array(4).fill('changed'),
    )
  })

  it('returns when its time is over, and not before', () => {
    using map = ofOneChain()
    map.set('key', 1)
    const began = performance.now()
    expect(map.wait('key', 1, { timeout: 130 })).toBe('timed-out')
    expect(performance.now() - began).toBeGreaterThanOrEqual(130)
    expect([map.wait('key', 1, { timeout: 0 }), map.wait('none', undefined, { timeout: 0 })]).toEqual(['timed-out', 'timed-out'])
  })

  it.each(VALUES.map((value) => [typeof value === 'string' ? value.slice(0, 9) : value, value]))(
    'compares %s as compareAndSet does',
    (_, value) => {
      using map = new SharedMap<any, any>()
      map.set('key', value)
      map.set(LONG, value)
      for (const key of ['key', LONG]) {
        expect(map.wait(key, structuredClone(value), { timeout: 0 })).toBe('timed-out')
        expect(map.wait(key, 'another', { timeout: 0 })).toBe('changed')
        expect(map.wait(`not ${key}`, value, { timeout: 0 })).toBe('changed')
      }
    },
  )

  it('takes -0 for 0, as compareAndSet does', () => {
    using map = new SharedMap<number, number>(null, { key: 'number', value: 'number' })
    map.set(-0, -0)
    expect(map.wait(0, 0, { timeout: 0 })).toBe('timed-out')
  })

  it.each(['number', 'bigint', 'string', 'bytes'] as const)('of values of kind %s', (value) => {
    using map = new SharedMap<any, any>(null, { value })
    const [one, two] = { number: [1, 2], bigint: [1n, 2n], string: ['a', 'b'], bytes: [Uint8Array.of(1), Uint8Array.of(2)] }[
      value
    ]
    expect(map.wait('key', undefined, { timeout: 0 })).toBe('timed-out')
    map.set('key', one)
    expect([undefined, one, two].map((seen) => map.wait('key', seen, { timeout: 0 }))).toEqual([
      'changed',
      'timed-out',
      'changed',
    ])
    expectError(
      thrownBy(() => map.wait('key', {}, { timeout: 0 })),
      'ERR_VALUE_TYPE',
      'values of this map are',
    )
  })

  it('sees undefined where get returns it: no entry, or such a value', () => {
    using map = ofOneChain()
    expect(map.wait('key', undefined, { timeout: 0 })).toBe('timed-out')
    map.set('key', undefined)
    expect(map.wait('key', undefined, { timeout: 0 })).toBe('timed-out')
    map.set('key', null)
    expect(map.wait('key', undefined, { timeout: 0 })).toBe('changed')
  })

  it('goes on in a heap that has no room for a copy of what was seen', async () => {
    const heap = new SharedHeap({ maxBytes: 2 ** 20 })
    const map = heap.map<any, any>('map')
    map.set('large', LONG)
    const fill = (bytes: number, name: string): void => {
      try {
        for (let i = 0; ; i++) map.set(`${name} ${i}`, 'x'.repeat(bytes))
      } catch {}
    }
    for (const bytes of [60_000, 5000, 100]) fill(bytes, `${bytes}`)
    expect(map.wait('large', LONG, { timeout: 20 })).toBe('timed-out')
    expect(map.wait('large', LONG.replace('l', 'L'), { timeout: 0 })).toBe('changed')
    const waiting = map.waitAsync('large', LONG)
    map.delete('large')
    expect(await waiting).toBe('changed')
    heap.dispose()
  })

  it('refuses keys, times and signals that are none', async () => {
    using map = new SharedMap<number, any>(null, { key: 'number' })
    expectError(
      thrownBy(() => map.wait('key' as never, 1)),
      'ERR_KEY_TYPE',
      'keys of this map are',
    )
    for (const timeout of [-1, NaN, '5', null]) {
      const message = 'timeout must be a number of milliseconds'
      expectError(
        thrownBy(() => map.wait(1, 1, { timeout } as never)),
        'ERR_OPTIONS',
        message,
      )
      expectError(await rejected(map.waitAsync(1, 1, { timeout } as never)), 'ERR_OPTIONS', message)
    }
    expectError(await rejected(map.waitAsync(1, 1, { signal: {} } as never)), 'ERR_OPTIONS', 'must be an AbortSignal')
    expectError(
      thrownBy(() => map.wait(1, 1, { signal: AbortSignal.abort() } as never)),
      'ERR_OPTIONS',
      'no option "signal"',
    )
    expectError(
      thrownBy(() => map.wait(1, () => {})),
      'ERR_VALUE_TYPE',
      '',
    )
  })

  it('throws where a thread may not block, unless it need not', () => {
    using map = ofOneChain()
    map.set('key', 1)
    const { wait } = Atomics
    Atomics.wait = () => {
      throw new TypeError('Atomics.wait cannot be called in this context')
    }
    try {
      expect([map.wait('key', 2), map.wait('key', 1, { timeout: 0 })]).toEqual(['changed', 'timed-out'])
      expectError(
        thrownBy(() => map.wait('key', 1, { timeout: 5 })),
        'ERR_UNSUPPORTED',
        'Call waitAsync',
      )
    } finally {
      Atomics.wait = wait
    }
  })
})

describe('waitAsync', () => {
  const WRITES: readonly (readonly [string, (map: SharedMap<string, any>) => unknown])[] = [
    ['set', (map) => map.set('key', 2)],
    ['delete', (map) => map.delete('key')],
    ['clear', (map) => map.clear()],
    ['take', (map) => map.take('key')],
    ['exchange', (map) => map.exchange('key', { a: 1 })],
    ['increment', (map) => map.increment('key')],
    ['update', (map) => map.update('key', (n) => n + 1)],
    ['compareAndSet', (map) => map.compareAndSet('key', 1, LONG)],
    ['setMany', (map) => map.setMany([['key', 5]])],
    ['getOrInsertMany after a deletion', (map) => [map.delete('key'), map.getOrInsertMany([['key', 5]])]],
    ['deleteMany', (map) => map.deleteMany(['key'])],
    ['retain', (map) => map.retain(() => false)],
  ]

  it.each(WRITES)('is told of %s, by this thread and by another', TIME, async (_, write) => {
    for (const by of ['this', 'another'] as const) {
      using map = ofOneChain()
      using writer = by === 'this' ? map : other.SharedMap.attach<string, any>(map.handle)
      map.set('key', 1)
      const waiting = map.waitAsync('key', 1)
      expect(await stateOf(waiting)).toBe('pending')
      write(writer as SharedMap<string, any>)
      expect(await waiting).toBe('changed')
    }
  })

  it('does not pass on what is none of its business', TIME, async () => {
    using map = ofOneChain()
    map.set('key', 1)
    const waiting = map.waitAsync('key', 1)
    for (const write of [
      () => map.set('other', 1),
      () => map.set('key', 1),
      () => map.delete('other'),
      () => map.delete('none'),
    ]) {
      const beside = map.waitAsync('beside', undefined) // in the same chain
      write()
      map.set('beside', 1)
      expect(await beside).toBe('changed')
      expect(await stateOf(waiting)).toBe('pending')
      map.delete('beside')
    }
    map.set('key', 2)
    expect(await waiting).toBe('changed')
  })

  it('goes on while the table grows, many at once', TIME, async () => {
    using map = new SharedMap<number, number>(null, { key: 'number', value: 'number', capacity: 1 })
    using writer = other.SharedMap.attach<number, number>(map.handle)
    const waiting = Array.from({ length: 500 }, (_, i) => map.waitAsync(i, undefined))
    for (let i = 0; i < 500; i++) {
      writer.set(i, i)
      if (i % 50 === 0) await sleep(0)
    }
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['changed']))
    map.check()
  })

  it('is told after a table was emptied and shrunk', TIME, async () => {
    using map = new SharedMap<number, number>(null, { key: 'number', value: 'number', capacity: 1 })
    for (let i = 0; i < 5000; i++) map.set(i, i)
    const waiting = Array.from({ length: 100 }, (_, i) => map.waitAsync(-1 - i, undefined))
    for (let i = 0; i < 5000; i++) map.delete(i)
    await sleep(0)
    for (let i = 0; i < 100; i++) map.set(-1 - i, 1)
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['changed']))
  })

  it('ends when its time is over, or by a signal', TIME, async () => {
    using map = ofOneChain()
    map.set('key', 1)
    expect(await map.waitAsync('key', 1, { timeout: 0 })).toBe('timed-out')
    const began = performance.now()
    expect(await map.waitAsync('key', 1, { timeout: 30 })).toBe('timed-out')
    expect(performance.now() - began).toBeGreaterThanOrEqual(29)
    const reason = new Error('no more')
    expect(await rejected(map.waitAsync('key', 1, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    const control = new AbortController()
    const waiting = map.waitAsync('key', 1, { signal: control.signal })
    const beside = map.waitAsync('key', 1)
    control.abort(reason)
    expect(await rejected(waiting)).toBe(reason)
    expect(await stateOf(beside)).toBe('pending')
    map.set('key', 2)
    expect(await beside).toBe('changed')
  })

  it('leaves nobody asleep when it has ended', TIME, async () => {
    using map = ofOneChain()
    map.set('key', 1)
    const { notify } = Atomics
    const woken: number[] = []
    Atomics.notify = ((...given: Parameters<typeof notify>) => {
      woken.push(notify.apply(Atomics, given))
      return woken.at(-1)!
    }) as typeof notify
    try {
      const control = new AbortController()
      const waiting = map.waitAsync('key', 1, { signal: control.signal })
      control.abort()
      await rejected(waiting)
      expect(woken).toEqual([1]) // its own promise
      expect(await map.waitAsync('key', 1, { timeout: 5 })).toBe('timed-out')
      expect(woken).toEqual([1, 1])
    } finally {
      Atomics.notify = notify
    }
  })

  it('is rejected when the map is disposed of, or deleted by another', TIME, async () => {
    const heap = new SharedHeap()
    const map = heap.map<string, number>('map')
    const elsewhere = other.SharedHeap.attach(heap.handle)
    const waiting = [map.waitAsync('key', undefined), map.waitAsync('key', undefined, { timeout: 1e6 })]
    expect(elsewhere.delete('map')).toBe(true)
    for (const one of waiting) expectError(await rejected(one), 'ERR_DISPOSED', 'was deleted from its heap')
    const second = heap.map<string, number>('map')
    const more = second.waitAsync('key', undefined)
    second.dispose()
    expectError(await rejected(more), 'ERR_DISPOSED', 'was disposed of')
    expectError(await rejected(second.waitAsync('key', undefined)), 'ERR_DISPOSED', 'was disposed of')
    expectError(
      thrownBy(() => second.wait('key', undefined)),
      'ERR_DISPOSED',
      'was disposed of',
    )
    elsewhere.dispose()
    heap.dispose()
  })

  it('works where there is no Atomics.waitAsync', TIME, async () => {
    const { waitAsync } = Atomics as { waitAsync?: unknown }
    Reflect.deleteProperty(Atomics, 'waitAsync')
    try {
      using map = ofOneChain()
      const waiting = map.waitAsync('key', undefined)
      await sleep(10)
      map.set('key', 5)
      expect(await waiting).toBe('changed')
    } finally {
      Object.defineProperty(Atomics, 'waitAsync', { value: waitAsync, writable: true, configurable: true })
    }
  })

  it('keeps the program alive, and no more when it is over', async () => {
    const run = async (code: string): Promise<string> => {
      const whole = `import { SharedMap } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}
        const map = new SharedMap()
        ${code}`
      const given = ['--input-type=module', '-e', whole]
      const { stdout } = await promisify(execFile)(process.execPath, given, {
        cwd: fileURLToPath(new URL('.', import.meta.url)),
        timeout: 90_000,
      })
      return stdout.trim()
    }
    const [pending, finished] = await Promise.all([
      // Nothing else keeps it: the timer is that of the wait, which has none of its own.
      run(`map.waitAsync('key', undefined).then(console.log); setTimeout(() => map.set('key', 1), 300).unref()`),
      run(`const control = new AbortController()
        const all = [map.waitAsync('a', undefined), map.waitAsync('a', 1), map.waitAsync('b', undefined, { timeout: 20 }),
          map.waitAsync('c', undefined, { signal: control.signal, timeout: 1e9 })]
        map.set('a', 1)
        control.abort('aborted')
        const ended = await Promise.allSettled(all)
        console.log(ended.map(({ value, reason }) => value ?? reason).join())`),
    ])
    expect([pending, finished]).toEqual(['changed', 'changed,changed,timed-out,aborted'])
  })
})
