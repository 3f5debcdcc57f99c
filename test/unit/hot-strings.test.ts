// What a thread remembers of strings: that it is the string's own, how much it is, and how long it is kept. Whether a string is
// remembered can be seen by whether it is encoded again.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HotStrings, NOWHERE } from '../../src/codecs/hot-strings.js'
import { SCRATCH, STATUS } from '../../src/core/layout.js'
import { TextView } from '../../src/core/text.js'
import type { Heap } from '../../src/heap/heap.js'

const SOURCE = 64
/** What hot-strings.ts has; the longest time that a string is kept is twice that of a sweep. */
const [PLACES, LONGEST, SWEEP_MS, START, REST] = [4096, 112, 10_000, 8192, 65_536]

/** A page of a heap, with hashes that tell which heap's they are. */
class Page {
  readonly scratch = 0
  readonly floats = new Float64Array(512)
  readonly words = new Int32Array(this.floats.buffer)
  readonly bytes = new Uint8Array(this.floats.buffer)
  readonly #view = new TextView(this.floats.buffer)

  constructor(readonly secret: number) {}

  /** Encodes a text, and completes it as the core does. Returns its meta word. */
  complete(text: string): number {
    const meta = this.#view.encode(text, SOURCE + 8)
    const end = SOURCE + 8 + (meta >>> 3)
    this.bytes.fill(0, end, (end + 7) & ~7)
    this.words[SOURCE / 4 + 1] = this.hashOf(text)
    return meta
  }

  hashOf(text: string): number {
    let hash = this.secret
    for (const character of text) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0
    return hash | 1
  }

  strings(): HotStrings {
    return new HotStrings(this as unknown as Heap, SOURCE)
  }

  /** Asks for a text, and looks at what is laid where keys lie. Whether it was remembered; it is from now on, if it can be. */
  asks(strings: HotStrings, text: string): boolean {
    this.bytes.fill(0xee)
    if (!strings.isWorthwhile(text.length)) return false
    const place = strings.find(text)
    if (place === NOWHERE) {
      strings.remember(text, this.complete(text))
      return false
    }
    strings.lay(place, text.length)
    expect(strings.hashAt(place)).toBe(this.hashOf(text))
    const payload = this.bytes.slice(SOURCE + 8, SOURCE + 8 + ((text.length + 7) & ~7))
    expect(Buffer.from(payload).toString('latin1')).toBe(text.padEnd(payload.length, '\0'))
    return true
  }

  /** What the next read would say of where it has found its entry. */
  tell(spot: number, word: number): void {
    this.words[SCRATCH.spot / 4] = spot
    this.words[SCRATCH.lock / 4] = word
  }
}

let page: Page
let strings: HotStrings

beforeEach(() => {
  vi.useFakeTimers()
  page = new Page(5)
  strings = page.strings()
})

afterEach(() => {
  strings.end()
  vi.runAllTimers() // the last sweep
  vi.useRealTimers()
})

/** Asks until the text has its place, which others may have to be worn out of first. */
function remember(text: string, { of = strings, on = page } = {}): void {
  for (let looks = 0; looks < 10; looks++) if (on.asks(of, text)) return
  expect.unreachable(`${text} is not remembered`)
}

describe('a string that is asked for again', () => {
  it.each([4, 7, 8, 9, 16, 40, 63, 64, 65, 111, LONGEST])('is laid where keys lie, of %i characters', (length) => {
    const text = Array.from({ length }, (_, i) => String.fromCharCode(33 + (i % 90))).join('')
    expect(page.asks(strings, text)).toBe(false)
    expect(page.asks(strings, text)).toBe(true)
    expect(page.asks(strings, ` ${text}`.slice(1))).toBe(true) // another object
  })

  it.each(['', 'abc', 'x'.repeat(LONGEST + 1), 'Привет, мир', '\ud800 alone', 'ÿ'.repeat(8)])('is not remembered: %j', (text) => {
    for (let looks = 0; looks < 10; looks++) expect(page.asks(strings, text)).toBe(false)
  })

  it('is not remembered if the core has refused to hash it', () => {
    for (let looks = 0; looks < 10; looks++) {
      expect(strings.find('user:1')).toBe(NOWHERE)
      const meta = page.complete('user:1')
      page.words[SOURCE / 4 + 1] = 0
      strings.remember('user:1', meta)
    }
  })

  it('is not taken for one that differs where nobody looks', () => {
    const texts = Array.from('abcdefghij', (one) => `session:${one}-0123456789`)
    for (let round = 0; round < 20; round++) for (const text of texts) page.asks(strings, text) // which looks at the bytes
    remember(texts[9]!)
    expect(page.asks(strings, texts[9]!)).toBe(true)
  })

  it('has another hash in another heap', () => {
    const other = new Page(99)
    const others = other.strings()
    remember('user:1234')
    expect(other.asks(others, 'user:1234')).toBe(false) // which looks at the hash
    remember('user:1234')
    remember('user:1234', { of: others, on: other })
    others.end()
  })

  it('is not mistaken for another one when it has taken its place', () => {
    const texts = Array.from('abcdefghij', (one) => `session:${one}-0123456789`) // all have the same two places
    for (let round = 0; round < 5; round++) for (const text of texts) remember(text)
  })
})

describe('a string is held', () => {
  it('until its entry is removed', () => {
    remember('user:1')
    strings.forget('user:2')
    expect(page.asks(strings, 'user:1')).toBe(true)
    strings.forget('user:1')
    expect(page.asks(strings, 'user:1')).toBe(false)
  })

  it('until the map is closed', () => {
    const others = page.strings()
    remember('user:1')
    remember('user:2', { of: others })
    strings.end()
    expect(page.asks(strings, 'user:1')).toBe(false)
    expect(page.asks(others, 'user:2')).toBe(true)
    others.end()
  })

  it('as long as it is asked for, and not much longer', () => {
    remember('user:1')
    remember('user:2')
    for (let sweeps = 0; sweeps < 5; sweeps++) {
      vi.advanceTimersByTime(SWEEP_MS)
      expect(page.asks(strings, 'user:1')).toBe(true)
    }
    expect(page.asks(strings, 'user:2')).toBe(false)
    vi.advanceTimersByTime(2 * SWEEP_MS)
    expect(page.asks(strings, 'user:1')).toBe(false)
  })

  it('with a timer only as long as there are any', () => {
    expect(vi.getTimerCount()).toBe(0)
    remember('user:1')
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(2 * SWEEP_MS)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('no longer, though the stack has ended where the timer would have begun', () => {
    vi.spyOn(globalThis, 'setTimeout').mockImplementationOnce(() => {
      throw new RangeError('of the stack')
    })
    expect(() => page.asks(strings, 'user:1')).toThrow(RangeError)
    page.asks(strings, 'user:2')
    vi.advanceTimersByTime(2 * SWEEP_MS)
    for (const text of ['user:1', 'user:2']) expect(page.asks(strings, text)).toBe(false)
  })

  it('beside a bounded number of others, of all maps together', () => {
    const maps = Array.from({ length: 50 }, (_, map) => ({
      strings: page.strings(), // each with too few to find that it does not pay
      texts: Array.from({ length: 400 }, (_, i) => `key:${map}:${i}`),
    }))
    for (const { strings, texts } of maps)
      for (const text of texts) for (let looks = 0; looks < 4; looks++) page.asks(strings, text)
    const remembered = maps.flatMap(({ strings, texts }) => texts.filter((text) => isHeld(strings, text)))
    expect(remembered.length).toBeGreaterThan(PLACES / 2)
    expect(remembered.length).toBeLessThanOrEqual(PLACES)
    for (const { strings } of maps) strings.end()
  })
})

/** Whether it is remembered; it is not any more. */
function isHeld(strings: HotStrings, text: string): boolean {
  const isAsked = page.asks(strings, text)
  strings.forget(text)
  return isAsked
}

describe('where its entry was seen', () => {
  it('is remembered with it, as it was said last', () => {
    remember('user:1')
    const place = strings.find('user:1')
    expect(strings.spotAt(place)).toBe(0)
    for (const [spot, word] of [
      [1024, 2],
      [2048 + 9, 18],
    ] as const) {
      strings.awaitSpot()
      expect(page.words[SCRATCH.spot / 4]).toBe(1)
      page.tell(spot, word)
      strings.renew(place)
      expect([strings.spotAt(place), strings.lockAt(place), page.words[SCRATCH.spot / 4]]).toEqual([spot, word, 0])
    }
  })

  it('is not that of the string that has had its place', () => {
    const texts = Array.from('abcdefghij', (one) => `session:${one}-0123456789`) // all have the same two places
    for (const text of texts) {
      remember(text)
      const place = strings.find(text)
      expect(strings.spotAt(place)).toBe(0)
      page.tell(1024, 2)
      strings.renew(place)
    }
  })

  it('is not known if a read says nothing, as those of caches do', () => {
    remember('user:1')
    const place = strings.find('user:1')
    page.tell(1024, 2)
    strings.renew(place)
    strings.awaitSpot()
    strings.renew(place)
    expect(strings.spotAt(place)).toBe(0)
  })

  it('is forgotten now and then, however often the string is only found', () => {
    remember('user:1')
    page.tell(1024, 2)
    strings.renew(strings.find('user:1'))
    vi.advanceTimersByTime(SWEEP_MS)
    const place = strings.find('user:1')
    expect(place).not.toBe(NOWHERE)
    expect(strings.spotAt(place)).toBe(0)
  })

  it('holds no more if the core says so', () => {
    page.words[SCRATCH.status / 4] = STATUS.found
    expect(strings.isOutdated).toBe(false)
    page.words[SCRATCH.status / 4] = STATUS.outdated
    expect(strings.isOutdated).toBe(true)
  })
})

/** Looks for strings, and says after each that there is an entry or, as for one that is made now, does not. */
function ask(count: number, name: string, isThere: boolean): void {
  for (let i = 0; i < count; i++) {
    const text = `${name}:${i}`
    if (!strings.isWorthwhile(text.length)) continue
    if (strings.find(text) === NOWHERE && isThere) strings.remember(text, page.complete(text))
  }
}

/** Whether it is looked for strings at present. */
function isLooking(): boolean {
  return page.asks(strings, 'user:1')
}

describe('whether it pays', () => {
  it('is left to who asks: a string is not remembered of which nobody says so', () => {
    ask(3, 'new', false)
    for (let i = 0; i < 3; i++) expect(strings.find(`new:${i}`)).toBe(NOWHERE)
  })

  it('is seen where entries are only made', () => {
    remember('user:1')
    ask(START - 10, 'new', false)
    expect(isLooking()).toBe(true)
    ask(20, 'newer', false)
    expect(isLooking()).toBe(false)
  })

  it('is seen soon where strings are always new, and tried again later', () => {
    remember('user:1')
    ask(START / 3 + 10, 'new', true)
    expect(isLooking()).toBe(false)
    ask(REST - 100, 'newer', true)
    expect(isLooking()).toBe(false)
    ask(200, 'newest', true)
    remember('user:1')
    expect(isLooking()).toBe(true)
  })

  it('does not get used to it: a map that had hot strings for long stops as soon', () => {
    remember('user:1')
    for (let i = 0; i < 10 * START; i++) strings.find('user:1')
    ask(START / 3 + 10, 'new', true)
    expect(isLooking()).toBe(false)
  })
})
