// Runs one test of a workshop, and tells what came of it.
import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'

/** `missing`: there is no such test. `hangs`: it did not come to an end. `unbuilt`: it does not compile. */
export type Outcome = 'green' | 'red' | 'hangs' | 'missing' | 'unbuilt'

export interface Trial {
  readonly outcome: Outcome
  readonly seconds: number
  /** Tests that failed: their names, and the first lines of why. */
  readonly failures: readonly string[]
}

const LIMIT_MS = 180_000
/** The same for every run, so that what is caught once is caught again. */
const SEED = '1'

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { fullName: string; status: string; failureMessages: readonly string[] }[]
    readonly status: string
    readonly message: string
  }[]
}

/** Runs the tests of a file whose names contain `name`. */
export async function tryTest(folder: string, file: string, name: string): Promise<Trial> {
  const began = performance.now()
  const report = path.join(folder, 'build', 'trial.json')
  await rm(report, { force: true })
  const isOver = await vitest(folder, [
    'run', file, '--testNamePattern', escape(name), '--reporter=json', `--outputFile=${report}`, '--bail=1',
  ])
  const seconds = (performance.now() - began) / 1000
  if (!isOver) return { outcome: 'hangs', seconds, failures: [] }
  return { ...judge(JSON.parse(await readFile(report, 'utf8')) as Report), seconds }
}

function judge({ testResults }: Report): Pick<Trial, 'outcome' | 'failures'> {
  const broken = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
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
function vitest(folder: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const bin = path.join(folder, 'node_modules/vitest/vitest.mjs')
    const env = { ...process.env, TOPHASH_SEED: SEED, SEED }
    const child = spawn(process.execPath, [bin, ...args], { cwd: folder, env, stdio: 'ignore', detached: true })
    const timer = setTimeout(() => {
      process.kill(-child.pid!, 'SIGKILL')
      resolve(false)
    }, LIMIT_MS)
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
