// Several threads of a process: one listens for all, and when it dies another does.
import { describe, expect, it } from 'vitest'
import { spawn } from '../support/workers.js'
import { hasServer } from './server.js'
import { CALM, setUp, until } from './setup.js'
import type { Asked } from './thread.worker.js'

describe.runIf(hasServer)('threads of a process', () => {
  const setup = setUp()

  it('have one that listens, and another when that is killed; then nothing is given out that changed in between', async () => {
    const { cache, prefix } = await setup.open({ json: true })
    const listeners = () => setup.client.sendCommand(['CLIENT', 'LIST']).then((list) => String(list).split('flags=tB').length - 1)
    const start = async () => {
      const thread = spawn<unknown>('redis/thread', { handle: cache.handle, url: setup.server.url, prefix, ...CALM })
      expect(await thread.message()).toBe('open')
      const ask = (asked: Asked): Promise<unknown> => {
        thread.worker.postMessage(asked)
        return thread.message()
      }
      return { thread, ask }
    }
    const [one, two] = [await start(), await start()]
    expect(cache.stats()).toMatchObject({ takeovers: 1, listening: true })
    await cache.close() // this thread was the first: one of the others listens now
    await until(async () => ((await one.ask('stats')) as { takeovers: number }).takeovers === 2)
    await setup.client.set(`${prefix}a`, '1')
    for (const { ask } of [one, two]) expect(await ask('get')).toBe(1)
    await until(async () => (await listeners()) === 1)
    const listener = (await one.ask('listens')) === true ? one : two
    const survivor = listener === one ? two : one
    await listener.thread.worker.terminate()
    await setup.client.set(`${prefix}a`, '2')
    await until(async () => ((await survivor.ask('stats')) as { takeovers: number }).takeovers === 3)
    expect(await survivor.ask('get')).toBe(2)
    await setup.client.set(`${prefix}a`, '3')
    await until(async () => (await survivor.ask('get')) === 3)
    survivor.thread.worker.postMessage('end')
    await survivor.thread.results
  })
})
