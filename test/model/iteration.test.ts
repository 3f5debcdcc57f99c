// Iterations that are interrupted by writes, of this thread and of others: what stays is visited exactly once.
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { SharedMap } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { ALL_KINDS, type AnyMap, type Kinds, type Operation, type Scalar, apply, numbered, operationsOn, same } from './operations.js'
import { tries } from './settings.js'

const other = await anotherCopy('other')

/** Writes that come after so many more entries have been visited. */
interface Interruption {
  readonly after: number
  readonly operation: Operation
}

describe.each(ALL_KINDS)('an iteration over %s keys and %s values', (...kinds: Kinds) => {
  const interruption = fc.record({ after: fc.nat(40), operation: operationsOn(kinds) })
  const runs = fc.array(interruption, { maxLength: 12 })

  it('visits what stays exactly once, whatever this thread writes', () => {
    fc.assert(fc.property(fc.nat(150), runs, (entries, run) => visit(kinds, entries, run, SharedMap)), tries(60))
  })

  it('visits what stays exactly once, whatever another thread writes', () => {
    fc.assert(fc.property(fc.nat(150), runs, (entries, run) => visit(kinds, entries, run, other.SharedMap)), tries(60))
  })
})

function visit(kinds: Kinds, entries: number, interruptions: readonly Interruption[], writer: typeof SharedMap): void {
  const [key, value] = kinds
  using map = new SharedMap<Scalar, Scalar>(null, { key, value, capacity: 1, maxBytes: 64 << 20 })
  using writing: AnyMap = writer.attach(map.handle)
  const model = new Map<Scalar, Scalar>()
  apply({ do: 'fill', from: 0, count: entries }, map, model, kinds)
  const walk = new Walk(map, model, writer === SharedMap)
  for (const { after, operation } of interruptions) {
    walk.go(after)
    apply(operation, writing, model, kinds)
    walk.note()
  }
  walk.finish()
  map.check()
  same('a new key can be set after all that', map.set(numbered(key, -1), numbered(value, -1)).has(numbered(key, -1)), true)
}

/** An iteration, what it has visited, and what there was to be visited. */
class Walk {
  readonly #entries: Iterator<[Scalar, Scalar]>
  readonly #model: ReadonlyMap<Scalar, Scalar>
  /** Whether the iteration must show every change at once, as in a Map. */
  readonly #isExact: boolean
  readonly #visited = new Set<Scalar>()
  readonly #stayed: Set<Scalar>
  /** Every value that a key has had since the iteration began. */
  readonly #values = new Map<Scalar, Set<Scalar>>()

  constructor(map: AnyMap, model: ReadonlyMap<Scalar, Scalar>, isExact: boolean) {
    this.#entries = map.entries()
    this.#model = model
    this.#isExact = isExact
    this.#stayed = new Set(model.keys())
    this.note()
  }

  /** Visits up to `count` entries. False: there are no more. */
  go(count: number): boolean {
    for (let n = 0; n < count; n++) {
      const { value: entry, done } = this.#entries.next()
      if (done) return false
      const [key, value] = entry
      same(`${String(key)} is visited twice`, this.#visited.has(key), false)
      if (this.#isExact) {
        same(`visited ${String(key)} is there`, this.#model.has(key), true)
        same(`value of ${String(key)}`, value, this.#model.get(key))
      } else {
        same(`value of ${String(key)} is one that it had`, this.#values.get(key)?.has(value), true)
      }
      this.#visited.add(key)
    }
    return true
  }

  /** Takes note of a write to the model. */
  note(): void {
    for (const key of this.#stayed) if (!this.#model.has(key)) this.#stayed.delete(key)
    for (const [key, value] of this.#model) {
      const had = this.#values.get(key)
      if (had) had.add(value)
      else this.#values.set(key, new Set([value]))
    }
  }

  finish(): void {
    while (this.go(1));
    for (const key of this.#stayed) same(`${String(key)}, which stayed, is visited`, this.#visited.has(key), true)
  }
}
