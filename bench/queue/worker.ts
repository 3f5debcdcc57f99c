// One thread of a contender: sends or takes as often as it is told. Orders come by a port of their own, for what the thread's parent
// posts may be items. All threads have one clock.
import process from 'node:process'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { CONTENDERS, type Contender } from './contenders.js'
import type { Ends } from './ends.js'
import { type Answer, type Handle, type Job, type Order, withPorts } from './job.js'

const { name, kind, control, sends, takes, child } = workerData as Job
const contender: Contender = CONTENDERS[name]
const now = (): number => Number(process.hrtime.bigint())

const family = contender.isFamily ? [child ? new Worker(new URL(import.meta.url), withPorts(child)) : parentPort!] : undefined
const open = (handle: Handle): Ends => contender.open(kind, family ?? handle.data)
const sender = sends && open(sends)
const taker = takes && (family && sender ? sender : open(takes))

async function execute(order: Order): Promise<Answer> {
  const begin = now()
  let sum = 0
  let samples: Float64Array | undefined
  if (order.do === 'send') await sender!.send(order.begin, order.end)
  else if (order.do === 'take') sum = await taker!.take(order.count)
  else if (order.do === 'pong') await pong(order.count)
  else samples = await ping(order.count)
  return { begin, end: now(), sum, ...(samples && { samples }) }
}

async function ping(count: number): Promise<Float64Array> {
  const samples = new Float64Array(count)
  for (let n = 0; n < count; n++) {
    const begin = now()
    sender!.send(n, n + 1)
    const taken = taker!.take(1)
    const item = typeof taken === 'number' ? taken : await taken
    samples[n] = now() - begin
    if (item !== n) throw new Error(`${contender.title}: ${item} came back instead of ${n}`)
  }
  return samples
}

async function pong(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const taken = taker!.take(1)
    if (typeof taken !== 'number') await taken
    sender!.send(n, n + 1)
  }
}

control.on('message', (order: Order) => void execute(order).then((answer) => control.postMessage(answer)))
control.postMessage('ready')
