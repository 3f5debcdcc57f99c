/**
 * A hash's place in the order of iteration: its bits reversed. The hashes of one bucket at depth d, those that share
 * their low d bits, are one interval of that order, at whatever depth: a split cuts an interval into its halves.
 * So a position in the order means the same before and after growth.
 */
export function orderOf(hash: u32): u32 {
  let x = hash
  x = ((x >> 1) & 0x55555555) | ((x & 0x55555555) << 1)
  x = ((x >> 2) & 0x33333333) | ((x & 0x33333333) << 2)
  x = ((x >> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4)
  return bswap<u32>(x)
}

/** The hash that has this place: reversing twice is the identity. */
export function hashAt(order: u32): u32 {
  return orderOf(order)
}

/** The last place there is. */
export const LAST_PLACE: u32 = 0xffffffff

/**
 * The index of the head that comes next in the order, among those whose indices are within `mask`; not for the last one, which is `mask`
 * itself. One is added to the reversed index: the highest bits that are set are cleared, and the one below them is set.
 */
@inline
export function indexAfter(index: u32, mask: u32): u32 {
  const bit = u32(0x80000000) >> clz(~index & mask)
  return (index & (bit - 1)) | bit
}

/** Last place of the interval of a bucket of this depth that `order` lies in. */
export function intervalEnd(order: u32, depth: u32): u32 {
  return depth ? order | (0xffffffff >> depth) : 0xffffffff
}

/** So many places the interval of a bucket of this depth has; 0 stands for all. */
@inline
export function placesAt(depth: u32): u32 {
  return (0xffffffff >> depth) + 1
}

/** Whether the interval of a bucket of this depth begins with `order`. */
export function isFirst(order: u32, depth: u32): bool {
  return !(order & (0xffffffff >> depth))
}
