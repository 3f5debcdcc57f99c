// One operation that finds a lock whose owner is nobody: it ends after some 10 seconds, with an error that names it.
import { performance } from 'node:perf_hooks'
import { SharedMap, type TophashError } from 'tophash'
import { beginCase, end, layout, note, task } from './task.js'

const { DIRECTORY_AT, POOL_AT } = layout

/** Writes a lock word, and times the operation that needs the lock. */
function time(word: number, at: number, operation: () => unknown): void {
  const words = new Int32Array(map.handle.memory.buffer)
  const before = words[at / 4]!
  words[at / 4] = word
  const begin = performance.now()
  let code = 'no error'
  try {
    operation()
  } catch (error) {
    code = `${(error as TophashError).code} ${/Thread \d+/.exec((error as Error).message)}`
  }
  const seconds = (performance.now() - begin) / 1000
  words[at / 4] = before
  note(`${code} after ${seconds < 5 ? 'less than 5' : 'some 10'} s`)
}

const map = new SharedMap<string, number>([['ann', 1]], { key: 'string', value: 'number', capacity: 1 })
const owner = task.owner as number
const head = new Int32Array(map.handle.memory.buffer)[(map.handle.table + DIRECTORY_AT) / 4]!
beginCase(`a lock of thread ${owner}`)
if (task.lock === 'pool') {
  // Batches of free blocks, which it would look through one after the other, and a length that there is no block of yet.
  for (let size = 1; size < 500; size++) map.set('k'.repeat(size), 1)
  map.clear()
  time((owner << 3) | 1, POOL_AT, () => {
    for (let n = 0; n < 12; n++) map.set(`${n}`.repeat(3_500), 1) // its chunk of fresh memory has room for some
  })
} else {
  time((owner << 3) | 3, head, () => map.set('ann', 2))
}
map.set('bob', 2)
map.check()
end()
