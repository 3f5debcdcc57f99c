// Strings as bytes and back, with a Buffer, without one as in browsers, and without coders too as in worklets: every length at which another way is taken, and texts that
// a coder of Unicode would change.
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { TextView } from '../../src/core/text.js'

/** Multiples of 4 that are none of 8, too. */
const PLACES = [8, 12]
const LENGTHS = [
  ...Array.from({ length: 45 }, (_, length) => length),
  ...[63, 64, 159, 160, 161, 399, 400, 401, 4095, 4096, 4097, 8192, 12_289],
]
const KINDS: Readonly<Record<string, string>> = {
  ASCII: 'The quick brown fox\0\x7f jumps ',
  'Latin-1': 'caf\u00e9 \u0080\u0093\u00ff',
  'Latin-1 that is UTF-8 as it is': 'a\u00c3\u00a9\u00ef\u00bb\u00bf\u00ef\u00bf\u00bd',
  'another script': '\u9375\u0627\u0915',
  pairs: 'x\u{1f511}',
  'halves of pairs': '\ud83dy\udd11\ud83d',
  'marks that decoders drop or put': '\ufeff\ufffd',
}

const filled = (pattern: string, length: number): string => pattern.repeat(Math.ceil(length / pattern.length)).slice(0, length)

const MISSING: readonly (readonly [string, readonly string[]])[] = [
  ['with a Buffer', []],
  ['without a Buffer', ['Buffer']],
  ['without a Buffer and coders', ['Buffer', 'TextEncoder', 'TextDecoder']],
]

describe.each(MISSING)('texts, %s', (_, missing) => {
  let text: typeof import('../../src/core/text.js')

  beforeAll(async () => {
    vi.resetModules()
    text = await without(() => import('../../src/core/text.js'))
  })

  function without<T>(make: () => T): T {
    for (const name of missing) vi.stubGlobal(name, undefined)
    const made = make()
    if (made instanceof Promise) return made.finally(() => vi.unstubAllGlobals()) as T
    vi.unstubAllGlobals()
    return made
  }

  const viewOf = (memory: SharedArrayBuffer): TextView => without(() => new text.TextView(memory))

  /** Writes a text between other bytes, and reads it back. */
  function check(given: string, place: number): void {
    const memory = new SharedArrayBuffer((place + given.length * 2 + 19) & ~7)
    const bytes = new Uint8Array(memory).fill(0xaa)
    const view = viewOf(memory)
    const meta = view.encode(given, place)
    const isLatin1 = Array.from({ length: given.length }, (_, i) => given.charCodeAt(i)).every((unit) => unit < 256)
    expect(meta).toBe(text.measure(given))
    expect(meta).toBe(isLatin1 ? given.length << 3 : (given.length << 4) | 1)
    expect(bytes.slice(0, place).every((byte) => byte === 0xaa)).toBe(true)
    const width = isLatin1 ? 1 : 2
    const units = isLatin1 ? bytes : new Uint16Array(memory)
    const from = place / width
    for (let i = 0; i < given.length; i++) if (units[from + i] !== given.charCodeAt(i)) throw new Error(`unit ${i} differs`)
    if (view.decode(meta, place) !== given) throw new Error('it is read as another text')
    expect(bytes.slice(place + given.length * width).every((byte) => byte === 0xaa)).toBe(true)
  }

  it.each(Object.entries(KINDS))('stay what they are: %s', (_, pattern) => {
    for (const length of LENGTHS) for (const place of PLACES) check(filled(pattern, length), place)
  })

  it('stay what they are when one unit at the end is of another kind', () => {
    for (const length of LENGTHS) {
      for (const end of ['\u00e9', '\u9375', '\ud83d', '\udd11']) check(filled(KINDS.ASCII!, length) + end, 8)
    }
  })

  it('are written one behind another as one', () => {
    for (const end of ['', '\u00e9', '\u9375']) {
      const texts = [
        '',
        'a',
        filled(KINDS.ASCII!, 45),
        'abc',
        filled(KINDS.ASCII!, 500),
        `b${end}`,
        filled(KINDS['Latin-1']!, 450),
      ]
      const memory = new SharedArrayBuffer(4096)
      const view = viewOf(memory)
      expect(view.decode(view.encodeAll(texts, texts.length, 8), 8)).toBe(texts.join(''))
    }
  })
})
