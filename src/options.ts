import { MAX_CAPACITY, MAX_PAGES, MIN_PAGES, PAGE_BYTES } from './core/exports.js'
import { describe, typeError } from './errors.js'

/** What keys or values of a map are, declared once for all threads. */
export type Kind = 'number' | 'string'

/** The type that a kind stands for. */
export type TypeOf<T extends Kind> = T extends 'number' ? number : string

/** The kind that a type is declared by. */
export type KindOf<T extends number | string> = T extends number ? 'number' : 'string'

/** How a map is made. */
export interface SharedMapOptions<K extends Kind = Kind, V extends Kind = Kind> {
  /** What the keys are: `'number'` or `'string'`. */
  key: K
  /** What the values are: `'number'` or `'string'`. */
  value: V
  /** Entries to make room for; with fewer nothing grows. Default: 52. */
  capacity?: number | undefined
  /** Bytes that the map's memory may grow to, 327,680 to 4 GiB. Default: 4 GiB. Reserved, not used. */
  maxBytes?: number | undefined
}

const KINDS: readonly unknown[] = ['number', 'string']
const NAMES: readonly string[] = ['key', 'value', 'capacity', 'maxBytes']

/** Throws ERR_OPTIONS unless these are options that a map can be made with. */
export function checkOptions(options: unknown): asserts options is SharedMapOptions {
  if (typeof options !== 'object' || options === null) {
    throw typeError(
      'ERR_OPTIONS',
      `The second argument of SharedMap must be options that declare the kinds, such as { key: 'string', value: ` +
        `'number' }; got ${describe(options)}.`,
    )
  }
  for (const name of Object.keys(options)) {
    if (!NAMES.includes(name)) {
      throw typeError('ERR_OPTIONS', `There is no option ${JSON.stringify(name)}; there are ${NAMES.join(', ')}.`)
    }
  }
  const { key, value, capacity, maxBytes } = options as Record<string, unknown>
  checkKind('key', key)
  checkKind('value', value)
  if (capacity !== undefined) checkCount('capacity', capacity, 0, MAX_CAPACITY, 'entries')
  if (maxBytes !== undefined) {
    checkCount('maxBytes', maxBytes, MIN_PAGES * PAGE_BYTES, MAX_PAGES * PAGE_BYTES, 'bytes')
  }
}

function checkKind(name: string, kind: unknown): void {
  if (KINDS.includes(kind)) return
  throw typeError('ERR_OPTIONS', `The option ${name} must be 'number' or 'string'; got ${describe(kind)}.`)
}

/** Throws ERR_OPTIONS unless `count` is an integer from `least` to `most`. */
export function checkCount(name: string, count: unknown, least: number, most: number, unit: string): void {
  if (Number.isInteger(count) && (count as number) >= least && (count as number) <= most) return
  throw typeError(
    'ERR_OPTIONS',
    `${name} must be a whole number of ${unit} from ${least} to ${most}; got ${describe(count)}.`,
  )
}
