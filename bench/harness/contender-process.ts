// A contender, seen from the harness: a process that reads commands from its stdin, one in a line, and answers each with
// one JSON object in a line of its stdout. It blocks while it has nothing to do. The commands:
//
//   load <plan>               reads the plan and makes its keys          -> { ok, rival, version }
//   round <limit> <file or -> makes a map, executes the plan, see below  -> RoundAnswer
//   memory <key kind> <count> inserts so many keys                       -> MemoryAnswer
//   quit                      ends with code 0
//
// A round: a new map, filled, without timing; garbage collected; the threads released at one moment; each stream stops
// after `limit` operations unless it is 0; afterwards every key that may be there is looked up. With a file it times every
// sampleEvery-th operation, and writes the nanoseconds there, thread after thread, as words of 32 bits. With a third word,
// `explain`, a contender that can also says what its map did during the longest of them.
// On an error: { "error": "what happened" }.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Outcome } from '../streams/replay.js'

export interface Program {
  command: string
  args: string[]
}

export interface LoadAnswer {
  ok: true
  rival: string
  version: string
}

export interface RoundAnswer extends Outcome {
  /** From the release to the end of the last thread; with fresh strings the most that a thread needed without building them. */
  nanoseconds: number
  threads: { nanoseconds: number; operations: number; samples?: number }[]
  longest?: { nanoseconds: number; meanwhile: string }
}

export interface MemoryAnswer {
  bytesPerEntry: number
  rssBytes: number
  reported: number | null
}

/** A contender that has not answered for so long never will. */
const PATIENCE_MS = 300_000
const MOST_COMPLAINTS = 4_000

export class ContenderProcess {
  readonly #name: string
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #ended: Promise<void>
  #complaints = ''
  #pending: { resolve(line: string): void; reject(reason: Error): void } | undefined
  #failure: Error | undefined

  constructor(name: string, { command, args }: Program) {
    this.#name = name
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.stdin.on('error', () => {}) // what it means comes with the end of the process
    this.#child.stderr.on('data', (text) => (this.#complaints = (this.#complaints + text).slice(-MOST_COMPLAINTS)))
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#pending?.resolve(line))
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#fail(error.message)
        resolve()
      })
      this.#child.on('close', (code, signal) => {
        this.#fail(`ended with ${signal ?? `exit code ${code}`}`)
        resolve()
      })
    })
  }

  load(plan: string): Promise<LoadAnswer> {
    return this.#ask(`load ${plan}`)
  }

  round(limit: number, latencies?: string, explain = false): Promise<RoundAnswer> {
    return this.#ask(`round ${limit} ${latencies ?? '-'}${explain ? ' explain' : ''}`)
  }

  memory(keyKind: number, count: number): Promise<MemoryAnswer> {
    return this.#ask(`memory ${keyKind} ${count}`)
  }

  async quit(): Promise<void> {
    this.#child.stdin.end('quit\n')
    await this.#ended
  }

  /** For when something has failed. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }

  async #ask<T>(command: string): Promise<T> {
    const line = await new Promise<string>((resolve, reject) => {
      if (this.#failure) return reject(this.#failure)
      const timer = setTimeout(() => {
        this.#fail(`has not answered '${command}'`)
        this.kill()
      }, PATIENCE_MS)
      const settle = () => {
        clearTimeout(timer)
        this.#pending = undefined
      }
      this.#pending = {
        resolve: (line) => {
          settle()
          resolve(line)
        },
        reject: (reason) => {
          settle()
          reject(reason)
        },
      }
      this.#child.stdin.write(`${command}\n`)
    })
    const answer = this.#parse(line)
    if ('error' in answer) throw new Error(`${this.#name}: ${answer.error}`)
    return answer as T
  }

  #parse(line: string): object & { error?: string } {
    try {
      return JSON.parse(line)
    } catch {
      throw new Error(`${this.#name} answered '${line}'`)
    }
  }

  #fail(what: string): void {
    this.#failure ??= new Error(`${this.#name} ${what}${this.#complaints && `\n${this.#complaints.trim()}`}`)
    this.#pending?.reject(this.#failure)
  }
}
