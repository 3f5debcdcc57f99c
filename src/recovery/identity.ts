import { dropToken, takeToken } from './locks.js'
import { ownNative } from './native.js'
import type { Identity } from './slots.js'
import { ownIds } from './workers.js'

/** What this thread says of itself in one more slot; leaveIdentity() when it gives that back. */
export function takeIdentity(): Identity {
  const { tokenLow, tokenHigh } = takeToken()
  return { ...ownNative, ...ownIds, tokenLow, tokenHigh }
}

/** A slot less that says so. */
export function leaveIdentity(): void {
  dropToken()
}
