import type { CoreExports } from '../core/exports.js'
import { mayBlock } from '../core/platform.js'
import { attachFailure } from '../failure.js'
import type { Deaths } from './deaths.js'
import { dropToken, takeToken } from './locks.js'
import { ownNative } from './native.js'
import { ownIds } from './workers.js'

/**
 * Takes a slot of a heap for this thread, which says there how others can tell whether it lives. If there is no slot,
 * dead threads may have them. Returns the thread's id.
 *
 * @throws ERR_TOO_MANY_THREADS, ERR_OUT_OF_MEMORY
 */
export function takeSlot(core: CoreExports, deaths: Deaths): number {
  const { nativeId, nativeStart } = ownNative
  const { threadId, parent } = ownIds
  const { tokenLow, tokenHigh } = takeToken()
  const enter = (): number =>
    core.attachThread(mayBlock(), nativeId, nativeStart, threadId, parent, tokenLow, tokenHigh)
  let thread = enter()
  if (thread < 0 && deaths.sweep() > 0) thread = enter()
  if (thread < 0) {
    dropToken()
    throw attachFailure(thread)
  }
  deaths.self = thread
  return thread
}

/** To be called when a slot was given back. */
export function leaveSlot(): void {
  dropToken()
}
