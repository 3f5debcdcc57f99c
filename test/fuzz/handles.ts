// Handles that are none: of the wrong type, incomplete, with properties that lie or throw, with other memories.
import type { SharedMapHandle } from 'tophash'
import { layout, oneOf, random } from './task.js'

const { HEADER, LAYOUT_VERSION, LIMITS, MAGIC } = layout

/** A handle, whatever it may be, and what it is called. */
export type Case = readonly [name: string, handle: unknown]

const FIELDS = ['tophash', 'memory', 'table', 'generation', 'key', 'value', 'codec'] as const
const SCALARS: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  NaN,
  Infinity,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  '',
  'SharedMap',
  'any',
  'toString',
  '__proto__',
  5n,
  Symbol('s'),
  () => {},
  [],
  {},
  Object.create(null),
  new Map(),
  new Date(NaN),
  /x/,
  new Uint8Array(8),
]

/** What throws when it is looked at. */
function boom(): never {
  throw new RangeError('a getter of the program')
}

const proxied = (target: object, trap: keyof ProxyHandler<object>): object => new Proxy(target, { [trap]: boom })
const shared = (initial: number, maximum = 64): WebAssembly.Memory => new WebAssembly.Memory({ initial, maximum, shared: true })

/** A memory whose first words are these. */
function withHeader(pages: number, words: Readonly<Record<number, number>>): WebAssembly.Memory {
  const memory = shared(pages)
  for (const [at, word] of Object.entries(words)) new Uint32Array(memory.buffer)[Number(at) / 4] = word
  return memory
}

/** Memories that hold no heap, or one that cannot be. */
function memories({ memory }: SharedMapHandle): Case[] {
  const head = { [HEADER.magic]: MAGIC, [HEADER.layoutVersion]: LAYOUT_VERSION }
  const module = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])
  return [
    ['not shared', new WebAssembly.Memory({ initial: 16 })],
    ['empty', shared(0)],
    ['one page', shared(1)],
    ['zero', shared(16)],
    ['a header alone', withHeader(1, head)],
    ['two pages with a header', withHeader(2, head)],
    ['a header with nothing else', withHeader(16, head)],
    ['no pages handed out', withHeader(16, { ...head, [HEADER.maxPages]: 64 })],
    ['more pages handed out than there are', withHeader(16, { ...head, [HEADER.maxPages]: 64, [LIMITS.endPages]: 17 })],
    ['impossible maxPages', withHeader(16, { ...head, [HEADER.maxPages]: 0xffff_ffff, [LIMITS.endPages]: 4 })],
    ['another version', withHeader(16, { ...head, [HEADER.layoutVersion]: LAYOUT_VERSION + 1 })],
    ['another magic', withHeader(16, { ...head, [HEADER.magic]: 0x12345678 })],
    ['a module', new WebAssembly.Module(module)],
    ['a proxy', new Proxy(memory, {})],
    ['a proxy that throws', proxied(memory, 'get')],
    ['no more than its prototype', Object.create(WebAssembly.Memory.prototype)],
    ['one with a buffer of its own', Object.defineProperty(shared(16), 'buffer', { value: new SharedArrayBuffer(65_536) })],
    ['the buffer', memory.buffer],
  ]
}

/** Every handle that is tried for sure. */
export function wrongHandles(good: SharedMapHandle): Case[] {
  const changed = (field: string, value: unknown): Case => [`${field} ${nameOf(value)}`, { ...good, [field]: value }]
  return [
    ...SCALARS.map((value): Case => [`it is ${nameOf(value)}`, value]),
    ...FIELDS.flatMap((field) => SCALARS.map((value) => changed(field, value))),
    ...FIELDS.map(
      (field): Case => [`without ${field}`, Object.fromEntries(Object.entries(good).filter(([name]) => name !== field))],
    ),
    ...FIELDS.map((field): Case => [`${field} throws`, Object.defineProperty({ ...good }, field, { get: boom })]),
    ...memories(good).map(([name, memory]): Case => [`memory: ${name}`, { ...good, memory }]),
    ...(['get', 'has', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'ownKeys'] as const).map(
      (trap): Case => [`a proxy that throws at ${trap}`, proxied({ ...good }, trap)],
    ),
    ['frozen', Object.freeze({ ...good })],
    ['inherited', Object.create(good)],
    ['a revoked proxy', revoked(good)],
    ['a table that is another one each time', counting(good)],
  ]
}

function revoked(good: object): object {
  const { proxy, revoke } = Proxy.revocable(good, {})
  revoke()
  return proxy
}

/** The first look at its table is right, the later ones are not. */
function counting(good: SharedMapHandle): object {
  let looks = 0
  return Object.defineProperty({ ...good }, 'table', { get: () => (looks++ === 0 ? good.table : 64), enumerable: true })
}

/** A good handle with something else in one or two places. */
export function randomHandle(good: SharedMapHandle): Case {
  const handle: Record<string, unknown> = { ...good }
  const changes = Array.from({ length: 1 + random(2) }, () => {
    const field = oneOf(FIELDS)
    handle[field] =
      random(2) === 0
        ? oneOf(SCALARS)
        : field === 'table'
          ? oneOf([random(2 ** 32), good.table + 128 * (random(64) - 32)])
          : random(2 ** 32)
    return `${field} = ${nameOf(handle[field])}`
  })
  return [changes.join(', '), handle]
}

function nameOf(value: unknown): string {
  return typeof value === 'object' || typeof value === 'function' ? Object.prototype.toString.call(value) : String(value)
}
