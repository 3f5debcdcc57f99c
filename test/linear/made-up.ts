// Histories that are made up for the tests of the checker.
import fc from 'fast-check'
import { ABSENT, type Name, type Operation } from '../harness/histories/history.js'
import { step } from '../harness/structures/hashmap/model.js'

/** One operation on one key. Stamps in made-up histories may be the same; then the operations overlap. */
export function operation(name: Name, call: number, returned: number, more: Partial<Operation> = {}): Operation {
  return { thread: 0, place: 0, key: 0, given: ABSENT, expected: ABSENT, got: ABSENT, name, call, returned, ...more }
}

/** Values, so few that they meet: also of keys that count. */
export const VALUES = [1, 2, 3]
const RESULTS = [ABSENT, 0, ...VALUES, 4]

const NAMES_OF_ONE: readonly Name[] = [
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
]

interface Seed {
  readonly name: Name
  readonly given: number
  readonly expected: number
  /** How long before and after its moment it was called and returned, in moments. */
  readonly early: number
  readonly late: number
}

const seeds = fc.record<Seed>({
  name: fc.constantFrom(...NAMES_OF_ONE),
  given: fc.constantFrom(...VALUES),
  expected: fc.constantFrom(ABSENT, ...VALUES),
  early: fc.integer({ min: 0, max: 3 }),
  late: fc.integer({ min: 0, max: 3 }),
})

/** Histories that are right: operations one after the other, then each widened around its moment. */
export function rightHistories(maxLength: number): fc.Arbitrary<Operation[]> {
  return fc.array(seeds, { minLength: 1, maxLength }).map((all) => {
    let state = ABSENT
    return all.flatMap(({ name, given, expected, early, late }, index) => {
      const moment = 10 * index
      const asked = { given, expected: name === 'update' || name === 'sift' ? state : expected }
      const made = RESULTS.map((got) => operation(name, moment - 10 * early, moment + 5 + 10 * late, { ...asked, got }))
      const right = made.find((one) => step(state, one) !== undefined)
      if (!right) return []
      state = step(state, right)!
      return [right]
    })
  })
}

/** Histories of which one operation came to something else, or took place at another time: right or wrong. */
export function changedHistories(maxLength: number): fc.Arbitrary<Operation[]> {
  const change = fc.record({
    at: fc.nat(),
    got: fc.option(fc.constantFrom(...RESULTS), { nil: undefined }),
    shift: fc.integer({ min: -4, max: 4 }),
    never: fc.boolean(),
  })
  const changes = fc.array(change, { minLength: 1, maxLength: 3 })
  return fc.tuple(rightHistories(maxLength), changes).map(([history, changes]) => {
    const changed = [...history]
    for (const { at, got, shift, never } of changes) {
      const one = changed[at % changed.length]
      if (!one) continue
      const [call, returned] = [one.call + 10 * shift, never ? Infinity : one.returned + 10 * shift]
      changed[at % changed.length] = { ...one, got: got ?? one.got, call, returned }
    }
    return changed
  })
}
