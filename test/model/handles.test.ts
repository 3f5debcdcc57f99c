// One map behind several handles, two of them in copies of the library that count as threads of their own: whoever
// writes, all of them have what the reference has.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { Reference } from '../support/reference.js'
import { ALL_KINDS, type Kinds, attach, newMap } from '../support/untyped.js'
import { some } from '../support/size.js'
import { type Operation, apply, operationsOn, sameEntries } from './operations.js'
import { tries } from './settings.js'

const copies = [await anotherCopy('first'), await anotherCopy('second')]
/** What the handles are attached by: this thread's library three times, and each copy once. */
const LIBRARIES = [SharedMap, SharedMap, SharedMap, copies[0]!.SharedMap, copies[1]!.SharedMap]

/** Who does what; or that a handle is given up and attached anew. */
type Step = { readonly by: number } & ({ readonly operation: Operation } | { readonly rejoins: true })

describe.each(some(ALL_KINDS, 5))('%s keys and %s values', (...kinds: Kinds) => {
  it('are the same for all handles', () => {
    const by = fc.nat(LIBRARIES.length - 1)
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 15, arbitrary: fc.record({ by, operation: operationsOn(kinds) }) },
      { weight: 1, arbitrary: fc.record({ by, rejoins: fc.constant(true as const) }) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => compare(kinds, steps)),
      tries(10),
    )
  })
})

function compare(kinds: Kinds, steps: readonly Step[]): void {
  using first = newMap(kinds, { capacity: 1 })
  const { handle } = first
  const maps = LIBRARIES.map((library) => attach(handle, library))
  const model = new Reference(...kinds)
  try {
    expect(first.stats().threads).toBe(3)
    for (const step of steps) {
      if ('operation' in step) {
        apply(step.operation, maps[step.by]!, model, kinds)
      } else {
        maps[step.by]!.dispose()
        maps[step.by] = attach(handle, LIBRARIES[step.by]!)
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
