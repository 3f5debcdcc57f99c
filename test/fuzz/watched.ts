// Runs a fuzzer in a worker thread, and watches it: an endless loop in WebAssembly would stop the thread that it runs in
// for ever, so this one looks whether the other still goes from case to case, and if not, ends it and says at which case.
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { seedOf } from '../stress/random.js'
import { asked, isFull } from '../support/size.js'

const BUILT = new URL('../../build/test/fuzz/', import.meta.url)
/** How often to look. */
const LOOK_MS = 250
/** How many times as much as in `npm run test:all`. */
export const FACTOR = asked('TOPHASH_FUZZ', 0.1, 1)
/** By chance some garbage looks like the lock of nobody, which is waited for, for 10 seconds: none that comes of this seed. */
const SMOKE_SEED = 1
/** Bytes for the name of the case. */
const NAME_BYTES = 1000

/** What every fuzzer is told. */
export interface Task {
  readonly seed: number
  /** How many times as much as in `npm run test:all`: a fifth in `npm test`. */
  readonly factor: number
  /** Where to say at which step it is: a count of steps, the length of a name, the name. */
  readonly progress: SharedArrayBuffer
  readonly [more: string]: unknown
}

/** What every fuzzer posts at its end. */
export interface Report {
  readonly cases: number
  /** How often each outcome came. */
  readonly outcomes: Readonly<Record<string, number>>
}

/** Runs test/fuzz/`name`.worker.ts, which must come to a new step within `limitMs`. Prints what came of it. */
export async function runWatched(name: string, limitMs: number, more: Record<string, unknown> = {}): Promise<Report> {
  const seed = process.env.TOPHASH_SEED || isFull ? seedOf() : SMOKE_SEED
  const progress = new SharedArrayBuffer(8 + NAME_BYTES)
  const task: Task = { seed, factor: FACTOR, progress, ...more }
  const worker = new Worker(fileURLToPath(new URL(`${name}.worker.js`, BUILT)), { workerData: task })
  const title = [name, ...Object.values(more)].join(' ')
  try {
    const report = await watch(worker, progress, limitMs)
    const outcomes = Object.entries(report.outcomes).map(([outcome, count]) => `${count} ${outcome}`)
    console.log(`${title}: ${report.cases} cases, seed ${seed}: ${outcomes.join(', ')}`)
    return report
  } catch (error) {
    const place = `in ${caseOf(progress)}; TOPHASH_SEED=${seed} replays it`
    throw new Error(`${title}: ${(error as Error).message}, ${place}`, { cause: error })
  } finally {
    await worker.terminate()
  }
}

/** The case that a fuzzer has come to, and the step in it. */
function caseOf(progress: SharedArrayBuffer): string {
  const [, length] = new Int32Array(progress, 0, 2)
  return Buffer.from(new Uint8Array(progress, 8, length)).toString()
}

function watch(worker: Worker, progress: SharedArrayBuffer, limitMs: number): Promise<Report> {
  const count = new Int32Array(progress)
  return new Promise((resolve, reject) => {
    let [seen, since] = [-1, performance.now()]
    const timer = setInterval(() => {
      const now = Atomics.load(count, 0)
      if (now !== seen) [seen, since] = [now, performance.now()]
      else if (performance.now() - since > limitMs) reject(new Error(`it did not come to an end within ${limitMs} ms`))
    }, LOOK_MS)
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the worker ended with code ${code}`)))
    const stop = (): void => clearInterval(timer)
    worker.once('exit', stop)
  })
}
