// Lets threads go at the same moment and says when that was.
import { now } from './clock.js'

const ASLEEP = 0
const AWAKE = 1
const RELEASED_AT = 1 // in words of 64 bits, behind the two counters

export class Barrier {
  /** What travels to the other threads. */
  readonly memory: SharedArrayBuffer
  readonly #counters: Int32Array
  readonly #times: BigInt64Array

  constructor(memory = new SharedArrayBuffer(16)) {
    this.memory = memory
    this.#counters = new Int32Array(memory)
    this.#times = new BigInt64Array(memory)
  }

  /** When the last thread arrived and all were let go, by the clock of clock.ts. */
  get releasedAt(): bigint {
    return Atomics.load(this.#times, RELEASED_AT)
  }

  /**
   * Returns when so many threads have called this. They first sleep until the last has come, which may take long, and
   * then spin until all are awake, because waking takes 50 microseconds and more for one than for the other.
   */
  pass(threads: number): void {
    const counters = this.#counters
    if (Atomics.add(counters, ASLEEP, 1) + 1 === threads) Atomics.notify(counters, ASLEEP)
    for (let come = 0; (come = Atomics.load(counters, ASLEEP)) < threads; ) Atomics.wait(counters, ASLEEP, come)
    const last = Atomics.add(counters, AWAKE, 1) + 1 === threads
    if (last) {
      Atomics.store(this.#times, RELEASED_AT, now())
      Atomics.add(counters, AWAKE, 1)
    }
    while (Atomics.load(counters, AWAKE) <= threads);
  }
}
