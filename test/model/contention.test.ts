// An operation that lets code of the program's run between its look at an entry and its write can be overtaken by others.
// It tries again, but not for ever; and what is quick has its way.
import { describe, expect, it, vi } from 'vitest'
import { type ObjectCodec, SharedMap } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { sized } from '../support/size.js'
import { isAtRest } from '../support/slots.js'
import { spawn } from '../support/workers.js'
import type { Hot } from './hot.js'

const other = await anotherCopy('other')
/** Documented. */
const MOST_CALLS = 100
const ROUNDS = sized(10_000, 50_000)

const json = (decode: (bytes: Uint8Array) => unknown): ObjectCodec => ({
  name: 'json',
  encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
  decode,
})
const parse = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes))

describe('an operation that is overtaken each time', () => {
  it.each<readonly [string, (map: SharedMap<any, any>, meanwhile: () => void) => unknown]>([
    ['update', (map, meanwhile) => map.update('a', () => [meanwhile(), 'mine'][1])],
    ['update that removes', (map, meanwhile) => map.update('a', () => [meanwhile(), SharedMap.remove][1])],
    [
      'update that writes the key itself',
      (map, meanwhile) => map.update('a', () => [meanwhile(), map.set('a', 'mine'), 'mine'][2]),
    ],
    ['retain', (map, meanwhile) => map.retain((_, key) => key !== 'a' || [meanwhile(), false][1])],
  ])('gives up after 100 calls, and has changed nothing: %s', (name, action) => {
    const map = new SharedMap<any, any>([
      ['a', 0],
      ['b', 1],
    ])
    const theirs = other.SharedMap.attach<any, any>(map.handle)
    let calls = 0
    const error = thrownBy(() => action(map, () => theirs.set('a', ++calls)))
    expectError(error, 'ERR_CONTENDED', `each of the 100 times that ${name.split(' ')[0]} looked at it`)
    expect([calls, map.get('b')]).toEqual([MOST_CALLS, 1])
    if (!name.includes('itself')) expect(map.get('a')).toBe(MOST_CALLS)
    map.check()
    expect(map.update('a', () => 'now')).toBe('now')
  })

  it('gives up after 100 calls: getOrInsertComputed, of an entry that comes and goes', () => {
    const map = new SharedMap<string, number>()
    const theirs = other.SharedMap.attach<string, number>(map.handle)
    let calls = 0
    const compute = (): number => {
      calls++
      theirs.set('a', 1)
      map.delete('a') // what this thread had not seen
      return 7
    }
    expectError(
      thrownBy(() => map.getOrInsertComputed('a', compute)),
      'ERR_CONTENDED',
      'getOrInsertComputed',
    )
    expect([calls, map.size]).toEqual([MOST_CALLS, 0])
    map.check()
  })

  it.each([
    ['take', undefined],
    ['exchange', 'mine'],
  ] as const)('gives up after 100 tries to decode: %s', (name, value) => {
    let calls = -1
    const decode = (bytes: Uint8Array): unknown => [parse(bytes), calls >= 0 && theirs.set('a', { n: ++calls })][0]
    const map = new SharedMap<string, any>([['a', { n: -1 }]], { codec: json(decode) })
    const theirs = other.SharedMap.attach<string, any>(map.handle, { codec: json(parse) })
    calls = 0
    expectError(
      thrownBy(() => (value ? map.exchange('a', value) : map.take('a'))),
      'ERR_CONTENDED',
      `that ${name} looked at it`,
    )
    expect([calls, theirs.get('a')]).toEqual([MOST_CALLS, { n: MOST_CALLS }])
    map.check()
  })

  it('says how many entries retain had removed before', () => {
    const map = new SharedMap<number, number>(Array.from({ length: 200 }, (_, n) => [n, 0]))
    const theirs = other.SharedMap.attach<number, number>(map.handle)
    let asked = 0
    const error = thrownBy(() => map.retain((_, key) => [asked++ >= 30 && theirs.increment(key), false][1]))
    expectError(error, 'ERR_CONTENDED', '30 entries were removed before, and no other has changed')
    expect([asked, map.size]).toEqual([30 + MOST_CALLS, 170])
    map.check()
  })

  it('locks the chain for a moment before its 17th try and those after it, and never while the callback runs', () => {
    const map = new SharedMap([['a', 0]])
    const theirs = other.SharedMap.attach<string, number>(map.handle)
    const paused: boolean[] = [] // before each call of the callback
    let isPaused = false
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      isPaused ||= !isAtRest(map.handle, 1)
      return Date.now()
    })
    map.update('a', (current) => {
      paused.push(isPaused)
      isPaused = false
      expect(isAtRest(map.handle, 1)).toBe(true)
      if (paused.length < 20) theirs.increment('a')
      return current! + 1
    })
    clock.mockRestore()
    expect(paused).toEqual(Array.from({ length: 20 }, (_, n) => n >= 16))
    expect(map.get('a')).toBe(20)
  })

  it('goes on if it was asked 99 times in vain', () => {
    const map = new SharedMap([['a', 0]])
    const theirs = other.SharedMap.attach<string, number>(map.handle)
    let calls = 0
    expect(
      map.update('a', (current) => {
        if (++calls < MOST_CALLS) theirs.increment('a')
        return current! + 1000
      }),
    ).toBe(1099)
    expect([calls, map.get('a')]).toEqual([MOST_CALLS, 1099])
  })
})

describe('beside threads that do nothing but write the same key', () => {
  // Promise: a callback that is quick is not asked often, however busy the key is; nothing is lost.
  it.each<readonly [string, Hot['do'], rounds: number, (map: SharedMap<string, any>) => unknown]>([
    ['update, beside increment', 'increment', ROUNDS, (map) => map.update('count', (n) => n + 1)],
    [
      'update that takes 10 us, beside increment',
      'increment',
      ROUNDS / 50,
      (map) => map.update('count', (n) => [spin(0.01), n + 1][1]),
    ],
    ['update, beside update', 'update', ROUNDS, (map) => map.update('count', (n) => n + 1)],
    [
      'increment in an update of the same map',
      'increment',
      ROUNDS,
      (map) => map.update('mine', (n) => [map.increment('count'), (n ?? 0) + 1][1]),
    ],
  ])('is done in time: %s', async (_, task, rounds, action) => {
    const map = new SharedMap<string, any>([['count', 0]])
    const gate = new Int32Array(new SharedArrayBuffer(4))
    const hot = [1, 2].map(() => spawn<number>('model/hot', { do: task, handle: map.handle, gate } satisfies Hot))
    while (map.get('count') < 1000) await new Promise((resolve) => setTimeout(resolve, 1))
    for (let n = 0; n < rounds; n++) insist(() => action(map), rounds)
    Atomics.store(gate, 0, 1)
    const theirs = (await Promise.all(hot.map(({ results }) => results))).flat()
    expect(map.get('count')).toBe(rounds + theirs.reduce((sum, n) => sum + n, 0))
    map.check()
  })

  // Promise: an object that is set anew all the time is taken all the same, and by one.
  it('is done in time: take of objects', async () => {
    const map = new SharedMap<string, any>([['count', 0]])
    const gate = new Int32Array(new SharedArrayBuffer(4))
    const hot = spawn<number>('model/hot', { do: 'set objects', handle: map.handle, gate } satisfies Hot)
    while (!map.has('object')) await new Promise((resolve) => setTimeout(resolve, 1))
    let last = 0
    for (let taken = 0; taken < ROUNDS / 200; ) {
      const { n } = insist(() => map.take('object') ?? { n: 0 }, ROUNDS / 200) as { n: number }
      if (n === 0) continue
      expect(n).toBeGreaterThan(last)
      last = n
      taken++
    }
    Atomics.store(gate, 0, 1)
    await hot.results
    map.check()
  })
})

/**
 * Does again what ERR_CONTENDED refuses, as its message advises: on a machine that has more to do than cores, a thread can lose
 * its core between each look and each write. That is rare, or the quick do not have their way.
 */
function insist<T>(action: () => T, rounds: number): T {
  for (let refusals = 0; ; refusals++) {
    try {
      return action()
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_CONTENDED' || refusals > rounds / 10) throw error
    }
  }
}

function spin(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}
