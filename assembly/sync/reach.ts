import { loadEndPages } from '../layout/heap'
import { HEADER_PAGES, PAGE_SHIFT } from '../layout/limits'

/**
 * How far this instance can see. When one thread makes memory grow, the others' instances learn of it later: V8 checks
 * the bounds of an atomic access against a size that each instance remembers, and brings it up to date at the next
 * interrupt. Until then an address that another thread published is good, and an access to it traps. So before an
 * address that comes from another thread is used for the first time, its end is compared with what this instance is
 * known to see; growing by nothing makes it look (and is, by the specification, what it says: the true size).
 *
 * test/unit/reach.test.ts watches every access of the core.
 */

/** Memory below this address can be accessed. A global: each instance has its own. */
export let reach: u32 = 0

/** Makes memory up to `end` accessible. Somebody must have allocated it. */
@inline
export function ensureReach(end: u32): void {
  if (end > reach) extendReach(end)
}

/** Whether memory up to `end` is accessible already. */
@inline
export function isWithinReach(end: u64): bool {
  return end <= u64(reach)
}

export function extendReach(end: u32): void {
  look()
  if (end <= reach) return
  memory.grow(0)
  look()
}

/** What this instance believes to be the size, less the last page of 4 GiB, which is never handed out. */
function look(): void {
  reach = min<u32>(u32(memory.size()), 65535) << 16
}

/** Whether so many bytes lie in pages that were handed out. They are within reach then. */
export function isHandedOut(address: u32, bytes: u32): bool {
  const end = u64(address) + u64(bytes)
  if (address < HEADER_PAGES << PAGE_SHIFT || end > u64(loadEndPages()) << PAGE_SHIFT) return false
  ensureReach(u32(end))
  return true
}
