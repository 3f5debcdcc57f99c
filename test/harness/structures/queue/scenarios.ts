// What victims do to queues. Together these pass each checkpoint of a queue.
import { isDeepStrictEqual } from 'node:util'
import { type Scenario as AnyScenario, type Step as AnyStep, stepOf } from '../../core/scene.js'
import type { Item } from './ends.js'
import {
  type Operation,
  type Options,
  QUEUE,
  type State,
  closing,
  givingBack,
  popping,
  poppingMany,
  pushing,
  pushingMany,
  taking,
  waiting,
} from './core.js'

type Scenario = AnyScenario<State, Options>
type Step = AnyStep<State>

const SOME: Options = { capacity: 16 }
const LONG = 'l'.repeat(9000)

const steps = (...operations: Operation[]): Step[] => operations.map((operation) => stepOf(QUEUE, operation, SOME))

/**
 * It may be thrown out while it has a batch, which is nobody else's then; when it dies after that, the batch comes back. So what is
 * left is some end of what was there. test/queue/deaths.test.ts is exact.
 */
function holding(operation: Operation, ...there: Item[]): Step {
  const ends = Array.from({ length: there.length + 1 }, (_, gone) => there.slice(gone))
  const mayLeave = ({ items }: State): boolean => ends.some((end) => isDeepStrictEqual(items, end))
  return { ...stepOf(QUEUE, operation, SOME), mayLeave }
}

/** Says that it waits, and pushes: nobody sleeps, so it counts anew. */
const pushToItself: Step = {
  run: (victim) => {
    victim.core.beginWait(victim.stripe, 0)
    victim.core.pushNumber(victim.stripe, 77)
    victim.core.endWait(victim.stripe, 0)
  },
  apply: ({ items }) => void items.push(77),
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'items that come and go',
    structure: QUEUE,
    options: SOME,
    setup: steps(pushing('first')),
    steps: steps(pushing(1), pushing('two'), pushing(LONG), popping, popping, popping, popping, popping, waiting),
  },
  {
    name: 'many items at once',
    structure: QUEUE,
    options: SOME,
    setup: steps(pushingMany('a', 2, 'c')),
    steps: [
      ...steps(pushingMany(4, 'e', 'f'), poppingMany(2), poppingMany(3), pushingMany('g', 8)),
      holding(taking(2), 'f', 'g', 8),
      pushToItself,
    ],
  },
  {
    name: 'items that are received and come back',
    structure: QUEUE,
    options: SOME,
    setup: steps(pushing('a'), pushing(2), pushing(LONG), pushing('d')),
    steps: [
      holding(givingBack, 'a', 2, LONG, 'd'),
      ...steps(popping, poppingMany(1)),
      holding(taking(1), LONG, 'd'),
      holding(taking(9), 'd'),
      ...steps(pushing('e'), closing, pushing('f'), popping),
    ],
  },
]
