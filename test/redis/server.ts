// A Redis server of the tests' own, on a free port of this machine.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const PROGRAMS = ['redis-server', 'valkey-server'] as const
const program = PROGRAMS.find((name) => spawnSync(name, ['--version']).status === 0)

/** Whether there is a server on this machine. CI must not do without. */
export const hasServer = program !== undefined
if (!hasServer) {
  const advice = 'Left out: tests that need a Redis server. To have one: apt-get install redis-server, or valkey-server'
  if (process.env.CI) throw new Error(advice)
  console.log(advice)
}

/** A server that a test has started. */
export class Server {
  readonly port: number
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'tophash-redis-'))
  #child: ChildProcess | undefined

  readonly #more: Readonly<Record<string, string>>

  private constructor(port: number, more: Readonly<Record<string, string>>) {
    this.port = port
    this.#more = more
  }

  /** @param more settings, as in redis.conf */
  static async start(more: Readonly<Record<string, string>> = {}): Promise<Server> {
    const server = new Server(await freePort(), more)
    await server.start()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** Starts it on the port that it had: empty, unless it writes down what it has. */
  async start(): Promise<void> {
    const options = {
      port: this.port,
      bind: '127.0.0.1',
      save: '',
      appendonly: 'no',
      dir: this.#folder,
      loglevel: 'warning',
      ...this.#more,
    }
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
    const child = spawn(program!, args, { stdio: 'ignore' })
    this.#child = child
    process.once('exit', () => child.kill('SIGKILL'))
    while (!(await answers(this.port))) {
      if (child.exitCode !== null) throw new Error(`${program} ended with exit code ${child.exitCode}.`)
      await sleep(5)
    }
  }

  /** Ends it at once, and with it all that it has. */
  async kill(): Promise<void> {
    const child = this.#child!
    this.#child = undefined
    const exit = once(child, 'exit')
    child.kill('SIGCONT')
    child.kill('SIGKILL')
    await exit
  }

  /** It keeps its connections, and does nothing. */
  stop(): void {
    this.#child!.kill('SIGSTOP')
  }

  resume(): void {
    this.#child!.kill('SIGCONT')
  }

  /** Has it run again, whatever was done to it. */
  async restore(): Promise<void> {
    const { exitCode, signalCode } = this.#child ?? { exitCode: 0, signalCode: null }
    if (exitCode === null && signalCode === null) this.resume()
    else await this.start()
  }

  async end(): Promise<void> {
    if (this.#child) await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Whether a server answers PING on a port. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.on('data', (data) => {
      resolve(String(data).startsWith('+PONG'))
      socket.destroy()
    })
    socket.on('error', () => resolve(false))
  })
}
