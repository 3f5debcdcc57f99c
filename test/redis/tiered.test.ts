// tophash/redis in one thread, with a server: what is where, for how long, and what is refused.
import { SharedCache, SharedHeap } from 'tophash'
import { TieredCache } from 'tophash/redis'
import { describe, expect, it } from 'vitest'
import { hasServer } from './server.js'
import { CALM, setUp, until } from './setup.js'

describe.runIf(hasServer)('a cache in two levels', () => {
  const setup = setUp()

  it('asks the server once, then shared memory', async () => {
    const { cache, gated } = await setup.open()
    await cache.set('a', { n: 1 })
    await told(cache, 1)
    expect([await cache.get('a'), await cache.get('none')]).toEqual([{ n: 1 }, undefined])
    gated.sent.length = 0
    expect([await cache.get('a'), await cache.get('a')]).toEqual([{ n: 1 }, { n: 1 }])
    expect(gated.sent).toEqual([])
    expect(cache.stats()).toMatchObject({ listening: true, takeovers: 1, loads: 0, near: { size: 1 } })
  })

  it('forgets what somebody else changes', async () => {
    const { cache, prefix } = await setup.open({ json: true })
    const { client } = setup
    await client.set(`${prefix}a`, '1')
    expect(await cache.get('a')).toBe(1)
    await client.set(`${prefix}a`, '2')
    await until(async () => (await cache.get('a')) === 2)
    await client.del(`${prefix}a`)
    await until(async () => (await cache.get('a')) === undefined)
    await client.set(`${prefix}a`, '3')
    await until(async () => (await cache.get('a')) === 3)
    await client.flushAll()
    await until(async () => (await cache.get('a')) === undefined)
  })

  it('says whether the server had what was deleted, and gives nobody what was there', async () => {
    const { cache, prefix } = await setup.open()
    await cache.set('a', 1)
    await told(cache, 1)
    await cache.get('a')
    expect([await cache.delete('a'), await cache.delete('a')]).toEqual([true, false])
    expect([await cache.get('a'), await setup.client.exists(`${prefix}a`)]).toEqual([undefined, 0])
  })

  it('loads what neither has, once, and writes it to the server', async () => {
    const { cache, prefix } = await setup.open({ ttl: 60_000 })
    const loads: string[] = []
    const load = async (key: string) => {
      loads.push(key)
      return `value of ${key}`
    }
    expect(await Promise.all(Array.from({ length: 10 }, () => cache.get('a', load)))).toEqual(Array(10).fill('value of a'))
    expect(await cache.get('a', load)).toBe('value of a')
    expect([loads, await setup.client.get(`${prefix}a`)]).toEqual([['a'], 'svalue of a'])
    expect(await setup.client.keys(`tophash:claim:${prefix}*`)).toEqual([])
    expect(cache.stats()).toMatchObject({ loads: 1 })
  })

  it('loads for who has a loader, also if somebody asks before who has none', async () => {
    const { cache } = await setup.open()
    const [none, some] = await Promise.all([cache.get('a'), cache.get('a', () => 'loaded')])
    expect([none, some]).toEqual([undefined, 'loaded'])
  })

  it('gives an error of the loader to all who wait, and keeps nothing, nor what is undefined', async () => {
    const { cache, prefix } = await setup.open()
    const fail = () => Promise.reject(new RangeError('no'))
    for (const one of await Promise.allSettled([cache.get('a', fail), cache.get('a', fail)])) {
      expect(one).toMatchObject({ status: 'rejected', reason: new RangeError('no') })
    }
    expect(await cache.get('a', () => undefined)).toBeUndefined()
    expect(await cache.get('a', () => 'now')).toBe('now')
    expect(await setup.client.get(`${prefix}a`)).toBe('snow')
  })

  it('has times to live travel to the server and back', async () => {
    const { cache, prefix } = await setup.open({ ttl: 60_000, nearTtl: 5000 })
    const far = (key: string) => setup.client.pTTL(prefix + key)
    await cache.set('a', 1)
    await cache.set('b', 1, { ttl: 500_000 })
    await cache.set('c', 1, { ttl: Infinity })
    await cache.get('d', () => 1, { ttl: 700_000 })
    await cache.get('e', (_, context) => (context.ttl = 900_000))
    const left = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(far))
    expect(left.map((ms) => Math.ceil(ms / 100_000))).toEqual([1, 5, -0, 7, 9])
    await cache.set('a', 1, { ttl: 0.5 }) // no less than a millisecond
    await until(async () => (await cache.get('a')) === undefined)
  })

  it('keeps near no longer than the server does', async () => {
    const heap = new SharedHeap()
    const near = heap.cache('near', { key: 'string', max: 10 })
    const { cache } = await setup.open({ cache: near, nearTtl: 50_000 })
    await cache.set('a', 1, { ttl: 20_000 })
    await cache.set('b', 1, { ttl: 90_000 })
    await told(cache, 2)
    for (const key of ['a', 'b']) await cache.get(key)
    expect([near.remaining('a')! <= 20_000, near.remaining('b')! > 20_000, near.remaining('b')! <= 50_000]).toEqual([
      true,
      true,
      true,
    ])
  })

  it('writes what others can read, if that is wanted', async () => {
    const { cache, prefix } = await setup.open({ json: true })
    await cache.set('a', { name: 'Ann', tags: ['x'] })
    expect(await setup.client.get(`${prefix}a`)).toBe('{"name":"Ann","tags":["x"]}')
    await setup.client.set(`${prefix}b`, '[1, null]')
    expect(await cache.get('b')).toEqual([1, null])
    await setup.client.set(`${prefix}c`, '{')
    await expect(cache.get('c')).rejects.toMatchObject({ code: 'ERR_VALUE_TYPE' })
  })

  it('gives the claim of a load back whose value cannot be written', async () => {
    const { cache, prefix } = await setup.open<unknown>({ json: true })
    await expect(cache.get('a', () => 1n)).rejects.toThrow()
    const brief = (_: string, context: { ttl: number | undefined }): string => {
      context.ttl = -1
      return 'value'
    }
    await expect(cache.get('b', brief)).rejects.toMatchObject({ code: 'ERR_OPTIONS' })
    expect(await setup.client.keys(`*${prefix}*`)).toEqual([])
  })

  it('says of each load that the server has no room for it, when several are written at once', async () => {
    const { cache, prefix } = await setup.open<string>()
    const { maxmemory } = await setup.client.configGet('maxmemory')
    const finish: ((value: string) => void)[] = []
    const load = () => new Promise<string>((resolve) => finish.push(resolve))
    const loads = ['a', 'b'].map((key) => expect(cache.get(key, load)).rejects.toThrow('OOM'))
    try {
      await until(() => finish.length === 2)
      await setup.client.configSet('maxmemory', '1')
      for (const end of finish) end('value')
      await Promise.all(loads)
    } finally {
      await setup.client.configSet('maxmemory', maxmemory!)
    }
    expect(await setup.client.keys(`*${prefix}*`)).toEqual([])
  })

  it('passes on what the server answers', async () => {
    const { cache, prefix } = await setup.open()
    await setup.client.lPush(`${prefix}list`, 'x')
    await expect(cache.get('list', () => 1)).rejects.toThrow('WRONGTYPE')
    // Beside others, whom that does not concern.
    const wrong = expect(cache.get('list')).rejects.toThrow('WRONGTYPE')
    expect(await Promise.all([cache.get('a', () => 1), cache.get('b', () => 2)])).toEqual([1, 2])
    await wrong
  })

  it('asks for all that is missed in one turn by one command, and for much by several', async () => {
    const { cache, gated } = await setup.open()
    await cache.get('none') // the server knows the script from here on
    gated.sent.length = 0
    const keys = Array.from({ length: 32 }, (_, n) => `${n}`)
    expect(await Promise.all(keys.map((key) => cache.get(key)))).toEqual(keys.map(() => undefined))
    expect(gated.sent).toEqual(['EVALSHA'])
    expect(await Promise.all(keys.map((key) => cache.get(key, () => key)))).toEqual(keys)
    expect(gated.sent).toEqual(['EVALSHA', 'EVALSHA', 'EVALSHA']) // and what was loaded
    expect(await Promise.all([...keys, 'x'].map((key) => cache.get(`more ${key}`)))).toEqual([...keys, 'x'].map(() => undefined))
    expect(gated.sent.length).toBe(5)
    const long = 'x'.repeat(40_000)
    expect(await Promise.all([1, 2, 3].map((n) => cache.get(`long ${n}`, () => long)))).toEqual([long, long, long])
    expect(gated.sent.length).toBe(8) // two of them are enough for one command
  })

  it('goes on in another thread, and closes what it has opened', async () => {
    const { cache, prefix, gated } = await setup.open()
    const other = await TieredCache.open({ cache: cache.handle, client: gated, prefix, ...CALM })
    await cache.set('a', 1)
    expect(await other.get('a')).toBe(1)
    await cache.close()
    await cache.close()
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'ERR_DISPOSED' })
    await until(() => other.stats().listening) // it has taken over
    expect([await other.get('a'), other.stats().takeovers]).toEqual([1, 2])
    await other.close()
  })

  it.each([
    ['no options', undefined, 'object'],
    ['an option that is none', { other: 1 }, '"other"'],
    ['no cache', { cache: undefined }, 'cache'],
    ['no bound', { cache: {} }, 'bound'],
    ['a time in the cache', { cache: { max: 1, ttl: 5 } }, 'nearTtl'],
    ['the handle of a SharedCache', { cache: new SharedCache({ max: 1 }).handle }, 'handle of the TieredCache'],
    ['a cache that is alone', { cache: new SharedCache({ max: 1 }) }, 'heap'],
    ['keys of another kind', { cache: { max: 1, key: 'number' } }, 'string keys'],
    ['no client', { client: {} }, 'client'],
    ['no prefix', { prefix: '' }, 'prefix'],
    ['no time', { ttl: 0 }, 'ttl'],
    ['no number', { lock: 'x' }, 'lock'],
    ['two ways to write', { json: true, codec: { name: 'x', encode: () => new Uint8Array(), decode: () => 1 } }, 'json or codec'],
  ])('refuses %s', async (_, options, fragment) => {
    const given = options && { cache: { max: 10 }, client: setup.client, prefix: 'x:', ...options }
    const error = await TieredCache.open(given as never).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'ERR_OPTIONS', message: expect.stringContaining(fragment) })
  })

  it('refuses other settings for a cache than it was opened with, and keys and values that cannot be', async () => {
    const { cache, gated } = await setup.open()
    await expect(TieredCache.open({ cache: cache.handle, client: gated, prefix: 'other:' })).rejects.toMatchObject({
      code: 'ERR_OPTIONS',
    })
    for (const key of [1, undefined, '\ud800']) {
      for (const call of [() => cache.get(key as never), () => cache.set(key as never, 1), () => cache.delete(key as never)]) {
        await expect(call()).rejects.toMatchObject({ code: 'ERR_KEY_TYPE' })
      }
    }
    await expect(cache.set('a', undefined)).rejects.toMatchObject({ code: 'ERR_VALUE_TYPE' })
    await expect(cache.set('a', 1, { ttl: -1 })).rejects.toMatchObject({ code: 'ERR_OPTIONS' })
    await expect(cache.get('a', () => 1, { other: 1 } as never)).rejects.toMatchObject({ code: 'ERR_OPTIONS' })
  })
})

/** Waits until the server has told of so many changes: what is read from then on stays. */
async function told(cache: TieredCache, changes: number): Promise<void> {
  await until(() => cache.stats().invalidations === changes)
}
