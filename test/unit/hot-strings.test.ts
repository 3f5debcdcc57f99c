// What a thread remembers of strings: that it is the string's own, how much it is, and how long it is kept. Whether a string is
// remembered can be seen by whether it is encoded again.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HotStrings } from '../../src/codecs/hot-strings.js'
import { TextView } from '../../src/core/text.js'
import type { Heap } from '../../src/heap/heap.js'

const SOURCE = 64
/** What hot-strings.ts has; the longest time that a string is kept is twice that of a sweep. */
const [PLACES, LONGEST, SWEEP_MS, START, REST] = [4096, 120, 10_000, 8192, 65_536]

/** A page of a heap, with hashes that tell which heap's they are. */
class Page {
  readonly floats = new Float64Array(512)
  readonly bytes = new Uint8Array(this.floats.buffer)
  encoded = 0
  readonly core = {
    hashOfKey: (source: number, meta: number): number => {
      expect(source).toBe(SOURCE)
      const end = source + 8 + (meta >>> 3)
      this.bytes.fill(0, end, (end + 7) & ~7)
      return this.hashOf(Buffer.from(this.bytes.slice(source + 8, end)).toString('latin1'))
    },
  }
  readonly text: { encode(text: string, at: number): number }

  constructor(readonly secret: number) {
    const view = new TextView(this.floats.buffer)
    this.text = {
      encode: (text, at) => {
        this.encoded++
        return view.encode(text, at)
      },
    }
  }

  hashOf(text: string): number {
    let hash = this.secret
    for (const character of text) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0
    return hash | 1
  }

  strings(): HotStrings {
    return new HotStrings(this as unknown as Heap, SOURCE)
  }

  /** Asks for a text, and looks at what is laid where keys lie. Whether it was remembered. */
  asks(strings: HotStrings, text: string): boolean {
    const before = this.encoded
    this.bytes.fill(0xee)
    const hash = strings.stage(text, true)
    if (hash !== 0) {
      expect(hash).toBe(this.hashOf(text))
      const payload = this.bytes.slice(SOURCE + 8, SOURCE + 8 + ((text.length + 7) & ~7))
      expect(Buffer.from(payload).toString('latin1')).toBe(text.padEnd(payload.length, '\0'))
    }
    return hash !== 0 && this.encoded === before
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
  it.each([4, 7, 8, 9, 16, 40, 63, 64, 65, 119, LONGEST])('is laid where keys lie, of %i characters', (length) => {
    const text = Array.from({ length }, (_, i) => String.fromCharCode(33 + (i % 90))).join('')
    expect(page.asks(strings, text)).toBe(false)
    expect(page.asks(strings, text)).toBe(true)
    expect(page.asks(strings, ` ${text}`.slice(1))).toBe(true) // another object
  })

  it.each(['', 'abc', 'x'.repeat(LONGEST + 1), 'Привет, мир', '\ud800 alone', 'ÿ'.repeat(8)])('is not remembered: %j', (text) => {
    for (let looks = 0; looks < 10; looks++) expect(strings.stage(text, true)).toBe(0)
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

  it('beside a bounded number of others, of all maps together', () => {
    const maps = Array.from({ length: 50 }, (_, map) => ({
      strings: page.strings(), // each with too few to find that it does not pay
      texts: Array.from({ length: 400 }, (_, i) => `key:${map}:${i}`),
    }))
    for (const { strings, texts } of maps)
      for (const text of texts) for (let looks = 0; looks < 4; looks++) strings.stage(text, true)
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

describe('whether it pays', () => {
  it('is left to who asks: a string is remembered then, and not if it is only set', () => {
    for (let i = 0; i < 3; i++) expect(strings.stage('user:1', false)).toBe(0)
    expect(page.encoded).toBe(0)
    remember('user:1')
    expect(strings.stage('user:1', false)).not.toBe(0)
  })

  it('is seen where strings are only set', () => {
    for (let i = 0; i < START + 1; i++) strings.stage(`new:${i}`, false)
    for (let i = 0; i < 1000; i++) strings.stage(`newer:${i}`, true)
    expect(page.encoded).toBe(0)
  })

  it('is seen soon where strings are always new, and tried again later', () => {
    const ask = (count: number, from: number): void => {
      for (let i = 0; i < count; i++) strings.stage(`new:${from + i}`, true)
    }
    ask(START, 0)
    const trial = page.encoded
    expect(trial).toBeGreaterThan(0)
    ask(REST - START, START) // it has rested since some time within the first ones
    expect(page.encoded).toBe(trial)
    ask(START, REST)
    expect(page.encoded).toBeGreaterThan(trial)
  })

  it('does not get used to it: a map that had hot strings for long stops as soon', () => {
    remember('user:1')
    for (let i = 0; i < 10 * START; i++) strings.stage('user:1', true)
    for (let i = 0; i < START + 1; i++) strings.stage(`new:${i}`, true)
    const before = page.encoded
    for (let i = 0; i < 1000; i++) strings.stage(`newer:${i}`, true)
    expect(page.encoded).toBe(before)
  })
})
