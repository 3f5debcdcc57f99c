// One thread of a contender: sets and reads its part, as often as it is told. Times are of the clock that all threads have.
import { parentPort, workerData } from 'node:worker_threads'
import { CONTENDERS, type Contender, type Name } from './contenders.js'
import { type Part, readAll, setAll } from './loop.js'

export interface Job {
  readonly name: Name
  readonly part: Part
  /** Of who makes it: none. */
  readonly handle?: unknown
}

const { name, part, handle } = workerData as Job
const contender: Contender = CONTENDERS[name]
const bits = handle === undefined ? await contender.make(part.length) : contender.attach!(handle, part.length)
const now = (): number => performance.timeOrigin + performance.now()

parentPort!.on('message', (order: 'clear' | 'set' | 'read') => {
  if (order === 'clear') bits.clear()
  const begin = now()
  let set = 0
  if (order === 'set') setAll(bits, part)
  else if (order === 'read') set = readAll(bits, part)
  parentPort!.postMessage({ begin, end: now(), set })
})
parentPort!.postMessage({ handle: bits.handle })
