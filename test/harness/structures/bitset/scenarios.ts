// What victims do to bitsets. Together these pass each checkpoint of a bitset.
import { STATUS } from '../../../../src/core/layout.js'
import { type Scenario as AnyScenario, type Step as AnyStep, stepOf } from '../../core/scene.js'
import { BITSET, type Operation, type Options, add, addRange, count, deleteRange, flip, has, next, remove } from './core.js'

type Scenario = AnyScenario<Set<number>, Options>
type Step = AnyStep<Set<number>>

const ALL: Options = { length: 2 ** 32 }
const GROUP_BITS = 2 ** 26

const steps = (...operations: Operation[]): Step[] => operations.map((operation) => stepOf(BITSET, operation, ALL))

/** A change of many words: each may have come so far or not, in whatever pages there are. */
function partly(operation: Operation): Step {
  const isChanged = (left: Set<number>, before: Set<number>, after: Set<number>): boolean => {
    const isKnown = [...left].every((bit) => before.has(bit) || after.has(bit))
    return isKnown && [...before].every((bit) => left.has(bit) || !after.has(bit))
  }
  return { ...stepOf(BITSET, operation, ALL), mayLeave: isChanged }
}

/** In a full heap: it may find no memory, and then has changed nothing. */
function orFull(bit: number): Step {
  let isFull = false
  return {
    run: (victim) => {
      isFull = false
      try {
        BITSET.perform(victim, add(bit), ALL)
      } catch (error) {
        if ((error as { status?: number }).status !== STATUS.outOfMemory) throw error
        isFull = true
      }
    },
    apply: (model) => {
      if (!isFull) model.add(bit)
    },
    mayLeave: (left, before) =>
      [...before].every((one) => left.has(one)) && [...left].every((one) => before.has(one) || one === bit),
  }
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'bits that make their pages',
    structure: BITSET,
    options: ALL,
    steps: steps(add(0), add(70_000), flip(GROUP_BITS + 5), add(2 ** 32 - 1), has(0), remove(70_000), flip(0)),
  },
  {
    name: 'ranges of bits over several pages',
    structure: BITSET,
    options: ALL,
    setup: steps(add(3), add(65_535)),
    steps: [
      ...steps(addRange(64, 127), count(0, 200), next(66)),
      partly(addRange(65_500, 65_600)),
      partly(addRange(GROUP_BITS - 40, GROUP_BITS + 40)),
      partly(deleteRange(0, GROUP_BITS)),
      ...steps(next(0)),
    ],
  },
  {
    name: 'pages until the heap is full',
    structure: BITSET,
    options: ALL,
    maxPages: 9,
    setup: steps(add(7)),
    steps: Array.from({ length: 40 }, (_, page) => orFull(page * 65_536 + 9)),
  },
]
