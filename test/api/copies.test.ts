// Several copies of the library in one thread, as test runners make them that evaluate it again and again: to a heap each is
// a thread, to the process all are one.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, TophashError } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { type Outcome, runProgram } from '../support/programs.js'

/** Evaluates the CommonJS files of the library again, as a test runner does: `evaluate()` returns a copy of its own. */
const EVALUATING = `
  import { readFileSync } from 'node:fs'
  import { createRequire } from 'node:module'
  import { runInThisContext } from 'node:vm'
  import { Worker } from 'node:worker_threads'
  function evaluate() {
    const modules = new Map()
    const require = (name) => {
      if (!name.startsWith('.')) return createRequire(import.meta.url)(name)
      if (!modules.has(name)) {
        const module = { exports: {} }
        modules.set(name, module)
        const text = readFileSync(new URL(name, tophash), 'utf8')
        runInThisContext('(function (require, module, exports) {' + text + '\\n})')(require, module, module.exports)
      }
      return modules.get(name).exports
    }
    return require('./index.cjs')
  }
  const counts = () => ['worker', 'exit', 'newListener'].map((event) => process.listenerCount(event))
  const { untilCollected } = await import(new URL('../build/test/support/garbage.js', tophash))
`
const WAITING = `
  import { parentPort, workerData } from 'node:worker_threads'
  const { SharedMap } = await import(tophash)
  const maps = workerData.map((handle) => SharedMap.attach(handle))
  parentPort.postMessage(maps.length)
  setInterval(() => maps.length, 1000)
`
const WITHOUT_NATIVE = `globalThis[Symbol.for('tophash.without')] = ['native']\n`

function evaluating(main: string, worker?: string): Promise<Outcome> {
  return runProgram(EVALUATING + main, worker)
}

describe('copies that were dropped', () => {
  it('are collected, but for the one that listens for all; and there are no more listeners than of one', async () => {
    const { code, stdout, stderr } = await evaluating(`
      const before = counts()
      const copies = Array.from({ length: 20 }, () => new WeakRef(evaluate().SharedMap))
      const alive = () => copies.filter((copy) => copy.deref()).length
      await untilCollected(() => alive() <= 1)
      console.log(alive(), counts().map((count, index) => count - before[index]).join())
    `)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '1 1,1,1\n', stderr: '' })
  })

  it('have given their slots back by then, in the heaps that others go on to use', async () => {
    const { code, stdout, stderr } = await evaluating(`
      const { SharedMap } = evaluate()
      const map = new SharedMap([['ann', 1]])
      const copies = Array.from({ length: 20 }, () => {
        const { SharedMap } = evaluate()
        SharedMap.attach(map.handle).update('ann', (n) => n + 1)
        return new WeakRef(SharedMap)
      })
      const { threads } = map.stats()
      const alive = () => copies.filter((copy) => copy.deref()).length
      await untilCollected(() => alive() === 0)
      map.check()
      console.log(threads, map.stats().threads, alive(), map.get('ann'))
    `)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '21 1 0 21\n', stderr: '' })
  })
})

describe('each copy hears', () => {
  it('of the end of a worker', async () => {
    const main = `${WITHOUT_NATIVE}
      const maps = [evaluate(), evaluate()].map(({ SharedMap }) => new SharedMap([['ann', 1]]))
      const worker = new Worker(workerUrl, { workerData: maps.map((map) => map.handle) })
      await new Promise((resolve) => worker.once('message', resolve))
      const before = maps.map((map) => map.stats().threads)
      await worker.terminate()
      console.log(before.join(), maps.map((map) => map.stats().threads).join(), worker.listenerCount('exit'))
    `
    const { code, stdout, stderr } = await evaluating(main, WITHOUT_NATIVE + WAITING)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '2,2 1,1 0\n', stderr: '' })
  })

  it('of that of a worker which is older than itself, if another copy was there before', async () => {
    const main = `${WITHOUT_NATIVE}
      const map = new (evaluate().SharedMap)([['ann', 1]])
      const { handle } = map
      const worker = new Worker(workerUrl, { workerData: [handle] })
      await new Promise((resolve) => worker.once('message', resolve))
      map.dispose()
      const younger = evaluate().SharedMap.attach(handle)
      const before = younger.stats().threads
      await worker.terminate()
      console.log(before, younger.stats().threads)
    `
    const { code, stdout, stderr } = await evaluating(main, WITHOUT_NATIVE + WAITING)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '2 1\n', stderr: '' })
  })

  it('that the thread ends, after the listeners of the program, and leaves its heaps', async () => {
    const without = `globalThis[Symbol.for('tophash.without')] = ['native', 'events']\n`
    const main = `${without}
      const map = new (evaluate().SharedMap)([['exits', 0]])
      const worker = new Worker(workerUrl, { workerData: map.handle })
      await new Promise((resolve) => worker.once('exit', resolve))
      console.log(map.stats().threads, map.get('exits'))
    `
    const worker = `${without}${EVALUATING}
      import { workerData } from 'node:worker_threads'
      const maps = [evaluate(), evaluate(), evaluate()].map(({ SharedMap }) => SharedMap.attach(workerData))
      process.on('exit', () => maps.forEach((map) => map.update('exits', (n) => n + 1)))
    `
    const { code, stdout, stderr } = await evaluating(main, worker)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '1 3\n', stderr: '' })
  })
})

describe('what one copy has made, another', async () => {
  const other = await anotherCopy('copies')

  it('attaches by its handle, and counts as another thread', () => {
    const map = new SharedMap([['ann', { age: 1 }]])
    const copy = other.SharedMap.attach(map.handle)
    copy.set('bob', { age: 2 })
    expect([Object.fromEntries(map), map.stats().threads]).toEqual([{ ann: { age: 1 }, bob: { age: 2 } }, 2])
    copy.dispose()
    expect(map.stats().threads).toBe(1)
    map.check()
  })

  it('takes as the heap of its maps and sets', () => {
    const heap = new SharedHeap()
    const options = { heap: heap as never, name: 'scores' }
    const scores = new other.SharedMap<string, number>([['ann', 1]], options)
    expect([...heap.map<string, number>('scores')]).toEqual([['ann', 1]])
    expectError(
      thrownBy(() => new other.SharedSet(null, options)),
      'ERR_OPTIONS',
      'scores',
    )
    scores.dispose()
    expect(heap.stats().threads).toBe(1)
    heap.check()
    heap.dispose()
    expectError(
      thrownBy(() => new other.SharedMap(null, options)),
      'ERR_DISPOSED',
      'disposed of',
    )
  })

  it('does not take for a heap if it is none', () => {
    const liar = { [Symbol.toStringTag]: 'SharedHeap', handle: { tophash: 'SharedHeap' } }
    expectError(
      thrownBy(() => new SharedMap(null, { heap: liar as never })),
      'ERR_BAD_HANDLE',
      'shared memory',
    )
    const throwing = {
      get [Symbol.toStringTag](): string {
        throw new Error('ordinary')
      },
    }
    for (const given of [{}, new SharedMap(), new other.SharedMap(), throwing]) {
      expectError(
        thrownBy(() => new SharedMap(null, { heap: given as never })),
        'ERR_OPTIONS',
        'must be a SharedHeap',
      )
    }
  })

  it('throws errors of, that are instances of TophashError in both', () => {
    const errors = [SharedMap, other.SharedMap].map((Map) => thrownBy(() => new Map(null, { key: 'string' }).get(1 as never)))
    for (const error of errors) {
      expect([error instanceof TophashError, error instanceof other.TophashError]).toEqual([true, true])
    }
  })
})
