// A process that builds one workshop: it stays, because a compiler that has just been started takes seconds.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

/** What scripts/build.mjs makes; see there. */
export const PARTS = ['mirror', 'release', 'checked', 'library', 'types', 'programs'] as const
export type Part = (typeof PARTS)[number]

export class Builder {
  readonly #process: ChildProcess
  /** Rejected when the process ends. */
  readonly #end: Promise<never>

  constructor(folder: string) {
    const script = path.join(folder, 'scripts/build.mjs')
    this.#process = fork(script, ['--serve'], { cwd: folder, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    this.#end = once(this.#process, 'exit').then(([code]) => {
      throw new Error(`the builder has ended with ${code}`)
    })
    this.#end.catch(() => {}) // unless somebody waits for it
  }

  /** Builds these parts, and does not optimise the cores. @throws what the compiler says */
  async build(parts: readonly Part[]): Promise<void> {
    const answer = once(this.#process, 'message') as Promise<[{ error?: string }]>
    this.#process.send({ without: PARTS.filter((part) => !parts.includes(part)), fast: true })
    const [{ error }] = await Promise.race([answer, this.#end])
    if (error !== undefined) throw new Error(error)
  }

  close(): void {
    this.#process.disconnect()
  }
}
