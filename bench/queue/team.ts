// A contender with its threads, which wait for orders. Those of other languages have theirs in a process of their own: native.ts.
import { once } from 'node:events'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { CONTENDERS, type Contender, type Name } from './contenders.js'
import type { Kind } from './items.js'
import { type Answer, type Handle, type Job, type Order, withPorts } from './job.js'

/** So many producers, and as many consumers. */
export type Shape = 1 | 2

export interface Race {
  readonly kind: Kind
  readonly shape: Shape
  /** Of the usual number of items. */
  readonly percent: number
}

/** Who takes part in a race. */
export interface Team {
  /** Nanoseconds from the first that begins to the last that ends, of how many items, and what these were worth. */
  round(): Promise<{ ns: number; items: number; sum: number }>
  end(): Promise<void>
}

/** Who sends one number there and back. */
export interface Pair {
  /** Nanoseconds of each way there and back. */
  hop(count: number): Promise<Float64Array>
  end(): Promise<void>
}

interface Thread {
  /** Answers when it is done. */
  tell(order: Order): Promise<Answer>
}

class Threads {
  readonly #contender: Contender
  readonly #name: Name
  readonly #kind: Kind
  readonly #workers: Worker[] = []

  constructor(name: Name, kind: Kind) {
    this.#contender = CONTENDERS[name]
    this.#name = name
    this.#kind = kind
  }

  /** Starts a thread for each: all at once, or, in a family, the second as the child of the first. */
  async start(ends: readonly Pick<Job, 'sends' | 'takes'>[]): Promise<Thread[]> {
    const channels = ends.map(() => new MessageChannel())
    const jobs = ends.map((own, i): Job => ({ name: this.#name, kind: this.#kind, control: channels[i]!.port2, ...own }))
    const [first, second] = jobs
    const roots = this.#contender.isFamily ? [{ ...first!, child: second! }] : jobs
    for (const job of roots) this.#workers.push(new Worker(new URL('worker.js', import.meta.url), withPorts(job)))
    const threads = channels.map(({ port1 }) => ({ tell: (order: Order) => ask(port1, order) }))
    const failures = this.#workers.map((worker) => new Promise((_, reject) => worker.once('error', reject)))
    await Promise.race([...failures, Promise.all(channels.map(({ port1 }) => once(port1, 'message')))])
    return threads
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}

async function ask(port: MessagePort, order: Order): Promise<Answer> {
  port.postMessage(order)
  const [answer] = (await once(port, 'message')) as [Answer]
  return answer
}

const handle = (data: unknown): Handle => ({ data })

export async function startTeam(name: Name, { kind, shape, percent }: Race): Promise<Team> {
  const contender: Contender = CONTENDERS[name]
  const items = contender.thousands * 10 * percent
  const wiring = contender.connect(kind, shape, shape)
  const threads = new Threads(name, kind)
  const all = await threads.start([
    ...wiring.consumers.map((data) => ({ takes: handle(data) })),
    ...wiring.producers.map((data) => ({ sends: handle(data) })),
  ])
  const [consumers, producers] = [all.slice(0, shape), all.slice(shape)]
  const round: Team['round'] = async () => {
    const share = items / shape
    const taken = consumers.map((thread) => thread.tell({ do: 'take', count: share }))
    const sent = producers.map((thread, i) => thread.tell({ do: 'send', begin: i * share, end: (i + 1) * share }))
    const [ends, begins] = await Promise.all([Promise.all(taken), Promise.all(sent)])
    const ns = Math.max(...ends.map(({ end }) => end)) - Math.min(...begins.map(({ begin }) => begin))
    return { ns, items, sum: ends.reduce((sum, answer) => sum + answer.sum, 0) }
  }
  return { round, end: () => threads.end() }
}

export async function startPair(name: Name): Promise<Pair> {
  const contender: Contender = CONTENDERS[name]
  const [forth, back] = [contender.connect('numbers', 1, 1), contender.connect('numbers', 1, 1)]
  const threads = new Threads(name, 'numbers')
  const [pinger, ponger] = await threads.start([
    { sends: handle(forth.producers[0]), takes: handle(back.consumers[0]) },
    { sends: handle(back.producers[0]), takes: handle(forth.consumers[0]) },
  ])
  const hop: Pair['hop'] = async (count) => {
    const [answer] = await Promise.all([pinger!.tell({ do: 'ping', count }), ponger!.tell({ do: 'pong', count })])
    return answer.samples!
  }
  return { hop, end: () => threads.end() }
}
