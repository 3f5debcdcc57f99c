// Runs SPIN: a model becomes a C program, which searches all that can happen. Everything is written to build/spin/.
import { execFile, execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const MODEL = await readFile(new URL('bucket.pml', import.meta.url), 'utf8')
export const WAITING = await readFile(new URL('waiting.pml', import.meta.url), 'utf8')
const PLACE = new URL('../../build/spin/', import.meta.url)

/** What the search is allowed to take. Deeper or larger and it says so, which is a failure. */
const LIMITS = { depth: 100_000, megabytes: 3000 }

export interface Search {
  /** Violations found: the search ends with the first. */
  readonly errors: number
  /** What was violated, as SPIN says it, without spaces. */
  readonly violated: string | undefined
  readonly states: number
  /** False if anything was left out: depth, memory, hashing. */
  readonly isComplete: boolean
  /** Statements that no run came to: "process: state number: text". */
  readonly unreached: readonly string[]
  readonly seconds: number
}

/** Whether the tools are there. */
export function hasSpin(): boolean {
  try {
    for (const [tool, option] of [
      ['spin', '-V'],
      ['gcc', '--version'],
    ] as const)
      execFileSync(tool, [option])
    return true
  } catch {
    return false
  }
}

/** Checks a model in a folder of this name. `optimise`: for searches that take longer than the compiler. */
export async function check(name: string, model: string, flags: readonly string[], optimise: boolean): Promise<Search> {
  const cwd = new URL(`${name}/`, PLACE)
  await mkdir(cwd, { recursive: true })
  await writeFile(new URL('bucket.pml', cwd), model)
  await run('spin', [...flags, '-a', 'bucket.pml'], { cwd })
  const level = optimise ? '-O2' : '-O0'
  const options = ['-w', level, '-DSAFETY', '-DCOLLAPSE', `-DMEMLIM=${LIMITS.megabytes}`]
  await run('gcc', [...options, '-o', 'pan', 'pan.c'], { cwd })
  // Slots of the table of states, as a power of two: enough for the states.
  const { stdout } = await run('./pan', [`-m${LIMITS.depth}`, `-w${optimise ? 26 : 20}`], { cwd, maxBuffer: 1 << 26 })
  return parse(stdout)
}

function parse(said: string): Search {
  const number = (pattern: RegExp): number => Number(pattern.exec(said)?.[1] ?? NaN)
  return {
    errors: number(/errors: (\d+)/),
    violated: /pan:\d+: (?:assertion violated)?(.*?) \(at depth/.exec(said)?.[1]?.replaceAll(' ', ''),
    states: number(/(\d+) states, stored/),
    isComplete: !/Search not completed|depth too small|out of memory|MEMLIM|bit-state|hash-?compact/i.test(said),
    unreached: unreachedIn(said),
    seconds: number(/elapsed time ([\d.]+)/),
  }
}

/** One statement may be listed in several lines: for each of its ways. */
function unreachedIn(said: string): string[] {
  const found: string[] = []
  let process = ''
  for (const line of said.split('\n')) {
    process = /^unreached in (?:proctype )?(\w+)/.exec(line)?.[1] ?? process
    const statement = /state (\d+), "(.*)"/.exec(line)
    if (statement) found.push(`${process}: ${statement[1]}: ${statement[2]}`)
  }
  return found
}
