// Workers that send each other messages. Each owns a share of the fingerprints, in a Map of its own: about another's
// share it asks that worker.
//
// What makes messages cheap is done: batches of thousands in buffers that are transferred, not copied; ports from
// worker to worker, past the main thread; receiving without a turn of the event loop; answers in the buffers of the
// questions, for which nobody waits before all files are read. What remains is that every entry is handed over and back,
// and what a Map costs with millions of entries.
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { runWorkers } from '../../common/workers.js'
import { stepsDone, type SearchJob } from '../job.js'
import { toFirst } from './stand.js'
import { takeInto, whilePolling, type Firsts, type Strategy } from './strategy.js'

export interface MessagesJob extends SearchJob {
  /** Which of the workers this one is. */
  me: number
  /** The ways to all workers, none to itself. */
  ports: (MessagePort | undefined)[]
}

export const findWithMessages: Strategy = async (job, threads, onProgress) => {
  const stands: Firsts = []
  const ports = connect(threads)
  const own = (me: number) => ({
    workerData: { me, ports: ports[me] },
    transferList: ports[me]!.filter((port) => port !== undefined),
  })
  await whilePolling(
    () => onProgress(stepsDone(job)),
    () => {
      return runWorkers(new URL('./messages-worker.js', import.meta.url), threads, job, takeInto(stands), own)
    },
  )
  return toFirst(job, stands)
}

/** A channel for each two of them: `connect(n)[i][j]` is where i speaks to j. */
function connect(threads: number): (MessagePort | undefined)[][] {
  const ports = Array.from({ length: threads }, () => new Array<MessagePort | undefined>(threads).fill(undefined))
  for (let i = 0; i < threads; i++) {
    for (let j = 0; j < i; j++) {
      const { port1, port2 } = new MessageChannel()
      ports[i]![j] = port1
      ports[j]![i] = port2
    }
  }
  return ports
}
