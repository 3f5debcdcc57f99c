import { checkMethod, describe, rangeError, typeError } from '../core/errors.js'

/** What ES2025's set methods take: a Set, a SharedSet, a Map, or whatever has these. */
export interface SetLike<T> {
  readonly size: number
  has(value: T): boolean
  keys(): Iterator<T>
}

/**
 * The argument of a set method as the specification reads it (GetSetRecord): its size, `has` and `keys` are taken once,
 * in this order, and then used whatever becomes of the object.
 */
export class SetRecord<T> {
  readonly size: number
  readonly #set: object
  readonly #has: (value: T) => unknown
  readonly #keys: () => unknown

  /** @throws ERR_OPTIONS: a TypeError, or a RangeError for a negative size */
  constructor(given: unknown) {
    if ((typeof given !== 'object' && typeof given !== 'function') || given === null) {
      const got = describe(given)
      throw typeError('ERR_OPTIONS', `A set method takes a set, or what has size, has and keys; got ${got}.`)
    }
    const set = given as { readonly size: unknown; readonly has: unknown; readonly keys: unknown }
    this.size = sizeFrom(set.size)
    const { has } = set
    checkMethod('has of a set', has)
    const { keys } = set
    checkMethod('keys of a set', keys)
    this.#set = given
    this.#has = has as (value: T) => unknown
    this.#keys = keys as () => unknown
  }

  /** Whether the other set says that it has a value. */
  has(value: T): boolean {
    return Boolean(this.#has.call(this.#set, value))
  }

  /** Its values; who leaves early closes its iterator. */
  keys(): Iterable<T> {
    const iterator: unknown = this.#keys.call(this.#set)
    if ((typeof iterator !== 'object' && typeof iterator !== 'function') || iterator === null) {
      throw typeError('ERR_OPTIONS', `The method keys of a set must return an iterator; got ${describe(iterator)}.`)
    }
    const { next } = iterator as Iterator<T>
    const returned = (): Iterator<T> => ({
      next: () => next.call(iterator as Iterator<T>),
      return: () => {
        const close = (iterator as Iterator<T>).return
        if (close === undefined || close === null) return { done: true, value: undefined }
        return close.call(iterator as Iterator<T>)
      },
    })
    return { [Symbol.iterator]: returned }
  }
}

function sizeFrom(given: unknown): number {
  const size = typeof given === 'bigint' ? NaN : Number(given)
  if (size !== size) throw typeError('ERR_OPTIONS', `The size of a set must be a number; got ${describe(given)}.`)
  if (Math.trunc(size) < 0) throw rangeError('ERR_OPTIONS', `The size of a set cannot be negative; got ${size}.`)
  return Math.trunc(size)
}
