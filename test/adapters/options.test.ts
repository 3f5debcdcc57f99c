// What the stores are given: an option that has no effect is refused, and so is a time that is none.
import type { SessionData } from 'express-session'
import { SharedCache, SharedHeap } from 'tophash'
import { tophashDriver as bentocache } from 'tophash/bentocache'
import { TophashStore as RateLimitStore } from 'tophash/express-rate-limit'
import { TophashStore as SessionStore } from 'tophash/express-session'
import { tophashStore } from 'tophash/fastify-rate-limit'
import { KeyvTophash } from 'tophash/keyv'
import { tophashCacheHandler } from 'tophash/next-cache-handler'
import { tophashDriver as unstorage } from 'tophash/unstorage'
import { describe, expect, it } from 'vitest'
import { expectError, thrownBy } from '../support/errors.js'

type Make = (options: any) => unknown

/** Each with the option of the cache that it does not have: the times of its entries are the host's. */
const STORES: [name: string, make: Make, without: string, beginning: string | undefined][] = [
  ['tophash/express-rate-limit', (options) => new RateLimitStore(options), 'ttl', 'prefix'],
  ['tophash/keyv', (options) => new KeyvTophash(options), 'ttl', undefined],
  ['tophash/express-session', (options) => new SessionStore(options), 'jitter', 'prefix'],
  ['tophash/fastify-rate-limit', tophashStore, 'ttl', 'prefix'],
  ['tophash/unstorage', unstorage, 'value', 'base'],
  ['tophash/bentocache', bentocache, 'ttl', 'prefix'],
  ['tophash/next-cache-handler', tophashCacheHandler, 'ttl', undefined],
]

describe.each(STORES)('%s', (name, make, without, beginning) => {
  it('refuses an option of which it has none, and says which there are', () => {
    const error = thrownBy(() => make({ max: 10, [without]: without === 'value' ? 'any' : 1 }))
    expectError(error, 'ERR_OPTIONS', `${name}: there is no option ${without}; there are`)
    const listed = (error as Error).message.split('there are ')[1]!.replace('.', '').split(', ')
    expect(listed).toContain('max')
    expect(listed).not.toContain(without)
    if (beginning) expect(listed).toContain(beginning)
    if (!name.includes('next'))
      expectError(
        thrownBy(() => make(null)),
        'ERR_OPTIONS',
        'needs a bound',
      )
  })

  it.runIf(beginning)('refuses what keys cannot begin with', () => {
    for (const given of [null, 5]) {
      const error = thrownBy(() => make({ max: 10, [beginning!]: given }))
      expectError(error, 'ERR_OPTIONS', `the option ${beginning} must be a string`)
    }
  })
})

describe('a store', () => {
  it('refuses a time that is none, and keeps what is there', async () => {
    const cache = new SharedCache<string, any>({ key: 'string', max: 10 })
    const store = new KeyvTophash({ cache })
    await store.set('a', 1)
    await expect(store.set('a', 2, Number.NaN)).rejects.toMatchObject({ code: 'ERR_OPTIONS' })
    expect(await store.get('a')).toBe(1)

    const sessions = new SessionStore({ cache })
    const cookie = { expires: new Date(Number.NaN) }
    const error = await new Promise((done) => sessions.set('a', { cookie } as unknown as SessionData, done))
    expectError(error, 'ERR_OPTIONS', 'ttl must be')
    expect(cache.get('a')).toBe(1)

    const driver = bentocache({ cache }).factory()
    driver.set('b', 2, null as never)
    expect([driver.get('b'), driver.getRemainingTtl('b')]).toEqual([2, undefined])
  })

  it('lets go of a cache that does not fit', () => {
    const heap = new SharedHeap()
    const cache = new SharedCache({ heap, key: 'number', max: 10 })
    const { handle } = cache
    expectError(
      thrownBy(() => new KeyvTophash({ cache: handle })),
      'ERR_OPTIONS',
      'string keys',
    )
    cache.dispose()
    expect(heap.stats().collections).toBe(0)
  })

  it('of Next.js takes no options for none, and a page that is nothing for null', async () => {
    const Handler = tophashCacheHandler(null as never)
    const handler = new Handler()
    await handler.set('a', undefined)
    expect(await handler.get('a')).toMatchObject({ value: null })
    await handler.set('b', { kind: 'APP_PAGE' }, { tags: ['t'] })
    await handler.revalidateTag('t', null as never)
    expect(await handler.get('b')).toBe(null)
    Handler.close()
  })
})
