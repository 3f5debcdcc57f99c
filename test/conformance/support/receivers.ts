// Receivers: each method demands the internal data of its own class, and uses nothing else of its receiver.
import { expect, it } from 'vitest'

/** Arguments that every method accepts well enough to come to its receiver. */
const ARGUMENTS = [() => undefined, () => undefined]

/** What is no object of the class: other types, other collections, the prototype, a proxy, and what merely inherits. */
function strangers(Class: new () => object, tag: string): [name: string, receiver: unknown][] {
  const others: [string, unknown][] = [
    ['undefined', undefined],
    ['null', null],
    ['a boolean', true],
    ['a number', 1],
    ['a string', 'abc'],
    ['a symbol', Symbol('receiver')],
    ['a bigint', 1n],
    ['an object', {}],
    ['an array', []],
    ['a function', () => 1],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a WeakMap', new WeakMap()],
    ['a WeakSet', new WeakSet()],
    ['the prototype', Class.prototype],
    ['what inherits from an instance', Object.create(new Class())],
    ['a proxy', new Proxy(new Class(), {})],
  ]
  return others.filter(([name]) => name !== `a ${tag}`)
}

interface Refusing {
  readonly Class: new () => object
  readonly tag: string
}

/** Defines the tests that `methods` and the getter of size throw a TypeError for every stranger, at once. */
export function refuseStrangers({ Class, tag }: Refusing, methods: readonly string[]): void {
  const prototype = Class.prototype as Record<string, (...args: unknown[]) => unknown>
  it.each([...methods, '@@iterator'])('%s throws a TypeError when called on anything else, at once', (name) => {
    const method = name === '@@iterator' ? Reflect.get(prototype, Symbol.iterator) : prototype[name]!
    for (const [what, receiver] of strangers(Class, tag)) {
      expect(() => Reflect.apply(method, receiver, ARGUMENTS), what).toThrow(TypeError)
    }
  })

  it('size throws a TypeError when read on anything else', () => {
    const size = getter(prototype, 'size')
    for (const [what, receiver] of strangers(Class, tag)) {
      expect(() => Reflect.apply(size, receiver, []), what).toThrow(TypeError)
    }
  })
}

/** The getter of a property, wherever in the chain of prototypes it is. */
export function getter(holder: object, name: string): () => unknown {
  for (let at: object | null = holder; at !== null; at = Object.getPrototypeOf(at)) {
    const get = Object.getOwnPropertyDescriptor(at, name)?.get
    if (get) return get
  }
  throw new Error(`There is no getter of ${name}.`)
}

/**
 * Gives an object methods of its own that must not be called: whatever is called on it afterwards has to work on its
 * data. A subclass that overrides `get` must not change what `forEach` does.
 */
export function forbid<T extends object>(object: T, names: readonly (string | symbol)[]): T {
  for (const name of names) {
    Object.defineProperty(object, name, {
      get() {
        throw new Error(`${String(name)} was looked up on the receiver.`)
      },
    })
  }
  return object
}
