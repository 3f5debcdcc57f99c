// What a thread of a contender is given, told, and says.
import { MessagePort } from 'node:worker_threads'
import type { Name } from './contenders.js'
import type { Kind } from './items.js'

export interface Job {
  readonly name: Name
  readonly kind: Kind
  readonly control: MessagePort
  /** What it sends to, and what it takes from: one of them, or both. */
  readonly sends?: Handle
  readonly takes?: Handle
  /** A thread that this one is to make. */
  readonly child?: Job
}

export interface Handle {
  readonly data: unknown
}

/** Items that it sends, or takes; or how often an item goes there and back. */
export type Order =
  | { readonly do: 'send'; readonly begin: number; readonly end: number }
  | { readonly do: 'take' | 'ping' | 'pong'; readonly count: number }

export interface Answer {
  readonly begin: number
  readonly end: number
  readonly sum: number
  /** Nanoseconds of each way there and back. */
  readonly samples?: Float64Array
}

/** What a worker is made with. */
export function withPorts(job: Job): { workerData: Job; transferList: MessagePort[] } {
  const ports = [job, job.child].flatMap((one) => (one ? [one.control, one.sends?.data, one.takes?.data] : []))
  return { workerData: job, transferList: ports.flat().filter((data) => data instanceof MessagePort) }
}
