import type { ObjectCodec } from './object-codec.js'

let codec: ObjectCodec | undefined

/** The codec of maps that are given none: undefined where the program has imported 'tophash/lite' alone. */
export function defaultCodec(): ObjectCodec | undefined {
  return codec
}

export function setDefaultCodec(given: ObjectCodec): void {
  codec = given
}
