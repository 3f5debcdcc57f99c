// Every method, getter and static of every class, whatever it is called on: as Map's own they throw a TypeError for all that
// is no object of their class, at once, and work for what is one.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, SharedSet, TophashError } from 'tophash'
import { thrownBy } from '../support/errors.js'
import { slotStates } from '../support/memory.js'
import { SLOT_KIND } from '../../src/core/layout.js'

/** The classes as these tests see them. */
interface AnyClass {
  new (...given: unknown[]): AnyObject
  attach(handle: unknown): AnyObject
}

interface AnyObject {
  readonly handle: { readonly memory: WebAssembly.Memory }
  dispose(): void
}

type Member = readonly [name: string, call: (receiver: unknown) => unknown]

const IteratorPrototype = prototypeOf(prototypeOf([].values()))
const PRINTING = [Symbol.for('nodejs.util.inspect.custom'), Symbol.for('Deno.customInspect')]

class Cache extends SharedMap<any, any> {}
class Group extends SharedSet<any> {}
class Store extends SharedHeap {}

const map = new SharedMap<any, any>([[1, 1]])
const heap = new SharedHeap({ maxBytes: 8 << 20 })

/** What is called with nothing, unless that would be to wait for good. */
const GIVEN: Readonly<Record<string, readonly unknown[]>> = {
  wait: [1, 1, { timeout: 0 }],
  waitAsync: [1, 1, { timeout: 0 }],
}

/** Objects of each class, and of what inherits from it. */
const SUBJECTS = {
  SharedMap: {
    makers: [() => new SharedMap([[1, 1]], small()), () => new Cache([[1, 1]], small())],
    prototype: SharedMap.prototype,
  },
  SharedSet: { makers: [() => new SharedSet([1], small()), () => new Group([1], small())], prototype: SharedSet.prototype },
  SharedHeap: { makers: [() => new SharedHeap(small()), () => new Store(small())], prototype: SharedHeap.prototype },
  Trace: { makers: [() => map.trace({ events: 1 })], prototype: prototypeOf(map.trace({ events: 1 })) },
  'SharedMap Iterator': { makers: [() => map.keys(), () => map.partition(0, 1)], prototype: prototypeOf(map.keys()) },
  'SharedSet Iterator': { makers: [() => new SharedSet([1]).values()], prototype: prototypeOf(new SharedSet().values()) },
} as const

type Subject = keyof typeof SUBJECTS
const NAMES = Object.keys(SUBJECTS) as Subject[]

describe.each(NAMES)('what a %s has', (subject) => {
  const { prototype, makers } = SUBJECTS[subject]
  const members = membersOf(prototype)

  it('is found: methods and getters', () => {
    const least = { SharedMap: 38, SharedSet: 34, SharedHeap: 13, Trace: 6, 'SharedMap Iterator': 1, 'SharedSet Iterator': 1 }
    expect(members.length).toBeGreaterThanOrEqual(least[subject])
  })

  it.each(members)('refuses strangers: %s', async (name, call) => {
    for (const [what, stranger] of strangersTo(subject, name)) {
      const failure = await failureOf(() => call(stranger))
      expect(failure, `${name} of ${what}`).toBeInstanceOf(TypeError)
    }
  })

  it.each(members)('takes its own, and what inherits from the class: %s', async (name, call) => {
    for (const make of makers) {
      const failure = await failureOf(() => call(make()))
      // What it says of its arguments, of which there are none, is another matter.
      if (failure !== undefined) expect(failure, name).toBeInstanceOf(TophashError)
    }
  })
})

describe('statics', () => {
  const handles = { SharedMap: map.handle, SharedSet: new SharedSet([1], small()).handle, SharedHeap: heap.handle }
  const classes = { SharedMap, SharedSet, SharedHeap } as unknown as Record<keyof typeof handles, AnyClass>

  describe.each(Object.keys(handles) as (keyof typeof handles)[])('%s.attach', (name) => {
    const Class = classes[name]
    const strangers: readonly unknown[] = [
      undefined,
      null,
      {},
      'abc',
      Object,
      Map,
      Set,
      WeakRef,
      class Other {},
      () => {},
      class Lost extends Class {
        constructor() {
          super()
        }
      },
      class Else extends Class {
        constructor() {
          super()
          return {} as never
        }
      },
      ...Object.values(classes).filter((other) => other !== Class),
    ]

    it.each(strangers)('called on %o says so, and keeps nothing open', (stranger) => {
      const own = new Class(...(name === 'SharedHeap' ? [small()] : [null, small()]))
      const { handle } = own
      const error = thrownBy(() => Reflect.apply(Class.attach, stranger, [handle]))
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toMatchObject({ code: 'ERR_OPTIONS' })
      expect((error as Error).message).toMatch(/SharedMap|SharedSet|SharedHeap|constructor of/)
      own.dispose()
      expect(slotStates(handle)).not.toContain(SLOT_KIND.attached) // nothing else of this thread has it open
    })

    it('makes an object of the class that it was called on', () => {
      class Mine extends Class {}
      const mine = Mine.attach(handles[name])
      expect(mine).toBeInstanceOf(Mine)
      mine.dispose()
    })
  })

  it("groupBy needs no receiver, as Map's", () => {
    const { groupBy } = SharedMap
    expect([...groupBy([1, 2, 3], (n) => n % 2)].sort()).toEqual([
      [0, [2]],
      [1, [1, 3]],
    ])
  })
})

describe('a printer', () => {
  it.each(NAMES)('may print what is no %s but inherits from one', (subject) => {
    const { prototype, makers } = SUBJECTS[subject]
    for (const symbol of PRINTING) {
      const method = Reflect.get(prototype, symbol) as (() => unknown) | undefined
      if (method === undefined) continue
      for (const it of [prototype, Object.create(makers[0]()), new Proxy(makers[0](), {}), {}, undefined, null]) {
        expect(typeof Reflect.apply(method, it, [2, {}, String])).toBe('string')
      }
    }
  })
})

function small(): { maxBytes: number } {
  return { maxBytes: 8 << 20 }
}

function prototypeOf(object: object): object {
  return Object.getPrototypeOf(object) as object
}

/** All that objects with this prototype inherit from the library, but for what printers call. */
function membersOf(prototype: object): Member[] {
  const members = new Map<string, Member>()
  for (let at = prototype; isOfLibrary(at); at = prototypeOf(at)) {
    for (const key of Reflect.ownKeys(at)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(at, key)!
      expect(set, String(key)).toBeUndefined()
      if (key === 'constructor' || PRINTING.includes(key as symbol) || members.has(String(key))) continue
      const member = get ?? (value as unknown)
      if (typeof member === 'function')
        members.set(String(key), [String(key), (receiver) => Reflect.apply(member, receiver, GIVEN[String(key)] ?? [])])
      else expect(key).toBe(Symbol.toStringTag)
    }
  }
  return [...members.values()]
}

function isOfLibrary(prototype: object): boolean {
  return prototype !== Object.prototype && prototype !== IteratorPrototype
}

/** What SharedMap and SharedSet inherit from what both are. */
const COMMON = new Set(membersOf(prototypeOf(prototypeOf(SharedSet.prototype))).map(([name]) => name))

/** What is no object of a class: other types, objects of other classes, the prototype, a proxy, what merely inherits. */
function strangersTo(subject: Subject, member: string): [what: string, stranger: unknown][] {
  const { prototype, makers } = SUBJECTS[subject]
  const isKin = (other: Subject): boolean =>
    other === subject || (COMMON.has(member) && [subject, other].every((one) => one === 'SharedMap' || one === 'SharedSet'))
  const anything = new Proxy({}, { get: () => () => {}, has: () => true }) // has whatever property is asked for
  return [
    ['undefined', undefined],
    ['null', null],
    ['a number', 1],
    ['a string', 'abc'],
    ['an object', {}],
    ['a function', () => 1],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a WeakRef', new WeakRef({})],
    ['a generator', (function* () {})()],
    ['an object with all methods', anything],
    ['an object that calls itself open', { isRecording: false, isOpen: true, dispose() {}, stop() {}, next() {}, size: 0 }],
    ['the prototype', prototype],
    ['what inherits from an object', Object.create(makers[0]())],
    ['a proxy', new Proxy(makers[0](), {})],
    ...NAMES.filter((other) => !isKin(other)).map((other): [string, unknown] => [`a ${other}`, SUBJECTS[other].makers[0]()]),
  ]
}

/** What a call throws, or what it returns is rejected with. */
async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call()
    return undefined
  } catch (error) {
    return error
  }
}
