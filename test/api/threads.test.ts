// Maps that travel between real threads, which come and go.
import { describe, expect, it } from 'vitest'
import { SharedMap, TophashError } from 'tophash'
import type { Result, Task } from './thread.worker.js'
import { slotStates } from '../support/memory.js'
import { type Spawned, spawn } from '../support/workers.js'
import { SLOT_KIND } from '../../src/core/layout.js'

describe('a map that a worker made', () => {
  it('is there for others when that worker has ended', async () => {
    const maker = start({ do: 'make', entries: 1000 })
    const { handle } = await maker.message()
    await maker.results
    expect(slotStates(handle)).not.toContain(SLOT_KIND.attached)

    const map = SharedMap.attach<string, number>(handle)
    expect(map.size).toBe(1000)
    map.set('main', -1)
    map.delete('key 0')

    const reader = start({ do: 'read', handle, keys: ['key 0', 'key 999', 'main'] })
    expect((await reader.results)[0]!.values).toEqual([undefined, 999, -1])
    const writer = start({ do: 'write', handle, key: 'worker', value: 7 })
    await writer.results
    expect([map.get('worker'), map.size, map.stats().threads]).toEqual([7, 1001, 1])
    map.check()
  })

  it('goes on when that worker is terminated between two operations', async () => {
    const maker = start({ do: 'make', entries: 100, stays: true })
    const { handle } = await maker.message()
    const map = SharedMap.attach<string, number>(handle)
    expect(map.stats().threads).toBe(2)
    await maker.worker.terminate()
    for (let n = 0; n < 1000; n++) map.set(`key ${n}`, -n)
    expect([map.size, map.get('key 99')]).toEqual([1000, -99])
    map.check()
  })
})

describe('a worker', () => {
  it('gets a handle by message as well as by workerData', async () => {
    const map = scores()
    const worker = start({ do: 'receive' })
    worker.worker.postMessage(map.handle)
    await worker.results
    expect(map.get('received')).toBe(1)
  })

  it('that fails leaves the map to the others', async () => {
    const map = scores()
    const worker = start({ do: 'fail', handle: map.handle })
    await expect(worker.results).rejects.toThrow('a failure after a write')
    expect([map.get('failed'), map.set('after', 2).size]).toEqual([1, 2])
    map.check()
  })

  it('is told what is wrong by the same errors', async () => {
    const map = scores()
    const refused = start({ do: 'read', handle: { ...map.handle, key: 'number' }, keys: [] })
    await expect(refused.results).rejects.toMatchObject({
      code: 'ERR_BAD_HANDLE',
      message: expect.stringContaining('the map there has string keys') as string,
    })
    const error: unknown = await refused.results.catch((reason: unknown) => reason)
    expect(error instanceof TophashError).toBe(false) // a copy: what identifies it across threads is its code
    expect(map.stats().threads).toBe(1)
  })

  it('and main count together', async () => {
    const map = scores()
    const workers = [
      start({ do: 'count', handle: map.handle, times: 50_000 }),
      start({ do: 'count', handle: map.handle, times: 50_000 }),
    ]
    for (let n = 0; n < 50_000; n++) map.increment('count')
    await Promise.all(workers.map(({ results }) => results))
    expect([map.get('count'), map.size]).toEqual([150_000, 1])
    map.check()
  })

  it('may use the map until the last moment, in a listener for its exit', async () => {
    const map = new SharedMap([['ann', 'Ann']], { key: 'string', value: 'string' })
    const worker = start({ do: 'use at exit', handle: map.handle })
    await worker.results
    expect([map.get('ann'), map.get('exit')]).toEqual(['Ann', 'set at exit'])
    map.check()
    expect(SharedMap.attach(map.handle).size).toBe(2)
  })
})

describe('many workers', () => {
  it('come and go without using up slots or memory', async () => {
    const map = scores()
    for (let n = 0; n < 12; n++) {
      const worker = start({ do: 'write', handle: map.handle, key: 'visitor', value: n })
      await worker.results
      expect(map.get('visitor')).toBe(n)
    }
    expect(map.stats().threads).toBe(1)
    expect(slotStates(map.handle).lastIndexOf(SLOT_KIND.attached)).toBe(0)
    expect(map.stats().heapBytes).toBeLessThan(1 << 20)
    map.check()
  })
})

function start(task: Task): Spawned<Result> {
  return spawn<Result>('api/thread', task)
}

function scores() {
  return new SharedMap(null, { key: 'string', value: 'number' })
}
