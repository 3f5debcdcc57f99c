// What values are on the server: these bytes must be read for ever, by other versions and other machines.
import { structuredCodec } from 'tophash'
import { describe, expect, it } from 'vitest'
import { JSON_TEXT, Letters } from '../../src/adapters/redis/format.js'

const STRUCTURED = '6f0a73747275637475726564'
/** Values, and how they are written (in hexadecimal digits). A change here is a change for all who have written before. */
const SAMPLES: readonly (readonly [value: unknown, hex: string])[] = [
  ['aä', '7361c3a4'],
  ['\ud800', '7700d8'],
  [1.5, '6e312e35'],
  [-0, '6e2d30'],
  [NaN, '6e4e614e'],
  [12n, '693132'],
  [new Uint8Array([1, 2]), '620102'],
  [true, '74'],
  [false, '66'],
  [null, '7a'],
  [
    { name: 'Ann', age: 30, tags: ['x', 1.5, null, undefined, true], at: new Date(0) },
    `${STRUCTURED}012c00000a040000ee246e3122000000046e616d6503616765047461677302617400000008030000041e000009050000` +
      '0801000006000000000000000000f83f010000000000000003000000070000000000000000000000416e6e78',
  ],
  [
    new Map([['k', new Uint8Array([7])]]),
    `${STRUCTURED}5b5b224d6170222c312c325d2c226b222c5b2255696e74384172726179222c335d2c5b224172726179427566666572222c345d2c5b` +
      '352c365d2c302c315d0007',
  ],
]

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytes = (text: string): Uint8Array => Buffer.from(text, 'hex')

describe('values on the server', () => {
  const own = new Letters(structuredCodec)

  it.each(SAMPLES)('%o is written as %s', (value, text) => {
    expect(hex(own.encode(value))).toBe(text)
    expect(own.decode(bytes(text))).toEqual(value)
  })

  it('are read as they were written', () => {
    const cyclic: Record<string, unknown> = { name: 'x' }
    cyclic.self = cyclic
    for (const value of [new Map([[1, new Set(['a'])]]), cyclic, [undefined, NaN], '\ud800x', 10n ** 40n, -0]) {
      expect(own.decode(own.encode(value))).toEqual(value)
    }
  })

  it.each([
    ['nothing', ''],
    ['another letter', '78'],
    ['broken text', '73ff'],
    ['no bigint', '6978'],
    ['another codec', '6f0178ff'],
  ])('that are %s are refused', (_, text) => {
    expect(refusal(() => own.decode(bytes(text)))).toBe('ERR_VALUE_TYPE')
  })

  it('that cannot be written are refused', () => {
    for (const value of [undefined, () => 1, Symbol()]) {
      for (const format of [own, JSON_TEXT]) expect(refusal(() => format.encode(value))).toBe('ERR_VALUE_TYPE')
    }
    expect(refusal(() => JSON_TEXT.encode(1n))).toBe('ERR_VALUE_TYPE')
    expect(refusal(() => JSON_TEXT.decode(bytes('ff')))).toBe('ERR_VALUE_TYPE')
  })

  it('are written by the codec of the program', () => {
    const codec = { name: 'mine', encode: () => Uint8Array.of(7), decode: (found: Uint8Array) => ({ found: [...found] }) }
    const format = new Letters(codec)
    expect(hex(format.encode({ n: 1 }))).toBe('6f046d696e6507')
    expect(format.decode(bytes('6f046d696e6507'))).toEqual({ found: [7] })
    expect(refusal(() => own.decode(bytes('6f046d696e6507')))).toBe('ERR_VALUE_TYPE')
    expect(structuredCodec.name).toBe('structured')
  })
})

function refusal(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}
