// How long what is near is trusted: no longer than the server is heard of, also if the thread that listens has no time to notice.
import { setTimeout as sleep } from 'node:timers/promises'
import { TieredCache } from 'tophash/redis'
import { describe, expect, it } from 'vitest'
import { spawn } from '../support/workers.js'
import { hasServer } from './server.js'
import { setUp, until } from './setup.js'

const PATIENCE = 300

describe.runIf(hasServer)('a server', () => {
  const setup = setUp()

  it('is trusted no longer than it is heard of', async () => {
    const { cache: first, prefix, gated } = await setup.open({ json: true, patience: PATIENCE })
    const { handle } = first
    const gate = new Int32Array(new SharedArrayBuffer(4))
    const { worker, message, results } = spawn<unknown>('redis/thread', {
      handle,
      url: setup.server.url,
      prefix,
      gate,
      patience: PATIENCE,
    })
    expect(await message()).toBe('open')
    await first.close() // so that the other thread listens
    await until(async () => {
      worker.postMessage('listens')
      return (await message()) === true
    })
    const cache = await TieredCache.open({ cache: handle, client: gated, prefix, json: true, patience: PATIENCE })
    await until(() => cache.stats().takeovers === 2 && cache.stats().listening)
    worker.postMessage('block')
    expect(await message()).toBe('blocks')
    await sleep(2 * PATIENCE)
    expect(cache.stats()).toMatchObject({ listening: false, takeovers: 2 })
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
    await until(() => cache.stats().listening)
    worker.postMessage('end')
    await results
    await cache.close()
  })
})
