import { describe, typeError } from './errors.js'

// What the options of any call are checked by.

export type Options = Readonly<Record<string, unknown>>

/**
 * @param of what has these options, and `example` what they may look like
 * @throws ERR_OPTIONS unless `options` is an object with these names at most
 */
export function checkNames(of: string, options: unknown = {}, names: readonly string[], example: string): Options {
  if (typeof options !== 'object' || options === null) {
    throw typeError('ERR_OPTIONS', `The options of ${of} must be an object, such as ${example}; got ${describe(options)}.`)
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue
    throw typeError('ERR_OPTIONS', `There is no option ${JSON.stringify(name)}; there are ${names.join(', ')}.`)
  }
  return options as Options
}

/** @throws ERR_OPTIONS unless `count` is an integer from `least` to `most` */
export function checkCount(name: string, count: unknown, least: number, most: number, unit: string): void {
  if (Number.isInteger(count) && (count as number) >= least && (count as number) <= most) return
  throw typeError('ERR_OPTIONS', `${name} must be a whole number of ${unit} from ${least} to ${most}; got ${describe(count)}.`)
}

/** Whether this can be listened to, as an AbortSignal can: it may be one of another realm, or of a polyfill. */
export function isSignal(given: unknown): given is AbortSignal {
  const { addEventListener, throwIfAborted, aborted } = (given ?? {}) as Partial<AbortSignal>
  return typeof addEventListener === 'function' && typeof throwIfAborted === 'function' && typeof aborted === 'boolean'
}
