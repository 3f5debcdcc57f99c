// Maps and sets, as histories are recorded of them.
import type { Kind, SharedSet } from 'tophash'
import { keysOf } from '../../../model/hashes.js'
import { useKnownSecrets } from '../../../support/hashes.js'
import type { TestMap } from '../../../support/untyped.js'
import { numbered } from '../../../support/values.js'
import { ABSENT, type Operation } from '../../histories/history.js'
import type { Plan } from '../../histories/job.js'
import type { Specification } from '../../histories/minimise.js'
import type { Recorded } from '../../histories/recorded.js'
import type { Session } from '../../histories/session.js'
import { recordVisit } from '../../histories/visiting.js'
import { Filler } from './filler.js'
import { MAP_ACTS } from './map-acts.js'
import { isRead, stateAfter, step } from './model.js'
import { SET_ACTS } from './set-acts.js'

/** Of all keys that are of one hash. */
const HASH = 0x5a5a5a5a
const IN_SET = 1

/** A key at first is not there. */
export const MAP: Specification<Operation> = { step, initial: ABSENT, isRead, stateAfter }

/** All threads together visit everything: each its part. */
export const PARTITION = 'partition'

type Shared = Pick<Recorded<TestMap | SharedSet>, 'keysFor' | 'filler' | 'surveyOf' | 'settle'>

const shared: Shared & { readonly specification: Recorded['specification'] } = {
  specification: MAP as unknown as Recorded['specification'],
  keysFor: ({ key, isColliding }: Plan, heap, count) => {
    if (!isColliding) return Array.from({ length: count }, (_, n) => numbered(key as Kind, n))
    useKnownSecrets(heap)
    const keys = keysOf(key, HASH)
    return Array.from({ length: count }, () => keys.next().value as unknown)
  },
  filler: (keys) => {
    const filler = new Filler(keys)
    return (session) => filler.step(session as Session<TestMap>)
  },
  surveyOf: (collection) => {
    const { level, approximateOverflowBuckets: overflow } = collection.stats()
    return { level, overflow }
  },
  settle: (collection) => {
    const entries = [...collection].length
    const { size } = collection
    if (size !== entries) throw new Error(`the size is ${size}, and there are ${entries} entries`)
  },
}

const map: Recorded<TestMap> = {
  ...shared,
  open: (heap, name, { key, value }) => heap.map(name, { key, value, capacity: 1 } as never) as unknown as TestMap,
  acts: MAP_ACTS,
  prepare: MAP_ACTS.set,
  readBack: MAP_ACTS.get,
  once: {
    [PARTITION]: (session, threads) =>
      visitPart(session, () => [...session.collection.partition(session.means.thread, threads)] as [unknown, unknown][]),
  },
}

const set: Recorded<SharedSet> = {
  ...shared,
  open: (heap, name, { key }) => heap.set(name, { value: key, capacity: 1 } as never) as unknown as SharedSet,
  acts: SET_ACTS,
  prepare: SET_ACTS.add,
  readBack: SET_ACTS.has,
  once: {
    [PARTITION]: (session, threads) =>
      visitPart(session, () =>
        Array.from(session.collection.partition(session.means.thread, threads), (value): [unknown, unknown] => [value, IN_SET]),
      ),
  },
}

function visitPart(session: Session<unknown>, visit: () => [unknown, unknown][]): void {
  recordVisit(session, visit, `parts of round ${session.place}`)
}

export const HISTORIES: Readonly<Record<string, Recorded>> = { map, set }
