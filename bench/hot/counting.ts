// Two threads that count at one key: this one, and another that begins each round with it.
import { SharedMap } from 'tophash'

/** What both see: the round that is on, and the last one that the other has ended. */
const [ROUND, ENDED] = [0, 1]

/** What the other thread is to do: call countAlong with it. */
export interface Counting {
  readonly handle: unknown
  readonly key: string
  /** So often each of both increments the key in a round. */
  readonly times: number
  readonly state: Int32Array<SharedArrayBuffer>
}

/** Starts the other thread, and returns when it is at work: this one may block from then on. */
export type StartCounting = (counting: Counting) => Promise<void>

/** Returns a round. */
export async function countTogether(map: SharedMap<string, number>, key: string, times: number, start: StartCounting) {
  const state = new Int32Array(new SharedArrayBuffer(8))
  await start({ handle: map.handle, key, times, state })
  let round = 0
  const run = (): void => {
    Atomics.store(state, ROUND, ++round)
    Atomics.notify(state, ROUND)
    for (let i = 0; i < times; i++) map.increment(key)
    while (Atomics.load(state, ENDED) !== round) Atomics.wait(state, ENDED, round - 1, 10)
  }
  run()
  return run
}

/** The other thread, for ever. */
export function countAlong({ handle, key, times, state }: Counting): never {
  const map = SharedMap.attach<string, number>(handle)
  for (let round = 1; ; round++) {
    while (Atomics.load(state, ROUND) < round) Atomics.wait(state, ROUND, round - 1)
    for (let i = 0; i < times; i++) map.increment(key)
    Atomics.store(state, ENDED, round)
    Atomics.notify(state, ENDED)
  }
}
