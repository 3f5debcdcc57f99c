// What is given out is never older than what the server has told of: each race that could break it, with everything held up that has
// to come in a certain order.
import { SharedHeap } from 'tophash'
import { TieredCache } from 'tophash/redis'
import { describe, expect, it } from 'vitest'
import { Gated } from './gated.js'
import { hasServer } from './server.js'
import { CALM, type Opened, setUp, until } from './setup.js'

describe.runIf(hasServer)('what is near', () => {
  const setup = setUp()
  const text = { json: true }

  /** Writes from outside, and waits until the cache has been told. */
  async function change({ cache, prefix }: Opened, key: string, value: string): Promise<void> {
    await until(() => cache.stats().listening)
    const { invalidations } = cache.stats()
    await setup.client.set(prefix + key, JSON.stringify(value))
    await until(() => cache.stats().invalidations > invalidations)
  }

  it('does not keep what was read before a change that it was told of sooner', async () => {
    const opened = await setup.open<string>(text)
    const { cache, gated } = opened
    await change(opened, 'a', 'old')
    const replies = gated.hold('EVAL')
    const slow = cache.get('a')
    await until(() => replies.waiting > 0)
    await change(opened, 'a', 'new')
    replies.open()
    expect(await slow).toBe('old') // who asked before the change may have it
    expect([await cache.get('a'), await cache.get('a')]).toEqual(['new', 'new'])
  })

  it('gives nothing to who asks after a change that was read before it', async () => {
    const opened = await setup.open<string>(text)
    const { cache, gated } = opened
    await change(opened, 'a', 'old')
    const replies = gated.hold('EVAL')
    const slow = cache.get('a')
    await until(() => replies.waiting > 0)
    await change(opened, 'a', 'new')
    const late = cache.get('a')
    replies.open()
    expect([await slow, await late]).toEqual(['old', 'new'])
  })

  it('gives nobody an older value after a set or delete of its own, before the server tells of it', async () => {
    const opened = await setup.open<string>(text)
    const { cache, gated } = opened
    await change(opened, 'a', 'old')
    expect(await cache.get('a')).toBe('old')
    gated.changes.shut()
    await cache.set('a', 'new')
    expect(await cache.get('a')).toBe('new')
    await cache.delete('a')
    expect(await cache.get('a')).toBeUndefined()
    gated.changes.open()
  })

  it('forgets a key of its own also if it does not know what the server has done', async () => {
    const opened = await setup.open<string>(text)
    const { cache, gated } = opened
    await change(opened, 'a', 'old')
    expect(await cache.get('a')).toBe('old')
    gated.changes.shut()
    gated.lost.add('SET')
    await expect(cache.set('a', 'new')).rejects.toMatchObject({ code: 'ERR_SERVER_AWAY' })
    expect(await cache.get('a')).toBe('new')
    gated.changes.open()
  })

  it('is not given out while nobody listens, and not kept', async () => {
    const opened = await setup.open<string>(text)
    const { cache, gated } = opened
    await change(opened, 'a', 'old')
    expect(await cache.get('a')).toBe('old')
    gated.listens.shut()
    gated.lose()
    await until(() => gated.listened === 2)
    expect(cache.stats().listening).toBe(false)
    for (const value of ['second', 'third']) {
      await setup.client.set(`${opened.prefix}a`, JSON.stringify(value))
      expect(await cache.get('a')).toBe(value)
    }
    gated.listens.open()
    await until(() => cache.stats().listening)
    expect(await cache.get('a')).toBe('third')
    expect(cache.stats().takeovers).toBe(2)
  })

  it('gives nobody an older value after a set while nobody listens', async () => {
    const { cache, prefix, gated } = await setup.open<string>(text)
    gated.listens.shut()
    gated.lose()
    await until(() => !cache.stats().listening)
    const replies = gated.hold('EVAL')
    const slow = cache.get('a')
    await until(() => replies.waiting > 0)
    await cache.set('a', 'new')
    const late = cache.get('a')
    replies.open()
    expect([await slow, await late]).toEqual([undefined, 'new'])
    expect(await setup.client.exists(`${prefix}a`)).toBe(1)
    gated.listens.open()
  })

  it('gives nobody an older value after a change that was told of, though the connection is lost again', async () => {
    const opened = await setup.open<string>(text)
    const { cache, gated, prefix } = opened
    await setup.client.set(`${prefix}a`, '"old"')
    gated.listens.shut()
    gated.lose()
    await until(() => !cache.stats().listening)
    const replies = gated.hold('EVAL')
    const slow = cache.get('a') // while nobody listens
    await until(() => replies.waiting > 0)
    gated.listens.open()
    await until(() => cache.stats().listening)
    await change(opened, 'a', 'new')
    gated.listens.shut()
    gated.lose()
    await until(() => !cache.stats().listening)
    const late = cache.get('a')
    replies.open()
    expect([await slow, await late]).toEqual(['old', 'new'])
    gated.listens.open()
  })

  it('is forgotten by a new listener, who was not told of what came in between', async () => {
    const opened = await setup.open<string>(text)
    const { cache, gated, prefix } = opened
    for (const key of ['a', 'b']) await change(opened, key, 'old')
    expect(await cache.get('a')).toBe('old')
    const replies = gated.hold('EVAL')
    const slow = cache.get('b') // is read before, and would be kept after
    await until(() => replies.waiting > 0)
    gated.listens.shut()
    gated.lose()
    await until(() => !cache.stats().listening)
    for (const key of ['a', 'b']) await setup.client.set(prefix + key, '"new"')
    gated.listens.open()
    await until(() => cache.stats().listening)
    replies.open()
    expect(await slow).toBe('old')
    expect([await cache.get('a'), await cache.get('b')]).toEqual(['new', 'new'])
  })

  it('is not given out when the server has been silent for too long', async () => {
    const { cache, prefix, gated } = await setup.open<string>({ ...text, patience: 200 })
    const hasty = await TieredCache.open<string>({ ...text, ...CALM, cache: cache.handle, client: gated, prefix, timeout: 300 })
    try {
      await setup.client.set(`${prefix}a`, '"old"')
      await until(async () => (await cache.get('a')) === 'old')
      setup.server.stop()
      await until(() => !cache.stats().listening)
      await expect(hasty.get('a')).rejects.toMatchObject({ code: 'ERR_SERVER_AWAY' })
      setup.server.resume()
      await until(() => cache.stats().listening)
      await setup.client.set(`${prefix}a`, '"new"')
      await until(async () => (await cache.get('a')) === 'new')
    } finally {
      await hasty.close()
    }
  })

  it('does not bring back what another machine has set or deleted while it was loaded', async () => {
    const { cache, prefix } = await setup.open<string>(text)
    const other = await setup.open<string>({ ...text, prefix }) // memory of its own, as another machine
    for (const [act, left, given] of [
      [() => other.cache.set('a', 'theirs'), 'theirs', 'theirs'],
      [() => other.cache.delete('a'), undefined, 'mine'],
      [() => setup.client.set(`${prefix}a`, '"outside"'), 'outside', 'outside'],
    ] as const) {
      await cache.delete('a')
      const loaded = await cache.get('a', async () => {
        await act()
        return 'mine'
      })
      expect(loaded).toBe(given)
      expect([await cache.get('a'), await other.cache.get('a')]).toEqual([left, left])
      expect(await setup.client.keys(`tophash:claim:${prefix}*`)).toEqual([])
    }
  })

  it('has one machine load, if that is wanted, and the others wait', async () => {
    const { cache, prefix, gated } = await setup.open<string>({ ...text, lock: 60_000 })
    const other = await setup.open<string>({ ...text, prefix, lock: 60_000 })
    let loads = 0
    let finish: () => void = () => {}
    const load = async () => {
      loads++
      await new Promise<void>((resolve) => (finish = resolve))
      return 'value'
    }
    const [one, two] = [cache.get('a', load), other.cache.get('a', load)]
    // The one that does not load looks again and again.
    const looks = () => Math.max(...[gated, other.gated].map(({ sent }) => sent.filter((name) => name === 'EVALSHA').length))
    await until(() => loads > 1 || (loads === 1 && looks() > 2))
    expect(loads).toBe(1)
    finish()
    expect([await one, await two, loads]).toEqual(['value', 'value', 1])
    // One that fails lets the next load at once.
    await expect(cache.get('b', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await setup.client.keys(`tophash:claim:${prefix}*`)).toEqual([])
    expect(await other.cache.get('b', () => 'loaded')).toBe('loaded')
  })

  it('has both machines load otherwise, and the first that has loaded wins', async () => {
    const { cache, prefix } = await setup.open<string>(text)
    const other = await setup.open<string>({ ...text, prefix })
    const finish: ((value: string) => void)[] = []
    const load = () => new Promise<string>((resolve) => finish.push(resolve))
    const one = cache.get('a', load)
    await until(() => finish.length === 1)
    const two = other.cache.get('a', load)
    await until(() => finish.length === 2)
    finish[1]!('second')
    expect(await two).toBe('second')
    finish[0]!('first')
    expect(await one).toBe('second')
  })

  it('is followed by one of several that came at once', async () => {
    const { cache, prefix, gated } = await setup.open<string>(text)
    const options = { cache: cache.handle, client: gated, prefix, ...text, ...CALM }
    const others = await Promise.all(Array.from({ length: 5 }, () => TieredCache.open(options)))
    expect([cache.stats().takeovers, gated.listened]).toEqual([1, 1])
    for (const other of others) await other.close()
    expect(cache.stats()).toMatchObject({ takeovers: 1, listening: true })
  })

  it('is followed by one of two that make it at the same moment', async () => {
    const near = new SharedHeap().cache<string, string>('near', { key: 'string', max: 10 })
    const gated = new Gated(setup.client)
    const options = { cache: near, client: gated, prefix: 'same:', ...text, ...CALM }
    const both = await Promise.all([TieredCache.open(options), TieredCache.open(options)])
    expect([both[0].stats().takeovers, gated.listened]).toEqual([1, 1])
    for (const one of both) await one.close()
  })
})
