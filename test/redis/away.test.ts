// A server that is away: errors that say so, nothing that hangs, and what is allowed to go on.
import { TieredCache } from 'tophash/redis'
import { describe, expect, it } from 'vitest'
import { hasServer } from './server.js'
import { CALM, setUp, until } from './setup.js'

describe.runIf(hasServer)('while the server is away', () => {
  const setup = setUp()

  it('what is near is not given out, loaders are called, and nothing of theirs is kept', async () => {
    const { cache, gated } = await setup.open<string>()
    await cache.set('a', 'before')
    expect(await cache.get('a')).toBe('before')
    await setup.server.kill()
    gated.isReady = false
    await until(() => !cache.stats().listening)
    for (const call of [() => cache.get('a'), () => cache.set('a', 'x'), () => cache.delete('a')]) {
      await expect(call()).rejects.toMatchObject({ code: 'ERR_SERVER_AWAY' })
    }
    let loads = 0
    const load = () => `load ${++loads}`
    expect([await cache.get('a', load), await cache.get('a', load)]).toEqual(['load 1', 'load 2'])
    expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual(['load 3', 'load 3'])
    await setup.server.start()
    gated.isReady = true
    await until(() => cache.stats().listening && setup.client.isReady)
    expect(await cache.get('a')).toBeUndefined() // the server has forgotten it
  })

  it('what is near is given out, and what loaders bring is kept, for as long as that is allowed', async () => {
    const { cache, gated } = await setup.open<string>({ staleIfAway: 60_000, nearTtl: 50_000 })
    await cache.set('a', 'before')
    await until(() => cache.stats().invalidations === 1)
    expect(await cache.get('a')).toBe('before')
    await setup.server.kill()
    gated.isReady = false
    await until(() => !cache.stats().listening)
    expect(await cache.get('a', () => 'not called')).toBe('before')
    await expect(cache.get('b')).rejects.toMatchObject({ code: 'ERR_SERVER_AWAY' })
    expect([await cache.get('b', () => 'loaded'), await cache.get('b')]).toEqual(['loaded', 'loaded'])
    await setup.server.start()
    gated.isReady = true
    await until(() => cache.stats().listening && setup.client.isReady)
    expect([await cache.get('a'), await cache.get('b')]).toEqual([undefined, undefined])
  })

  it('can be opened, and listens when the server comes', async () => {
    await setup.server.kill()
    const { cache, prefix, gated } = await setup.open<string>({ timeout: 50 })
    expect(cache.stats().listening).toBe(false)
    const other = TieredCache.open({ cache: cache.handle, client: { isReady: false } as never, prefix })
    await expect(other).rejects.toMatchObject({ code: 'ERR_OPTIONS' })
    await setup.server.start()
    await until(() => cache.stats().listening && setup.client.isReady)
    const calm = await TieredCache.open<string>({ cache: cache.handle, client: gated, prefix, ...CALM })
    await calm.set('a', 'x')
    expect(await calm.get('a')).toBe('x')
    await calm.close()
  })
})
