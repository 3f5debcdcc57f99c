import type { Structure } from '../core/structure.js'
import { QUEUE_ID } from './layout.js'

/** What the core exports for queues: see assembly/exports/queue.ts. */
export interface QueueExports {
  pushNumber(stripe: number, item: number): number
  pushBlock(stripe: number, source: number, meta: number): number
  pushOperand(stripe: number): number
  pushMany(stripe: number, count: number): number
  pushNumbers(stripe: number, count: number): number
  pop(stripe: number, isFinal: number): number
  popMany(stripe: number, most: number): number
  takeSeen(stripe: number, position: number): number
  receive(stripe: number, most: number): number
  finishReceived(stripe: number, batch: number): number
  giveBack(stripe: number, batch: number): number
  closeQueue(stripe: number): number
  countItems(stripe: number): number
  countHeld(stripe: number): number
  beginWait(stripe: number, end: number): number
  endWait(stripe: number, end: number): void
  awaitChange(stripe: number, end: number, looks: number): number
}

/** A queue, to those who know no structure. */
export const queue = {
  id: QUEUE_ID,
  className: 'SharedQueue',
  described: ({ value }) => `a queue with value: '${value}'`,
  kinds: ({ value }) => [value],
  sizedBy: 'capacity',
  example: '{ capacity: 1000 }',
  said: (_, value) => `value: ${value}`,
  found: ({ value }) => `what is there is a queue with ${value} items`,
  invariants: {
    40: 'a queue holds no more items than its capacity',
    41: "a queue's items lie in the heap",
    42: 'what was received of a queue is with a thread that has it open',
    43: 'the items that came back to a queue are as many as are counted',
  },
} as const satisfies Structure
