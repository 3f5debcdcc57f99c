// Threads that have ended. Node says so when the last of them has run; Linux may know of the thread for some moments more, and as long
// as it does nobody here is sure: recover() leaves it alone, and it is looked at again.
import { setTimeout as sleep } from 'node:timers/promises'

/** A collection or a heap. */
interface Open {
  recover(): number
  stats(): { readonly threads: number }
}

/** Most looks at whether threads are gone: ten seconds and more, of which none is needed but the first few. */
const LOOKS = 2000

/**
 * Recovers those of a heap that have ended, until no more are attached than live, or until it is no use waiting any longer: a test
 * says afterwards what it expects.
 */
export async function untilRecovered(open: Open, living = 1): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    open.recover()
    if (open.stats().threads <= living) return
    await sleep(5)
  }
}
