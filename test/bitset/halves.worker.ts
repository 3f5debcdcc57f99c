// Sets and clears one half of each word of a bitset, by or() and and(), while another thread does so with the other half; sees after
// each change that its own half is as it left it.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedBitset, type SharedBitsetHandle } from 'tophash'
import { meet } from '../stress/jobs.js'

export interface HalvesWork {
  readonly bits: SharedBitsetHandle
  /** 0 or 1. */
  readonly half: number
  readonly rounds: number
  readonly gate: Int32Array
}

const { bits: handle, half, rounds, gate } = workerData as HalvesWork
const bits = SharedBitset.attach(handle)
const { length } = bits
/** All bits but this thread's; and this thread's alone. */
const others = new SharedBitset({ length })
const own = new SharedBitset({ length })
const halves = Array.from({ length: length / 64 }, (_, word) => word * 64 + half * 32)
others.addRange(0, length)
for (const from of halves) {
  others.deleteRange(from, from + 32)
  own.addRange(from, from + 32)
}
let lost = 0
meet(gate, 2, 1)
for (let round = 0; round < rounds; round++) {
  bits.or(own)
  for (const from of halves) lost += 32 - bits.count(from, from + 32)
  bits.and(others)
  for (const from of halves) lost += bits.count(from, from + 32)
}
parentPort!.postMessage(lost)
