import { SCRATCH } from '../core/layout.js'
import type { Sketch } from '../printing/layout.js'
import { definePrinting, headOf, reasonOf } from '../printing/printing.js'
import { hurried } from '../table/contents.js'
import type { Table } from '../table/table.js'

/** Gives bitsets a text: how many bits are set, and the first of them. */
export function defineBitsetPrinting<T extends object>(prototype: T, tableOf: (bitset: T) => Table<number, undefined>): void {
  definePrinting(prototype, (bitset, most) => sketch(bitset, tableOf(bitset), most))
}

function sketch(bitset: object, table: Table<number, undefined>, most: number): Sketch {
  if (!table.isOpen) return { head: headOf(bitset, 'SharedBitset', '', undefined), items: [], more: 0, obstacle: 'disposed' }
  const { length } = bitset as { readonly length: number }
  const { heap, stripe } = table
  try {
    return hurried(heap, () => {
      const size = heap.core.countBits(stripe, 0, length - 1)
      const count = heap.core.listBits(stripe, 0)
      if (size < 0 || count < 0) throw table.failure(Math.min(size, count))
      const at = (heap.scratch + SCRATCH.value) >>> 2
      const items = Array.from(heap.words.subarray(at, at + Math.min(count, most)), (bit): [number] => [bit >>> 0])
      return {
        head: headOf(bitset, 'SharedBitset', '', size),
        items,
        more: Math.max(0, size - items.length),
        obstacle: undefined,
      }
    })
  } catch (error) {
    return { head: headOf(bitset, 'SharedBitset', '', undefined), items: [], more: 0, obstacle: `unreadable: ${reasonOf(error)}` }
  }
}
