// Workers that count each file for themselves and post the counts; the main thread adds them up in its Map.
//
// One message per file, not per word: a message costs some microseconds however small it is. Posting arrays instead of
// Maps was no faster. Nor was posting once per worker at the very end, before which nobody could look up anything.
import { newJob, runWorkers } from '../../common/workers.js'
import type { Strategy } from './strategy.js'

export const countWithMessages: Strategy = async (files, threads, onProgress) => {
  const counts = new Map<string, number>()
  let done = 0
  const addFile = (counted: Map<string, number>): void => {
    for (const [word, n] of counted) counts.set(word, (counts.get(word) ?? 0) + n)
    onProgress(++done)
  }
  await runWorkers(new URL('./messages-worker.js', import.meta.url), threads, newJob(files), addFile)
  return counts
}
