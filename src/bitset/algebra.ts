import { SCRATCH } from '../core/layout.js'
import { BITSET, COMBINE } from './layout.js'
import type { Table } from '../table/table.js'

// Two bitsets: page by page, by way of the scratch pages, so that they may lie in two heaps. Only pages that there are are looked at.

type Bits = Table<number, undefined>

/** Combines each page of `table` with the other's, as COMBINE says. */
export function combine(table: Bits, other: Bits, operation: number): void {
  const { core } = table.heap
  // What is not set in the other clears everything, so `and` goes over the own pages; all else over the other's.
  const leading = operation === COMBINE.and ? table : other
  for (let page = nextPage(leading, 0); page >= 0; page = nextPage(leading, page + 1)) {
    read(other, page, table)
    const status = core.combinePage(table.stripe, page, operation)
    if (status < 0) throw table.failure(status, { done: 'Some of the bits may have been changed' })
  }
}

/** Whether a bit of `table` is set that is not set in the other. */
export function hasOutside(table: Bits, other: Bits): boolean {
  return anyPage(table, other, 1)
}

/** Whether a bit is set in both. */
export function meets(table: Bits, other: Bits): boolean {
  return anyPage(table, other, 0)
}

function anyPage(table: Bits, other: Bits, inverted: number): boolean {
  void other.heap // throws if it is not open
  for (let page = nextPage(table, 0); page >= 0; page = nextPage(table, page + 1)) {
    read(other, page, table)
    const met = table.heap.core.meetsPage(table.stripe, page, inverted)
    if (met < 0) throw table.failure(met)
    if (met === 1) return true
  }
  return false
}

/** All bits, as words of 32. */
export function wordsOf(table: Bits, length: number): Uint32Array {
  const { heap, stripe } = table
  const words = new Uint32Array(Math.ceil(length / 32))
  const at = (heap.scratch + SCRATCH.value) >>> 2
  const wordsPerPage = BITSET.pageBytes / 4
  for (let page = nextPage(table, 0); page >= 0; page = nextPage(table, page + 1)) {
    const status = heap.core.readPage(stripe, page)
    if (status < 0) throw table.failure(status)
    const first = page * wordsPerPage
    words.set(heap.words.subarray(at, at + Math.min(wordsPerPage, words.length - first)), first)
  }
  return words
}

/** Puts a page of the other bitset where the core finds it for `table`. */
function read(other: Bits, page: number, table: Bits): void {
  const status = other.heap.core.readPage(other.stripe, page)
  if (status < 0) throw other.failure(status)
  if (other.heap === table.heap) return
  const from = other.heap.scratch + SCRATCH.value
  table.heap.bytes.set(other.heap.bytes.subarray(from, from + BITSET.pageBytes), table.heap.scratch + SCRATCH.value)
}

/** The first page from `page` on that there is; -1: none. */
function nextPage(table: Bits, page: number): number {
  const found = table.heap.core.nextPage(table.stripe, page)
  if (found < -1) throw table.failure(found + 1)
  return found
}
