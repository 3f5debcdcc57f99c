import { combinePage, countPages, meetsPage, nextPage, readPage } from '../structures/bitset/algebra'
import {
  addBit, addBits, countBits, deleteBit, deleteBits, flipBit, hasBit, listBits, makePageOf, nextBit,
} from '../structures/bitset/bits'

// A bitset: see structures/bitset/.

export {
  makePageOf, addBit, deleteBit, flipBit, hasBit, addBits, deleteBits, countBits, nextBit, listBits,
} from '../structures/bitset/bits'
export { nextPage, readPage, combinePage, meetsPage, countPages } from '../structures/bitset/algebra'
