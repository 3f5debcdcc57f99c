// A comparison of values that overlooks nothing which a copy can keep: -0, holes, prototypes, the order of keys, and
// which places share one object.

/** Where and how two values differ, or undefined if one is a faithful copy of the other. */
export function difference(given: unknown, expected: unknown): string | undefined {
  try {
    new Comparison().compare(given, expected, '')
  } catch (error) {
    if (error instanceof Difference) return error.message
    throw error
  }
  return undefined
}

class Difference extends Error {}

class Comparison {
  /** Objects met so far and their counterparts, both ways: an object that is shared here must be shared there too. */
  readonly #expected = new Map<object, object>()
  readonly #given = new Map<object, object>()

  compare(given: unknown, expected: unknown, path: string): void {
    if (!isObject(given) || !isObject(expected)) {
      if (!Object.is(given, expected)) throw new Difference(`${path}: ${nameOf(given)}, expected ${nameOf(expected)}`)
      return
    }
    if (this.#expected.has(given) || this.#given.has(expected)) {
      this.#same(this.#expected.get(given), expected, `${path} shared with another place`)
      return
    }
    this.#expected.set(given, expected)
    this.#given.set(expected, given)
    this.#compareObjects(given, expected, path)
  }

  #compareObjects(given: object, expected: object, path: string): void {
    this.#same(Object.getPrototypeOf(given), Object.getPrototypeOf(expected), `${path} prototype`)
    this.#same(nameOf(given), nameOf(expected), `${path} kind`)
    this.#compareSlots(given, expected, path)
    const keys = keysOf(given)
    this.#same(JSON.stringify(keys), JSON.stringify(keysOf(expected)), `${path} keys`)
    for (const key of keys) this.#compareProperties(given, expected, key, `${path}.${key}`)
  }

  #compareProperties(given: object, expected: object, key: string, path: string): void {
    const [a, b] = [given, expected].map((object) => Object.getOwnPropertyDescriptor(object, key)!.enumerable)
    if (!(expected instanceof Error)) this.#same(a, b, `${path} enumerable`)
    this.compare(Reflect.get(given, key), Reflect.get(expected, key), path)
  }

  /** Compares what is no property. */
  #compareSlots(given: object, expected: object, path: string): void {
    if (given instanceof Map) this.#compareLists([...given].flat(), [...(expected as typeof given)].flat(), path)
    else if (given instanceof Set) this.#compareLists([...given], [...(expected as typeof given)], path)
    else if (given instanceof ArrayBuffer) this.#same(hex(given), hex(expected as ArrayBuffer), path)
    else if (ArrayBuffer.isView(given)) this.#compareViews(given, expected as ArrayBufferView, path)
    else if (given instanceof RegExp) this.#same(String(given), String(expected), path)
    else if (isBoxed(given)) this.#same(given.valueOf(), (expected as typeof given).valueOf(), path)
  }

  #compareLists(given: unknown[], expected: unknown[], path: string): void {
    this.#same(given.length, expected.length, `${path} size`)
    given.forEach((item, i) => this.compare(item, expected[i], `${path}<${i}>`))
  }

  /** Views of a whole buffer share it as in the original; those of a part need not. */
  #compareViews(given: ArrayBufferView, expected: ArrayBufferView, path: string): void {
    this.#same(hex(given), hex(expected), path)
    if (expected.byteLength === expected.buffer.byteLength) this.compare(given.buffer, expected.buffer, `${path}.buffer`)
  }

  #same(given: unknown, expected: unknown, what: string): void {
    if (!Object.is(given, expected)) throw new Difference(`${what}: ${nameOf(given)}, expected ${nameOf(expected)}`)
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isBoxed(value: object): boolean {
  return [Date, Boolean, Number, String, BigInt].some((Class) => value instanceof (Class as unknown as typeof Object))
}

/** Own keys in their order, which is nobody's business in an error. The elements of a view were compared as bytes. */
function keysOf(value: object): string[] {
  if (ArrayBuffer.isView(value)) return []
  const keys = Reflect.ownKeys(value).map(String)
  return value instanceof Error ? keys.sort() : keys
}

function hex(bytes: ArrayBuffer | ArrayBufferView): string {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes)
  const view = new Uint8Array(buffer, byteOffset, byteLength)
  return Array.from(view, (byte) => byte.toString(16).padStart(2, '0')).join('') // not by a Buffer: browsers run this too
}

/** Names anything, also objects that no string can be made of. */
function nameOf(value: unknown): string {
  return isObject(value) || typeof value === 'function' ? Object.prototype.toString.call(value) : String(value)
}
