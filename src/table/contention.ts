import { sharedNow } from '../core/clock.js'
import { tell } from '../core/failure.js'

// Operations that look at an entry, let code of the program's run, and write only if the entry is still what they saw: how
// often they try. That they are overtaken says that others get on. But one whose own code is slow could be overtaken for
// ever by one hot writer, so it gives up, and says so.

/** So often such an operation tries: then it throws ERR_CONTENDED. */
export const MOST_TRIES = 100
/** So often it tries at once. */
const EAGER_TRIES = 16
/** Before each further try it keeps the chain locked for so long that those who wait for it have gone to sleep. */
const PAUSE_MS = 0.05
/** Looks at the clock, which can be one that stands still. */
const MOST_LOOKS = 10_000

/**
 * Whether the others have to pause before this try (0: the first). Who sleeps takes some 50 us to wake up, so code that is
 * quicker than that has its way, whatever others do. It does not run under the lock: that is released before.
 */
export function needsPause(tries: number): boolean {
  return tries >= EAGER_TRIES
}

/** Waits without sleeping. */
export function pause(): void {
  const end = sharedNow() + PAUSE_MS
  for (let looks = 0; looks < MOST_LOOKS && sharedNow() < end; looks++);
}

/** @throws ERR_CONTENDED if there were as many tries as there may be */
export function checkTries(tries: number, operation: string): void {
  if (tries < MOST_TRIES) return
  throw tell({
    code: 'ERR_CONTENDED',
    problem:
      `Other threads have changed an entry each of the ${MOST_TRIES} times that ${operation} looked at it, before it ` +
      'could write.',
    remedy:
      'Let less time pass in between (what a callback does without the value can be done before), or write less often to ' +
      'this key; or try again',
  })
}
