// Two machines (processes with three threads each) and one server, to which everything happens that can: no read is older than what the
// server had told of before it began, nor than what its machine had written. recorder.ts says how that is known.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { asked } from '../support/size.js'
import { type Client, connectTo } from './client.js'
import type { Answer, Command } from './machine.program.js'
import { KEYS, PREFIX, WRITERS } from './recorder.js'
import { Server, hasServer } from './server.js'
import { until } from './setup.js'

const PROGRAM = fileURLToPath(new URL('../../build/test/redis/machine.program.js', import.meta.url))
/** Reads and writes of a thread, for each thing that happens. */
const OPERATIONS = asked('TOPHASH_OPERATIONS', 600, 20_000)

describe.runIf(hasServer)('two machines', () => {
  let server: Server
  let outside: Client
  const machines: ChildProcess[] = []
  const totals = { reads: 0, failures: 0 }

  beforeAll(async () => {
    server = await Server.start({ appendonly: 'yes', appendfsync: 'always' }) // so that what it has acknowledged it still has when it is back
    outside = await connectTo(server.url)
    for (const machine of [0, 1]) machines.push(fork(PROGRAM, [server.url, String(machine)]))
    // Listened for at once: the second may be open before the first.
    const opened = await Promise.all(machines.map((machine) => once(machine, 'message')))
    expect(opened.map(([message]) => message as unknown)).toEqual(['open', 'open'])
  })
  afterEach(() => server.restore())
  afterAll(async () => {
    const ends = machines.map((machine) => once(machine, 'exit'))
    for (const machine of machines) tell(machine, 'end')
    expect((await Promise.all(ends)).map(([code]) => code as unknown)).toEqual([0, 0])
    outside.destroy()
    await server.end()
    console.log(`${totals.reads} reads, ${totals.failures} that the server was away for`)
  })

  it('read what was written', async () => {
    await run(async () => {})
    for (const machine of machines) await listenings(machine, 1)
  })

  it('go on when their connections are cut', async () => {
    await run(async () => {
      for (let times = 0; times < 3; times++) {
        await sleep(50)
        await outside.sendCommand(['CLIENT', 'KILL', 'SKIPME', 'yes'])
      }
    })
    for (const machine of machines) await listenings(machine, 2)
  })

  it('go on when the server is slow', () =>
    run(async () => {
      for (let times = 0; times < 3; times++) {
        await sleep(50)
        await outside.sendCommand(['CLIENT', 'PAUSE', '100', 'ALL'])
      }
    }))

  it('go on when the server stands still for longer than they wait', () =>
    run(async () => {
      await sleep(50)
      server.stop()
      await sleep(600)
      server.resume()
    }))

  it('go on when the server is killed and comes back', () =>
    run(async () => {
      await sleep(50)
      await server.kill()
      await sleep(100)
      await server.start()
    }))

  it('go on when the thread that listens is killed', () =>
    run(async () => {
      await sleep(50)
      for (const machine of machines) {
        const killed = once(machine, 'message')
        tell(machine, 'kill')
        expect((await killed)[0]).toBe('killed')
      }
    }, true))

  it('read what was written, at the end, with another thread that listens', async () => {
    for (const machine of machines) await listenings(machine, 3)
    const answers = await run(async () => {})
    expect(answers.map(({ threads }) => threads)).toEqual([2, 2])
  })

  /** Has both work, something happen meanwhile, and a writer who knows of no cache. */
  async function run(happens: () => Promise<void>, isDeath = false): Promise<Answer[]> {
    let isOver = false
    const writing = writeFromOutside(() => isOver)
    let answers: Answer[]
    try {
      if (isDeath) await happens() // an order to a thread that is killed has no answer
      const working = machines.map((machine) => work(machine))
      if (!isDeath) await happens()
      answers = await Promise.all(working)
    } finally {
      isOver = true
      await writing
    }
    for (const { violations, reads, failures } of answers) {
      expect(violations).toEqual([])
      totals.reads += reads
      totals.failures += failures
    }
    return answers
  }

  /** Waits until threads of a machine have begun to listen so often. */
  async function listenings(machine: ChildProcess, least: number): Promise<void> {
    await until(async () => {
      const answer = once(machine, 'message')
      tell(machine, 'listenings')
      return ((await answer) as [number])[0] >= least
    })
  }

  async function work(machine: ChildProcess): Promise<Answer> {
    const answer = once(machine, 'message')
    tell(machine, { run: OPERATIONS })
    return ((await answer) as [Answer])[0]
  }

  async function writeFromOutside(isOver: () => boolean): Promise<void> {
    const key = WRITERS - 1 // the only writer of it
    while (!isOver()) {
      version++
      await outside.set(`${PREFIX}${key}`, String(version)).catch(() => {})
      await sleep(2)
    }
    expect(key).toBeLessThan(KEYS)
  }
  let version = 0
})

function tell(machine: ChildProcess, command: Command): void {
  machine.send(command)
}
