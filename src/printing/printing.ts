import { type Print, type PrinterOptions, type Sketch, itemsFor, layOut, printPlainly } from './layout.js'

// What printers call: the methods that they look for, and an own property for those that look for none.
//
//   Symbol.for('nodejs.util.inspect.custom')   util.inspect and console.log of Node and Bun; chai; object-inspect
//   Symbol.for('Deno.customInspect')           Deno
//   inspect(depth, options)                    Node's old convention
//
// None of them throws, waits for long, or changes anything, whatever has become of the heap: a message that cannot be
// printed hides what it was to be about.

const NODE = Symbol.for('nodejs.util.inspect.custom')
const DENO = Symbol.for('Deno.customInspect')

/** What is to be printed of an object: `most` items of it. Throws for what is none of the class. */
type Sketcher<T> = (object: T, most: number) => Sketch

/** Gives the objects of a class a text. */
export function definePrinting<T extends object>(prototype: T, sketch: Sketcher<T>): void {
  define(prototype, NODE, function (this: T, depth: number | null, options?: PrinterOptions, print?: Print) {
    return printed(this, sketch, { ...options, depth }, print ?? printPlainly)
  })
  define(prototype, DENO, function (this: T, print: Print, options?: PrinterOptions) {
    const indentation = ' '.repeat(options?.indentationLvl ?? 0) // Node's printer does that itself
    return printed(this, sketch, { ...options }, print).replaceAll('\n', `\n${indentation}`)
  })
}

/** Whether inspect() was called as printers used to call it: with a depth and their options. */
export function isPrinter(given: readonly unknown[]): boolean {
  return given.length > 1
}

/** What such a printer gets. */
export function printFor(object: object, [depth, options, print]: readonly unknown[]): unknown {
  const method = (object as { readonly [NODE]?: (...given: unknown[]) => string })[NODE]
  return method?.call(object, depth, options, typeof print === 'function' ? print : undefined)
}

/**
 * Gives an object a property of its own that shows what is in it, read when it is looked at, to those that compare and
 * print objects by their own properties: assert.deepStrictEqual, jest's and vitest's diffs, the consoles of browsers.
 */
export function defineContents(object: object, name: symbol, get: () => unknown): void {
  Object.defineProperty(object, name, { get, enumerable: true, configurable: true })
}

/** Why something cannot be read, in a few words. */
export function reasonOf(error: unknown): string {
  try {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
    if (typeof code === 'string' && code.startsWith('ERR_')) return code
    if (typeof message === 'string' && message !== '') return message.slice(0, 60)
  } catch {
    // whatever was thrown
  }
  return 'an error'
}

function define(prototype: object, name: symbol, value: unknown): void {
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true })
}

function printed<T extends object>(object: T, sketch: Sketcher<T>, options: PrinterOptions, print: Print): string {
  try {
    const { depth } = options
    if (typeof depth !== 'number' || depth >= 0) return layOut(sketch(object, itemsFor(options)), options, print)
    const text = `[${tagOf(object)}]`
    return options.stylize?.(text, 'special') ?? text
  } catch {
    return `${tagOf(object)} {}` // a prototype, a proxy, what inherits from an object of the class; the end of the stack
  }
}

function tagOf(object: object): string {
  try {
    return Object.prototype.toString.call(object).slice(8, -1)
  } catch {
    return 'Object' // a proxy, perhaps
  }
}

/** The head of a sketch: the class, or the subclass and the class, and what is to be said of it. */
export function headOf(object: object, className: string, kinds: string, size: number | undefined): string {
  const count = size === undefined ? '' : `(${size})`
  const own = nameOf(object)
  return own === className || own === '' ? `${className}${kinds}${count}` : `${own}${count} [${className}${kinds}]`
}

function nameOf(object: object): string {
  try {
    const { name } = object.constructor as { readonly name: unknown }
    return typeof name === 'string' ? name : ''
  } catch {
    return ''
  }
}
