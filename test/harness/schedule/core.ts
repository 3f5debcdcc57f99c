// What the threads of core.actor.ts are told, and what the core's checkpoints mean to the scheduler.
import type { Checkpoint } from '../../../src/core/hooks.checked.js'
import { CHECKPOINTS } from '../../../src/core/layout.js'
import type { Answer, Doing } from '../structure.js'
import type { Steps } from './baton.js'

export interface CoreJob {
  readonly memory: WebAssembly.Memory
  /** The table to open. */
  readonly table: number
  readonly generation: number
  /** Its name in structures.ts, and what it was made with. */
  readonly structure: string
  readonly options: unknown
  readonly does: readonly Doing[]
  readonly mayDie: boolean
  /** False: it only spins, like a browser's main thread. */
  readonly mayBlock: boolean
  /** Ids of the threads of the scenario, this one's and those before it. */
  readonly ids: readonly number[]
}

/** What a thread has done when it is at its end. */
export interface CoreResults {
  readonly runs: readonly { readonly begin: number; readonly end?: number; readonly answer?: Answer }[]
  /** An exception that no operation should throw. */
  readonly error?: string | undefined
  readonly passed: number
  /** The checkpoint at which the thread died. */
  readonly diedAt?: number | undefined
}

function idsOf(...names: Checkpoint[]): number[] {
  return names.map((name) => CHECKPOINTS.indexOf(name))
}

export const CORE_STEPS: Steps = {
  // What changed since the step before is the thread's own: its journal, its lists.
  private: idsOf(
    'Noted',
    'Committed',
    'HandFilled',
    'ListPopped',
    'ListPushed',
    'HandEmptied',
    'LargeSetAside',
    'RawOwned',
    'SlabMade',
    'SlabLinked',
    'SlabUnlinked',
    'BatchTaken',
    'BlockReturned',
    'RunFound',
    'RunTaken',
    'UnitsCounted',
    'RunOwned',
    'HintsLowered',
    'RunGiven',
    'PagesHandedOut',
    'SpareTaken',
    'SpareKept',
    'BucketGiven',
    'Counted',
    'SlotDrained',
    'ScratchDrained',
    'ChildNamed',
    'ChildLengthened',
    'SegmentOwned',
  ),
  looks: idsOf('TagsSeen', 'KeySeen', 'LinkFollowed', 'HeaderSeen', 'ValueCopied'),
  taken: CHECKPOINTS.indexOf('LockTaken'),
  released: idsOf('LockReleased', 'GrowthReleased'),
  waiting: idsOf('WaiterFlagged', 'LockAwaited'),
  yielding: idsOf('GrowthAwaited'),
  twins: [[CHECKPOINTS.indexOf('DepthSeen'), CHECKPOINTS.indexOf('LockIntended')]],
}

const NAMES: Readonly<Record<number, string>> = {
  [-1]: '(start)',
  [-2]: '(between operations)',
  [-3]: '(end)',
  [-4]: '(dead)',
  [-5]: '(waits for an end)',
}

/** Name of a checkpoint, or of what else an event is. */
export function nameOf(id: number): string {
  return CHECKPOINTS[id] ?? NAMES[id] ?? `(${id})`
}
