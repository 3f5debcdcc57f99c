// Starts the worker threads of tests: files named *.worker.ts, which the build transpiles to build/test one by one.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

const BUILT = new URL('../../build/test/', import.meta.url)

/** A worker thread under test. */
export interface Spawned<T> {
  readonly worker: Worker
  /** The next message that nobody has waited for yet; rejects if the worker fails, or ends without one. */
  message(): Promise<T>
  /** All messages, in order, when the worker has ended by itself; rejects if it fails. */
  readonly results: Promise<T[]>
}

/** Starts build/test/`name`.worker.js, such as 'api/attach', and collects what it posts. */
export function spawn<T = unknown>(name: string, workerData?: unknown): Spawned<T> {
  const script = new URL(`${name}.worker.js`, BUILT)
  if (!existsSync(script)) throw new Error(`${fileURLToPath(script)} is missing: run \`npm run build\` first.`)
  const worker = new Worker(script, { workerData })
  const messages: T[] = []
  const waiting = new Set<() => void>()
  const wake = (): void => waiting.forEach((look) => look())
  let taken = 0
  let ended = false

  const results = new Promise<T[]>((resolve, reject) => {
    worker.on('error', reject)
    worker.on('messageerror', reject)
    worker.on('exit', (code) => {
      if (code !== 0) reject(new Error(`The worker ${name} ended with exit code ${code}.`))
      else resolve(messages)
      ended = true
      wake()
    })
    worker.on('message', (message: T) => {
      messages.push(message)
      wake()
    })
  })
  results.catch(() => {}) // whoever awaits it is told; a test that terminates its worker need not

  const message = async (): Promise<T> => {
    const index = taken++
    while (messages.length <= index) {
      if (ended) {
        await results
        throw new Error(`The worker ${name} ended after ${messages.length} messages.`)
      }
      await new Promise<void>((resolve) => {
        const look = (): void => {
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
      })
    }
    return messages[index]!
  }
  return { worker, message, results }
}
