// A collection as histories are recorded of it: what a structure says of itself to record.worker.ts and to who judges the recording.
import type { SharedHeapHandle } from 'tophash'
import type { State } from './checker.js'
import type { Operation } from './history.js'
import type { Plan } from './job.js'
import type { Library } from './linger.js'
import type { Specification } from './minimise.js'
import type { Session } from './session.js'

/** Something that a thread does, and records, to a key, or to several of which this is the first. */
export type Act<T> = (session: Session<T>, key: number) => void

export interface Recorded<T extends { dispose(): void } = any> {
  /** Keys that are all different: recorded ones, then those of which fill() is given some. */
  keysFor(plan: Plan, heap: SharedHeapHandle, count: number): unknown[]
  /** Opens the collection of this name, which whoever comes first makes: as small as can be. */
  open(heap: InstanceType<Library['SharedHeap']>, name: string, plan: Plan): T
  readonly acts: Readonly<Record<string, Act<T>>>
  /** Acts of which each thread does one once in each round, whenever it comes to it. */
  readonly once?: Readonly<Record<string, (session: Session<T>, threads: number) => void>>
  /** Puts a key there that stays as it is; looks at one when nobody writes any more. */
  readonly prepare: Act<T>
  readonly readBack: Act<T>
  /** What has other keys, which this thread alone adds, come and go, each time that it is called. */
  filler(keys: readonly unknown[]): (session: Session<T>) => void
  /** How large it has become. */
  surveyOf(collection: T): Record<string, number>
  /** Nobody writes now. @throws Error if what it says of itself does not agree */
  settle(collection: T): void
  /** What each operation may come to, key by key. */
  readonly specification: Specification<Operation, State>
}
