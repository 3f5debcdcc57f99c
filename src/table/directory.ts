import { readBatch } from './scan.js'
import { type Encoded, encodedNumber } from '../codecs/encoded.js'
import { encodedResult } from '../codecs/payload.js'
import { HEADER, RECORD } from '../core/layout.js'
import { type Noun, STRUCTURES } from '../core/structures.js'
import { corruptHeap, typeError } from '../core/errors.js'
import { failure } from '../core/failure.js'
import type { Heap } from '../heap/heap.js'
import { insert, read, removeIf } from './operations.js'
import { kindsOf } from './contents.js'
import { soon } from '../recovery/exceptions.js'
import { createTable, deleteClaimed, openTable } from './opening.js'
import { type Found, type Place, type Schema, codecWord, foundAt } from './schema.js'
import { Table } from './table.js'

// The names of a heap's collections: a table of the heap like any other, from strings to numbers that say where the
// collection lies. So two threads that open the same name at the same moment get the same collection: one insert wins.

type Directory = Table<string, number>

const SHAPE: Schema = { noun: 'map', key: 'string', value: 'number', codec: undefined }

/** This thread's directories. They are closed when the last collection is. */
const directories = new WeakMap<Heap, Directory>()

/** Whether names can be given to collections of this heap: not if it is the heap of one map alone. */
export function hasDirectory(heap: Heap): boolean {
  return heap.wordAt(HEADER.directory) !== 0
}

function directoryOf(heap: Heap): Directory {
  const known = directories.get(heap)
  if (known) return known
  const address = heap.wordAt(HEADER.directory)
  const place = { address, generation: heap.wordAt(address + RECORD.generation) }
  const directory = openTable<string, number>(heap, place, SHAPE, () => undefined, false)
  if (!directory) throw corruptHeap('The directory of this heap is not there')
  directories.set(heap, directory)
  heap.atLeave = () => directory.close()
  return directory
}

// A place as one number. Tables lie at multiples of 128, so it is exact up to 2^28 generations.

export function numberOf({ address, generation }: Place): number {
  return generation * 2 ** 32 + address
}

function placeOf(number: number): Place {
  return { address: number % 2 ** 32, generation: Math.floor(number / 2 ** 32) }
}

/** Opens the collection of a name, or makes it. @throws ERR_OPTIONS if there is one of another schema */
export function openNamed<K, V>(heap: Heap, name: string, schema: Schema, capacity: number): Table<K, V> {
  while (true) {
    const found = findOrCreate<K, V>(heap, name, schema, capacity)
    if (typeof found === 'object') return found
    const table = openTable<K, V>(heap, placeOf(found), schema, (other) => mismatch(name, schema, other))
    if (table) return table
    // It was deleted in between. Whoever did that has taken the name away before, so this is for one who died at it.
    const directory = directoryOf(heap)
    removeIf(directory, directory.keys.pack(name), encodedNumber(found))
  }
}

/** The collection of a name: the number of its place, or, if it is made now, its table. */
function findOrCreate<K, V>(heap: Heap, name: string, schema: Schema, capacity: number): number | Table<K, V> {
  const directory = directoryOf(heap)
  const key = directory.keys.pack(name)
  const known = read(directory, key)
  if (known) return known.content as number
  const place = createTable(heap, schema, capacity)
  let isMine = false
  let table: Table<K, V> | undefined
  try {
    // Opened before it has its name: or another thread might delete it, and this one would make a second one.
    table = openTable<K, V>(heap, place, schema, () => undefined)!
    isMine = insert(directory, key, encodedNumber(numberOf(place)))
    if (!isMine) return encodedResult(heap).content as number // another thread was faster
    heap.core.keepCollection()
    table.isNew = true
    return table
  } catch (error) {
    void soon.then(heap.mend) // which sees to the claim, if there is no stack left
    throw error
  } finally {
    if (!isMine) {
      table?.close()
      deleteClaimed(heap, place)
    }
  }
}

/** Deletes the collection of a name, or only if it is this one, for all threads. Whether there was one. */
export function deleteNamed(heap: Heap, name: string, only?: Place): boolean {
  const directory = directoryOf(heap)
  const key = directory.keys.pack(name)
  for (let known = read(directory, key); known; known = read(directory, key)) {
    const place = placeOf(known.content as number)
    if (only && !isAt(place, only)) return false
    if (takeName(directory, key, known, place)) return deleteAt(heap, place)
  }
  return false
}

/**
 * Takes the name of a collection away, if it still is the name of this one. From before that on the collection is
 * claimed: if this thread dies, and the name is gone, it is deleted.
 */
function takeName(directory: Directory, key: Encoded, known: Encoded, { address, generation }: Place): boolean {
  const { heap } = directory
  const { core } = heap
  const status = core.claimCollection(address, generation)
  if (status < 0) throw failure(heap, status)
  try {
    const isTaken = removeIf(directory, key, known)
    if (!isTaken) core.keepCollection()
    return isTaken
  } catch (error) {
    void soon.then(heap.mend) // which sees whether the name is gone
    throw error
  }
}

/** Deletes a collection whose name this thread has taken away. Whether it was there. */
function deleteAt(heap: Heap, place: Place): boolean {
  const isDeleted = deleteClaimed(heap, place)
  for (const user of heap.users()) {
    if (user instanceof Table && isAt(user, place)) user.closeDeleted()
  }
  return isDeleted
}

function isAt(table: Place, { address, generation }: Place): boolean {
  return table.address === address && table.generation === generation
}

/** The names of all collections, in no useful order. */
export function namesOf(heap: Heap): string[] {
  return [...namesByPlace(heap).values()]
}

/** The names of all collections, by numberOf their places. */
export function namesByPlace(heap: Heap): Map<number, string> {
  const directory = directoryOf(heap)
  const names = new Map<number, string>()
  for (let cursor = 0, isDone = false; !isDone; ) {
    const batch = readBatch(directory, cursor, 0xffffffff, 1000)
    for (const [name, item] of batch.entries) names.set(directory.values.open(item), name)
    cursor = batch.cursor
    isDone = cursor === 0
  }
  return names
}

/** What the collections of all names are, as in SharedMap<string, number>: without opening them, so not to rely on. */
export function schemasByName(heap: Heap): Map<string, string> {
  const schemas = [...namesByPlace(heap)].map(([number, name]): [string, string] => {
    const { address } = placeOf(number)
    const found = foundAt(heap, address)
    const { className, kinds } = STRUCTURES[found.noun]
    return [name, `${className}${kindsOf(...kinds(found))}`]
  })
  return new Map(schemas.sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** What is amiss when a collection is opened as another one; undefined: nothing. */
function mismatch(name: string, schema: Schema, found: Found): Error | undefined {
  const isSame = found.noun === schema.noun && found.key === schema.key && found.value === schema.value
  if (isSame && found.codec === codecWord(schema.codec)) return undefined
  return typeError(
    'ERR_OPTIONS',
    isSame
      ? `The ${schema.noun} ${JSON.stringify(name)} was made with another codec than ${codecName(schema)}. Give the same codec ` +
          'in all threads.'
      : `The name ${JSON.stringify(name)} is that of ${schemaName(found)}; it cannot be opened as ${schemaName(schema)}. ` +
          'Open it as it was made, or choose another name.',
  )
}

function codecName({ codec }: Schema): string {
  return codec ? JSON.stringify(codec.name) : 'none'
}

function schemaName(schema: { readonly noun: Noun; readonly key: string; readonly value: string }): string {
  return STRUCTURES[schema.noun].described(schema)
}
