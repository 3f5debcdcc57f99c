/**
 * A slab: a run of units that is cut into blocks of one class. It is aligned to its size, so that the address of a block
 * and its class lead to the slab. Everything in it but its blocks changes under the pool lock, noted.
 *
 *     0            32 or 128
 *     +------------+---------+---------+-----------------+- - - - - - - - - - -+
 *     | header     | block 0 | block 1 | ...             | never handed out    |
 *     +------------+---------+---------+-----------------+- - - - - - - - - - -+
 *
 * A slab of which any block is free is in the list of its class; one whose blocks are all free goes back to the units.
 */
@unmanaged
@final
export class Slab {
  /** The slab's own address and its class, mixed: see sealOf in memory/slabs.ts. 0 once it is none any more. */
  seal: u32
  /** The class's next slab with free blocks, and the one before. 0: none. */
  next: u32
  previous: u32
  /** Blocks that were ever handed out: they are the first. */
  cut: u32
  /** First free block; each names the next. 0: none, but for those never handed out. */
  free: u32
  /** Free blocks, those never handed out included. Noted together with `free`, as one word of 64 bits. */
  freeBlocks: u32
  reservedLow: u32
  reservedHigh: u32
}

/**
 * A free block. It has a link for each of the two places that it can wait in, so that the way from one to the other leaves the
 * first link as it was: there is nothing to note in the blocks themselves.
 */
@unmanaged
@final
export class FreeBlock {
  /** In a thread's list: the next; 0: none. */
  next: u32
  /** In a slab: the slab's next free block; 0: none. */
  nextInSlab: u32
}
