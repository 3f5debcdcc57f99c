// What TypeScript knows about maps. `npm run typecheck` is what fails here: to vitest most of this is nothing.
import { describe, expectTypeOf, it } from 'vitest'
import { type Kind, SharedMap, type SharedMapHandle, type SharedMapOptions, type SharedMapStats, TophashError, type TophashErrorCode, type TypeOf } from 'tophash'

const names = new SharedMap(null, { key: 'number', value: 'string' })
const scores = new SharedMap(null, { key: 'string', value: 'number' })

describe('the types of keys and values', () => {
  it('follow from the kinds', () => {
    expectTypeOf(names).toEqualTypeOf<SharedMap<number, string>>()
    expectTypeOf(scores).toEqualTypeOf<SharedMap<string, number>>()
    expectTypeOf(new SharedMap(undefined, { key: 'number', value: 'number' })).toEqualTypeOf<SharedMap<number, number>>()
    expectTypeOf(new SharedMap([['ann', 'Ann']], { key: 'string', value: 'string' })).toEqualTypeOf<SharedMap<string, string>>()
    expectTypeOf(new SharedMap(new Map([['ann', 1]]), { key: 'string', value: 'number', capacity: 10 })).toEqualTypeOf<SharedMap<string, number>>()
    expectTypeOf<TypeOf<'number'>>().toEqualTypeOf<number>()
    expectTypeOf<TypeOf<Kind>>().toEqualTypeOf<number | string>()
  })

  it('can be narrowed by whoever makes or attaches the map', () => {
    type Suit = 'hearts' | 'spades'
    expectTypeOf(new SharedMap<Suit, number>(null, { key: 'string', value: 'number' })).toEqualTypeOf<SharedMap<Suit, number>>()
    expectTypeOf(SharedMap.attach<Suit, number>(names.handle)).toEqualTypeOf<SharedMap<Suit, number>>()
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
  // @ts-expect-error the kinds are required
  new SharedMap()
  // @ts-expect-error the kinds are required
  new SharedMap(null)
  // @ts-expect-error the kind of keys is required
  new SharedMap(null, { value: 'number' })
  // @ts-expect-error the kind of values is required
  new SharedMap(null, { key: 'string' })
  // @ts-expect-error there is no such kind
  new SharedMap(null, { key: 'any', value: 'number' })
  // @ts-expect-error there is no such kind
  new SharedMap(null, { key: 'string', value: 'boolean' })
  // @ts-expect-error there is no such option
  new SharedMap(null, { key: 'string', value: 'number', capcity: 10 })
  // @ts-expect-error a capacity is a number
  new SharedMap(null, { key: 'string', value: 'number', capacity: '10' })
  // @ts-expect-error entries are pairs
  new SharedMap(['ann'], { key: 'string', value: 'number' })
  // @ts-expect-error keys are numbers or strings
  new SharedMap<boolean, number>(null, { key: 'string', value: 'number' })

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
  void [wrong, options, code]
}
