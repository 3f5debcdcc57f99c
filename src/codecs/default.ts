import type { ObjectCodec, OwnCodec } from './object-codec.js'

let codec: OwnCodec | undefined

/** The codec of maps that are given none: undefined where the program has imported 'tophash/lite' alone. */
export function defaultCodec(): ObjectCodec | undefined {
  return codec
}

export function setDefaultCodec(given: OwnCodec): void {
  codec = given
}

/** The library's own codec, if it is this one. */
export function ownCodec(given: ObjectCodec | undefined): OwnCodec | undefined {
  return given === codec ? codec : undefined
}
