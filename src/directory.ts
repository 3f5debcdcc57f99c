import { readBatch } from './batch.js'
import { type Form, numberForm } from './codecs/form.js'
import { resultForm } from './codecs/payload.js'
import { HEADER, TABLE } from './core/exports.js'
import { typeError } from './errors.js'
import type { Heap } from './heap.js'
import { insert, read, removeIf } from './operations.js'
import { type Found, type Place, type Shape, Table, codecWord, createTable, deleteClaimed, openTable } from './table.js'

// The names of a heap's collections: a table of the heap like any other, from strings to numbers that say where the
// collection lies. So two threads that open the same name at the same moment get the same collection: one insert wins.

type Directory = Table<string, number>

const SHAPE: Shape = { key: 'string', value: 'number', codec: undefined }

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
  const place = { address, generation: heap.wordAt(address + TABLE.generation) }
  const directory = openTable<string, number>(heap, place, SHAPE, () => undefined, false)
  if (!directory) throw new Error('The directory of a heap is never deleted.')
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

/** Opens the collection of a name, or makes it. @throws ERR_OPTIONS if there is one of another shape */
export function openNamed<K, V>(heap: Heap, name: string, shape: Shape, capacity: number): Table<K, V> {
  while (true) {
    const number = findOrCreate(heap, name, shape, capacity)
    const table = openTable<K, V>(heap, placeOf(number), shape, (found) => mismatch(name, shape, found))
    if (table) return table
    // It was deleted in between. Whoever did that has taken the name away before, so this is for one who died at it.
    const directory = directoryOf(heap)
    removeIf(directory, directory.keys.pack(name), numberForm(number))
  }
}

function findOrCreate(heap: Heap, name: string, shape: Shape, capacity: number): number {
  const directory = directoryOf(heap)
  const key = directory.keys.pack(name)
  const known = read(directory, key)
  if (known) return known.content as number
  const place = createTable(heap, shape, capacity)
  let isMine = false
  try {
    isMine = insert(directory, key, numberForm(numberOf(place)))
    if (!isMine) return resultForm(heap).content as number // another thread was faster
    heap.core.keepTable()
    return numberOf(place)
  } finally {
    if (!isMine) deleteClaimed(heap, place)
  }
}

/** Deletes the collection of a name, for all threads. Whether there was one. */
export function deleteNamed(heap: Heap, name: string): boolean {
  const directory = directoryOf(heap)
  const key = directory.keys.pack(name)
  for (let known = read(directory, key); known; known = read(directory, key)) {
    const place = placeOf(known.content as number)
    if (takeName(directory, key, known, place)) return deleteAt(heap, place)
  }
  return false
}

/**
 * Takes the name of a collection away, if it still is the name of this one. From before that on the collection is
 * claimed: if this thread dies, and the name is gone, it is deleted.
 */
function takeName(directory: Directory, key: Form, known: Form, { address, generation }: Place): boolean {
  const { core } = directory.heap
  core.claimTable(address, generation)
  const isTaken = removeIf(directory, key, known) // if it throws, the claim stays: it means nothing while the name does
  if (!isTaken) core.keepTable()
  return isTaken
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

/** What is amiss when a collection is opened as another one; undefined: nothing. */
function mismatch(name: string, shape: Shape, found: Found): Error | undefined {
  const isSame = found.key === shape.key && found.value === shape.value
  if (isSame && found.codec === codecWord(shape.codec)) return undefined
  return typeError(
    'ERR_OPTIONS',
    isSame
      ? `The map ${JSON.stringify(name)} was made with another codec than ${codecName(shape)}. Give the same codec ` +
          'in all threads.'
      : `The name ${JSON.stringify(name)} is that of ${shapeName(found)}; it cannot be opened as ${shapeName(shape)}.`,
  )
}

function codecName({ codec }: Shape): string {
  return codec ? JSON.stringify(codec.name) : 'none'
}

function shapeName({ key, value }: { readonly key: string; readonly value: string }): string {
  return value === 'none' ? `a set with value: '${key}'` : `a map with key: '${key}', value: '${value}'`
}
