// The bytes that the default codec writes, and how it behaves towards the program whose values it reads.
import { describe, expect, it } from 'vitest'
import { structuredCodec } from '../../src/codecs/structured.js'
import { difference } from '../support/difference.js'

const { encode, decode } = structuredCodec

/** Something of everything that is written in a way of its own. */
function sample(): Record<string, unknown> {
  const error = Object.assign(new Error('e'), { stack: 'at' })
  return { a: new Map([[1, new Set(['x'])]]), b: new Uint8Array([0, 1]), c: [, -0], d: new Date(1), error }
}

describe('structured, encoding,', () => {
  it('gives the same bytes for the same value', () => {
    expect(encode(sample())).toEqual(encode(sample()))
    expect(encode({ ...sample(), d: new Date(2) })).not.toEqual(encode(sample()))
    expect(encode({ ...sample(), b: new Uint8Array([0, 2]) })).not.toEqual(encode(sample()))
  })

  it('leaves the value as it is', () => {
    const value = Object.freeze(JSON.parse('{"__proto__":1,"a":[1]}'))
    encode(value)
    expect(difference(value, JSON.parse('{"__proto__":1,"a":[1]}'))).toBeUndefined()
  })

  it('lets through what a getter throws', () => {
    const mine = new RangeError('mine')
    const value = {
      get broken() {
        throw mine
      },
    }
    expect(() => encode(value)).toThrow(mine)
  })

  it('reads a getter once', () => {
    let reads = 0
    const value = {
      get counted() {
        return new Error(`${++reads}`)
      },
    }
    expect(String((decode(encode(value)) as typeof value).counted)).toBe('Error: 1')
    expect(reads).toBe(1)
  })

  it('can be used by a getter of the value that is being encoded', () => {
    const value = {
      before: new Uint8Array([1]),
      get inner() {
        return [...encode({ bytes: new Uint8Array([2, 2]), error: sample().error })]
      },
      after: new Uint8Array([3]),
    }
    expect(difference(decode(encode(value)), { ...value })).toBeUndefined()
  })

  it('takes only those bytes of a buffer that a view shows', () => {
    const large = new Uint8Array(1 << 20).fill(65)
    const value = [large.subarray(100, 110), Buffer.from('pooled'), new DataView(large.buffer, 7, 3)]
    expect(encode(value).length).toBeLessThan(200)
  })

  it('writes bytes as bytes, not as text', () => {
    const data = new Uint8Array(5_000_000).map((_, i) => i * 7)
    const bytes = encode({ data })
    expect(bytes.length).toBeLessThan(data.length + 200)
    expect(Buffer.from((decode(bytes) as { data: Uint8Array }).data).equals(data)).toBe(true)
  })
})

describe('structured, decoding,', () => {
  it('gives memory of its own', () => {
    const bytes = encode([new Uint8Array([1, 2, 3]), new Uint8Array([4]).buffer])
    const [view, buffer] = decode(bytes) as [Uint8Array, ArrayBuffer]
    bytes.fill(0xff)
    expect([...view, ...new Uint8Array(buffer)]).toEqual([1, 2, 3, 4])
    expect(view.buffer.byteLength).toBe(3)
  })

  it('reads bytes that are a part of something larger, and a Buffer', () => {
    const value = { a: new Uint32Array([1, 2]), b: 'x' }
    const bytes = encode(value)
    const larger = Buffer.concat([Buffer.from('AAA'), bytes, Buffer.from('AAA')])
    const part = new Uint8Array(larger.buffer, larger.byteOffset + 3, bytes.length)
    expect(difference(decode(part), value)).toBeUndefined()
    expect(difference(decode(larger.subarray(3, -3)), value)).toBeUndefined()
  })

  it('does not look at Object.prototype', () => {
    const bytes = encode({ toString: 1, a: [1, , 3] })
    Object.defineProperty(Object.prototype, '1', { value: 'inherited', configurable: true, writable: true })
    try {
      const { a } = decode(bytes) as { a: number[] }
      expect(Object.keys(a)).toEqual(['0', '2'])
    } finally {
      delete (Object.prototype as { 1?: unknown })[1]
    }
  })
})
