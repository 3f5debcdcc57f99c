// Keys that go where a scenario wants them.
import { numbersOfLow } from '../../../support/hashes.js'

/** Only after so many numbers the tag changes: the part of the hash that a bucket keeps of each entry. */
const NUMBERS_PER_TAG = 32

/** Numbers whose hashes have these low bits, and tags from `tag` on: a search looks only at the entry that it seeks. */
export function keysOf(low: number, count: number, tag = 0): number[] {
  const numbers = numbersOfLow(low, (tag + count) * NUMBERS_PER_TAG)
  return numbers.filter((_, i) => i % NUMBERS_PER_TAG === 0).slice(tag)
}
