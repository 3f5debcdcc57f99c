// A map of each pair of kinds against a Map, by random operations.
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { SharedMap } from 'tophash'
import { ALL_KINDS, type Kinds, type Operation, type Scalar, apply, operationsOn, sameEntries } from './operations.js'
import { tries } from './settings.js'

describe.each(ALL_KINDS)('%s keys and %s values', (...kinds: Kinds) => {
  it.each([
    ['one entry', 1],
    ['the default', undefined],
    ['500 entries', 500],
  ])('are what a Map has, with a capacity of %s', (_, capacity) => {
    const runs = fc.array(operationsOn(kinds), { maxLength: 120, size: 'max' })
    fc.assert(fc.property(runs, (operations) => compare(kinds, capacity, operations)), tries(60))
  })
})

function compare(kinds: Kinds, capacity: number | undefined, operations: readonly Operation[]): void {
  const [key, value] = kinds
  using map = new SharedMap<Scalar, Scalar>(null, { key, value, capacity, maxBytes: 64 << 20 })
  const model = new Map<Scalar, Scalar>()
  for (const operation of operations) apply(operation, map, model, kinds)
  sameEntries(map, model)
  map.check()
}
