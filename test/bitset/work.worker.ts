// Tests and sets every bit, in an order of its own, and counts those that it was the first to set.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedBitset, type SharedBitsetHandle } from 'tophash'

export interface Work {
  readonly bits: SharedBitsetHandle
  /** A step that has no divisor in common with the length. */
  readonly step: number
  /** Bits that this thread has set are set here as well, behind: for who is killed. */
  readonly mine: SharedBitsetHandle
}

const { bits: handle, step, mine: own } = workerData as Work
const [bits, mine] = [SharedBitset.attach(handle), SharedBitset.attach(own)]
const { length } = bits
let won = 0
for (let n = 0, bit = 0; n < length; n++, bit = (bit + step) % length) {
  if (!bits.add(bit)) continue
  won++
  mine.add(bit)
}
let seen = 0
for (let bit = 0; bit < length; bit++) if (bits.has(bit)) seen++
parentPort!.postMessage({ won, seen })
