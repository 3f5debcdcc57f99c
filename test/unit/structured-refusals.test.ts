// What the default codec refuses, with the message, and bytes that it did not write.
import { describe, expect, it } from 'vitest'
import { structuredCodec } from '../../src/codecs/structured.js'
import { TophashError } from '../../src/core/errors.js'

const { encode, decode } = structuredCodec

/** The message of the ERR_VALUE_TYPE that is thrown. */
function refused(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toBeInstanceOf(TophashError)
    expect(error).toMatchObject({ name: 'TophashError', code: 'ERR_VALUE_TYPE' })
    return (error as TophashError).message
  }
  throw new Error('Nothing was thrown.')
}

/** An object that claims to be another. */
class Fake {
  constructor(readonly tag: string) {}
  get [Symbol.toStringTag]() {
    return this.tag
  }
}

function transferred(buffer: ArrayBuffer): ArrayBuffer {
  structuredClone(buffer, { transfer: [buffer] })
  return buffer
}

function viewOfTransferred(View: new (buffer: ArrayBuffer) => ArrayBufferView): ArrayBufferView {
  const buffer = new ArrayBuffer(8)
  const view = new View(buffer)
  transferred(buffer)
  return view
}

function* generate() {}

const FUNCTIONS: [what: string, value: unknown, where: string, found: string][] = [
  ['a function', { user: { callbacks: [1, 2, 3, function save() {}] } }, 'at .user.callbacks[3] ', 'a function (save)'],
  ['a function as the value', () => 1, 'The value is ', 'a function'],
  ['a class', [Fake], 'at [0] ', 'a function (Fake)'],
  ['a method', { then() {} }, 'at .then ', 'a function (then)'],
  ['a Proxy of a function', [new Proxy(() => 1, {})], 'at [0] ', 'a function'],
  ['a function in a Map', new Map([['a b', { f() {} }]]), 'at .get("a b").f ', 'a function (f)'],
  ['a function as a key of a Map', { m: new Map([[generate, 1]]) }, 'at .m.get(...) ', 'a function (generate)'],
  ['a function in a Set', { s: new Set([() => 1]) }, 'at .s ', 'a function'],
  ['a function in the cause of an error', [new Error('', { cause: { f() {} } })], 'at [0].cause.f ', 'a function (f)'],
]

const OBJECTS: [what: string, value: unknown, where: string, found: string, advice: string][] = [
  ['a symbol', { 'a-b': Symbol('x') }, 'at ["a-b"] ', 'a symbol', 'Use a string instead'],
  ['a boxed symbol', [Object(Symbol('x'))], 'at [0] ', '[object Symbol]', 'plain object'],
  ['a WeakMap', [new WeakMap()], 'at [0] ', '[object WeakMap]', 'what it refers to'],
  ['a WeakSet', new WeakSet(), 'The value is ', '[object WeakSet]', 'what it refers to'],
  ['a WeakRef', { r: new WeakRef({}) }, 'at .r ', '[object WeakRef]', 'what it refers to'],
  ['a Promise', { p: Promise.resolve() }, 'at .p ', '[object Promise]', 'Await it'],
  ['a generator', [generate()], 'at [0] ', '[object Generator]', 'plain object'],
  ['an iterator', [[].values()], 'at [0] ', '[object Array Iterator]', 'plain object'],
  ['a SharedArrayBuffer', [new SharedArrayBuffer(1)], 'at [0] ', '[object SharedArrayBuffer]', 'by postMessage'],
  ['a Blob', [new Blob()], 'at [0] ', '[object Blob]', 'plain object'],
  ['a formatter', [new Intl.NumberFormat()], 'at [0] ', '[object Intl.NumberFormat]', 'plain object'],
  ['a memory', [new WebAssembly.Memory({ initial: 0 })], 'at [0] ', '[object WebAssembly.Memory]', 'by postMessage'],
  ['a Proxy of a Map', [new Proxy(new Map(), {})], 'at [0] ', '[object Map]', 'plain object'],
  ['a buffer that was transferred', { b: transferred(new ArrayBuffer(8)) }, 'at .b ', '[object ArrayBuffer]', 'transferred'],
  ['an array whose buffer was', [viewOfTransferred(Uint8Array)], 'at [0] ', '[object Uint8Array]', 'transferred'],
  ['a DataView whose buffer was', [viewOfTransferred(DataView)], 'at [0] ', '[object DataView]', 'transferred'],
]

/** A SharedMap is known by its tag; the real ones need a core, and are in the tests of the API. */
const FAKES: [tag: string, advice: string][] = [
  ['SharedMap', 'Store what is in the SharedMap as plain data; its handle goes to threads by postMessage'],
  ['SharedSet', 'Store what is in the SharedSet as plain data'],
  ['SharedHeap', 'Store what is in the SharedHeap as plain data'],
  ...['Map', 'Set', 'Date', 'RegExp', 'Number', 'String', 'BigInt', 'ArrayBuffer', 'Uint8Array', 'DataView', 'URL'].map(
    (tag): [string, string] => [tag, 'Store a plain object with what it is made of'],
  ),
  ['Temporal.Instant', 'Store a plain object'],
  ['Spaceship', 'Store a plain object'],
]

describe('structured refuses', () => {
  it.each(FUNCTIONS)('%s', (_, value, where, found) => {
    const message = refused(() => encode(value))
    expect(message).toMatch(/^The value (is|has at) .+, which cannot be copied\. Leave it out: .+\.$/)
    expect(message).toContain(where + found)
  })

  it.each(OBJECTS)('%s', (_, value, where, found, advice) => {
    const message = refused(() => encode(value))
    expect(message).toMatch(/^The value (is|has at) .+, which cannot be copied\. .+\.$/)
    expect(message).toContain(where)
    expect(message).toContain(found)
    expect(message).toContain(advice)
  })

  it.each(FAKES)('what calls itself a %s', (tag, advice) => {
    expect(refused(() => encode({ a: [new Fake(tag)] }))).toContain(
      `The value has at .a[0] an object ([object ${tag}]), which cannot be copied. ${advice}`,
    )
  })

  it('by a message that is short, whatever the names on the way', () => {
    const message = refused(() => encode({ ['long'.repeat(10_000)]: new Map([['key'.repeat(10_000), { end() {} }]]) }))
    expect(message).toContain('key").end a function (end)')
    expect(message.length).toBeLessThan(500)
  })

  it('what is nested too deeply to be written', () => {
    let list: unknown[] = []
    for (let i = 0; i < 100_000; i++) list = [list]
    expect(refused(() => encode(list))).toContain('nested too deeply to be copied')
    expect(refused(() => encode({ list }))).toContain('nested too deeply to be copied')
  })

  it('what is nested too deeply to be read, by a thread with less stack', () => {
    const lists = Array.from({ length: 100_000 }, (_, i) => `[${i + 1}]`)
    expect(refused(() => decode(Buffer.from(`[${lists.join()},[]]`)))).toContain('nested too deeply to be read')
  })
})

const DAMAGED: [what: string, text: string][] = [
  ['nothing', ''],
  ['JSON of another codec', '{"a":1}'],
  ['an unknown kind', '[["Spaceship",1],2]'],
  ['an unknown class of errors', '[["Error",1],{"type":2},"constructor"]'],
  ['an error that is none', '[["Error",1],5]'],
  ['a prototype', '[{"__proto__":1},{"polluted":2},3]'],
  ['a prototype where there is none', '[["null","__proto__",1],{"polluted":2},3]'],
  ['a reference to nowhere', '[{"a":7}]'],
  ['a wrong RegExp', '[["RegExp","("]]'],
  ['a buffer beyond the end', '[["ArrayBuffer",1],[2,3],0,100]\0abc'],
  ['a buffer before the beginning', '[["ArrayBuffer",1],[2,3],-1,1]\0abc'],
  ['a buffer of no length', '[["ArrayBuffer",1],[2,2],"x"]\0abc'],
  ['a buffer without a place', '[["ArrayBuffer",1],2]\0abc'],
  ['a view of a number', '[["Uint8Array",1],1000000000]'],
  ['half of a text', '[{"a":1},"\\ud8'],
  ['bytes that are no UTF-8', '[[1],"\xff"]'],
]

describe('bytes that structured did not write:', () => {
  it.each(DAMAGED)('%s', (_, text) => {
    const message = refused(() => decode(Buffer.from(text, 'latin1')))
    expect(message).toMatch(/^The bytes of a value are not what the codec 'structured' writes \(.+\)\. /)
    expect(message).toContain('All threads must open a map with the same codec')
    expect(Object.prototype).not.toHaveProperty('polluted')
  })
})
