import { hurried } from '../table/contents.js'
import { schemasByName } from '../table/directory.js'
import { Literal, type Sketch } from '../printing/layout.js'
import { headOf, reasonOf } from '../printing/printing.js'
import type { OpenHeap } from './open-heap.js'

/** What is to be printed of a heap: its collections. */
export function sketchHeap(object: object, open: OpenHeap, most: number): Sketch {
  const schemas = contentsOf(open)
  if (typeof schemas === 'string') {
    const obstacle = open.isOpen ? `unreadable: ${schemas}` : 'disposed'
    return { head: headOf(object, 'SharedHeap', '', undefined), items: [], more: 0, obstacle }
  }
  const all = [...schemas]
  const items = all.slice(0, most).map(([name, schema]): [string, Literal] => [name, new Literal(schema)])
  return { head: headOf(object, 'SharedHeap', '', all.length), items, more: all.length - items.length }
}

/** What is the same of two objects of one heap, and of no others. */
export function identityOf(open: OpenHeap): object | string {
  const collections = contentsOf(open)
  return typeof collections === 'string' ? collections : { heap: open.binding.id, collections }
}

/** What the collections of a heap are, by name; a text that says why, if it cannot be read. */
function contentsOf(open: OpenHeap): Map<string, string> | string {
  try {
    const { binding } = open
    return hurried(binding, () => schemasByName(binding))
  } catch (error) {
    return reasonOf(error)
  }
}
