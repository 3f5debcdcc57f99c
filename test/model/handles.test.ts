// One map behind several handles, two of them in copies of the library that count as threads of their own: whoever
// writes, all of them have what a Map has.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { ALL_KINDS, type AnyMap, type Kinds, type Operation, type Scalar, apply, operationsOn, sameEntries } from './operations.js'
import { tries } from './settings.js'

const copies = [await anotherCopy('first'), await anotherCopy('second')]
/** What the handles are attached by: this thread's library three times, and each copy once. */
const LIBRARIES = [SharedMap, SharedMap, SharedMap, copies[0]!.SharedMap, copies[1]!.SharedMap]

/** Who does what; or that a handle is given up and attached anew. */
type Step = { readonly by: number } & ({ readonly operation: Operation } | { readonly rejoins: true })

describe.each(ALL_KINDS)('%s keys and %s values', (...kinds: Kinds) => {
  it('are the same for all handles', () => {
    const by = fc.nat(LIBRARIES.length - 1)
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 15, arbitrary: fc.record({ by, operation: operationsOn(kinds) }) },
      { weight: 1, arbitrary: fc.record({ by, rejoins: fc.constant(true as const) }) },
    )
    fc.assert(fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => compare(kinds, steps)), tries(30))
  })
})

function compare(kinds: Kinds, steps: readonly Step[]): void {
  const [key, value] = kinds
  using first = new SharedMap<Scalar, Scalar>(null, { key, value, capacity: 1, maxBytes: 64 << 20 })
  const { handle } = first
  const maps: AnyMap[] = LIBRARIES.map((library) => library.attach(handle))
  const model = new Map<Scalar, Scalar>()
  try {
    expect(first.stats().threads).toBe(3)
    for (const step of steps) {
      if ('operation' in step) {
        apply(step.operation, maps[step.by]!, model, kinds)
      } else {
        maps[step.by]!.dispose()
        maps[step.by] = LIBRARIES[step.by]!.attach(handle)
      }
    }
    for (const map of maps) sameEntries(map, model)
    first.check()
  } finally {
    for (const map of maps) map.dispose()
  }
  expect(first.stats().threads).toBe(1)
  first.check()
}
