import { describe, typeError } from './errors.js'

// What is given where an iterable is expected.

/** What a class is made from. */
const WANTED = {
  SharedMap: { given: 'entries', items: '[key, value] pairs', example: "new SharedMap(null, { key: 'string' })" },
  SharedSet: { given: 'values', items: 'values', example: "new SharedSet(null, { value: 'string' })" },
} as const

/** The first argument of a constructor, to be iterated over once. @throws ERR_OPTIONS unless it is iterable */
export function itemsFor<T>(className: keyof typeof WANTED, given: Iterable<T>): Iterable<T> {
  const iterate: unknown = given[Symbol.iterator]
  if (typeof iterate !== 'function') throw noItems(className, given)
  const iterator = (iterate as () => Iterator<T>).call(given)
  return { [Symbol.iterator]: () => iterator }
}

function noItems(className: keyof typeof WANTED, given: unknown): Error {
  const { given: name, items, example } = WANTED[className]
  return typeError(
    'ERR_OPTIONS',
    `new ${className}(${name}, options): ${name} must be an iterable of ${items}, or null for none; got ` +
      `${describe(given)}. ` +
      (isHandle(given)
        ? 'To open what another thread has made, call attach(handle) of its class.'
        : `Options come second, as in ${example}. For the properties of an object, pass Object.entries(object).`),
  )
}

function isHandle(given: unknown): boolean {
  try {
    return typeof (given as { readonly tophash?: unknown }).tophash === 'string'
  } catch {
    return false
  }
}
