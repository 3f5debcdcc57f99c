// node build/bench/redis/run.js: two processes with three threads each before one server, Zipf 0.99 over 100,000 keys, 5 % writes, times
// to live; all contenders in turns in one run. Starts a server of its own. Prints a table.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Histogram, build, decodeFromCompressedBase64 } from 'hdr-histogram-js'
import { createClient } from 'redis'
import { Server } from '../../test/redis/server.js'
import { spreadOf } from '../harness/statistics.js'
import { CONTENDERS, type Name } from './contenders.js'
import type { Report, Task } from './process.js'

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '100000' },
    operations: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '5' },
    processes: { type: 'string', default: '2' },
    threads: { type: 'string', default: '3' },
    lanes: { type: 'string', default: '16' },
    writes: { type: 'string', default: '0.05' },
    ttl: { type: 'string', default: '60000' },
    only: { type: 'string', default: Object.keys(CONTENDERS).join() },
  },
})
const count = (name: keyof typeof values): number => Number(values[name])
const PROGRAM = fileURLToPath(new URL('process.js', import.meta.url))

/** What is said of a round. */
const FIGURES = {
  'operations a second': 0,
  'share from memory': 3,
  'loads of a key': 2,
  'p50, us': 1,
  'p99, us': 1,
  'memory, MB': 1,
  'reads that the server is asked for': 0,
  'commands sent': 0,
  'changes told of': 0,
  'bytes to the server an operation': 1,
  'bytes from the server an operation': 1,
} as const
type Figure = keyof typeof FIGURES

const server = await Server.start()
const admin = createClient({ url: server.url })
await admin.connect()
const rounds = new Map<Name, Record<Figure, number>[]>()
const names = values.only.split(',') as Name[]
for (let round = 0; round < count('rounds'); round++) {
  for (const name of names) rounds.set(name, [...(rounds.get(name) ?? []), await measure(name, round)])
}
print()
await admin.close()
await server.end()

async function measure(name: Name, round: number): Promise<Record<Figure, number>> {
  await admin.flushAll()
  await admin.configResetStat()
  const processes = await Promise.all(
    Array.from({ length: count('processes') }, (_, index) => start(name, round * 1000 + index * 100)),
  )
  const before = await traffic()
  const reports = await Promise.all(processes.map((process) => process.run()))
  const after = await traffic()
  const threads = reports.flatMap((report) => report.threads)
  const operations = count('operations') * threads.length
  const sum = (of: (thread: (typeof threads)[number]) => number): number =>
    threads.reduce((total, thread) => total + of(thread), 0)
  const ms = Math.max(...threads.map(({ end }) => end)) - Math.min(...threads.map(({ begin }) => begin))
  const latencies: Histogram = build({ numberOfSignificantValueDigits: 3 })
  for (const thread of threads) latencies.add(decodeFromCompressedBase64(thread.latencies))
  return {
    'operations a second': (1000 * operations) / ms,
    'share from memory': sum(({ hits }) => hits) / sum(({ reads }) => reads),
    'loads of a key': sum(({ loads }) => loads) / count('keys'),
    'p50, us': latencies.getValueAtPercentile(50) / 1000,
    'p99, us': latencies.getValueAtPercentile(99) / 1000,
    'memory, MB': reports.reduce((total, { memory }) => total + memory, 0) / 1e6,
    'reads that the server is asked for': sum(({ asked }) => asked),
    'commands sent': sum(({ sent }) => sent),
    'changes told of': sum(({ told }) => told),
    'bytes to the server an operation': (after.input - before.input) / operations,
    'bytes from the server an operation': (after.output - before.output) / operations,
  }
}

async function start(name: Name, seed: number) {
  const child = fork(PROGRAM)
  const setting = { url: server.url, prefix: 'bench:', ttl: count('ttl'), keys: count('keys') }
  const [operations, lanes, writes, threads] = [count('operations'), count('lanes'), count('writes'), count('threads')]
  child.send({ name, setting, operations, lanes, writes, seed, threads } satisfies Task)
  await once(child, 'message')
  return {
    async run(): Promise<Report> {
      const answer = once(child, 'message')
      child.send('begin')
      const [report] = (await answer) as [Report]
      await once(child, 'exit')
      return report
    },
  }
}

/** Bytes that the server has read and written since it was started. */
async function traffic(): Promise<{ readonly input: number; readonly output: number }> {
  const lines = String(await admin.info('stats')).split('\n')
  const of = (name: string): number => Number(lines.find((line) => line.startsWith(`${name}:`))!.split(':')[1])
  return { input: of('total_net_input_bytes'), output: of('total_net_output_bytes') }
}

function print(): void {
  const median = (name: Name, figure: Figure): number => spreadOf(rounds.get(name)!.map((round) => round[figure])).median
  console.log(
    `${values.processes} processes with ${values.threads} threads, ${values.keys} keys, ${values.operations} operations a thread,`,
  )
  console.log(
    `${100 * count('writes')} % writes, medians of ${values.rounds} rounds; x: how many times that of node-redis's cache\n`,
  )
  console.log(`| | ${names.map((name) => CONTENDERS[name].title).join(' | ')} | x |`)
  console.log(`| --- | ${names.map(() => '--:').join(' | ')} | --: |`)
  for (const [figure, digits] of Object.entries(FIGURES) as [Figure, number][]) {
    const cells = names.map((name) => median(name, figure).toFixed(digits))
    const hasBoth = names.includes('tophash') && names.includes('redis')
    const ratio = hasBoth ? (median('tophash', figure) / median('redis', figure)).toFixed(2) : '-'
    console.log(`| ${figure} | ${cells.join(' | ')} | ${ratio} |`)
  }
}
