// The garbage collector, for tests of what happens when an object is collected: nobody else runs it while a test waits.
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

/** Collects all garbage of this thread at once, but for what the running job has made or looked at through a WeakRef. */
export const collectGarbage = runInNewContext('gc') as () => void

/** Most looks at whether something has been collected: two seconds and more, of which none is needed but the first few. */
const LOOKS = 200

/**
 * Collects garbage, and lets finalizers run, until `isDone()`, or until it is no use waiting any longer: a test says
 * afterwards what it expects. Looks first, and collects nothing if it is done by then.
 */
export async function untilCollected(isDone: () => boolean): Promise<void> {
  for (let look = 0; look < LOOKS && !isDone(); look++) await collectOnce()
}

/** Collects garbage `times` times, and lets finalizers run after each: for what must not be collected. */
export async function collectOften(times: number): Promise<void> {
  for (let n = 0; n < times; n++) await collectOnce()
  await setTimeout(10)
}

async function collectOnce(): Promise<void> {
  await setTimeout(10) // what a WeakRef shows is kept until the job ends
  collectGarbage()
}
