// Victims that use the checked core linger in the middle of operations, where others could see half of what they do: so
// that is where most of them die.
import { randomOf } from '../stress/random.js'
import type { Library } from './collections.js'
import type { Ledger } from './ledger.js'
import type { Job } from './owner.js'

/** One of so many checkpoints that are passed is lingered at, for so many milliseconds at most. */
const ANY = 500
const ANY_MS = 3
/** At its favourite checkpoint a thread lingers longer, each time it has passed it 1, 2, 4 ... or 2^7 times more; */
const DOUBLINGS = 8
const FAVOURITE_MS = 40
/** but not for ever. */
const FAVOURITE_TIMES = 5

const nothing = new Int32Array(new SharedArrayBuffer(4))

/** The library that an actor uses; here, so that no thread loads both. */
export async function loadLibrary(job: Job, ledger: Ledger): Promise<Library> {
  if (!job.checked) return import('tophash')
  const library = await import('tophash/checked')
  const random = randomOf(~job.seed)
  const favourite = library.CHECKPOINTS[random(library.CHECKPOINTS.length)]
  const often = 2 ** random(DOUBLINGS)
  let passed = 0
  const linger = (name: (typeof library.CHECKPOINTS)[number], ms: number): void => {
    ledger.linger(job.actor, library.CHECKPOINTS.indexOf(name) + 1)
    Atomics.wait(nothing, 0, 0, 1 + random(ms))
    ledger.linger(job.actor, 0)
  }
  library.onCheckpoint((name) => {
    const isTime = name === favourite && ++passed <= FAVOURITE_TIMES * often && passed % often === 0
    if (isTime) linger(name, FAVOURITE_MS)
    else if (random(ANY) === 0) linger(name, ANY_MS)
  })
  return library as unknown as Library // its types are those of dist/
}
