// The default codec by random values: anything in anything, shared and cyclic.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { structuredCodec } from '../../src/codecs/structured.js'
import { TophashError } from '../../src/core/errors.js'
import { difference } from '../support/difference.js'
import { build, graphs } from './graphs.js'
import { tries } from './settings.js'

const { encode, decode } = structuredCodec

describe('structured', () => {
  it('gives back every value as it was', () => {
    const property = fc.property(graphs, (nodes) => {
      const value = build(nodes)
      const found = difference(decode(new Uint8Array(encode(value))), value)
      if (found) throw new Error(found)
    })
    fc.assert(property, tries(2_000))
  })

  it('gives the same bytes for a value, for another one of the same make, and for a copy', () => {
    const property = fc.property(graphs, (nodes) => {
      const value = build(nodes)
      const bytes = Buffer.from(encode(value))
      if (!bytes.equals(encode(value))) throw new Error('The bytes of the value are others the second time.')
      if (!bytes.equals(encode(decode(bytes)))) throw new Error('The bytes of the copy are others.')
    })
    fc.assert(property, tries(1_000))
  })

  it('gives what structuredClone gives, where that keeps everything', () => {
    const lossy = new Set(['error', 'aggregate', 'bare'])
    const property = fc.property(graphs, (nodes) => {
      const value = build(nodes.map((node) => (lossy.has(node.kind) ? { ...node, kind: 'object' } : node)))
      const found = difference(decode(encode(value)), structuredClone(value))
      if (found) throw new Error(found)
    })
    fc.assert(property, tries(1_000))
  })

  it('makes of damaged bytes another value or an error that says so, and nothing else', () => {
    const damage = fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }), { minLength: 1, maxLength: 3 })
    const property = fc.property(graphs, damage, fc.nat({ max: 3 }), (nodes, places, missing) => {
      const whole = new Uint8Array(encode(build(nodes)))
      const bytes = whole.slice(0, Math.max(0, whole.length - missing))
      for (const { at, byte } of places) bytes[at % bytes.length] = byte
      try {
        decode(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(TophashError)
        expect(error).toMatchObject({ code: 'ERR_VALUE_TYPE' })
      }
      expect(Object.keys(Object.prototype)).toEqual([])
    })
    fc.assert(property, tries(1_000))
  })
})
