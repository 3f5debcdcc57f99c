import { BATCH } from './columns.js'
import { LAST, readBatch } from './scan.js'
import type { Item } from '../codecs/codec.js'
import type { Heap } from '../heap/heap.js'
import { STRUCTURES } from '../core/structures.js'
import type { AnyTable } from './table.js'
import { type Sketch, Literal } from '../printing/layout.js'
import { headOf, reasonOf } from '../printing/printing.js'

// What is in a table, for people: as much of it as can be read, without waiting for long.

/** Does something with a heap without waiting long for any lock: a tenth of a second. */
export function hurried<T>(heap: Heap, action: () => T): T {
  heap.core.hurry(true)
  try {
    return action()
  } finally {
    void Promise.resolve(false).then(heap.core.hurry as (on: boolean) => void) // takes no stack, of which the call may find none
    heap.core.hurry(false)
  }
}

type Read = [key: unknown, value: unknown]

/** Some entries of a table, and why there are no more, if they could not be read. */
function readSome(table: AnyTable, most: number): { entries: Read[]; obstacle: string | undefined } {
  const entries: Read[] = []
  try {
    let cursor = 0
    do {
      const batch = readBatch<unknown, unknown>(table, cursor, LAST, Math.max(1, Math.min(BATCH, most - entries.length)))
      for (const [key, item] of batch.entries) if (entries.length < most) entries.push([key, opened(table, item)])
      cursor = batch.cursor
    } while (cursor !== 0 && entries.length < most)
    return { entries, obstacle: undefined }
  } catch (error) {
    return { entries, obstacle: reasonOf(error) }
  }
}

/** Decoding runs code of the program's. */
function opened(table: AnyTable, item: Item<unknown>): unknown {
  try {
    return table.values.open(item)
  } catch (error) {
    return new Literal(`[unreadable: ${reasonOf(error)}]`)
  }
}

/** What is to be printed of a collection. */
export function sketchTable(collection: object, table: AnyTable, most: number): Sketch {
  const { className, schema } = table
  const isSet = className === 'SharedSet'
  const kinds = kindsOf(...STRUCTURES[schema.noun].kinds(schema))
  if (!table.isOpen) {
    return { head: headOf(collection, className, kinds, undefined), items: [], more: 0, obstacle: 'disposed' }
  }
  const size = countOf(table)
  const { entries, obstacle } = hurried(table.heap, () => readSome(table, most))
  const items = isSet ? entries.map(([key]): [unknown] => [key]) : entries
  const more = obstacle === undefined ? Math.max(0, (size ?? 0) - entries.length) : 0
  const head = headOf(collection, className, kinds, size)
  return { head, items, more, obstacle: obstacle && `unreadable: ${obstacle}` }
}

/** Entries; undefined if that cannot be told. */
function countOf({ heap, stripe }: AnyTable): number | undefined {
  try {
    const size = heap.core.size(stripe)
    return size < 0 ? undefined : size
  } catch {
    return undefined
  }
}

/** As in SharedMap<string, number>; nothing where all kinds are any. */
export function kindsOf(...kinds: readonly string[]): string {
  return kinds.every((kind) => kind === 'any') ? '' : `<${kinds.join(', ')}>`
}

/** All of a table, as a Map or Set in the order of its keys; a text that says why, if it cannot be read. */
export function contentsOf(table: AnyTable): Map<unknown, unknown> | Set<unknown> | string {
  if (!table.isOpen) return 'ERR_DISPOSED'
  const { entries, obstacle } = hurried(table.heap, () => readSome(table, Infinity))
  if (obstacle !== undefined) return obstacle
  entries.sort(([one], [other]) => compare(one, other))
  if (table.className === 'SharedSet') return new Set(entries.map(([key]) => key))
  return new Map(entries.map(([key, value]) => [key, value instanceof Literal ? value.text : value]))
}

/** An order of keys, so that equal contents look the same: numbers, bigints and strings by size, the rest by kind. */
function compare(one: unknown, other: unknown): number {
  const kinds = [typeof one, typeof other] as const
  if (kinds[0] !== kinds[1]) return kinds[0] < kinds[1] ? -1 : 1
  const [a, b] = kinds[0] === 'object' ? [String(one), String(other)] : [one as number, other as number]
  return a < b ? -1 : a > b ? 1 : 0
}
