// Histories: what several threads did to a collection, and when. Each thread writes a log of its own in shared memory;
// calls and returns are stamped from one counter that all share, so their order in time is known: an operation that was
// stamped at its return before another was stamped at its call was over when the other began.

/** No entry: what `get` and `take` return then, and the state of a key that is not there. */
export const ABSENT = -1
/** What an operation came to that threw because the value is of another sort. */
export const REFUSED = -2

/** What can be recorded. What each means is said by the models of the structures. */
export const NAMES = [
  'get',
  'has',
  'set',
  'delete',
  'getOrInsert',
  'getOrInsertComputed',
  'exchange',
  'take',
  'compareAndSet',
  'compareAndDelete',
  'increment',
  'update',
  'wipe',
  'sift',
  'doom',
  'open',
  'close',
  'add',
  'flip',
] as const
export type Name = (typeof NAMES)[number]

/** Something that took a while: from one stamp to another. Infinity: it has never returned. */
export interface Interval {
  readonly call: number
  readonly returned: number
}

/** One operation on one key. Values are the numbers that they encode (values.ts); ABSENT where there is none. */
export interface Operation extends Interval {
  readonly thread: number
  readonly name: Name
  /** The collection, by number: what is recorded in one says nothing about another. */
  readonly place: number
  readonly key: number
  /** What was to be written. */
  readonly given: number
  /** What was to be there, or what a callback was shown. */
  readonly expected: number
  /** What came back; 1 and 0 for true and false. */
  readonly got: number
}

/** The logs of all threads, and their clock. Goes to workers as it is. */
export interface Log {
  readonly clock: Int32Array
  /** One for each thread: how many words are used, then the records. */
  readonly records: readonly Float64Array[]
}

const WORDS = 8

export function newLog(threads: number, operations: number): Log {
  const bytes = 8 * (1 + WORDS * operations)
  return {
    clock: new Int32Array(new SharedArrayBuffer(4)),
    records: Array.from({ length: threads }, () => new Float64Array(new SharedArrayBuffer(bytes))),
  }
}

/** What one thread records with. */
export class Recorder {
  readonly #clock: Int32Array
  readonly #words: Float64Array
  #used: number

  constructor({ clock, records }: Log, thread: number) {
    this.#clock = clock
    this.#words = records[thread]!
    this.#used = this.#words[0]!
  }

  /** A stamp: the last thing before an operation, and the first after it. */
  now(): number {
    return Atomics.add(this.#clock, 0, 1)
  }

  write(
    name: Name,
    place: number,
    key: number,
    call: number,
    returned: number,
    got: number,
    given: number,
    expected: number,
  ): void {
    const at = this.#used + 1
    if (at + WORDS > this.#words.length) throw new Error('The log is too short for this history.')
    const words = this.#words
    words[at] = NAMES.indexOf(name)
    words[at + 1] = place
    words[at + 2] = key
    words[at + 3] = call
    words[at + 4] = returned
    words[at + 5] = got
    words[at + 6] = given
    words[at + 7] = expected
    this.#used += WORDS
    words[0] = this.#used
  }
}

/** All that was recorded, when the threads rest. */
export function operationsOf({ records }: Log): Operation[] {
  return records.flatMap((words, thread) =>
    Array.from({ length: words[0]! / WORDS }, (_, index) => operationAt(words, 1 + index * WORDS, thread)),
  )
}

function operationAt(words: Float64Array, at: number, thread: number): Operation {
  return {
    thread,
    name: NAMES[words[at]!]!,
    place: words[at + 1]!,
    key: words[at + 2]!,
    call: words[at + 3]!,
    returned: words[at + 4]!,
    got: words[at + 5]!,
    given: words[at + 6]!,
    expected: words[at + 7]!,
  }
}

/** The histories of the single keys: a map is linearizable if each of them is (Herlihy & Wing 1990: locality). */
export function byKey(operations: readonly Operation[]): Operation[][] {
  return groupedBy(operations, ({ place, key }) => `${place}/${key}`)
}

/** Those with the same name, in the order in which they are. */
export function groupedBy<T>(items: readonly T[], nameOf: (item: T) => unknown): T[][] {
  const groups = new Map<unknown, T[]>()
  for (const item of items) {
    const name = nameOf(item)
    const group = groups.get(name)
    if (group) group.push(item)
    else groups.set(name, [item])
  }
  return [...groups.values()]
}

/** Of operations on one key, how many overlapped with one of another thread. */
export function countOverlapping(history: readonly Operation[]): number {
  const sorted = [...history].sort((a, b) => a.call - b.call)
  const overlapping = new Set<Operation>()
  let running: Operation[] = []
  for (const operation of sorted) {
    running = running.filter(({ returned }) => returned > operation.call)
    for (const other of running) {
      if (other.thread !== operation.thread) overlapping.add(other).add(operation)
    }
    running.push(operation)
  }
  return overlapping.size
}
