// Threads that use the checked core linger between the steps of an operation, mostly for microseconds, sometimes long
// enough for others to run on this processor: so what is half done is there to be seen.
import type * as library from 'tophash'
import type { Random } from './session.js'

/** The library, or its checked build: each thread uses one of them. */
export type Library = Pick<typeof library, 'SharedHeap'>

/** At one of so many checkpoints a thread spins, so many times at most. */
const SPIN_AT = 16
const SPINS = 4000
/** At one of so many it sleeps. */
const SLEEP_AT = 3000
const SLEEP_MS = 0.2
/** At its favourite one, which is another in each round, one time in so many it sleeps. */
const FAVOURITE_AT = 40
/** In half of the rounds it is one of a search, which others may overtake: there is no lock. */
const OF_SEARCHES = /Seen$|Copied$|Followed$/

const nothing = new Int32Array(new SharedArrayBuffer(4))

/** Loads the library; here, so that no thread loads both. What is returned has to be called at the begin of a round. */
export async function loadLibrary(isChecked: boolean, random: Random): Promise<{ library: Library; turn: () => void }> {
  if (!isChecked) return { library: await import('tophash'), turn: () => {} }
  const checked = await import('tophash/checked')
  let favourite = ''
  checked.onCheckpoint((name) => {
    if (name === favourite && random(FAVOURITE_AT) === 0) Atomics.wait(nothing, 0, 0, SLEEP_MS)
    else if (random(SPIN_AT) === 0) spin(random(SPINS))
    else if (random(SLEEP_AT) === 0) Atomics.wait(nothing, 0, 0, SLEEP_MS)
  })
  const ofSearches = checked.CHECKPOINTS.filter((name) => OF_SEARCHES.test(name))
  const turn = (): void => {
    const names = random(2) === 0 ? ofSearches : checked.CHECKPOINTS
    favourite = names[random(names.length)] ?? ''
  }
  return { library: checked as unknown as Library, turn } // its types are those of dist/
}

function spin(times: number): void {
  for (let i = 0; i < times; i++) Atomics.load(nothing, 0)
}
