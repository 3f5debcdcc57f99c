// Runs tests of a workshop, and tells what came of them.
import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'

/** `missing`: there is no such test. `hangs`: it did not come to an end. `unbuilt`: it does not compile. */
export type Outcome = 'green' | 'red' | 'hangs' | 'missing' | 'unbuilt'

export interface Trial {
  readonly outcome: Outcome
  readonly seconds: number
  /** The last of so many runs came to this. */
  readonly tries: number
  /** Tests that failed: their names, and the first lines of why. */
  readonly failures: readonly string[]
}

/** For each name. */
const LIMIT_MS = 180_000
/** The seeds of the first try, and of those that follow where none is caught: the same for every run. */
const SEEDS = [1, 2, 3]

interface Test {
  readonly fullName: string
  readonly status: string
  readonly failureMessages: readonly string[]
  /** In milliseconds; none if it was skipped. */
  readonly duration?: number | null
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly Test[]
    readonly status: string
    readonly message: string
  }[]
}

interface Run {
  /** None if the tests did not come to an end. */
  readonly report: Report | undefined
  readonly seconds: number
}

/** Runs the tests of a file whose names contain `name`; the first that fails is enough. */
export async function tryTest(folder: string, file: string, name: string, seed = SEEDS[0]!): Promise<Trial> {
  const { report, seconds } = await run(folder, file, [name], seed, '--bail=1')
  return { ...judge(report, name), seconds, tries: 1 }
}

/** The same, but if none fails, again with other seeds: where real threads race, one run can miss what nearly all find. */
export async function tryUntilRed(folder: string, file: string, name: string): Promise<Trial> {
  let trial = await tryTest(folder, file, name)
  for (const seed of SEEDS.slice(1)) {
    if (!isByChance(trial)) break
    const next = await tryTest(folder, file, name, seed)
    trial = { ...next, seconds: trial.seconds + next.seconds, tries: trial.tries + 1 }
  }
  return trial
}

/** Whether the same test could come to something else. */
function isByChance({ outcome }: Trial): boolean {
  return outcome === 'green' || outcome === 'hangs'
}

/** The same for several names at once: what came of each, and how long the tests took by themselves. */
export async function tryTests(folder: string, file: string, names: readonly string[]): Promise<Map<string, Trial>> {
  const { report } = await run(folder, file, names, SEEDS[0]!)
  const took = (name: string): number => testsOf(report, name).reduce((sum, { duration }) => sum + (duration ?? 0), 0)
  return new Map(names.map((name) => [name, { ...judge(report, name), seconds: took(name) / 1000, tries: 1 }]))
}

/** Runs the tests of a file whose names contain one of these. */
async function run(folder: string, file: string, names: readonly string[], seed: number, ...more: string[]): Promise<Run> {
  const began = performance.now()
  const output = path.join(folder, 'build', 'trial.json')
  await rm(output, { force: true })
  const pattern = names.map(escape).join('|') // an empty name is in all
  const isOver = await vitest(
    folder,
    ['run', file, '--testNamePattern', pattern, '--reporter=json', `--outputFile=${output}`, ...more],
    String(seed),
    LIMIT_MS * names.length,
  )
  const report = isOver ? (JSON.parse(await readFile(output, 'utf8')) as Report) : undefined
  return { report, seconds: (performance.now() - began) / 1000 }
}

function testsOf(report: Report | undefined, name: string): Test[] {
  const all = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? []
  return all.filter(({ fullName }) => fullName.includes(name))
}

function judge(report: Report | undefined, name: string): Pick<Trial, 'outcome' | 'failures'> {
  if (!report) return { outcome: 'hangs', failures: [] }
  const broken = report.testResults.filter(({ status, assertionResults: tests }) => status === 'failed' && tests.length === 0)
  const tests = testsOf(report, name)
  const failed = tests.filter(({ status }) => status === 'failed')
  const failures = [
    ...broken.map(({ message }) => message),
    ...failed.map(({ fullName, failureMessages }) => `${fullName}: ${(failureMessages[0] ?? '').split('\n')[0]}`),
  ]
  // A name that the bug has misspelt makes any test red: no compiler looks at the types of what is planted.
  if (failures.some((failure) => failure.includes('ReferenceError'))) return { outcome: 'unbuilt', failures }
  if (failed.length > 0) return { outcome: 'red', failures }
  return { outcome: tests.some(({ status }) => status === 'passed') ? 'green' : 'missing', failures }
}

/** In a group of processes of its own, which ends as a whole: an endless loop in WebAssembly cannot be stopped otherwise. */
function vitest(folder: string, args: readonly string[], seed: string, limitMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const bin = path.join(folder, 'node_modules/vitest/vitest.mjs')
    const env = { ...process.env, TOPHASH_SIZE: 'full', TOPHASH_SEED: seed, SEED: seed }
    const child = spawn(process.execPath, [bin, ...args], { cwd: folder, env, stdio: 'ignore', detached: true })
    const timer = setTimeout(() => {
      process.kill(-child.pid!, 'SIGKILL')
      resolve(false)
    }, limitMs)
    child.on('error', reject)
    child.on('exit', () => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}

/** As a regular expression. */
function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
