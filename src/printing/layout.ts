import { builtinModule } from '../core/platform.js'
import { describe } from '../core/errors.js'

// How a collection is written out as text: as Node writes a Map, on one line if there is room for it.

/** What printers say of what they want: Node's util.inspect, Bun's and Deno's, and chai's, each some of it. */
export interface PrinterOptions {
  readonly depth?: number | null | undefined
  readonly maxArrayLength?: number | null | undefined
  /** Deno's name for it. */
  readonly iterableLimit?: number | undefined
  readonly breakLength?: number | undefined
  /** Spaces before a line, in Deno. */
  readonly indentationLvl?: number | undefined
  /** Characters that chai has room for. */
  readonly truncate?: number | undefined
  stylize?(text: string, style: string): string
}

/** What writes out any value. */
export type Print = (value: unknown, options?: object) => string

/** What is to be written: some of the items of something that has `size` of them. */
export interface Sketch {
  /** As in 'SharedMap(2)'. */
  readonly head: string
  /** A value, or a key and a value. */
  readonly items: readonly (readonly [unknown] | readonly [key: unknown, value: unknown])[]
  /** Items that are there and not among these. */
  readonly more: number
  /** Why there are no more items, if they could not be read. */
  readonly obstacle?: string | undefined
}

/** Items that are printed unless the printer says something else, as in Node and Deno. */
const ITEMS = 100
const BREAK_LENGTH = 80
const INDENTATION = '  '

/** How many items a printer wants to see. */
export function itemsFor({ maxArrayLength, iterableLimit }: PrinterOptions): number {
  const most = maxArrayLength === undefined ? iterableLimit : maxArrayLength
  if (most === null) return Infinity
  return typeof most === 'number' && most >= 0 ? most : ITEMS
}

/** The text of a sketch. */
export function layOut({ head, items, more, obstacle }: Sketch, options: PrinterOptions, print: Print): string {
  const { depth } = options
  const inner = { ...options, depth: typeof depth === 'number' ? depth - 1 : depth }
  const parts: string[] = []
  let left = typeof options.truncate === 'number' && options.truncate > 0 ? options.truncate - head.length : Infinity
  for (const item of items) {
    const part = item.map((value) => printSafely(value, inner, print)).join(' => ')
    if (part.length > left && parts.length > 0) break
    parts.push(part)
    left -= part.length + 2
  }
  const missing = more + items.length - parts.length
  if (missing > 0) parts.push(`... ${missing} more item${missing === 1 ? '' : 's'}`)
  if (obstacle !== undefined) parts.push(`<${obstacle}>`)
  return join(head, parts, options.breakLength ?? BREAK_LENGTH)
}

function join(head: string, parts: readonly string[], breakLength: number): string {
  if (parts.length === 0) return `${head} {}`
  const line = `${head} { ${parts.join(', ')} }`
  if (!line.includes('\n') && widthOf(line) <= breakLength) return line
  const indented = parts.map((part) => part.replaceAll('\n', `\n${INDENTATION}`))
  return `${head} {\n${INDENTATION}${indented.join(`,\n${INDENTATION}`)}\n}`
}

/**
 * Characters that are seen: printers put colours in between, as ESC [ 3 2 m. Without a regular expression, which some
 * engines cannot compile near the end of the stack.
 */
function widthOf(text: string): number {
  let width = text.length
  for (let at = text.indexOf('\x1b['); at >= 0; at = text.indexOf('\x1b[', at + 1)) {
    width -= Math.max(0, text.indexOf('m', at) - at + 1)
  }
  return width
}

/** What is in a collection may have a printer of its own, which may throw. */
function printSafely(value: unknown, options: object, print: Print): string {
  if (value instanceof Literal) return value.text
  try {
    return print(value, options)
  } catch {
    return describe(value)
  }
}

/** Stands for a value, as a text of its own. */
export class Literal {
  constructor(readonly text: string) {}
}

/** Writes out any value where the printer has not lent its own means. */
export const printPlainly: Print = (value, options) => {
  const util = builtinModule<{ inspect: Print }>('node:util')
  if (util) return util.inspect(value, options)
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return `${value}n`
  return typeof value === 'object' && value !== null ? describe(value) : String(value)
}
