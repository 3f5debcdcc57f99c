// One thread: reads and writes, so many at a time, when all are ready; then tells how long reads took.
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js'
import { newDraw } from '../streams/random.js'
import { Zipfian } from '../streams/zipfian.js'
import { CONTENDERS, type Figures, type Name, type Near, type Setting } from './contenders.js'

export interface Job {
  readonly name: Name
  readonly setting: Setting
  readonly handle: unknown
  readonly operations: number
  readonly lanes: number
  readonly writes: number
  readonly seed: number
}

export interface Done extends Figures {
  readonly begin: number
  readonly end: number
  readonly reads: number
  readonly loads: number
  /** Of reads, in ns: see hdr-histogram-js. */
  readonly latencies: string
}

/** 200 bytes. */
const BODY = 'x'.repeat(190)

const { name, setting, handle, operations, lanes, writes, seed } = workerData as Job
const near: Near & { handle?: unknown } = await CONTENDERS[name].open(setting, handle)
const draw = newDraw(seed)
const picker = new Zipfian(setting.keys, draw)
const histogram = build({ numberOfSignificantValueDigits: 3 })
let [left, reads, loads] = [operations, 0, 0]

parentPort!.postMessage({ handle: near.handle })
await once(parentPort!, 'message') // all are ready
const begin = now()
await Promise.all(Array.from({ length: lanes }, lane))
const end = now()
parentPort!.postMessage('idle')
await once(parentPort!, 'message') // all have ended
const latencies = encodeIntoCompressedBase64(histogram)
parentPort!.postMessage({ ...near.figures(), begin, end, reads, loads, latencies } satisfies Done)
await once(parentPort!, 'message') // its memory was looked at
await near.close()

async function lane(): Promise<void> {
  while (left-- > 0) {
    const key = `key ${picker.next()}`
    if (draw(1_000_000) < writes * 1_000_000) {
      await near.set(key, `${left} ${BODY}`)
      continue
    }
    const before = process.hrtime.bigint()
    const value = await near.get(key, load)
    histogram.recordValue(Number(process.hrtime.bigint() - before))
    if (!value.endsWith(BODY)) throw new Error(`${key} is ${value}`)
    reads++
    // What is near is there at once: others of this thread are to have their turn as well.
    if (reads % 64 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}

function load(key: string): string {
  loads++
  return `${key} ${BODY}`
}

/** Milliseconds on a clock that all processes have. */
function now(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
