/** Bits that all threads of the program share. */
export { SharedBitset } from './bitset.js'
export type { SharedBitsetHandle } from './handle.js'
export type { SharedBitsetOptions } from './options.js'
export type { SharedBitsetStats } from './stats.js'
