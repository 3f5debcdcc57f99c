// tophash/next-cache-handler: the host's interface, and the host's own IncrementalCache over it, in two threads.
import { existsSync } from 'node:fs'
import { SharedHeap } from 'tophash'
import { tophashCacheHandler } from 'tophash/next-cache-handler'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { spawn } from '../support/workers.js'
import { NEXT, fetched, newNextCache, page } from './next/host.js'

const hasNext = existsSync(NEXT)
const HOW = 'npm ci --omit=optional --prefix test/adapters/next'
if (!hasNext) console.log(`Left out: the tests with Next.js. To have it: ${HOW}`)

describe('the handler', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 }))
  afterEach(() => void vi.useRealTimers())

  it('gives back what was set, with Buffers where there were some', async () => {
    const handler = newHandler()
    expect(await handler.get('/a')).toBeNull()
    const segmentData = new Map([['/_tree', Buffer.from('tree')]])
    const value = { ...page('<p>a</p>'), rscData: Buffer.from('rsc'), segmentData }
    await handler.set('/a', value, { cacheControl: { revalidate: 60, expire: 3600 } })
    const found = await handler.get('/a')
    expect(found).toEqual({ lastModified: 1_000_000, value, cacheControl: { revalidate: 60, expire: 3600 } })
    expect([found!.value.rscData, found!.value.segmentData.get('/_tree')].every((data) => Buffer.isBuffer(data))).toBe(true)
    await handler.set('/route', { kind: 'APP_ROUTE', body: Buffer.from('body'), status: 200, headers: {} })
    expect((await handler.get('/route'))!.value.body.toString()).toBe('body')
    await handler.set('/none', null)
    expect(await handler.get('/none')).toEqual({ lastModified: 1_000_000, value: null })
    handler.resetRequestCache()
    expect(await handler.get('/a')).not.toBeNull()
  })

  it('has nothing more to give of what has a tag that was revalidated since', async () => {
    const handler = newHandler()
    await handler.set('/a', page('a', 'users,posts'))
    await handler.set('/b', page('b', 'posts'))
    await handler.set('fetch', fetched('f', ['users']), { tags: ['users'] })
    await handler.revalidateTag('users')
    vi.setSystemTime(1_000_010)
    expect(await Promise.all(['/a', 'fetch'].map((key) => handler.get(key)))).toEqual([null, null])
    expect((await handler.get('/b'))!.value.html).toBe('b')
    await handler.set('/a', page('newer', 'users'))
    expect((await handler.get('/a'))!.value.html).toBe('newer')
    await handler.revalidateTag(['other', 'posts'])
    expect([(await handler.get('/a'))!.value.html, await handler.get('/b')]).toEqual(['newer', null])
  })

  it('heeds the tags that come with a read: those of a path, and those of the request before', async () => {
    const handler = newHandler()
    await handler.set('fetch', fetched('f', []), { tags: [] })
    expect(await handler.get('fetch', { softTags: ['_N_T_/a'] })).not.toBeNull()
    const next = newHandler(['_N_T_/a'])
    await next.set('fetch', fetched('f', []), { tags: [] })
    expect(await next.get('fetch', { softTags: ['_N_T_/a'] })).toBeNull()
    expect(await next.get('fetch', { softTags: ['_N_T_/b'] })).not.toBeNull()
    await handler.revalidateTag('_N_T_/a')
    expect(await handler.get('fetch', { softTags: ['_N_T_/a'] })).toBeNull()
    expect(await handler.get('fetch', { softTags: ['_N_T_/b'] })).not.toBeNull()
  })

  it('gives out for a while what is to be made anew, if a revalidation says so', async () => {
    const handler = newHandler()
    await handler.set('/a', page('a', 'posts'), { cacheControl: { revalidate: 60 } })
    await handler.set('/forever', page('b', 'posts'), { cacheControl: { revalidate: false } })
    await handler.set('fetch', fetched('f', ['posts']), { tags: ['posts'] })
    vi.setSystemTime(1_000_010)
    await handler.revalidateTag('posts', { expire: 10 })
    const times = await Promise.all(['/a', '/forever', 'fetch'].map(async (key) => (await handler.get(key))!.lastModified))
    expect(times).toEqual([1_000_010 - 60_000 - 1, -1, -1])
    vi.setSystemTime(1_010_010)
    expect(await Promise.all(['/a', '/forever', 'fetch'].map((key) => handler.get(key)))).toEqual([null, null, null])
  })

  it('keeps to its bound, which is 64 MiB unless told', async () => {
    const heap = new SharedHeap()
    const Handler = tophashCacheHandler({ heap, max: 10 })
    const handler = new Handler()
    for (let n = 0; n < 100; n++) await handler.set(`/${n}`, page(`${n}`))
    const entries = heap.cache('tophash/next-cache-handler entries', { key: 'string', max: 10 })
    expect([entries.size, entries.stats().max]).toEqual([10, 10])
    Handler.close()
    expect(entries.size).toBe(10)
    const Default = tophashCacheHandler()
    const opened = SharedHeap.attach(Default.handle)
    const { max, maxBytes } = opened.cache('tophash/next-cache-handler entries', { key: 'string', max: 10 }).stats()
    expect([max, maxBytes]).toEqual([Infinity, 64 * 1024 * 1024])
    Default.close()
    await expect(new Default().get('/a')).rejects.toMatchObject({ code: 'ERR_DISPOSED' })
  })

  function newHandler(revalidatedTags: string[] = []) {
    return new (tophashCacheHandler({ max: 100 }))({ revalidatedTags })
  }
})

describe('Next.js', () => {
  it.runIf(process.env.CI)('is there', () => {
    expect(hasNext, HOW).toBe(true)
  })

  it.runIf(hasNext)('finds in one thread what was made in another, and no more when its tag was revalidated there', async () => {
    const Handler = tophashCacheHandler({ max: 100 })
    const cache = await newNextCache(Handler)
    await cache.setPage('/a', page('<p>main</p>', 'posts'))
    await cache.setFetch('fetch', fetched('data', ['posts']))
    const worker = spawn<unknown>('adapters/next/next', Handler.handle)
    expect(await worker.message()).toEqual({ page: '<p>main</p>', fetch: 'data', isStale: [null, false] })
    expect(await worker.message()).toBe('revalidated, and /b set')
    expect([await cache.getPage('/a'), await cache.getFetch('fetch')]).toEqual([null, null])
    expect(await cache.getPage('/b')).toMatchObject({ value: { html: '<p>worker</p>' } })
    await worker.results
    Handler.close()
  })
})
