import type { Kind } from 'tophash'
import { numbersOf, textsOf, wordsOf } from '../support/hashes.js'

/** What the hashes of texts and bytes have in common, if they are not of one hash: enough for 4,096 buckets. */
export const COMMON_BITS = 12

/**
 * Keys of a kind that collide, in a heap of known secrets. Words all have this hash, texts and bytes its lowest bits. Those of
 * kind any are of all sorts in turn, three of them of the same bytes, hence of the same hash.
 */
export function* keysOf(kind: Kind, hash: number): Generator<unknown> {
  const [numbers, words] = [numbersOf(hash), wordsOf(hash)]
  if (kind === 'number') yield* numbers
  else if (kind === 'bigint') for (const word of words) yield BigInt.asIntN(64, word)
  else for (const text of textsOf(hash, COMMON_BITS)) yield* formsOf(kind, text, numbers)
}

function* formsOf(kind: Kind, text: string, numbers: Iterator<number>): Generator<unknown> {
  const bytes = Buffer.from(text, 'latin1')
  if (kind === 'any') yield numbers.next().value
  if (kind !== 'bytes') yield text
  if (kind !== 'string') yield new Uint8Array(bytes)
  if (kind === 'any') yield BigInt.asIntN(128, bytes.readBigUInt64LE(0) | (bytes.readBigUInt64LE(8) << 64n))
}
