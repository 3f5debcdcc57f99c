// What a thread remembers of strings: that it is the string's own, how much it is, and how long it is kept.
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BLOCK, HASH, NOWHERE, RETIRED, facts, forgetAll, numbers } from '../../src/codecs/hot-places.js'
import { Sample } from '../../src/codecs/hot-sample.js'
import { HotStrings } from '../../src/codecs/hot-strings.js'
import { KEY_AWAITED, SCRATCH, STATUS } from '../../src/core/layout.js'
import type { Heap } from '../../src/heap/heap.js'

vi.mock('../../src/codecs/hot-places.js', async (original) => {
  const places = await original<typeof import('../../src/codecs/hot-places.js')>()
  return { ...places, forgetAll: vi.fn(places.forgetAll) }
})

const SOURCE = 64
/** What hot-places.ts and hot-strings.ts have; the longest time that a string is kept is twice that of a sweep. */
const [PLACES, LONGEST, SWEEP_MS, START, REST] = [16_384, 256, 10_000, 8192, 65_536]

/** A page of a heap, where a core tells by which blocks it knows keys. */
class Page {
  readonly scratch = 0
  readonly floats = new Float64Array(64)
  readonly words = new Int32Array(this.floats.buffer)

  strings(): HotStrings {
    return new HotStrings(this as unknown as Heap, SOURCE)
  }

  /** Asks for a text. Whether it was remembered; it is from now on, if it can be. */
  asks(strings: HotStrings, text: string): boolean {
    if (!strings.isWorthwhile(text.length)) return false
    if (strings.find(text) !== NOWHERE) return true
    strings.remember(text)
    return false
  }

  /** What the next read tells, if it is to tell something. */
  tell(hash: number, block: number, retired: number): void {
    if (this.words[SCRATCH.keyBlock / 4] !== KEY_AWAITED) return
    this.words[SOURCE / 4 + 1] = hash
    this.words[SCRATCH.keyBlock / 4] = block
    this.floats[SCRATCH.retired / 8] = retired
  }
}

/** Those of the first map for which a text has the same places as for `strings`. */
function namesakes(): HotStrings {
  for (let maps = 1; maps < 65_536; maps++) page.strings()
  return page.strings()
}

/** What is known of the key of a place. */
function knownAt(at: number): [hash: number, block: number, retired: number] {
  return [facts[at + HASH]!, facts[at + BLOCK]!, numbers[at / 2 + RETIRED]!]
}

/** All have the same four places: of each other few are compared. */
const NEIGHBOURS = Array.from('abcdefghij', (one) => `session:${one}-0123456789`)

let page: Page
let strings: HotStrings

beforeEach(() => {
  vi.useFakeTimers()
  page = new Page()
  strings = page.strings()
})

afterEach(() => {
  strings.end()
  vi.runAllTimers() // the last sweep
  vi.useRealTimers()
})

/** Asks until the text has its place, which others may have to be worn out of first. */
function remember(text: string, { of = strings } = {}): void {
  for (let looks = 0; looks < 10; looks++) if (page.asks(of, text)) return
  expect.unreachable(`${text} is not remembered`)
}

describe('a string that is asked for again', () => {
  it.each([4, 5, 16, 40, 112, LONGEST])('is remembered, of %i characters', (length) => {
    const text = Array.from({ length }, (_, i) => String.fromCharCode(33 + (i % 90))).join('')
    expect(page.asks(strings, text)).toBe(false)
    expect(page.asks(strings, text)).toBe(true)
    expect(page.asks(strings, ` ${text}`.slice(1))).toBe(true) // another object
  })

  it.each(['', 'abc', 'x'.repeat(LONGEST + 1)])('is not remembered: %j', (text) => {
    for (let looks = 0; looks < 10; looks++) expect(page.asks(strings, text)).toBe(false)
  })

  it.each(['Привет, мир', '\ud800 alone', 'ÿ'.repeat(8)])('may be of any characters: %j', (text) => remember(text))

  it('is not taken for one that differs where nobody looks', () => {
    remember(NEIGHBOURS[0]!)
    for (const other of NEIGHBOURS.slice(1)) expect(strings.find(other)).toBe(NOWHERE)
  })

  it('is another one in another map', () => {
    const others = namesakes()
    remember('user:1234')
    expect(page.asks(others, 'user:1234')).toBe(false)
    remember('user:1234', { of: others })
    expect(page.asks(strings, 'user:1234')).toBe(true)
    others.end()
  })

  it('is not mistaken for another one when it has taken its place', () => {
    for (let round = 0; round < 5; round++) for (const text of NEIGHBOURS) remember(text)
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

  it('not at all, if the stack has ended while it got its place: the map would not know at its end', () => {
    vi.spyOn(globalThis, 'setTimeout').mockImplementationOnce(() => {
      throw new RangeError('of the stack')
    })
    expect(() => page.asks(strings, 'user:1')).toThrow(RangeError)
    strings.end()
    expect(page.asks(strings, 'user:1')).toBe(false)
  })

  it('no longer than until the map is closed again, if the stack has ended while it was closed', () => {
    remember('user:1')
    vi.mocked(forgetAll).mockImplementationOnce(() => {
      throw new RangeError('of the stack')
    })
    expect(() => strings.end()).toThrow(RangeError)
    strings.end()
    expect(page.asks(strings, 'user:1')).toBe(false)
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

/** Reads a remembered text by its bytes, and takes down what the core tells. Returns its place. */
function learn(text: string, hash: number, block: number, retired: number): number {
  const place = strings.find(text)
  strings.awaitKey()
  page.tell(hash, block, retired)
  strings.learn(place, text)
  return place
}

describe('the block of its key', () => {
  it('is remembered with it, as it was told last', () => {
    remember('user:1')
    expect(knownAt(strings.find('user:1'))[1]).toBe(0)
    for (const [hash, block, retired] of [
      [-5, 200_704, 5e-324],
      [7, 0x7fff_fff8 | 0, 1e-310],
    ] as const) {
      const place = learn('user:1', hash, block, retired)
      expect(knownAt(place)).toEqual([hash, block, retired])
      expect(page.words[SCRATCH.keyBlock / 4]).toBe(0)
    }
  })

  it('is not that of the string that has had its place', () => {
    for (const text of NEIGHBOURS) {
      remember(text)
      expect(knownAt(strings.find(text))[1]).toBe(0)
      learn(text, 1, 200_704, 0)
    }
  })

  it('is not that of the string that gets its place meanwhile, in code of the program that the core calls', () => {
    const [text, others] = [NEIGHBOURS[0]!, NEIGHBOURS.slice(1)]
    remember(text)
    const place = strings.find(text)
    strings.awaitKey()
    for (const other of others) remember(other)
    page.words[SCRATCH.keyBlock / 4] = KEY_AWAITED
    page.tell(1, 200_704, 0)
    strings.learn(place, text)
    for (const other of others) {
      const at = strings.find(other)
      if (at !== NOWHERE) expect(knownAt(at)[1]).toBe(0)
    }
  })

  it('is not that of the same string of another map, which gets its place meanwhile', () => {
    const [text, ...neighbours] = NEIGHBOURS.slice(0, 4) as [string, ...string[]]
    const others = namesakes()
    for (const one of [text, ...neighbours]) remember(one)
    const place = strings.find(text)
    strings.awaitKey()
    for (let looks = 0; looks < 10 && others.find(text) === NOWHERE; looks++) {
      for (const neighbour of neighbours) strings.find(neighbour) // which keeps the other places
      others.remember(text)
    }
    expect(others.find(text)).toBe(place)
    page.tell(1, 200_704, 0)
    strings.learn(place, text)
    expect(knownAt(place)[1]).toBe(0)
    others.end()
  })

  it('is not known if a read tells nothing', () => {
    remember('user:1')
    learn('user:1', 1, 200_704, 0)
    const place = strings.find('user:1')
    strings.awaitKey()
    strings.learn(place, 'user:1')
    expect(knownAt(place)[1]).toBe(0)
  })

  it('holds no more if the core says so', () => {
    page.words[SCRATCH.status / 4] = STATUS.found
    expect(strings.isOutdated).toBe(false)
    page.words[SCRATCH.status / 4] = STATUS.outdated
    expect(strings.isOutdated).toBe(true)
  })
})

/** Asks for all of the texts, in turns, so often that those that can be remembered are. */
function askAll(of: HotStrings, texts: readonly string[]): void {
  for (let turn = 0; turn < 150; turn++) for (const text of texts) page.asks(of, text)
}

/** How many of these are remembered. */
function countOf(of: HotStrings, texts: readonly string[]): number {
  return texts.filter((text) => of.find(text) !== NOWHERE).length
}

const digestOf = (i: number): string => createHash('md5').update(String(i)).digest('hex')

describe('strings that are alike at their ends', () => {
  it.each<[string, (i: number) => string]>([
    ['user:1234', (i) => `user:${i}`],
    ['user:1234:profile', (i) => `user:${i}:profile`],
    ['user:1234:mail, :name, :city, :age', (i) => `user:${i >> 2}:${['mail', 'name', 'city', 'age'][i & 3]}`],
    ['/api/users/1234/orders?page=1', (i) => `/api/users/${i}/orders?page=1`],
    ['user1234@example.com, .org', (i) => `user${i}@${['example.com', 'web.example.org'][i & 1]}`],
    ['session:digest:data', (i) => `session:${digestOf(i)}:data`],
    ['long ones that begin with their numbers', (i) => `${i}:${'x'.repeat(200)}`],
    ['long ones that differ in the middle', (i) => `${'a'.repeat(110)}${i}${'b'.repeat(110)}`],
    ['those of other scripts', (i) => `пользователь-${i}-профиль`],
  ])('are remembered all the same: %s', (_, textOf) => {
    const texts = Array.from({ length: 1000 }, (_, i) => textOf(i))
    askAll(strings, texts)
    expect(countOf(strings, texts)).toBeGreaterThan(950)
  })

  it('are remembered beside another map that has a few of them, and in several at a time', () => {
    const few = page.strings()
    for (let i = 0; i < 20; i++) page.asks(few, `item-${i}:price`)
    const maps = Array.from({ length: 3 }, (_, map) => ({
      strings: page.strings(),
      texts: Array.from({ length: 1000 }, (_, i) => `user-${map}:${i}:profile`),
    }))
    for (let turn = 0; turn < 150; turn++)
      for (let i = 0; i < 1000; i++) for (const { strings, texts } of maps) page.asks(strings, texts[i]!)
    for (const { strings, texts } of maps) {
      expect(countOf(strings, texts)).toBeGreaterThan(900)
      strings.end()
    }
    few.end()
  })

  it('are those only that are alike, not those that come to one place by chance', () => {
    const learn = vi.spyOn(Sample.prototype, 'learn')
    askAll(
      strings,
      Array.from({ length: 9000 }, (_, i) => `user:${1000 + i}`),
    )
    expect(learn.mock.calls.length).toBeLessThan(10)
    learn.mockRestore()
  })

  it('are not held by places that they cannot have any more', () => {
    const texts = Array.from({ length: 1000 }, (_, i) => `user:${i}:profile`)
    remember(texts[0]!)
    const place = strings.find(texts[0]!)
    for (let i = 0; i < 1000 && strings.find(texts[0]!) === place; i++) page.asks(strings, texts[i]!)
    expect(strings.find(texts[0]!)).not.toBe(place)
    expect(facts[place]).toBe(0) // nobody's
    expect(countOf(strings, texts)).toBe(0)
  })
})

/** Looks for strings, and says after each that there is an entry or, as for one that is made now, does not. */
function ask(count: number, name: string, isThere: boolean): void {
  for (let i = 0; i < count; i++) {
    const text = `${name}:${i}`
    if (!strings.isWorthwhile(text.length)) continue
    if (strings.find(text) !== NOWHERE) continue
    if (isThere) strings.remember(text)
    else strings.pass()
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
