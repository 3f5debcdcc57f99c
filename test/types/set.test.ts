// What TypeScript knows about sets and heaps. `npm run typecheck` is what fails here: to vitest most of this is nothing.
import { describe, expectTypeOf, it } from 'vitest'
import {
  type Key,
  SharedHeap,
  type SharedHeapHandle,
  type SharedHeapStats,
  SharedMap,
  SharedSet,
  type SharedSetHandle,
} from 'tophash'
import * as lite from 'tophash/lite'

const words = new SharedSet(null, { value: 'string' })
const heap = new SharedHeap({ maxBytes: 1 << 20, initialBytes: 0 })

describe('the type of a set', () => {
  it('follows from the kind, the values, or is given', () => {
    expectTypeOf(words).toEqualTypeOf<SharedSet<string>>()
    expectTypeOf(new SharedSet(null, { value: 'bytes', capacity: 10 })).toEqualTypeOf<SharedSet<Uint8Array>>()
    expectTypeOf(new SharedSet(null, {})).toEqualTypeOf<SharedSet<Key>>()
    expectTypeOf(new SharedSet([1, 2])).toEqualTypeOf<SharedSet<number>>()
    expectTypeOf(new SharedSet(new Set(['ann']), { value: 'string' })).toEqualTypeOf<SharedSet<string>>()
    expectTypeOf(new SharedSet<number | string>()).toEqualTypeOf<SharedSet<number | string>>()
    expectTypeOf(new SharedSet()).toEqualTypeOf<SharedSet<any>>()
    expectTypeOf(SharedSet.attach<bigint>(words.handle)).toEqualTypeOf<SharedSet<bigint>>()
    const suits: SharedSet<'hearts' | 'spades'> = new SharedSet(['hearts'])
    void suits
  })

  it('is that of a derived class', () => {
    class Words extends SharedSet<string> {
      override add(value: string): this {
        return super.add(value.toLowerCase())
      }
    }
    expectTypeOf([...new Words(['Ann'])]).toEqualTypeOf<string[]>()
  })

  it('is that of the methods', () => {
    expectTypeOf(words.add('ann')).toEqualTypeOf<SharedSet<string>>()
    expectTypeOf(words.has).toEqualTypeOf<(value: string) => boolean>()
    expectTypeOf([...words]).toEqualTypeOf<string[]>()
    expectTypeOf([...words.keys()]).toEqualTypeOf<string[]>()
    expectTypeOf([...words.entries()]).toEqualTypeOf<[string, string][]>()
    expectTypeOf(words.addMany(['ann']).hasMany(['ann'])).toEqualTypeOf<boolean[]>()
    expectTypeOf(words.scan(0, 10)).toEqualTypeOf<{ cursor: number; values: string[] }>()
    expectTypeOf(words.handle).toExtend<SharedSetHandle>()
  })

  it('is that of the set methods', () => {
    expectTypeOf(words.union(new Set([1]))).toEqualTypeOf<Set<string | number>>()
    expectTypeOf(words.difference(new SharedSet([1]))).toEqualTypeOf<Set<string>>()
    expectTypeOf(words.symmetricDifference(new Map([[1, true]]))).toEqualTypeOf<Set<string | number>>()
    expectTypeOf(words.intersection(words)).toEqualTypeOf<Set<string>>()
    expectTypeOf(words.isSubsetOf(new Set([1]))).toBeBoolean()
  })
})

describe('collections in a heap', () => {
  it('have the types that their kinds say, or that are given', () => {
    expectTypeOf(heap.map('hits', { key: 'string', value: 'number' })).toEqualTypeOf<SharedMap<string, number>>()
    expectTypeOf(heap.map<string, Date>('dates', { key: 'string' })).toEqualTypeOf<SharedMap<string, Date>>()
    expectTypeOf(heap.map('any')).toEqualTypeOf<SharedMap<any, any>>()
    expectTypeOf(heap.set('words', { value: 'string' })).toEqualTypeOf<SharedSet<string>>()
    expectTypeOf(heap.set<number>('numbers')).toEqualTypeOf<SharedSet<number>>()
    expectTypeOf(new SharedMap(null, { heap, name: 'hits', key: 'string', value: 'number' })).toEqualTypeOf<
      SharedMap<string, number>
    >()
    expectTypeOf(heap.names()).toEqualTypeOf<string[]>()
    expectTypeOf(heap.delete('hits')).toBeBoolean()
    expectTypeOf(heap.handle).toEqualTypeOf<SharedHeapHandle>()
    expectTypeOf(heap.stats()).toEqualTypeOf<SharedHeapStats>()
    expectTypeOf(SharedHeap.attach(heap.handle)).toEqualTypeOf<SharedHeap>()
  })

  it("are the same from 'tophash/lite'", () => {
    expectTypeOf(lite.SharedMap).toEqualTypeOf<typeof SharedMap>()
    expectTypeOf(lite.SharedHeap).toEqualTypeOf<typeof SharedHeap>()
  })
})

describe('what does not compile', () => {
  it('is refused where it is written', () => {
    expectTypeOf(mistakes).toBeFunction()
  })
})

/** Never called. Each line is an error; one that is none any more fails the type check. */
function mistakes(): void {
  // @ts-expect-error objects are no values of sets
  new SharedSet([{ name: 'Ann' }])
  // @ts-expect-error nor are dates
  new SharedSet<Date>()
  // @ts-expect-error the values are strings
  new SharedSet(['ann'], { value: 'number' })
  // @ts-expect-error the type says strings
  new SharedSet<string>(null, { value: 'number' })
  // @ts-expect-error sets have no keys
  new SharedSet(null, { key: 'string' })
  // @ts-expect-error sets need no codec
  new SharedSet(null, { codec: {} })
  // @ts-expect-error the values are strings
  words.add(1)
  // @ts-expect-error a list is no set
  words.union(['ann'])

  // @ts-expect-error a collection in a heap has no memory of its own
  heap.map('hits', { maxBytes: 1 << 20 })
  // @ts-expect-error the name is given already
  heap.map('hits', { name: 'hits' })
  // @ts-expect-error the type says numbers
  heap.map<string, number>('hits', { value: 'string' })
  // @ts-expect-error sets have no keys
  heap.set('words', { key: 'string' })
  // @ts-expect-error a name is a string
  heap.delete(1)
  // @ts-expect-error a heap has no kinds
  new SharedHeap({ key: 'string' })
}
