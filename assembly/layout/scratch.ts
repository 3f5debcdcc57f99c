import { SCRATCH_KEY, SCRATCH_OPERANDS, SCRATCH_VALUE } from './limits'
import { scratch } from './thread'

/**
 * A thread's scratch page: what passes between wasm and JavaScript beside arguments and returns.
 *
 *     0        64          128                8192                                     65536
 *     +--------+-----------+------------------+----------------------------------------+
 *     | results| operands  | a key, as a block| a value as a block, or a batch         |
 *     +--------+-----------+------------------+-------------------+--------------------+
 *                                             | many: what is     | 32768: the answers |
 *                                             | asked             |                    |
 *                                             +-------------------+--------------------+
 */
@unmanaged
@final
export class Results {
  status: i32
  /** Address of the block or batch that was copied out. */
  address: u32
  /** Where a scan goes on; 0 when it is done. */
  cursor: u32
  /** Thread that an operation gave up waiting for. */
  owner: u32
  /** Of the value: the block's meta word, or NUMBER or WORD: then it is `word`. */
  meta: u32
  /** The block of the key that a read has found, if KEY_AWAITED is here, and `retired`: see structures/hashmap/known.ts. */
  keyBlock: u32
  word: u64
  retired: u64
}

/** Says that a read is to tell where its key lies, and is no address. */
export const KEY_AWAITED: u32 = 1

/** A key or value on its way in, where an argument cannot say it: NUMBER or WORD and `word`, or a block at `source`. */
@unmanaged
@final
export class Operand {
  meta: u32
  source: u32
  word: u64
}

export const KEY_OPERAND: u32 = SCRATCH_OPERANDS
export const VALUE_OPERAND: u32 = SCRATCH_OPERANDS + 16
export const EXPECTED_OPERAND: u32 = SCRATCH_OPERANDS + 32

@inline
export function results(): Results {
  return changetype<Results>(scratch)
}

@inline
export function operandAt(offset: u32): Operand {
  return changetype<Operand>(scratch + offset)
}

@inline
export function scratchKey(): u32 {
  return scratch + SCRATCH_KEY
}

@inline
export function scratchValue(): u32 {
  return scratch + SCRATCH_VALUE
}

/** Writes a number of several where JavaScript looks for them: 64-bit floats in the value area. */
export function report(index: u32, value: f64): void {
  store<f64>(scratchValue() + (index << 3), value)
}
