// Queues, as histories are recorded of them: the whole queue is one key, and its state the items in it, in order. What takes several
// items takes each at a moment of its own.
import type { SharedQueue } from 'tophash'
import { ABSENT, type Operation } from '../../histories/history.js'
import type { Recorded } from '../../histories/recorded.js'
import type { Call, Session } from '../../histories/session.js'

type Queue = Session<SharedQueue<unknown>>

const CAPACITY = 5
/** How long those wait that wait: in the middle of a round somebody comes; at its end nobody does. */
const TIMEOUT = 1

const found = (s: Queue) => (item: unknown) => s.numberOf(item)

/** Takes several: which, is known only then. */
function takeMany(s: Queue, take: () => readonly unknown[]): void {
  const { recorder } = s.means
  const begin = recorder.now()
  const items = take()
  const end = recorder.now()
  const calls = items.length === 0 ? [ABSENT] : items.map((item) => s.numberOf(item))
  for (const got of calls) s.note({ name: 'take', key: 0 }, begin, end, got)
}

const ACTS = {
  tryPush: (s: Queue) => {
    const given = s.fresh()
    s.record({ name: 'add', key: 0, given }, () => s.collection.tryPush(s.valueOf(given)), Number)
  },
  push: (s: Queue) => {
    const given = s.fresh()
    s.record({ name: 'add', key: 0, given }, () => s.collection.push(s.valueOf(given), { timeout: TIMEOUT }), Number)
  },
  pushMany: (s: Queue) => {
    const calls = [s.fresh(), s.fresh()].map((given): Call => ({ name: 'add', key: 0, given }))
    const push = (): unknown =>
      s.collection.pushMany(
        calls.map(({ given }) => s.valueOf(given!)),
        { timeout: 0 },
      )
    s.recordMany(calls, push, (pushed, index) => Number(index < (pushed as number)))
  },
  tryPop: (s: Queue) => s.record({ name: 'take', key: 0 }, () => s.collection.tryPop(), found(s)),
  pop: (s: Queue) => s.record({ name: 'take', key: 0 }, () => s.collection.pop({ timeout: TIMEOUT }), found(s)),
  popMany: (s: Queue) => takeMany(s, () => s.collection.popMany(2, { timeout: 0 })),
  receive: (s: Queue) =>
    takeMany(s, () => {
      const received = s.collection.receive(2, { timeout: 0 })
      received.done()
      return received.items
    }),
}

/** A state is the numbers of the items, with a space behind each. */
function step(state: string, { name, got, given }: Operation): string | undefined {
  if (name === 'take') {
    if (got === ABSENT) return state === '' ? state : undefined
    return state.startsWith(`${got} `) ? state.slice(`${got} `.length) : undefined
  }
  if (name !== 'add') throw new Error(`no queue has recorded ${name}`)
  const isFull = state.split(' ').length > CAPACITY
  if (got === 0) return isFull ? state : undefined
  return isFull ? undefined : `${state}${given} `
}

const queue: Recorded<SharedQueue<unknown>> = {
  keysFor: (_plan, _heap, count) => Array.from({ length: count }, (_, key) => key),
  open: (heap, name, plan) =>
    heap.queue(name, { capacity: CAPACITY, value: plan.value as 'any' }) as unknown as SharedQueue<unknown>,
  acts: ACTS,
  prepare: ACTS.tryPush,
  readBack: (s) => {
    for (let n = 0; n <= CAPACITY; n++) ACTS.tryPop(s)
  },
  filler: () => () => {},
  surveyOf: (collection) => ({ capacity: collection.capacity }),
  settle: (collection) => {
    if (collection.size !== 0) throw new Error(`${collection.size} items are left`)
  },
  specification: {
    step,
    initial: '',
    isRead: ({ name, got }: Operation) => (name === 'take' && got === ABSENT) || (name === 'add' && got === 0),
    stateAfter: () => undefined,
  } as unknown as Recorded['specification'],
}

export const HISTORIES: Readonly<Record<string, Recorded>> = { queue }
