// One of several threads of a contender. It lives as long as the plan, so that V8 has compiled what it executes; the
// tables come and go.
import { parentPort, workerData } from 'node:worker_threads'
import { findRival } from '../rivals/index.js'
import { readPlan } from '../streams/files.js'
import { collectGarbage } from './clock.js'
import type { Execute } from './latency.js'
import { execute, executeRemotely } from './loop.js'
import { type Round, Thread } from './thread.js'

export interface WorkerData {
  rival: string
  plan: string
  index: number
  threads: number
}

/** Each question gets one answer. */
export type Question = { type: 'attach'; handle: unknown } | { type: 'run'; round: Round } | { type: 'close' }

interface Open {
  execute: Execute
  dispose(): void | Promise<void>
}

const { rival, plan, index, threads } = workerData as WorkerData
const { takesRanks, load } = findRival(rival)
const library = await load()
const thread = new Thread(readPlan(plan), index, threads, takesRanks)
/** Kept after it was let go of, until the next one is there: so V8 keeps the code that it has compiled for such objects. */
let table: Open | undefined

parentPort!.on('message', async (question: Question) => {
  parentPort!.postMessage(await answer(question))
})
parentPort!.postMessage('ready')

async function answer(question: Question): Promise<unknown> {
  switch (question.type) {
    case 'attach':
      table = open(question.handle)
      return undefined
    case 'run':
      return thread.run(table!.execute, question.round)
    case 'close':
      await table!.dispose()
      collectGarbage() // what this thread alone still holds of the map's memory
      return undefined
  }
}

function open(handle: unknown): Open {
  if (library.connect) {
    const { table, dispose } = library.connect(handle)
    return { dispose, execute: { later: (batch, tally) => executeRemotely(table, batch, tally) } }
  }
  const { table, dispose } = library.attach!(handle)
  const settle = table.settle && (() => table.settle!())
  return { dispose, execute: { now: (batch, tally) => execute(table, batch, tally), settle } }
}
