// Worker threads that are started once, and then asked.
import { Worker } from 'node:worker_threads'

interface Pending {
  resolve(answer: unknown): void
  reject(reason: Error): void
}

export class Pool {
  readonly #workers: Worker[] = []
  readonly #pending: (Pending | undefined)[] = []
  #failure: Error | undefined

  constructor(script: URL, threads: number, workerData: unknown) {
    for (let index = 0; index < threads; index++) {
      const worker = new Worker(script, { workerData })
      worker.on('message', (answer) => this.#pending[index]?.resolve(answer))
      worker.on('error', (error) => this.#fail(error))
      worker.on('exit', (code) => this.#fail(new Error(`a worker ended with exit code ${code}`)))
      this.#workers.push(worker)
    }
  }

  /** Asks the first `threads` workers the same, and waits for all of their answers. */
  ask<T>(threads: number, questionFor: (index: number) => unknown): Promise<T[]> {
    return Promise.all(this.#workers.slice(0, threads).map((worker, index) => {
      return new Promise<T>((resolve, reject) => {
        if (this.#failure) return reject(this.#failure)
        this.#pending[index] = { resolve: resolve as Pending['resolve'], reject }
        worker.postMessage(questionFor(index))
      })
    }))
  }

  async stop(): Promise<void> {
    this.#failure ??= new Error('the workers were stopped')
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  /** One that has failed leaves the others waiting at a barrier. */
  #fail(reason: Error): void {
    if (this.#failure) return
    this.#failure = reason
    for (const pending of this.#pending) pending?.reject(reason)
    void this.stop()
  }
}
