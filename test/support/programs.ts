// Runs programs of their own, for what a whole process must do or must not.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const LIBRARY = new URL('../../dist/index.js', import.meta.url).href

export interface Outcome {
  /** Exit code; null: it had to be killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs an ES module with Node, and another one as its worker if it says so: by `new Worker(workerUrl)`. In both `tophash`
 * is the URL of the library. What does not end within a minute and a half is killed.
 */
export async function runProgram(main: string, worker = ''): Promise<Outcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tophash-program-'))
  const header = `const tophash = ${JSON.stringify(LIBRARY)}\nconst workerUrl = new URL('worker.mjs', import.meta.url)\n`
  try {
    await writeFile(path.join(folder, 'worker.mjs'), header + worker)
    await writeFile(path.join(folder, 'main.mjs'), header + main)
    return await run(path.join(folder, 'main.mjs'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

function run(script: string): Promise<Outcome> {
  const child = spawn(process.execPath, [script], { timeout: 90_000 })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}
