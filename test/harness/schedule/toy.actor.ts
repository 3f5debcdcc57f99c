// Threads without the core, for the test of the scheduler itself: they count in a word, with or without locks.
import { parentPort, workerData } from 'node:worker_threads'
import { Baton, isAbort } from './baton.js'
import { Control } from './control.js'
import { TOY_STEPS, type ToyJob, type ToyOperation } from './toy.js'

const { thread, control: buffer } = workerData as { thread: number; control: SharedArrayBuffer }
const control = new Control(buffer)

parentPort!.on('message', ({ memory, operations }: ToyJob) => {
  const words = new Int32Array(memory)
  const baton = new Baton(control, thread, TOY_STEPS)
  parentPort!.postMessage('ready')
  while (baton.begin(false)) {
    control.storeResults(thread, [])
    try {
      if (!baton.hasFailed) for (const operation of operations) perform(operation, words, baton)
    } catch (error) {
      if (!isAbort(error)) throw error
    }
    baton.end(false)
  }
  parentPort!.postMessage('idle')
})

function perform([what, at]: ToyOperation, words: Int32Array, { step }: Baton): void {
  if (what === 'increment') {
    const before = words[at]!
    step(TOY_STEPS.loaded)
    words[at] = before + 1
    step(TOY_STEPS.stored)
  } else if (what === 'lock') {
    while (words[at] !== 0) step(TOY_STEPS.waiting[0])
    words[at] = 1
    step(TOY_STEPS.taken)
  } else if (what === 'unlock') {
    words[at] = 0
    step(TOY_STEPS.released[0])
  } else {
    while (words[at] === 0) step(TOY_STEPS.loaded)
  }
}
