// What TypeScript knows about maps. `npm run typecheck` is what fails here: to vitest most of this is nothing.
import { describe, expectTypeOf, it } from 'vitest'
import {
  type Key,
  SharedMap,
  type SharedMapHandle,
  type SharedMapOptions,
  type SharedMapStats,
  type TophashError,
  type TophashErrorCode,
  type TypeOf,
} from 'tophash'

const names = new SharedMap(null, { key: 'number', value: 'string' })
const scores = new SharedMap(null, { key: 'string', value: 'number' })
const totals = new SharedMap(null, { key: 'string', value: 'bigint' })
const squares = new SharedMap(null, { key: 'number', value: 'number' })
type Person = { readonly name: string; readonly age?: number }
const people = new SharedMap<string, Person>()

describe('the types of keys and values', () => {
  it('follow from the kinds', () => {
    expectTypeOf(names).toEqualTypeOf<SharedMap<number, string>>()
    expectTypeOf(scores).toEqualTypeOf<SharedMap<string, number>>()
    expectTypeOf(new SharedMap(undefined, { key: 'number', value: 'number' })).toEqualTypeOf<SharedMap<number, number>>()
    expectTypeOf(new SharedMap([['ann', 'Ann']], { key: 'string', value: 'string' })).toEqualTypeOf<SharedMap<string, string>>()
    expectTypeOf(new SharedMap(new Map([['ann', 1]]), { key: 'string', value: 'number', capacity: 10 })).toEqualTypeOf<
      SharedMap<string, number>
    >()
    expectTypeOf<TypeOf<'number'>>().toEqualTypeOf<number>()
    expectTypeOf(new SharedMap(null, { key: 'bytes', value: 'bigint' })).toEqualTypeOf<SharedMap<Uint8Array, bigint>>()
    expectTypeOf(new SharedMap(null, { value: 'number' })).toEqualTypeOf<SharedMap<Key, number>>()
    expectTypeOf(new SharedMap(null, { key: 'any', value: 'any' })).toEqualTypeOf<SharedMap<Key, any>>()
    const declared = { key: 'string', value: 'bytes' } as const
    expectTypeOf(new SharedMap(null, declared)).toEqualTypeOf<SharedMap<string, Uint8Array>>()
    expectTypeOf<[TypeOf<'bigint'>, TypeOf<'bytes'>, TypeOf<'any'>]>().toEqualTypeOf<[bigint, Uint8Array, any]>()
  })

  it('follow from the entries, as for Map', () => {
    expectTypeOf(
      new SharedMap([
        ['ann', 1],
        ['bob', 2],
      ]),
    ).toEqualTypeOf<SharedMap<string, number>>()
    expectTypeOf(new SharedMap(new Map([[1n, new Date()]]))).toEqualTypeOf<SharedMap<bigint, Date>>()
    expectTypeOf(new SharedMap([['ann', { name: 'Ann' }]], { key: 'string' })).toEqualTypeOf<
      SharedMap<string, { name: string }>
    >()
    expectTypeOf(new SharedMap([['ann', 1n]], { value: 'bigint' })).toEqualTypeOf<SharedMap<string, bigint>>()
    expectTypeOf(new SharedMap()).toEqualTypeOf<SharedMap<any, any>>()
    expectTypeOf(new SharedMap(null)).toEqualTypeOf<SharedMap<any, any>>()
    expectTypeOf(SharedMap.groupBy([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even'))).toEqualTypeOf<
      SharedMap<'odd' | 'even', number[]>
    >()
  })

  it('are those that are given', () => {
    expectTypeOf(new SharedMap<string, number>()).toEqualTypeOf<SharedMap<string, number>>()
    expectTypeOf(new SharedMap<string, Person>([['ann', { name: 'Ann' }]], { key: 'string' })).toEqualTypeOf<
      SharedMap<string, Person>
    >()
    const wanted: SharedMap<'ann' | 'bob', 1 | 2> = new SharedMap([['ann', 1]])
    const alsoWanted: SharedMap<'ann', 1> = new SharedMap(null, { key: 'string', value: 'number' })
    const entries = Math.random() < 2 ? null : new Map([['ann', 1]])
    expectTypeOf(new SharedMap(entries, { key: 'string', value: 'number' })).toEqualTypeOf<SharedMap<string, number>>()
    void [wanted, alsoWanted]
  })

  it('are those of a derived class', () => {
    class Scores extends SharedMap<string, number> {
      override set(key: string, value: number): this {
        this.increment('sets')
        return super.set(key, value)
      }

      best(): number {
        return Math.max(...this.values())
      }
    }
    class Any extends SharedMap {}
    expectTypeOf(new Scores([['ann', 1]], { value: 'number' }).best()).toBeNumber()
    expectTypeOf(new Scores().get('ann')).toEqualTypeOf<number | undefined>()
    expectTypeOf(new Any().get(1)).toBeAny()
  })

  it('can be those of a function with types of its own', () => {
    expectTypeOf(filled<string, Person>('ann', { name: 'Ann' })).toEqualTypeOf<SharedMap<string, Person>>()
  })

  it('can be narrowed by whoever makes or attaches the map', () => {
    type Suit = 'hearts' | 'spades'
    expectTypeOf(new SharedMap<Suit, number>(null, { key: 'string', value: 'number' })).toEqualTypeOf<SharedMap<Suit, number>>()
    expectTypeOf(SharedMap.attach<Suit, number>(names.handle)).toEqualTypeOf<SharedMap<Suit, number>>()
  })

  it('travel with the handle; what comes with a message has those that are given', () => {
    expectTypeOf(names.handle).toEqualTypeOf<SharedMapHandle<number, string>>()
    expectTypeOf(SharedMap.attach(names.handle)).toEqualTypeOf<SharedMap<number, string>>()
    expectTypeOf(SharedMap.attach(people.handle, {})).toEqualTypeOf<SharedMap<string, Person>>()
    const [message, unknown]: [any, unknown] = [names.handle, names.handle]
    expectTypeOf(SharedMap.attach<number, string>(message)).toEqualTypeOf<SharedMap<number, string>>()
    expectTypeOf(SharedMap.attach<number, string>(unknown)).toEqualTypeOf<SharedMap<number, string>>()
    expectTypeOf(SharedMap.attach(unknown)).toEqualTypeOf<SharedMap<any, any>>()
    expectTypeOf(SharedMap.attach(message).get(1)).toBeAny()
  })

  it('are those of the methods', () => {
    expectTypeOf(names.get).parameters.toEqualTypeOf<[key: number]>()
    expectTypeOf(names.get(1)).toEqualTypeOf<string | undefined>()
    expectTypeOf(names.has).toEqualTypeOf<(key: number) => boolean>()
    expectTypeOf(names.delete).toEqualTypeOf<(key: number) => boolean>()
    expectTypeOf(names.set).parameters.toEqualTypeOf<[key: number, value: string]>()
    expectTypeOf(names.set(1, 'one')).toEqualTypeOf<SharedMap<number, string>>()
    expectTypeOf(names.size).toEqualTypeOf<number>()
    expectTypeOf(names.clear).toEqualTypeOf<() => void>()
    expectTypeOf(names.reserve).toEqualTypeOf<(entries: number) => void>()
    expectTypeOf(names.stats()).toEqualTypeOf<SharedMapStats>()
    expectTypeOf(scores.increment('ann')).toEqualTypeOf<number>()
    expectTypeOf(scores.increment('ann', 2)).toEqualTypeOf<number>()
    expectTypeOf(totals.increment('ann')).toEqualTypeOf<bigint>()
    expectTypeOf(totals.increment('ann', 2n)).toEqualTypeOf<bigint>()
  })

  it('are those of the atomic operations', () => {
    expectTypeOf(people.getOrInsert('ann', { name: 'Ann' })).toEqualTypeOf<Person>()
    expectTypeOf(people.getOrInsertComputed('ann', (key) => ({ name: key.toUpperCase() }))).toEqualTypeOf<Person>()
    expectTypeOf(people.exchange('ann', { name: 'Anna' })).toEqualTypeOf<Person | undefined>()
    expectTypeOf(people.take('ann')).toEqualTypeOf<Person | undefined>()
    expectTypeOf(people.compareAndSet).parameters.toEqualTypeOf<[key: string, expected: Person, value: Person]>()
    expectTypeOf(people.compareAndDelete('ann', { name: 'Ann' })).toEqualTypeOf<boolean>()
    expectTypeOf(people.wait('ann', undefined, { timeout: 5 })).toEqualTypeOf<'changed' | 'timed-out'>()
    expectTypeOf(people.wait).parameter(1).toEqualTypeOf<Person | undefined>()
    const { signal } = new AbortController()
    expectTypeOf(people.waitAsync('ann', { name: 'Ann' }, { signal })).toEqualTypeOf<Promise<'changed' | 'timed-out'>>()
    expectTypeOf(people.update('ann', (current, exists) => (exists ? current! : { name: 'Ann' }))).toEqualTypeOf<Person>()
    expectTypeOf(people.update('ann', (current) => current ?? SharedMap.remove)).toEqualTypeOf<Person | undefined>()
    expectTypeOf(people.update('ann', () => SharedMap.remove)).toEqualTypeOf<Person | undefined>()
    expectTypeOf(scores.update('ann', () => SharedMap.remove)).toEqualTypeOf<number | undefined>()
    expectTypeOf(scores.update('ann', () => 1)).toEqualTypeOf<number>()
  })

  it('are those of the operations on many keys', () => {
    expectTypeOf(people.getMany(['ann'])).toEqualTypeOf<(Person | undefined)[]>()
    expectTypeOf(squares.getMany([1])).toEqualTypeOf<(number | undefined)[]>()
    expectTypeOf(squares.getMany(new Float64Array(1))).toEqualTypeOf<Float64Array>()
    expectTypeOf(squares.setMany(new Float64Array(1), new Float64Array(1))).toEqualTypeOf<SharedMap<number, number>>()
    expectTypeOf(people.setMany(new Map([['ann', { name: 'Ann' }]]))).toEqualTypeOf<SharedMap<string, Person>>()
    expectTypeOf(people.getOrInsertMany(new Map([['ann', { name: 'Ann' }]]))).toEqualTypeOf<Person[]>()
    expectTypeOf(squares.getOrInsertMany(new Float64Array(1), new Float64Array(1))).toEqualTypeOf<Float64Array>()
    expectTypeOf(people.deleteMany(new Set(['ann']))).toEqualTypeOf<number>()
    expectTypeOf(people.scan(0)).toEqualTypeOf<{ cursor: number; entries: [string, Person][] }>()
    expectTypeOf([...people.partition(0, 2)]).toEqualTypeOf<[string, Person][]>()
    expectTypeOf(people.retain((person, key, map) => map.has(key) && person.age !== 0)).toEqualTypeOf<number>()
  })

  it('are those of the iterators', () => {
    expectTypeOf([...names]).toEqualTypeOf<[number, string][]>()
    expectTypeOf([...names.entries()]).toEqualTypeOf<[number, string][]>()
    expectTypeOf([...names.keys()]).toEqualTypeOf<number[]>()
    expectTypeOf([...names.values()]).toEqualTypeOf<string[]>()
    expectTypeOf(new Map(names)).toEqualTypeOf<Map<number, string>>()
    names.forEach((value, key, map) => {
      expectTypeOf([value, key] as const).toEqualTypeOf<readonly [string, number]>()
      expectTypeOf(map).toEqualTypeOf<SharedMap<number, string>>()
    })
  })
})

describe('handles and errors', () => {
  it('have types of their own', () => {
    expectTypeOf(names.handle).toExtend<SharedMapHandle>()
    expectTypeOf(names.handle.memory).toEqualTypeOf<WebAssembly.Memory>()
    expectTypeOf(SharedMap.attach).parameter(0).toBeUnknown()
    expectTypeOf<TophashError>().toExtend<Error>()
    expectTypeOf<TophashError['code']>().toEqualTypeOf<TophashErrorCode>()
    expectTypeOf<'ERR_KEY_TYPE'>().toExtend<TophashErrorCode>()
  })
})

describe('what does not compile', () => {
  it('is refused where it is written', () => {
    expectTypeOf(mistakes).toBeFunction()
  })
})

/** Never called. Each line is an error; one that is none any more fails the type check. */
function mistakes(): void {
  // @ts-expect-error there is no such kind
  new SharedMap(null, { key: 'string', value: 'boolean' })
  // @ts-expect-error there is no such option
  new SharedMap(null, { key: 'string', value: 'number', capcity: 10 })
  // @ts-expect-error a capacity is a number
  new SharedMap(null, { key: 'string', value: 'number', capacity: '10' })
  // @ts-expect-error entries are pairs
  new SharedMap(['ann'], { key: 'string', value: 'number' })
  // @ts-expect-error the keys are booleans
  new SharedMap<boolean, number>(null, { key: 'string', value: 'number' })
  // @ts-expect-error the keys are dates, which cannot be keys
  new SharedMap<Date, number>()
  // @ts-expect-error the keys are objects, which cannot be keys
  new SharedMap([[{ name: 'Ann' }, 1]])
  // @ts-expect-error there are no maps with such keys
  const dated: SharedMap<Date, number> | undefined = undefined
  // @ts-expect-error the type says string keys, the option number keys
  new SharedMap<string, string>(null, { key: 'number', value: 'string' })
  // @ts-expect-error the type says objects, the option strings
  new SharedMap<string, Person>(null, { value: 'string' })
  // @ts-expect-error the entries' values are strings, the declared ones numbers
  new SharedMap([['ann', 'Ann']], { key: 'string', value: 'number' })
  // @ts-expect-error a heap is a SharedHeap
  new SharedMap(null, { heap: scores })
  // @ts-expect-error a codec decodes as well
  new SharedMap(null, { codec: { name: 'json', encode: () => new Uint8Array() } })

  // @ts-expect-error the keys are numbers
  names.get('1')
  // @ts-expect-error the keys are numbers
  names.has('1')
  // @ts-expect-error the keys are numbers
  names.delete('1')
  // @ts-expect-error the values are strings
  names.set(1, 1)
  // @ts-expect-error a value is required
  names.set(1)
  // @ts-expect-error the values are not numbers
  names.increment(1)
  // @ts-expect-error the values are objects
  people.increment('ann')
  // @ts-expect-error the values are bigints
  totals.increment('ann', 1)
  // @ts-expect-error the values are numbers
  scores.increment('ann', 1n)
  // @ts-expect-error the keys are strings: no Float64Array of them
  scores.getMany(new Float64Array(1))
  // @ts-expect-error the values are strings: no Float64Array of them
  names.setMany(new Float64Array(1), new Float64Array(1))
  // @ts-expect-error the values are strings: no Float64Array of them
  names.getOrInsertMany(new Float64Array(1), new Float64Array(1))
  // @ts-expect-error the values are strings
  names.update(1, () => 1)
  // @ts-expect-error nothing is no string
  names.update(1, () => undefined)
  // @ts-expect-error the values are strings
  names.compareAndSet(1, 'one', 2)
  // @ts-expect-error what is removed is said by SharedMap.remove
  names.update(1, () => Symbol('remove'))
  // @ts-expect-error what is added is a number
  scores.increment('ann', '1')
  // @ts-expect-error size cannot be set
  scores.size = 0
  // @ts-expect-error nor can the handle
  scores.handle = names.handle
  // @ts-expect-error a map of one kind is not one of another
  const wrong: SharedMap<string, string> = scores
  // @ts-expect-error an option has one kind
  const options: SharedMapOptions<'string'> = { key: 'number', value: 'number' }
  // @ts-expect-error there is no such code
  const code: TophashErrorCode = 'ERR_TYPO'
  void [wrong, options, code, dated]
}

function filled<K extends Key, V>(key: K, value: V): SharedMap<K, V> {
  return new SharedMap<K, V>([[key, value]])
}
