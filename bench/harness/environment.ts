// What the figures depend on besides the code.
import { spawnSync } from 'node:child_process'
import os from 'node:os'
import process from 'node:process'
import { ROOT, ownVersion } from '../rivals/packages.js'

export interface Environment {
  date: string
  tophash: string
  /** Of the sources, if they are in a repository; with a plus if they were changed since. */
  commit?: string
  runtime: string
  system: string
  processor: string
  cores: number
  memoryGiB: number
  /** Of the last 1, 5 and 15 minutes: what else ran when this run began. */
  loadAverage: number[]
}

export function describeEnvironment(): Environment {
  const commit = readCommit()
  return {
    date: new Date().toISOString(),
    tophash: ownVersion(),
    ...(commit && { commit }),
    runtime: `Node.js ${process.versions.node}, V8 ${process.versions.v8}`,
    system: `${os.type()} ${os.release()}, ${os.arch()}`,
    processor: os.cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    loadAverage: os.loadavg().map((load) => Math.round(load * 100) / 100),
  }
}

/** What to say when the machine has other things to do. */
export function complainOf({ loadAverage, cores }: Environment): string | undefined {
  const [load] = loadAverage
  if (load! < cores / 4) return undefined
  return `the load average is ${load}: something else runs on this machine, and the figures will tell of it, too`
}

function readCommit(): string | undefined {
  const git = (...args: string[]) => spawnSync('git', ['-C', ROOT, ...args], { encoding: 'utf8' })
  const { status, stdout } = git('rev-parse', '--short=10', 'HEAD')
  if (status !== 0) return undefined
  return stdout.trim() + (git('status', '--porcelain', '--untracked-files=no').stdout ? '+' : '')
}
