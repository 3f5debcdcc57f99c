// Reads, writes and iterations against a split: entries move to a new bucket under the hands of those who use them.
import { afterAll, describe } from 'vitest'
import { Crew } from '../harness/schedule/crew.js'
import { keysOf } from '../harness/structures/hashmap/keys.js'
import {
  type Operation,
  increment,
  compareAndDelete,
  compareAndSet,
  exchange,
  get,
  has,
  insert,
  remove,
  reserve,
  scan,
  set,
  take,
} from '../harness/structures/hashmap/operations.js'
import { type Scenario, explores } from '../harness/structures/hashmap/schedules.js'

const crew = new Crew('core.actor')
afterAll(() => crew.dismiss())

const SHORT = { preemptions: 2, most: 1500, random: 300 }
const LONG = { preemptions: 2, most: 1200, random: 600 }

/** One head, with as many entries as it has room for before it grows: the next insert makes it split. */
const [STAYS, , , LATER] = keysOf(0b00, 4) as [number, number, number, number]
const [MOVES, , LAST] = keysOf(0b01, 3, 10) as [number, number, number]
const FULL = [...keysOf(0b00, 3), ...keysOf(0b01, 3, 10)].map((key, i) => [key, i] as const)
/** Inserting this one makes it split; it stays where it is. */
const SPLITTING = set(keysOf(0b10, 1, 20)[0]!, 9)
const ABSENT = keysOf(0b11, 1, 30)[0]!
/** The same when it has grown already: the next insert, of another key, splits. */
const SPLITTING_ON = set(keysOf(0b10, 1, 21)[0]!, 9)
const NUMBERS = { key: 'number', value: 'number', entries: FULL } as const
const GROWN = { ...NUMBERS, entries: [...FULL, [keysOf(0b10, 1, 20)[0]!, 9]], isGrown: true } as const
const TEXTS = ['a', 'b', 'c', 'd', 'e', 'f'].map((key, i) => [key, `value ${i}`] as const)

describe('a read against a split', () => {
  explores('finds an entry that moves', crew, { ...NUMBERS, threads: [[SPLITTING], [get(MOVES)]] }, SHORT)
  explores('finds an entry that stays', crew, { ...NUMBERS, threads: [[SPLITTING], [get(STAYS)]] }, SHORT)
  explores('does not find what is not there', crew, { ...NUMBERS, threads: [[SPLITTING], [has(ABSENT)]] }, SHORT)
  explores(
    'finds an entry that was there before, and after',
    crew,
    {
      ...NUMBERS,
      threads: [
        [SPLITTING, remove(MOVES)],
        [get(MOVES), get(LAST)],
      ],
    },
    LONG,
  )
  explores(
    'finds strings that move',
    crew,
    {
      key: 'string',
      value: 'string',
      entries: TEXTS,
      threads: [[set('g', 'split')], [get('a'), get('b'), get('f')]],
    },
    LONG,
  )
  explores(
    'finds what a third thread writes',
    crew,
    {
      ...NUMBERS,
      threads: [[SPLITTING], [set(MOVES, 50)], [get(MOVES), get(MOVES)]],
    },
    LONG,
  )
  explores('never misses an entry of a chain that is split', crew, chainAgainst([get(8), get(11), get(16)]), LONG)
  explores(
    'finds an entry that moves twice',
    crew,
    {
      ...NUMBERS,
      threads: [[reserve(20)], [get(MOVES), get(LAST)]],
    },
    LONG,
  )
})

describe('a write against a split', () => {
  explores('replaces a value that moves', crew, { ...NUMBERS, threads: [[SPLITTING], [set(MOVES, 50)]] }, SHORT)
  explores(
    'inserts into what is being split',
    crew,
    {
      ...NUMBERS,
      threads: [[SPLITTING], [set(ABSENT, 50), get(ABSENT)]],
    },
    SHORT,
  )
  explores(
    'removes an entry that moves',
    crew,
    {
      ...NUMBERS,
      threads: [[SPLITTING], [remove(MOVES), get(MOVES)]],
    },
    SHORT,
  )
  explores(
    'compares with a value that moves',
    crew,
    {
      ...NUMBERS,
      threads: [[SPLITTING], [compareAndSet(MOVES, 3, 50), compareAndDelete(LAST, 5)]],
    },
    SHORT,
  )
  explores(
    'adds to a number that moves',
    crew,
    {
      ...NUMBERS,
      threads: [[SPLITTING], [increment(MOVES, 1), increment(MOVES, 1)]],
    },
    SHORT,
  )
  explores(
    'takes and exchanges values that move',
    crew,
    {
      ...NUMBERS,
      threads: [[SPLITTING], [exchange(MOVES, 7), take(MOVES)]],
    },
    SHORT,
  )
  explores(
    'removes strings that move',
    crew,
    {
      key: 'string',
      value: 'string',
      entries: TEXTS,
      threads: [[set('g', 'split')], [remove('a'), set('b', 'other'), take('c')]],
    },
    LONG,
  )
  explores(
    'is seen by a third thread',
    crew,
    {
      ...NUMBERS,
      threads: [[SPLITTING], [remove(MOVES), insert(MOVES, 60)], [get(MOVES), get(MOVES)]],
    },
    LONG,
  )
  explores('writes to a chain that is split', crew, chainAgainst([set(8, 80), remove(16), set(9, 90)]), LONG)
})

// These look at the child first, find that it is not split off yet, and go to its parent: while it is being split off.
describe('a split that all threads have heard of', () => {
  explores('and a read of an entry that moves', crew, { ...GROWN, threads: [[SPLITTING_ON], [get(MOVES)]] }, SHORT)
  explores('and a look for what is not there', crew, { ...GROWN, threads: [[SPLITTING_ON], [has(ABSENT)]] }, SHORT)
  explores('and two reads', crew, { ...GROWN, threads: [[SPLITTING_ON], [get(MOVES), get(LAST)]] }, SHORT)
  explores(
    'and a write to what moves',
    crew,
    {
      ...GROWN,
      threads: [[SPLITTING_ON], [set(MOVES, 50)], [get(MOVES)]],
    },
    LONG,
  )
  explores(
    'and a removal of what moves',
    crew,
    {
      ...GROWN,
      threads: [[SPLITTING_ON], [remove(MOVES), get(MOVES)]],
    },
    SHORT,
  )
  explores(
    'and an insert of what belongs to the child',
    crew,
    {
      ...GROWN,
      threads: [[SPLITTING_ON], [set(ABSENT, 50)], [get(ABSENT)]],
    },
    LONG,
  )
  explores(
    'and another thread that splits',
    crew,
    {
      ...GROWN,
      threads: [[SPLITTING_ON], [reserve(8)], [get(MOVES), set(LAST, 60)]],
    },
    LONG,
  )
  explores('and an iteration', crew, { ...GROWN, threads: [[SPLITTING_ON], [scan]] }, SHORT)
})

describe('an iteration against a split', () => {
  explores('visits each entry once', crew, { ...NUMBERS, threads: [[SPLITTING], [scan]] }, SHORT)
  explores('visits each entry once while it grows twice', crew, { ...NUMBERS, threads: [[reserve(20)], [scan]] }, LONG)
  explores(
    'visits each entry once while others come and go',
    crew,
    {
      ...NUMBERS,
      threads: [[SPLITTING, remove(LATER)], [remove(STAYS), insert(STAYS, 70)], [scan]],
    },
    LONG,
  )
  explores(
    'visits each string once',
    crew,
    {
      key: 'string',
      value: 'string',
      entries: TEXTS,
      threads: [[set('g', 'split')], [scan]],
    },
    LONG,
  )
  explores('visits each entry of a chain that is split once', crew, chainAgainst([scan]), LONG)
})

/** A chain of 17 entries, half of which move when another thread makes room for more. Keys are named by place. */
function chainAgainst(does: readonly Operation[]): Scenario {
  const [even, odd] = [keysOf(0b000, 9), keysOf(0b100, 8, 10)]
  const keys = even.flatMap((key, i) => (i < 8 ? [key, odd[i]!] : [key]))
  const named = (operation: Operation): Operation =>
    'key' in operation ? { ...operation, key: keys[Number(operation.key)]! } : operation
  return {
    key: 'number',
    value: 'number',
    capacity: 26, // four heads
    entries: keys.map((key, i) => [key, i] as const),
    threads: [[reserve(27)], does.map(named)],
  }
}
