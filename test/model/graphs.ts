import fc from 'fast-check'

// Random values in which anything can contain anything: a value is drawn as a list of nodes, whose parts are primitives
// or numbers of nodes. So objects are shared and cycles close by themselves, and a failing run prints the recipe.

/** A primitive as it is, or the number of a node. */
type Item = { readonly is: unknown } | { readonly node: number }

/** What a node is. Whatever does not fit to the kind is ignored. */
export interface Node {
  readonly kind: (typeof KINDS)[number]
  readonly keys: readonly string[]
  /** Elements, values of the keys, entries. In an array, an element that is missing is a hole. */
  readonly items: readonly (Item | undefined)[]
  readonly text: string
  readonly bytes: Uint8Array
}

const KINDS = [
  'object',
  'object',
  'bare',
  'array',
  'array',
  'map',
  'set',
  'error',
  'aggregate',
  'date',
  'regexp',
  'boxed',
  'buffer',
  'bytes',
  'floats',
  'view',
  'part',
] as const

const KEYS = [
  '',
  'a',
  'b',
  '__proto__',
  '~__proto__',
  'x__proto__',
  'constructor',
  'toString',
  'then',
  'toJSON',
  'length',
  '0',
  '1',
  '-1',
  '4294967295',
  '\0',
  '\ud800',
  '\udc00\ud800',
  '😀',
  'é',
  '"',
  '\\',
  'type',
  'cause',
]

const NASTY: unknown[] = [
  undefined,
  null,
  true,
  false,
  NaN,
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  5e-324,
  2 ** 53,
  0.1,
  0n,
  -1n,
  1n,
  2n ** 64n,
  -(2n ** 200n),
  '',
  '0',
  '-0',
  'a',
  '\0',
  '\ud800',
  'x\udfff',
  '😀',
  '\u2028',
  '__proto__',
  '["Date"]',
]

const item: fc.Arbitrary<Item> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY).map((is) => ({ is })) },
  { weight: 1, arbitrary: fc.oneof(fc.double(), fc.bigInt(), fc.string({ unit: 'binary' })).map((is) => ({ is })) },
  { weight: 4, arbitrary: fc.nat({ max: 11 }).map((node) => ({ node })) },
)

const node: fc.Arbitrary<Node> = fc.record({
  kind: fc.constantFrom(...KINDS),
  keys: fc.array(fc.oneof(fc.constantFrom(...KEYS), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 6 }),
  items: fc.array(fc.option(item, { nil: undefined, freq: 8 }), { maxLength: 6 }),
  text: fc.oneof(fc.constantFrom('', '\ud800', 'g', 'message'), fc.string({ unit: 'binary', maxLength: 8 })),
  bytes: fc.uint8Array({ maxLength: 24 }),
})

/** Recipes of up to 12 objects; the first is the value. */
export const graphs: fc.Arbitrary<Node[]> = fc.array(node, { minLength: 1, maxLength: 12, size: 'max' })

/** The value of a recipe. */
export function build(nodes: readonly Node[]): object {
  const made: object[] = []
  for (const node of nodes) made.push(make(node, made))
  const valueOf = (item: Item | undefined): unknown => {
    if (!item) return undefined
    return 'is' in item ? item.is : made[item.node % made.length]
  }
  nodes.forEach((node, i) => fill(made[i]!, node, valueOf))
  return made[0]!
}

/** The object of a node, as yet without what it contains; `made` are those before it. */
function make({ kind, text, bytes, items }: Node, made: readonly object[]): object {
  const buffer = made.find((object) => object instanceof ArrayBuffer) ?? new Uint8Array(bytes).buffer
  switch (kind) {
    case 'object':
      return {}
    case 'bare':
      return Object.create(null)
    case 'array':
      return []
    case 'map':
      return new Map()
    case 'set':
      return new Set()
    case 'error':
      return new ERRORS[bytes.length % ERRORS.length]!(...(text === '' ? [] : [text]))
    case 'aggregate':
      return new AggregateError([], text)
    case 'date':
      return new Date(bytes.length % 4 === 0 ? NaN : bytes.length * 1e13 - 1e14)
    case 'regexp':
      return new RegExp(text.replace(/[^a-z\ud800-\udfff]/g, '.'), bytes.length % 2 ? 'gi' : '')
    case 'boxed':
      return Object(BOXED[(bytes.length + items.length) % BOXED.length])
    case 'buffer':
      return new Uint8Array(bytes).buffer
    case 'bytes':
      return new Uint8Array(buffer)
    case 'floats':
      return buffer.byteLength % 8 ? new Float64Array(2) : new Float64Array(buffer)
    case 'view':
      return new DataView(buffer)
    case 'part':
      return new Uint8Array(new Uint8Array(bytes).buffer, bytes.length >> 1)
  }
}

const ERRORS = [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]
const BOXED = [0, -0, NaN, 1, '', 'a', '\ud800', true, false, 0n, -(2n ** 70n)]

/** Puts into an object what it contains. */
function fill(object: object, { kind, keys, items, text }: Node, valueOf: (item: Item | undefined) => unknown): void {
  const values = items.map(valueOf)
  if (kind === 'object' || kind === 'bare') keys.forEach((key, i) => define(object, key, values[i]))
  else if (Array.isArray(object)) items.forEach((item, i) => (item ? (object[i] = values[i]) : (object.length = i + 1)))
  else if (object instanceof Map) values.forEach((value, i) => object.set(value, values[(i * 7 + 1) % values.length]))
  else if (object instanceof Set) values.forEach((value) => object.add(value))
  else if (object instanceof AggregateError) object.errors = values
  if (object instanceof Error && items[0]) define(object, 'cause', values[0])
  if (object instanceof Error && items.length > 3) object.name = text
}

/** As a literal does it, also for `__proto__`. */
function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}
