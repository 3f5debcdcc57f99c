// A victim or a survivor in Node. It never comes back to its event loop: it hears of no death, it has to ask.
import { parentPort, workerData } from 'node:worker_threads'
import { randomOf } from '../stress/random.js'
import { Actor } from './actor.js'
import { loadLibrary } from './linger.js'
import { Ledger } from './ledger.js'
import type { Job } from './owner.js'

const job = workerData as Job
const nothing = new Int32Array(new SharedArrayBuffer(4))

// Not an await at the top: Node 20 aborts, with all threads, if one is terminated at a certain moment of running such a module.
void loadLibrary(job, new Ledger(job.actors, job.ledger)).then((library) => {
  act(new Actor(job, library, randomOf(job.seed)))
})

function act(actor: Actor): void {
  try {
    actor.ledger.begin(job.actor)
    join(actor)
    parentPort!.postMessage('ready')
    while (!actor.ledger.isStopped(job.actor)) actor.step()
    actor.leave()
  } catch (error) {
    actor.complain(error)
    parentPort!.postMessage('failed')
  }
}

/** In a full heap there may be no room for a thread; then it waits until others have made some. */
function join(actor: Actor): void {
  while (!actor.ledger.isStopped(job.actor)) {
    try {
      actor.settle()
      return
    } catch (error) {
      if (!job.tight || (error as { code?: unknown }).code !== 'ERR_OUT_OF_MEMORY') throw error
      actor.leave()
      Atomics.wait(nothing, 0, 0, 5)
    }
  }
}
