// Executes a plan on plain arrays, and so says what every contender must have found. In whatever order threads work,
// because plans see to it: what comes and goes is touched by one stream only, and checksums take of each value the part
// that is the same in all its versions.
import { GET, INCREMENT, LOAD, MODIFY, REMOVE, SCAN, SET, type Plan, kindOf, operationsOf, rankOf } from './plan.js'

export interface Outcome {
  operations: number
  /** GETs and MODIFYs that found their key. */
  hits: number
  /** Of the lasting parts of what GETs read and SCANs visited. */
  sum: number
  removed: number
  visited: number
  /** Entries at the end, and the sum of their values' lasting parts. */
  size: number
  content: number
}

/** With a plan that has others in the background, it is the outcome of stream 0; the others may not change it. */
export function replay(plan: Plan, limit = 0): Outcome {
  const table = new Table(plan)
  const outcome: Outcome = { operations: 0, hits: 0, sum: 0, removed: 0, visited: 0, size: 0, content: 0 }
  const counted = plan.background ? 1 : plan.streams.length
  for (let stream = 0; stream < counted; stream++) {
    const operations = plan.streams[stream]!
    const total = operationsOf(plan, stream, limit)
    for (let done = 0, place = 0; done < total; done++) {
      execute(operations[place]!, table, outcome)
      if (++place === operations.length) place = 0
    }
    outcome.operations += total
  }
  return { ...outcome, size: table.size, content: table.content }
}

function execute(operation: number, table: Table, outcome: Outcome): void {
  const rank = rankOf(operation)
  switch (kindOf(operation)) {
    case GET:
      if (!table.has(rank)) return
      outcome.hits++
      outcome.sum += table.readable(rank)
      return
    case SET:
      return table.set(rank)
    case REMOVE:
      if (table.remove(rank)) outcome.removed++
      return
    case INCREMENT:
      return table.increment(rank)
    case MODIFY:
      if (table.has(rank)) outcome.hits++
      return
    case LOAD:
      if (!table.has(rank)) return table.set(rank)
      outcome.hits++
      outcome.sum += table.readable(rank)
      return
    case SCAN:
      outcome.visited += table.size
      outcome.sum += table.content
      return
    default:
      throw new Error(`there is no operation ${kindOf(operation)}`)
  }
}

/** What is there, and with which lasting value. */
class Table {
  size = 0
  content = 0
  readonly #plan: Plan
  readonly #present: Uint8Array
  readonly #counts: Float64Array

  constructor(plan: Plan) {
    this.#plan = plan
    this.#present = new Uint8Array(plan.keyCount)
    this.#counts = new Float64Array(plan.counters ? plan.keyCount : 0)
    for (let rank = 0; rank < plan.prefill; rank++) this.set(rank)
  }

  has(rank: number): boolean {
    return this.#present[rank] === 1
  }

  /** What a GET adds to its sum: counters change while others count, so they are not summed. */
  readable(rank: number): number {
    return this.#plan.counters ? 0 : this.#lasting(rank)
  }

  set(rank: number): void {
    if (this.has(rank)) return
    this.#present[rank] = 1
    this.size++
    this.content += this.#lasting(rank)
  }

  remove(rank: number): boolean {
    if (!this.has(rank)) return false
    this.content -= this.#lasting(rank)
    if (this.#plan.counters) this.#counts[rank] = 0
    this.#present[rank] = 0
    this.size--
    return true
  }

  increment(rank: number): void {
    this.set(rank)
    this.#counts[rank]!++
    this.content++
  }

  #lasting(rank: number): number {
    if (this.#plan.counters) return this.#counts[rank]!
    return this.#plan.valueKind === 'boolean' ? 1 : rank
  }
}
