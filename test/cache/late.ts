import type { ObjectCodec } from 'tophash'

/** What both threads write objects by. */
export const LATE_CODEC: ObjectCodec = {
  name: 'late',
  encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
  decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
}
