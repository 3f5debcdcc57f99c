// ECMA-262: the Set constructor and prototype as objects: names, receivers, subclasses.
import { describe, expect, it } from 'vitest'
import { expectValues } from '../support/expect.js'
import { forbid, refuseStrangers } from '../support/receivers.js'
import { MANY, sample, samples } from '../support/samples.js'
import { SET_METHODS, type SetSubject, present } from '../support/subject.js'

/** Methods and how many arguments they need. */
const LENGTHS = {
  add: 1,
  has: 1,
  delete: 1,
  clear: 0,
  forEach: 1,
  values: 0,
  entries: 0,
  union: 1,
  intersection: 1,
  difference: 1,
  symmetricDifference: 1,
  isSubsetOf: 1,
  isSupersetOf: 1,
  isDisjointFrom: 1,
} as const
const METHODS = Object.keys(LENGTHS) as (keyof typeof LENGTHS)[]
/** What to call a method with, unless it is a value. */
const OTHERS: Partial<Record<keyof typeof LENGTHS, unknown>> = {
  forEach: () => undefined,
  ...Object.fromEntries(SET_METHODS.map((name) => [name, new Set(['other'])])),
}

export function setClass(subject: SetSubject): void {
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

    it('shows no methods and no values when the properties of a set are enumerated', () => {
      const names: string[] = []
      for (const name in new Class(samples(subject.kind, 2))) names.push(name)
      expect(names).toEqual([])
    })

    refuseStrangers(subject, [...methods, 'keys'])
  })

  setSubclass(subject)
}

function setSubclass(subject: SetSubject): void {
  const { Class, kind } = subject
  const values = samples(kind, MANY)
  const value = sample(kind, 999)

  describe('a subclass', () => {
    class Named extends Class {
      label = 'mine'
      toggle(value: unknown): boolean {
        return !this.delete(value) && this.add(value).has(value)
      }
    }

    it('makes objects of both classes, with what it adds', () => {
      const set = new Named(values)
      expect(set).toBeInstanceOf(Named)
      expect(set).toBeInstanceOf(Class)
      expect(Object.getPrototypeOf(set)).toBe(Named.prototype)
      expectValues(set, values)
      expect([set.label, set.toggle(value), set.toggle(value)]).toEqual(['mine', true, false])
      expect(set.add(value)).toBe(set)
    })

    it('may be the new target of its base, or any constructor may', () => {
      class Other {}
      expect(Reflect.construct(Class, [values], Named)).toBeInstanceOf(Named)
      const set = Reflect.construct(Class, [], Other) as object
      expect(Object.getPrototypeOf(set)).toBe(Other.prototype)
      expect(Reflect.apply(Class.prototype.add, set, [value])).toBe(set)
      expect(Reflect.apply(Class.prototype.has, set, [value])).toBe(true)
    })

    it('may override a method and call that of its base', () => {
      class Contrary extends Class {
        override has(value: unknown): boolean {
          return !super.has(value)
        }
      }
      const set = new Contrary(values)
      expect([set.has(value), set.has(values[0]), set.size]).toEqual([true, false, MANY])
    })

    it.each(present(subject, METHODS))('that overrides the other methods does not change %s', (name) => {
      const others = [...METHODS, 'keys', 'size', Symbol.iterator].filter((other) => other !== name)
      const set = forbid(new Class(values), others)
      const result = Reflect.apply(set[name], set, [OTHERS[name] ?? value]) as Iterable<unknown>
      if (name === 'values' || name === 'entries') expect([...result]).toHaveLength(MANY)
    })
  })
}
