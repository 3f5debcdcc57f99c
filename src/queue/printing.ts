import { queue as structure } from './structure.js'
import { Literal, type Sketch } from '../printing/layout.js'
import { definePrinting, headOf, reasonOf } from '../printing/printing.js'
import { kindsOf } from '../table/contents.js'
import type { AnyTable } from '../table/table.js'

interface Shown {
  readonly size: number
  readonly capacity: number
  readonly closed: boolean
}

/** Gives queues a text: how many items are in it, and how many can be. What they are is not looked at: that would take them. */
export function defineQueuePrinting<T extends object>(prototype: T, tableOf: (queue: T) => AnyTable): void {
  definePrinting(prototype, (queue) => sketch(queue, tableOf(queue)))
}

function sketch(queue: object, table: AnyTable): Sketch {
  const kinds = kindsOf(...structure.kinds(table.schema))
  const head = (size?: number): string => headOf(queue, 'SharedQueue', kinds, size)
  if (!table.isOpen) return { head: head(), items: [], more: 0, obstacle: 'disposed' }
  try {
    const { size, capacity, closed } = queue as Shown
    return { head: head(size), items: [[new Literal(`capacity: ${capacity}${closed ? ', closed' : ''}`)]], more: 0 }
  } catch (error) {
    return { head: head(), items: [], more: 0, obstacle: `unreadable: ${reasonOf(error)}` }
  }
}
