// One worker of the benchmark: does what the page commands, one command at a time.
import { SharedMap } from 'tophash'
import type { Key } from '../../streams/keys.js'
import type { Access, Answer, Command, Contender, GrowResult, GrowTask, Turn, TurnResult } from '../run/protocol.js'
import { openOwn, openShared } from './direct.js'
import { Latency, measureClockStep } from './latency.js'
import { openMessage } from './message.js'
import type { Session } from './session.js'
import { rangeOf, Stream } from './stream.js'

let stream: Stream | undefined
let clockStepMs = 0

/** A worker holds maps of several contenders, which take turns. */
const sessions = new Map<Contender, Session>()

self.onmessage = async ({ data }: MessageEvent<Command>) => {
  let answer: Answer
  try {
    answer = { ok: true, result: await obey(data) }
  } catch (error) {
    console.error(error) // with its stack, for whoever looks into it
    answer = { ok: false, message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
  }
  self.postMessage(answer)
}

function obey(command: Command): unknown {
  switch (command.type) {
    case 'prepare':
      clockStepMs = measureClockStep()
      stream = new Stream(command.work, command.seed)
      return undefined
    case 'open':
      sessions.set(command.access.contender, open(command.access, needed(stream)))
      return undefined
    case 'fill':
    case 'verify': {
      const { from, to } = rangeOf(needed(stream).keyCount, command.part)
      return sessionOf(command.contender)[command.type](from, to)
    }
    case 'turn':
      return takeTurn(sessionOf(command.contender), command.turn)
    case 'grow':
      return growMap(sessionOf(command.contender), command.task)
    case 'close':
      sessionOf(command.contender).close()
      sessions.delete(command.contender)
      return undefined
    case 'check':
      return check(command.handle)
  }
}

function open(access: Access, stream: Stream): Session {
  if (access.contender === 'shared') return openShared(access.handle, stream)
  if (access.contender === 'message') return openMessage(access.port, access.inFlight, stream)
  return openOwn(stream)
}

async function takeTurn(session: Session, { untimedMs, timedMs, workers, gate }: Turn): Promise<TurnResult> {
  const latency = new Latency()
  const place = needed(stream).place
  await meet(new Int32Array(gate), workers)
  const untimed = await session.work(untimedMs)
  const timed = await session.work(timedMs, latency)
  const expected = needed(stream).replay(place, untimed.operations + timed.operations)
  return {
    operations: untimed.operations,
    busyMs: untimed.busyMs,
    hits: untimed.hits + timed.hits,
    sum: untimed.sum + timed.sum,
    expectedHits: expected.hits,
    expectedSum: expected.sum,
    latency: latency.encode(),
    clockStepMs,
  }
}

async function growMap(session: Session, task: GrowTask): Promise<GrowResult> {
  const { from, to } = rangeOf(needed(stream).keyCount, task)
  await meet(new Int32Array(task.gate), task.workers)
  return needed(session.grow)(from, Math.min(to, from + task.limit), new Int32Array(task.progress), task.index)
}

/** Blocks, as a worker may, so that all start within microseconds and not as their messages happen to arrive. */
function meet(gate: Int32Array, workers: number): void {
  if (Atomics.add(gate, 0, 1) + 1 === workers) {
    Atomics.notify(gate, 0)
    return
  }
  for (let arrived = Atomics.load(gate, 0); arrived < workers; arrived = Atomics.load(gate, 0)) {
    Atomics.wait(gate, 0, arrived)
  }
}

/** Walks the whole table; a worker does it because it takes too long for the page's main thread. */
function check(handle: unknown): number {
  const map = SharedMap.attach<Key, number>(handle)
  try {
    map.check()
    const seen = new Set<Key>(map.keys())
    if (seen.size !== map.size) throw new Error(`${seen.size} different keys were visited, but size is ${map.size}`)
    return seen.size
  } finally {
    map.dispose()
  }
}

function sessionOf(contender: Contender): Session {
  return needed(sessions.get(contender))
}

function needed<T>(wanted: T | undefined): T {
  if (wanted === undefined) throw new Error('The worker was not prepared for this command')
  return wanted
}
