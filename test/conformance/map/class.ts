// ECMA-262: the Map constructor and prototype as objects: names, receivers, subclasses.
import { describe, expect, it } from 'vitest'
import { expectEntries } from '../support/expect.js'
import { forbid, refuseStrangers } from '../support/receivers.js'
import { MANY, sample, sampleEntries, sampleValue } from '../support/samples.js'
import { type MapSubject, present } from '../support/subject.js'

/** Methods and how many arguments they need. */
const LENGTHS = {
  get: 1,
  set: 2,
  has: 1,
  delete: 1,
  clear: 0,
  forEach: 1,
  keys: 0,
  values: 0,
  entries: 0,
  getOrInsert: 2,
  getOrInsertComputed: 2,
} as const
const METHODS = Object.keys(LENGTHS) as (keyof typeof LENGTHS)[]

export function mapClass(subject: MapSubject): void {
  const { Class, tag } = subject
  const methods = present(subject, METHODS)

  describe('the class', () => {
    it('says what its objects are', () => {
      expect(Object.prototype.toString.call(new Class())).toBe(`[object ${tag}]`)
      expect(Class.prototype[Symbol.toStringTag]).toBe(tag)
      expect(Class.prototype.constructor).toBe(Class)
    })

    it.each(methods)('has a method %s, by this name, that says how many arguments it needs', (name) => {
      expect(Class.prototype[name]).toBeTypeOf('function')
      expect(Class.prototype[name].name).toBe(name)
      expect(Class.prototype[name]).toHaveLength(LENGTHS[name])
    })

    it.each(methods)('has a %s that is no constructor', (name) => {
      expect(() => Reflect.construct(Object, [], Class.prototype[name])).toThrow(TypeError)
    })

    it('shows no methods and no entries when the properties of a map are enumerated', () => {
      const names: string[] = []
      for (const name in new Class(sampleEntries(subject.kind, subject.valueKind, 2))) names.push(name)
      expect(names).toEqual([])
    })

    refuseStrangers(subject, methods)
  })

  mapSubclass(subject)
}

function mapSubclass(subject: MapSubject): void {
  const { Class, kind, valueKind } = subject
  const entries = sampleEntries(kind, valueKind, MANY)
  const [key, value] = [sample(kind, 999), sampleValue(valueKind, 1)]

  describe('a subclass', () => {
    class Named extends Class {
      label = 'mine'
      twice(key: unknown): unknown[] {
        return [this.get(key), this.get(key)]
      }
    }

    it('makes objects of both classes, with what it adds', () => {
      const map = new Named(entries)
      expect(map).toBeInstanceOf(Named)
      expect(map).toBeInstanceOf(Class)
      expect(Object.getPrototypeOf(map)).toBe(Named.prototype)
      expectEntries(map, entries)
      expect([map.label, map.twice(entries[0]![0])]).toEqual(['mine', [entries[0]![1], entries[0]![1]]])
      expect(map.set(key, value)).toBe(map)
    })

    it('may be the new target of its base, or any constructor may', () => {
      class Other {}
      expect(Reflect.construct(Class, [entries], Named)).toBeInstanceOf(Named)
      const map = Reflect.construct(Class, [], Other) as object
      expect(Object.getPrototypeOf(map)).toBe(Other.prototype)
      expect(Reflect.apply(Class.prototype.set, map, [key, value])).toBe(map)
      expect(Reflect.apply(Class.prototype.get, map, [key])).toEqual(value)
    })

    it('may override a method and call that of its base', () => {
      class Defaulting extends Class {
        override get(key: unknown): unknown {
          return super.has(key) ? super.get(key) : value
        }
      }
      const map = new Defaulting(entries)
      expect([map.get(key), map.has(key), map.size]).toEqual([value, false, MANY])
    })

    it.each(present(subject, METHODS))('that overrides the other methods does not change %s', (name) => {
      const map = forbid(
        new Class(entries),
        [...METHODS, 'size', Symbol.iterator].filter((other) => other !== name),
      )
      const second = name === 'getOrInsertComputed' ? () => value : value
      const args = name === 'forEach' ? [() => undefined] : [key, second]
      const result = Reflect.apply(map[name], map, args) as Iterable<unknown>
      if (name === 'keys' || name === 'values' || name === 'entries') expect([...result]).toHaveLength(MANY)
    })
  })
}
