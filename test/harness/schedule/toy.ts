// What the threads of toy.actor.ts are told.

/** On a word: add 1 to it, not atomically; use it as a lock; or wait until it is not 0, without saying so. */
export type ToyOperation = readonly ['increment' | 'lock' | 'unlock' | 'spin', number]

export interface ToyJob {
  readonly memory: SharedArrayBuffer
  readonly operations: readonly ToyOperation[]
}

export const TOY_STEPS = {
  loaded: 0,
  stored: 1,
  taken: 2,
  released: [3],
  waiting: [4],
  private: [],
  looks: [],
  yielding: [],
  twins: [],
} as const

export const TOY_NAMES = ['loaded', 'stored', 'taken', 'released', 'waiting'] as const
