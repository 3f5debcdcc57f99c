// Victims that use the checked core linger in the middle of operations, where others could see half of what they do: so
// that is where most of them die.
import { randomOf } from '../stress/random.js'
import type { Library } from './collections.js'
import type { Ledger } from './ledger.js'
import type { Job } from './owner.js'

/** One of so many checkpoints that are passed is lingered at, and one of so many of the thread's favourite: */
const ANY = 500
const FAVOURITE = 4
/** for so many milliseconds at most. */
const MS = 3
const FAVOURITE_MS = 20

const nothing = new Int32Array(new SharedArrayBuffer(4))

/** The library that an actor uses; here, so that no thread loads both. */
export async function loadLibrary(job: Job, ledger: Ledger): Promise<Library> {
  if (!job.checked) return import('tophash')
  const library = await import('tophash/checked')
  const random = randomOf(~job.seed)
  const favourite = library.CHECKPOINTS[random(library.CHECKPOINTS.length)]
  const linger = (name: (typeof library.CHECKPOINTS)[number], ms: number): void => {
    ledger.linger(job.actor, library.CHECKPOINTS.indexOf(name) + 1)
    Atomics.wait(nothing, 0, 0, 1 + random(ms))
    ledger.linger(job.actor, 0)
  }
  library.onCheckpoint((name) => {
    if (name === favourite && random(FAVOURITE) === 0) linger(name, FAVOURITE_MS)
    else if (random(ANY) === 0) linger(name, MS)
  })
  return library as unknown as Library // its types are those of dist/
}
