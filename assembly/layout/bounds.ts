import { loadEndPages } from './heap'
import { PAGE_SHIFT } from './limits'

// No list has more members than the pages that were handed out hold. A walk that goes on for longer goes round in a
// circle, which the core has never made: something else has written to its memory. It ends with a trap then, which
// JavaScript turns into an error.

/** Things of so many bytes that there can be. */
export function mostOf(bytes: u32): u32 {
  return u32(min<u64>(u64(loadEndPages()) << PAGE_SHIFT, u32.MAX_VALUE) / bytes)
}

/** Whether a chain of things of so many bytes, that does not change, goes on for longer than any can. Looks only now and then. */
@inline
export function isEndless(hops: u32, bytes: u32): bool {
  return hops & 0xff ? false : hops > mostOf(bytes)
}
