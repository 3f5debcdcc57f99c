// How long what is near is trusted: no longer than the server is heard of, also if the thread that listens has no time to notice.
import { TieredCache } from 'tophash/redis'
import { describe, expect, it } from 'vitest'
import { spawn } from '../support/workers.js'
import { hasServer } from './server.js'
import { CALM, setUp, until } from './setup.js'

const TIMES = { ...CALM, patience: 300 }

describe.runIf(hasServer)('a server', () => {
  const setup = setUp()

  it('is trusted no longer than it is heard of', async () => {
    const { cache: first, prefix, gated } = await setup.open({ json: true, ...TIMES })
    const { handle } = first
    const gate = new Int32Array(new SharedArrayBuffer(4))
    const { worker, message, results } = spawn<unknown>('redis/thread', { handle, url: setup.server.url, prefix, gate, ...TIMES })
    expect(await message()).toBe('open')
    gated.isDeaf = true // this thread does not listen any more, whatever becomes of the other
    await first.close()
    await until(async () => {
      worker.postMessage('listens')
      return (await message()) === true
    })
    const cache = await TieredCache.open({ cache: handle, client: gated, prefix, json: true, ...TIMES })
    await until(() => cache.stats().listening)
    worker.postMessage('block')
    expect(await message()).toBe('blocks')
    await until(() => !cache.stats().listening)
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
    gated.isDeaf = false
    await until(() => cache.stats().listening)
    worker.postMessage('end')
    await results
    await cache.close()
  })
})
