// What programs do first with a map, each beside what they did before: a Map, or structuredClone. One round of each takes
// some milliseconds, so that rounds of both can take turns.
import { SharedMap, type SharedMapOptions } from 'tophash'
import { newDraw } from '../streams/random.js'
import { newPicker } from '../streams/zipfian.js'
import { type StartCounting, countTogether } from './counting.js'

/** One round of a row; it gets what was made before the time is taken. */
export type Round = (made: string[]) => void

export interface Row {
  readonly name: string
  /** Operations of a round. */
  readonly operations: number
  /** How many times as fast as what it is compared with it should be. */
  readonly target: number
  prepare(startCounting: StartCounting): Prepared | Promise<Prepared>
}

export interface Prepared {
  /** Makes what a round gets, outside of the time that is taken. */
  readonly before?: () => string[]
  readonly ours: Round
  readonly theirs: Round
}

/** What rounds have read goes here, so that no engine leaves the reading out. */
export let sink: unknown = 0

interface Mapping<K> {
  get(key: K): unknown
  set(key: K, value: number): unknown
}

type Kinds = SharedMapOptions<any, any> | undefined

const NUMBERS = { key: 'number', value: 'number' } as const
const COUNTS = { key: 'string', value: 'number' } as const
const TEXTS = { key: 'string', value: 'string' } as const

const number = (i: number): number => i * 7 + 1
const text16 = (i: number): string => `user:${String(i).padStart(11, '0')}`
const textAlike = (i: number): string => `user:${i}:profile`
const text64 = (i: number): string => `session:${String(i).padStart(56, 'x')}`

/** Both kinds of maps, with the same keys; values are what `valueOf` says. */
function pairOf<K>(size: number, keyOf: (i: number) => K, kinds: Kinds, valueOf: (i: number) => unknown = (i) => i) {
  const keys = Array.from({ length: size }, (_, i) => keyOf(i))
  const [ours, theirs] = [new SharedMap<any, any>(null, kinds), new Map<any, any>()]
  keys.forEach((key, i) => {
    ours.set(key, valueOf(i))
    theirs.set(key, valueOf(i))
  })
  return { keys, ours, theirs }
}

const OPERATIONS = 100_000

/** Keys in a random order, so many that a round has one for each operation. */
function orderOf<K>(keys: readonly K[]): K[] {
  const draw = newDraw(1)
  return Array.from({ length: OPERATIONS }, () => keys[draw(keys.length)]!)
}

/** Keys of which few come up often, as in YCSB. */
function zipfianOf<K>(keys: readonly K[]): K[] {
  const pick = newPicker('zipfian', keys.length, newDraw(1))
  return Array.from({ length: OPERATIONS }, () => keys[pick()]!)
}

function keyed<K>(
  name: string,
  target: number,
  size: number,
  keyOf: (i: number) => K,
  kinds: Kinds,
  work: (map: Mapping<K>, keys: readonly K[]) => void,
  ourWork = work,
  order: (keys: readonly K[]) => K[] = orderOf,
): Row {
  return {
    name,
    target,
    operations: OPERATIONS,
    prepare() {
      const { keys, ours, theirs } = pairOf(size, keyOf, kinds)
      const wanted = order(keys)
      return { ours: () => ourWork(ours, wanted), theirs: () => work(theirs, wanted) }
    },
  }
}

// Functions of their own for each side: one that has seen both kinds of maps would be slow for both.

const reading =
  () =>
  <K>(map: Mapping<K>, keys: readonly K[]): void => {
    let sum = 0
    for (let i = 0; i < keys.length; i++) sum += map.get(keys[i]!) as number
    sink = sum
  }
const writing =
  () =>
  <K>(map: Mapping<K>, keys: readonly K[]): void => {
    for (let i = 0; i < keys.length; i++) map.set(keys[i]!, i)
  }
const adding = <K>(map: Mapping<K>, keys: readonly K[]): void => {
  for (let i = 0; i < keys.length; i++) map.set(keys[i]!, (map.get(keys[i]!) as number) + 1)
}
const incrementing = (map: unknown, keys: readonly string[]): void => {
  for (let i = 0; i < keys.length; i++) (map as SharedMap<string, number>).increment(keys[i]!)
}

const mixing =
  () =>
  <K>(map: Mapping<K>, keys: readonly K[]): void => {
    let sum = 0
    for (let i = 0; i < keys.length; i++) {
      if (i % 20 === 0) map.set(keys[i]!, i)
      else sum += map.get(keys[i]!) as number
    }
    sink = sum
  }

/** Strings that nobody has seen before, made outside of the time that is taken. */
function fresh(name: string, target: number, textOf: (i: number) => string): Row {
  return {
    name,
    target,
    operations: OPERATIONS,
    prepare() {
      const { ours, theirs } = pairOf(1000, text16, COUNTS)
      const [readOurs, readTheirs] = [reading(), reading()]
      let next = 0
      const anew = (): string[] => Array.from({ length: OPERATIONS }, () => textOf(next++))
      return { before: anew, ours: (keys) => readOurs(ours, keys), theirs: (keys) => readTheirs(theirs, keys) }
    },
  }
}

/** Two threads that count at one key, beside a Map in one thread that counts as often. */
function counting(name: string, target: number): Row {
  return {
    name,
    target,
    operations: 2 * OPERATIONS,
    async prepare(startCounting) {
      const map = new SharedMap<string, number>(null, COUNTS)
      const together = await countTogether(map, text16(1), OPERATIONS, startCounting)
      const theirs = new Map([[text16(1), 0]])
      const keys = Array.from({ length: 2 * OPERATIONS }, () => text16(1))
      return { ours: together, theirs: () => adding(theirs, keys) }
    },
  }
}

interface Walked {
  forEach(callback: (value: unknown, key: unknown) => void): void
  keys(): Iterable<unknown>
  values(): Iterable<unknown>
  entries(): Iterable<[unknown, unknown]>
}

const WALKS = {
  forEach: () => (map: Walked) => {
    let last: unknown
    map.forEach((value, key) => {
      last = value === key ? key : value
    })
    sink = last
  },
  keys: () => (map: Walked) => {
    for (const key of map.keys()) sink = key
  },
  values: () => (map: Walked) => {
    for (const value of map.values()) sink = value
  },
  entries: () => (map: Walked) => {
    for (const [key, value] of map.entries()) sink = key === value ? key : value
  },
}

function walked(
  how: keyof typeof WALKS,
  of: string,
  target: number,
  size: number,
  keyOf: (i: number) => unknown,
  kinds: Kinds,
  valueOf: (i: number) => unknown,
): Row {
  return {
    name: `${how}, ${of}`,
    target,
    operations: size,
    prepare() {
      const { ours, theirs } = pairOf(size, keyOf, kinds, valueOf)
      const [walkOurs, walkTheirs] = [WALKS[how](), WALKS[how]()]
      return { ours: () => walkOurs(ours), theirs: () => walkTheirs(theirs) }
    },
  }
}

const session = (i: number) => ({
  id: `s-${i}`,
  user: { name: 'Ann Lee', mail: 'ann@example.com', age: 30 + (i % 50) },
  roles: ['admin', 'editor'],
  visits: i,
  score: i / 7,
  isActive: true,
  last: null,
})

function objects(name: string, valueOf: (i: number) => object): Row {
  const [size, times] = [1000, 20]
  return {
    name,
    target: 1.5,
    operations: size * times, // so many that what is compiled is compiled after the first rounds; structuredClone always is
    prepare() {
      const values = Array.from({ length: size }, (_, i) => valueOf(i))
      const keys = values.map((_, i) => text16(i))
      const map = new SharedMap<string, object>(null, { key: 'string' })
      return {
        ours: () => {
          for (let n = 0; n < times; n++) for (let i = 0; i < size; i++) sink = map.set(keys[i]!, values[i]!).get(keys[i]!)
        },
        theirs: () => {
          for (let n = 0; n < times; n++) for (let i = 0; i < size; i++) sink = structuredClone(values[i])
        },
      }
    },
  }
}

const ENTRIES = 100_000

export const ROWS: readonly Row[] = [
  keyed('get, 1,000 strings', 0.6, 1000, text16, COUNTS, reading(), reading()),
  keyed('set, 1,000 strings', 0.45, 1000, text16, COUNTS, writing(), writing()),
  keyed('increment, 1,000 strings', 0.45, 1000, text16, COUNTS, adding, incrementing),
  keyed('get, 1,000 strings, kinds any', 0.6, 1000, text16, undefined, reading(), reading()),
  keyed('get, 1,000 strings of 64', 0.8, 1000, text64, COUNTS, reading(), reading()),
  keyed('get, 1,000 strings with one tail', 0.6, 1000, textAlike, COUNTS, reading(), reading()),
  keyed('get, 100,000 strings', 1, ENTRIES, text16, COUNTS, reading(), reading()),
  keyed('95 % get, 100,000 strings, Zipf', 1, ENTRIES, text16, COUNTS, mixing(), mixing(), zipfianOf),
  fresh('get, strings built anew', 1, (i) => text16(i % 1000)),
  fresh('get, strings never seen', 1, (i) => text16(1000 + i)),
  counting('increment, one string, two threads', 0.5),
  keyed('get, 1,000 numbers', 0.9, 1000, number, NUMBERS, reading(), reading()),
  keyed('set, 1,000 numbers', 0.8, 1000, number, NUMBERS, writing(), writing()),
  keyed('get, 1 M numbers', 2, 1_000_000, number, NUMBERS, reading(), reading()),
  keyed('set, 1 M numbers', 2.5, 1_000_000, number, NUMBERS, writing(), writing()),
  walked('forEach', 'numbers', 0.4, ENTRIES, number, NUMBERS, number),
  walked('forEach', 'numbers, kinds any', 0.4, ENTRIES, number, undefined, number),
  walked('forEach', 'strings to numbers', 0.15, ENTRIES, text16, COUNTS, number),
  walked('forEach', 'strings to strings', 0.15, ENTRIES, text16, TEXTS, text16),
  walked('entries', 'numbers', 0.4, ENTRIES, number, NUMBERS, number),
  walked('values', 'numbers', 0.7, ENTRIES, number, NUMBERS, number),
  walked('values', 'strings to numbers', 0.7, ENTRIES, text16, COUNTS, number),
  walked('keys', 'numbers', 0.4, ENTRIES, number, NUMBERS, number),
  walked('keys', 'strings to numbers', 0.2, ENTRIES, text16, COUNTS, number),
  walked('keys', 'strings to strings', 0.2, ENTRIES, text16, TEXTS, text16),
  objects('set and get, a session', session),
  objects('set and get, a point', (i) => ({ x: i, y: i / 3 })),
]
