// node build/examples/primes/main.js [limit] [threads]: counts the primes below a limit. All threads cross out multiples in one
// bitset, each for the next prime that nobody has taken yet; no thread waits for another, and nothing is copied or sent.
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { SharedBitset } from 'tophash'
import type { Job } from './worker.js'

const limit = wholeNumber(process.argv[2] ?? '10000000')
const threads = wholeNumber(process.argv[3] ?? '2')

/** Bit n: n is no prime. */
const composites = new SharedBitset({ length: limit })
composites.addRange(0, Math.min(2, limit))
const primes = primesUpTo(Math.floor(Math.sqrt(limit)))
const job: Job = { composites: composites.handle, primes, taken: new Int32Array(new SharedArrayBuffer(4)) }

const begin = performance.now()
await Promise.all(
  Array.from({ length: threads }, () => finished(new Worker(new URL('worker.js', import.meta.url), { workerData: job }))),
)
const seconds = (performance.now() - begin) / 1000

console.log(`${limit - composites.size} primes below ${limit}, the last of them ${lastPrime()}`)
console.log(`${threads} threads took ${seconds.toFixed(2)} s; ${composites.stats().pageBytes / 1024} KiB of bits`)

/** Those whose multiples are all composites there are: few, so they are found here, one by one. */
function primesUpTo(last: number): number[] {
  const found: number[] = []
  for (let n = 2; n <= last; n++) if (found.every((prime) => prime * prime > n || n % prime !== 0)) found.push(n)
  return found
}

function lastPrime(): number {
  let last = limit - 1
  while (last > 0 && composites.has(last)) last--
  return last
}

function finished(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with exit code ${code}`))))
  })
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= 2 ** 32) return number
  console.error(`A limit and a number of threads are whole numbers from 1 on; got ${text}.`)
  process.exit(2)
}
