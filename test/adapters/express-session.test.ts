// tophash/express-session: the host's interface of a store, and sessions that several threads serve.
import session, { type SessionData } from 'express-session'
import { SharedCache } from 'tophash'
import { TophashStore } from 'tophash/express-session'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectError, thrownBy } from '../support/errors.js'
import { spawn } from '../support/workers.js'

describe('sessions', () => {
  it('are the same in each thread', async () => {
    const store = new TophashStore({ max: 100 })
    const threads = [0, 1].map(() => spawn<number>('adapters/sessions', store.handle))
    const ports = await Promise.all(threads.map((thread) => thread.message()))
    let cookie = ''
    const get = async (thread: number, path: string): Promise<unknown> => {
      const response = await fetch(`http://127.0.0.1:${ports[thread]}/${path}`, { headers: { cookie } })
      cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
      return response.json()
    }
    const visits: unknown[] = []
    for (const thread of [0, 1, 1, 0]) visits.push(await get(thread, 'visit'))
    expect(visits).toEqual([1, 2, 3, 4])
    expect(await call<number>((done) => store.length(done))).toBe(1)
    expect([await get(0, 'look'), await get(1, 'look')]).toEqual([4, 4])
    await get(0, 'out')
    expect(await get(1, 'look')).toBeNull()
    expect(await call<number>((done) => store.length(done))).toBe(0)
    for (const { worker } of threads) worker.postMessage('end')
    await Promise.all(threads.map(({ results }) => results))
    store.close()
  })
})

describe('the store', () => {
  // Cookies end by the host's clock, which stands still; sessions by the test's.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 }))
  afterEach(() => void vi.useRealTimers())

  it('is one of the host', () => {
    expect(newStore().store).toBeInstanceOf(session.Store)
  })

  it('gives sessions back as they were set, and none that was not', async () => {
    const { store } = newStore()
    expect(await get(store, 'a')).toBeNull()
    await set(store, 'a', newSession({ name: 'Ann' }))
    expect(await get(store, 'a')).toMatchObject({ name: 'Ann', cookie: { originalMaxAge: null } })
    await call((done) => store.destroy('a', done))
    expect(await get(store, 'a')).toBeNull()
  })

  it('lets a session live as long as its cookie, or else as long as it is told', async () => {
    const { store, clock } = newStore({ ttl: 5000 })
    await set(store, 'cookie', newSession({}, 1000))
    await set(store, 'none', newSession({}))
    await set(store, 'past', newSession({}, -1))
    expect(await get(store, 'past')).toBeNull()
    clock.now = 900
    expect(await get(store, 'cookie')).not.toBeNull()
    clock.now = 1001
    expect(await get(store, 'cookie')).toBeNull()
    clock.now = 4999
    expect(await get(store, 'none')).not.toBeNull()
    clock.now = 5000
    expect(await get(store, 'none')).toBeNull()
  })

  it('prolongs by touch, which changes nothing else and makes no session', async () => {
    const { store, clock } = newStore()
    await set(store, 'a', newSession({ name: 'Ann' }, 1000))
    clock.now = 900
    await call((done) => store.touch('a', newSession({ name: 'stale' }, 1000), done))
    await call((done) => store.touch('b', newSession({}, 1000), done))
    clock.now = 1800
    expect([await get(store, 'a'), await get(store, 'b')]).toEqual([expect.objectContaining({ name: 'Ann' }), null])
    clock.now = 1901
    expect(await get(store, 'a')).toBeNull()
  })

  it('ends a session by touch whose cookie has ended', async () => {
    const { store } = newStore()
    await set(store, 'a', newSession({}, 1000))
    await call((done) => store.touch('a', newSession({}, -1), done))
    expect(await get(store, 'a')).toBeNull()
  })

  it('counts, lists and clears the sessions of its prefix', async () => {
    const { store, cache } = newStore()
    const other = new TophashStore({ cache, prefix: 'other:' })
    for (const sid of ['a', 'b']) await set(other, sid, newSession({ name: sid }))
    expect(await call((done) => other.length(done))).toBe(2)
    expect(await call((done) => other.all(done))).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'a', name: 'a' }), expect.objectContaining({ id: 'b', name: 'b' })]),
    )
    await set(store, 'c', newSession({}))
    await call((done) => other.clear(done))
    expect([await call((done) => other.length(done)), await call((done) => store.length(done))]).toEqual([0, 1])
    await call((done) => store.clear(done))
    expect(cache.size).toBe(0)
  })

  it('calls back later, and with errors, if there is a callback', async () => {
    const { store } = newStore()
    let isReturned = false
    const answer = call((done) => store.get('a', (...result) => done(isReturned ? null : new Error('at once'), result[1])))
    isReturned = true
    await answer
    store.set('a', newSession({}))
    expect(await get(store, 'a')).not.toBeNull()
    const circle: Record<string, unknown> = { cookie: {} }
    circle.circle = circle
    await expect(set(store, 'a', circle as never)).rejects.toThrow(TypeError)
    expect(() => store.set('a', circle as never)).toThrow(TypeError)
  })

  it('refuses what is no time, and closes what it has opened', async () => {
    expectError(
      thrownBy(() => new TophashStore({ max: 10, ttl: 0 })),
      'ERR_OPTIONS',
      'ttl',
    )
    const store = new TophashStore({ max: 10 })
    store.close()
    await expect(get(store, 'a')).rejects.toMatchObject({ code: 'ERR_DISPOSED' })
    const { store: given, cache } = newStore()
    given.close()
    expect(cache.size).toBe(0)
  })
})

function newStore(options: { ttl?: number } = {}) {
  const clock = { now: 0 }
  const cache = new SharedCache<string, string>({ key: 'string', value: 'string', max: 100, now: () => clock.now })
  return { store: new TophashStore({ cache, ...options }), cache, clock }
}

/** As the host hands one over. @param maxAge of its cookie; none: as long as the browser runs */
function newSession(data: object, maxAge?: number): SessionData {
  const cookie = new session.Cookie()
  if (maxAge !== undefined) cookie.expires = new Date(Date.now() + maxAge)
  else cookie.originalMaxAge = null
  return { ...data, cookie } as SessionData
}

function call<T>(action: (done: (error: unknown, result?: T) => void) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => action((error, result) => (error ? reject(error) : resolve(result))))
}

function get(store: TophashStore, sid: string): Promise<SessionData | null | undefined> {
  return call((done) => store.get(sid, done as never))
}

function set(store: TophashStore, sid: string, session: SessionData): Promise<unknown> {
  return call((done) => store.set(sid, session, done))
}
