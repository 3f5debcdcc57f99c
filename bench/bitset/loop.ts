// What is measured: every bit of a part is set, then read. One thread has one contender, so that each loop sees one class.
import type { Bits } from './contenders.js'

/** Bits in a row, or each time so much further, so that nearly each is in another page than the one before. */
export const ORDERS = { 'in a row': 1, scattered: 3_999_971 } as const
export type Order = keyof typeof ORDERS

export interface Part {
  readonly length: number
  readonly order: Order
  readonly thread: number
  readonly threads: number
}

/** Sets the bits of a part. */
export function setAll(bits: Bits, part: Part): void {
  const { begin, end, length, stride } = extentOf(part)
  for (let n = begin, bit = (begin * stride) % length; n < end; n++) {
    bits.add(bit)
    bit += stride
    if (bit >= length) bit -= length
  }
}

/** Reads them. Returns how many are set. */
export function readAll(bits: Bits, part: Part): number {
  const { begin, end, length, stride } = extentOf(part)
  let set = 0
  for (let n = begin, bit = (begin * stride) % length; n < end; n++) {
    if (bits.has(bit)) set++
    bit += stride
    if (bit >= length) bit -= length
  }
  return set
}

function extentOf({ length, order, thread, threads }: Part) {
  const begin = Math.floor((length / threads) * thread)
  const end = Math.floor((length / threads) * (thread + 1))
  return { begin, end, length, stride: ORDERS[order] % length }
}
