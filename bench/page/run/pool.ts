// The workers of a run, seen from the page: a command goes out, a promise of its result comes back.
import type { Answer, Command } from './protocol.js'

interface Pending {
  resolve(result: unknown): void
  reject(reason: Error): void
}

/** Workers that share, and after them one for the Map that nobody shares: see worker/direct.ts. */
export class Pool {
  readonly size: number
  #workers: Worker[] = []
  #pending: (Pending | undefined)[] = []

  constructor(size: number) {
    this.size = size
    for (let index = 0; index <= size; index++) this.#start(index)
  }

  /** The place of the worker that has a Map of its own. */
  get loner(): number {
    return this.size
  }

  /** A worker obeys one command at a time: the next may be given when this one's promise is settled. */
  call<T>(index: number, command: Command, transfer: Transferable[] = []): Promise<T> {
    const worker = this.#workers[index]
    if (!worker) return Promise.reject(new Error(`There is no worker ${index}: the run was stopped`))
    return new Promise<T>((resolve, reject) => {
      this.#pending[index] = { resolve: resolve as Pending['resolve'], reject }
      worker.postMessage(command, transfer)
    })
  }

  /** Gives each of some workers a command, and waits for all. */
  callAll<T>(indices: number[], commandOf: (place: number) => Command): Promise<T[]> {
    return Promise.all(indices.map((index, place) => this.call<T>(index, commandOf(place))))
  }

  /** Ends all workers, whatever they are doing; what was asked of them fails with `reason`. */
  terminate(reason: Error): void {
    for (const worker of this.#workers) worker.terminate()
    this.#workers = []
    for (const pending of this.#pending) pending?.reject(reason)
    this.#pending = []
  }

  #start(index: number): void {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: `worker ${index}` })
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const pending = this.#pending[index]
      this.#pending[index] = undefined
      if (data.ok) pending?.resolve(data.result)
      else this.terminate(new Error(`Worker ${index}: ${data.message}`)) // others may wait for it at the gate
    }
    worker.onerror = (event) => {
      event.preventDefault()
      this.terminate(new Error(`Worker ${index} could not go on: ${event.message || 'its script did not load'}`))
    }
    this.#workers[index] = worker
  }
}
