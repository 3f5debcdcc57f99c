// The same where the system does not say which threads there are: what is known is what workers' exit events tell.
import { describe, expect, it, vi } from 'vitest'

vi.hoisted(() => Object.assign(globalThis, { [Symbol.for('tophash.without')]: ['native'] }))

import { SharedHeap, SharedMap, SharedSet } from 'tophash'
import { expectError, thrownBy } from '../support/errors.js'
import { runProgram } from '../support/programs.js'
import { isFirstBucketLocked, slotWord, stateOf, threadsOf } from '../support/slots.js'
import { wordsOf } from '../support/memory.js'
import { closedGate, scores, start as startWorker } from '../support/recovery.js'
import type { Spawned } from '../support/workers.js'
import type { Ready, Task } from './recovery.worker.js'
import { SLOT, SLOT_KIND, KIND_MASK } from '../../src/core/layout.js'

/** A worker that cannot look at /proc either, unless it is said to. */
function start(task: Task): Spawned<Ready> {
  return startWorker({ without: ['native'], ...task })
}

describe('a worker that ends with a lock', () => {
  it('says nothing of itself but its id and that of its parent', async () => {
    const map = scores()
    const { message } = start({ do: 'idle', handle: map.handle })
    const { thread, threadId } = await message()
    const said = [SLOT.nativeId, SLOT.nativeStart, SLOT.threadId, SLOT.parent].map(
      (at) => wordsOf(map.handle)[slotWord(thread, at)],
    )
    expect(said).toEqual([0, 0, threadId + 1, 1])
  })

  it('is recovered at its exit', async () => {
    const map = scores()
    const { worker, message } = start({ do: 'hold', handle: map.handle, gate: closedGate() })
    await message()
    await worker.terminate()
    expect([isFirstBucketLocked(map.handle), threadsOf(map.handle)]).toEqual([false, [1]])
    expect(map.set('bob', 2).size).toBe(2)
    map.check()
  })

  it('is recovered in each heap that is open here', async () => {
    const maps = [scores(), scores()]
    const workers = maps.map((map) => start({ do: 'hold', handle: map.handle, gate: closedGate() }))
    await Promise.all(workers.map(({ message }) => message()))
    await Promise.all(workers.map(({ worker }) => worker.terminate()))
    for (const map of maps) {
      expect(map.set('bob', 2).size).toBe(2)
      map.check()
    }
  })

  it('is recovered in a heap that is opened afterwards', async () => {
    const heap = new SharedHeap()
    const map = heap.map('scores', { key: 'string', value: 'number', capacity: 1 }).set('ann', 1)
    const { handle } = map
    const { worker, message } = start({ do: 'hold', handle, gate: closedGate() })
    const { thread } = await message()
    map.dispose()
    heap.dispose()
    await worker.terminate()
    expect([isFirstBucketLocked(handle), threadsOf(handle)]).toEqual([true, [thread]])
    const again = SharedMap.attach<string, number>(handle)
    expect([again.increment('ann'), threadsOf(handle)]).toEqual([2, [1]])
    again.check()
  })

  it('takes those with it that it has made', async () => {
    const map = scores()
    const innermost: Task = { do: 'hold', handle: map.handle, gate: closedGate(), without: ['native'] }
    const middle: Task = { do: 'nest', handle: map.handle, nested: innermost, without: ['native'] }
    const { worker, message } = start({ do: 'nest', handle: map.handle, nested: middle })
    for (let n = 0; n < 3; n++) await message()
    expect(threadsOf(map.handle).length).toBe(4)
    await worker.terminate()
    expect([isFirstBucketLocked(map.handle), threadsOf(map.handle)]).toEqual([false, [1]])
    map.check()
  })

  it('is recovered by another thread that can tell, when one waits that cannot', async () => {
    const map = scores()
    const guardian = start({ do: 'idle', handle: map.handle, without: [] })
    await guardian.message()
    const { worker, message } = start({ do: 'hold', handle: map.handle, gate: closedGate(), without: [] })
    const { thread } = await message()
    void worker.terminate()
    expect(map.set('bob', 2).size).toBe(2) // this thread hears of no event meanwhile
    expect(stateOf(map.handle, thread) & KIND_MASK).not.toBe(SLOT_KIND.attached)
  })
})

describe('watch()', () => {
  const MAIN = `
    import { Worker } from 'node:worker_threads'
    const worker = new Worker(workerUrl)
    const handle = await new Promise((resolve) => worker.once('message', resolve))
    globalThis[Symbol.for('tophash.without')] = ['native']
    const { SharedMap } = await import(tophash)
    const map = SharedMap.attach(handle)
  `
  const WORKER = `
    import { parentPort } from 'node:worker_threads'
    const { SharedMap } = await import(tophash)
    const map = new SharedMap([[1, 2]])
    parentPort.postMessage(map.handle)
    setInterval(() => map.size, 1000)
  `

  it('lets the end of a worker be noticed that is older than the library here', async () => {
    const end = `await worker.terminate(); console.log(map.stats().threads, map.recover()); process.exit()`
    const programs = [MAIN + end, `${MAIN}map.watch(worker);${end}`]
    const [without, watched] = await Promise.all(programs.map((main) => runProgram(main, WORKER)))
    expect(without).toEqual({ code: 0, stdout: '2 0\n', stderr: '' })
    expect(watched).toEqual({ code: 0, stdout: '1 0\n', stderr: '' })
  })

  it('returns the worker, of Node or as browsers have it', async () => {
    const map = scores()
    const { worker } = start({ do: 'idle', handle: map.handle })
    expect(map.watch(worker)).toBe(worker)
    const methods = { postMessage() {}, terminate() {}, addEventListener: vi.fn() }
    expect([new SharedSet().watch(methods), new SharedHeap().watch(methods)]).toEqual([methods, methods])
    expect(methods.addEventListener).not.toHaveBeenCalled() // nothing says which thread it is
  })

  it('refuses what is no worker', () => {
    const { port1 } = new MessageChannel()
    for (const given of [undefined, null, 1, 'worker', {}, () => {}, port1]) {
      for (const collection of [scores(), new SharedSet(), new SharedHeap()]) {
        expectError(
          thrownBy(() => collection.watch(given)),
          'ERR_OPTIONS',
          'watch(worker) takes a Worker',
        )
      }
    }
  })

  it('throws when the map is disposed of, and so does recover()', () => {
    const map = scores()
    map.dispose()
    expectError(
      thrownBy(() => map.watch({})),
      'ERR_DISPOSED',
      'disposed of',
    )
    expectError(
      thrownBy(() => map.recover()),
      'ERR_DISPOSED',
      'disposed of',
    )
  })

  it('adds one listener, however often it is called, and is never the one that a warning is printed for', async () => {
    const { worker } = start({ do: 'idle', handle: scores().handle })
    for (let n = 0; n < 20; n++) scores().watch(worker)
    const before = worker.listenerCount('exit')
    scores().watch(worker)
    expect(worker.listenerCount('exit')).toBe(before)
    expect(worker.getMaxListeners()).toBe(11)
  })
})

describe('a worker that ends by itself', () => {
  it('puts in order what an exception has left, and gives its slot back', async () => {
    const main = `
      import { Worker } from 'node:worker_threads'
      globalThis[Symbol.for('tophash.without')] = ['native', 'events']
      const { SharedMap } = await import(tophash)
      const map = new SharedMap([['ann', 1]], { key: 'string', value: 'number', capacity: 1 })
      const worker = new Worker(script, { workerData: { do: 'abandon', handle: map.handle } })
      await new Promise((resolve) => worker.once('message', resolve))
      const before = map.stats().threads
      worker.postMessage('exit')
      await new Promise((resolve) => worker.once('exit', resolve))
      console.log(before, map.stats().threads, map.increment('ann'))
    `
    const script = new URL('../../build/test/api/recovery.worker.js', import.meta.url).href
    const outcome = await runProgram(`const script = new URL(${JSON.stringify(script)})\n${main}`)
    expect(outcome).toEqual({ code: 0, stdout: '2 1 2\n', stderr: '' })
  })
})

describe('a program', () => {
  it('ends when it has nothing else to do, with maps open, and prints no warnings', async () => {
    const main = `
      import { Worker } from 'node:worker_threads'
      const { SharedMap } = await import(tophash)
      const maps = Array.from({ length: 20 }, () => new SharedMap([['ann', 1]], { key: 'string', value: 'number' }))
      for (const { handle } of maps) {
        const worker = new Worker(workerUrl, { workerData: handle })
        for (let n = 0; n < 10; n++) worker.on('exit', () => {})
      }
      process.on('exit', () => console.log(maps.map((map) => map.get('ann')).join('')))
    `
    const worker = `
      import { workerData } from 'node:worker_threads'
      const { SharedMap } = await import(tophash)
      SharedMap.attach(workerData).increment('ann')
    `
    const { code, stdout, stderr } = await runProgram(main, worker)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${'2'.repeat(20)}\n`, stderr: '' })
  })

  it('that was never told of a death ends all the same', async () => {
    const { code, stderr } = await runProgram(`
      const { SharedMap } = await import(tophash)
      const map = new SharedMap()
      await map.ready()
      const words = new Int32Array(map.handle.memory.buffer)
      words[${slotWord(2, SLOT.state)}] = 1 // somebody who says nothing of itself
      map.recover()
    `)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})
