// Pauses: how long single calls of set take while each evicts, and while many entries end at once. Each contender has a process of
// its own (pauses-process.ts), and they take turns.
import { execFile } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median } from 'simple-statistics'

export const PAUSING = { 'tophash-cache': 'SharedCache', 'lru-cache': 'lru-cache' } as const
export type Pausing = keyof typeof PAUSING
export const MOMENTS = ['each set evicts', '100,000 entries end at once'] as const
export type Moment = (typeof MOMENTS)[number]

/** Nanoseconds. What a process says of a round; see pauses-process.ts. */
export interface Pause {
  p50: number
  p999: number
  longest: number
  /** Of the longest: V8 collected garbage, the operating system had given the core to somebody else. */
  collecting: number
  waiting: number
  /** The longest when both are taken off of each. */
  own: number
}

export interface Pauses extends Pause {
  title: string
  during: Moment
}

const PROCESS = fileURLToPath(new URL('./pauses-process.js', import.meta.url))

export async function measurePauses(rounds: number): Promise<Pauses[]> {
  const cases = MOMENTS.flatMap((during) =>
    (Object.keys(PAUSING) as Pausing[]).map((name) => ({ name, during, all: [] as Pause[] })),
  )
  for (let round = 0; round < rounds; round++) for (const one of cases) one.all.push(await ask(one.name, one.during))
  return cases.map(({ name, during, all }) => {
    const of = (field: keyof Pause): number => median(all.map((pause) => pause[field]))
    const worst = all.reduce((one, other) => (other.longest > one.longest ? other : one))
    const { longest, collecting, waiting } = worst
    return {
      title: PAUSING[name],
      during,
      p50: of('p50'),
      p999: of('p999'),
      longest,
      collecting,
      waiting,
      own: Math.max(...all.map(({ own }) => own)), // what must not be does not happen in any round
    }
  })
}

async function ask(name: Pausing, during: Moment): Promise<Pause> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', PROCESS, name, during])
  return JSON.parse(stdout)
}
