// The queues of other languages, each in a process of its own: `<program> queue`, see bench/native/README.md.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { buildNative, type NativeLanguage, remedyOf } from '../native/build.js'
import { CAPACITY } from './contenders.js'
import type { Pair, Race, Team } from './team.js'

export const NATIVES = {
  'go-channel': { title: 'Go: channel', language: 'go', thousands: 1_000 },
  'java-array-blocking-queue': { title: 'Java: ArrayBlockingQueue', language: 'java', thousands: 400 },
  'rust-array-queue': { title: 'Rust: crossbeam ArrayQueue', language: 'rust', thousands: 1_000 },
} satisfies Record<string, { title: string; language: NativeLanguage; thousands: number }>

export type NativeName = keyof typeof NATIVES

/** How to get it, if its language is not there. */
export async function lacking(name: NativeName): Promise<string | undefined> {
  const { language } = NATIVES[name]
  const program = await buildNative(language, (text) => console.error(`${text} ...`))
  return program ? undefined : remedyOf(language)
}

/** A program that answers a line with a line of numbers. */
class Program {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(command: string, args: string[]) {
    this.#process = spawn(command, [...args, 'queue'], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]()
  }

  static async of(name: NativeName): Promise<Program> {
    const { command, args } = (await buildNative(NATIVES[name].language))!
    return new Program(command, args)
  }

  async ask(...words: (string | number)[]): Promise<number[]> {
    this.#process.stdin!.write(`${words.join(' ')}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`${this.#process.spawnfile} has ended`)
    return (value as string).split(' ').map(Number)
  }

  async end(): Promise<void> {
    this.#process.stdin!.end()
  }
}

export async function startNativeTeam(name: NativeName, { kind, shape, percent }: Race): Promise<Team> {
  const program = await Program.of(name)
  const items = NATIVES[name].thousands * 10 * percent
  const round: Team['round'] = async () => {
    const [ns, sum] = (await program.ask('round', kind, shape, items, CAPACITY)) as [number, number]
    return { ns, items, sum }
  }
  return { round, end: () => program.end() }
}

export async function startNativePair(name: NativeName): Promise<Pair> {
  const program = await Program.of(name)
  return {
    hop: async (count) => Float64Array.from(await program.ask('hop', count, CAPACITY)),
    end: () => program.end(),
  }
}
