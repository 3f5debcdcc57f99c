// node build/bench/bitset/run.js: 10 million bits are set and read, by one thread and by two, all contenders in turns in one run.
// Prints a table; docs/BITSET.md has it.
import { once } from 'node:events'
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { spreadOf } from '../harness/statistics.js'
import { CONTENDERS, type Contender, type Name } from './contenders.js'
import { ORDERS, type Order } from './loop.js'
import type { Job } from './worker.js'

const LENGTH = Number(process.argv[2] ?? 10_000_000)
const ROUNDS = Number(process.argv[3] ?? 11)
const WARM_UP = 3

interface Answer {
  readonly begin: number
  readonly end: number
  readonly set: number
}

/** A contender with its threads, which wait for orders. */
class Team {
  readonly title: string
  readonly threads: number
  readonly order: Order
  readonly times = { set: [] as number[], read: [] as number[] }
  #workers: Worker[] = []

  constructor(
    readonly name: Name,
    threads: number,
    order: Order,
  ) {
    this.title = CONTENDERS[name].title
    this.threads = threads
    this.order = order
  }

  async start(): Promise<void> {
    let handle: unknown
    for (let thread = 0; thread < this.threads; thread++) {
      const part = { length: LENGTH, order: this.order, thread, threads: this.threads }
      const worker = new Worker(new URL('worker.js', import.meta.url), {
        workerData: { name: this.name, part, handle } satisfies Job,
      })
      this.#workers.push(worker)
      const [started] = (await once(worker, 'message')) as [{ handle: unknown }]
      handle ??= started.handle
    }
  }

  async round(isMeasured: boolean): Promise<void> {
    await this.#all('clear', 1)
    const set = await this.#all('set')
    const read = await this.#all('read')
    if (read.set !== LENGTH) throw new Error(`${this.title}: ${read.set} bits of ${LENGTH} are set`)
    if (!isMeasured) return
    this.times.set.push(set.ns)
    this.times.read.push(read.ns)
  }

  /** From the first that begins to the last that ends, for each bit. */
  async #all(order: string, threads = this.threads): Promise<{ ns: number; set: number }> {
    const workers = this.#workers.slice(0, threads)
    const answers = workers.map(async (worker) => ((await once(worker, 'message')) as [Answer])[0])
    for (const worker of workers) worker.postMessage(order)
    const all = await Promise.all(answers)
    const ms = Math.max(...all.map(({ end }) => end)) - Math.min(...all.map(({ begin }) => begin))
    return { ns: (ms * 1e6) / LENGTH, set: all.reduce((sum, { set }) => sum + set, 0) }
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}

const rows: string[] = []
for (const order of Object.keys(ORDERS) as Order[]) {
  const teams = (Object.keys(CONTENDERS) as Name[]).flatMap((name) =>
    (CONTENDERS[name] as Contender).threads.map((threads) => new Team(name, threads, order)),
  )
  for (const team of teams) await team.start()
  for (let round = 0; round < WARM_UP + ROUNDS; round++) for (const team of teams) await team.round(round >= WARM_UP)
  const base = { set: spreadOf(teams[0]!.times.set).median, read: spreadOf(teams[0]!.times.read).median }
  for (const { title, threads, times } of teams) {
    const cells = (['set', 'read'] as const).map((what) => {
      const ns = spreadOf(times[what]).median
      return `${ns.toFixed(1)} | ${(base[what] / ns).toFixed(2)}`
    })
    rows.push(`| ${title}, ${threads} thread${threads > 1 ? 's' : ''} | ${order} | ${cells.join(' | ')} |`)
  }
  for (const team of teams) await team.end()
}
console.log(
  `Node ${process.version}, ${LENGTH} bits, median of ${ROUNDS} rounds, nanoseconds for each bit and speed against the plain array:`,
)
console.log(`| | | set, ns | | read, ns | |\n|---|---|--:|--:|--:|--:|\n${rows.join('\n')}`)
