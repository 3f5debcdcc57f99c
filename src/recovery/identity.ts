import type { CoreExports } from '../core/exports.js'
import { mayBlock } from '../core/platform.js'
import { attachFailure } from '../core/failure.js'
import type { Deaths } from './deaths.js'
import { trapped } from './exceptions.js'
import { dropToken, takeToken } from './web-locks.js'
import { ownNative } from './procfs.js'
import { ownIds } from './workers.js'

/**
 * Takes a slot of a heap for this thread, which says there how others can tell whether it lives. If there is no slot,
 * dead threads may have them. Returns the thread's id.
 *
 * @throws ERR_TOO_MANY_THREADS, ERR_OUT_OF_MEMORY, ERR_CORRUPT_HEAP
 */
export function takeSlot(core: CoreExports, deaths: Deaths): number {
  const { nativeId, nativeStart } = ownNative
  const { threadId, parent } = ownIds
  const { tokenLow, tokenHigh } = takeToken()
  const enter = (): number => core.attachThread(mayBlock(), nativeId, nativeStart, threadId, parent, tokenLow, tokenHigh)
  try {
    let thread = enter()
    if (thread < 0 && deaths.sweep() > 0) thread = enter()
    if (thread < 0) throw attachFailure(thread)
    deaths.self = thread
    return thread
  } catch (error) {
    giveUp(core)
    throw trapped(error)
  }
}

/** A trap can have come between the slot and the end of attaching. */
function giveUp(core: CoreExports): void {
  try {
    core.detachThread()
  } catch {
    // Where one trap was there are more.
  }
  dropToken()
}

/** To be called when a slot was given back. */
export function leaveSlot(): void {
  dropToken()
}
