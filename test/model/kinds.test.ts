// A map of each pair of kinds does what the reference does, operation by operation: what is returned, what is thrown,
// what callbacks are given. Nothing that went in or came out is shared with the map.
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { Reference } from '../support/reference.js'
import { ALL_KINDS, type Kinds, newMap } from '../support/untyped.js'
import { some } from '../support/size.js'
import { type Operation, apply, operationsOn, sameEntries } from './operations.js'
import { tries } from './settings.js'

describe.each(some(ALL_KINDS, 5))('%s keys and %s values', (...kinds: Kinds) => {
  it('are what the reference has, whatever the capacity', () => {
    const runs = fc.array(operationsOn(kinds), { maxLength: 120, size: 'max' })
    const capacities = fc.constantFrom(1, 1, undefined, 500)
    fc.assert(
      fc.property(capacities, runs, (capacity, operations) => compare(kinds, capacity, operations)),
      tries(40),
    )
  })
})

function compare(kinds: Kinds, capacity: number | undefined, operations: readonly Operation[]): void {
  using map = newMap(kinds, { capacity })
  const model = new Reference(...kinds)
  for (const operation of operations) apply(operation, map, model, kinds)
  sameEntries(map, model)
  map.check()
}
